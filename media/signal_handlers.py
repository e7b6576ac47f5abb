"""What follows when an image was stored."""

from functools import partial
from typing import Any

from django.db import transaction

from media.models import SiteImage
from media.tasks import make_missing_sizes


def enqueue_sizes(
    sender: type[SiteImage], instance: SiteImage, created: bool, **kwargs: Any
) -> None:
    """Make the sizes of an image that was stored without them, once the write is committed."""
    if not instance.sizes and "sizes" not in (kwargs.get("update_fields") or ()):
        transaction.on_commit(partial(make_missing_sizes.enqueue, instance.pk))
