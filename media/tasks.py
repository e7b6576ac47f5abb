"""Work on images that nobody waits for."""

import logging

from django_tasks import task

from media.models import SiteImage
from media.renditions import UNREADABLE
from media.services import make_alternatives, make_sizes

logger = logging.getLogger(__name__)


@task()
def make_missing_sizes(image_id: int) -> None:
    """Make the sizes of an image that came in by the admin, and its other formats.

    Safe to run twice.
    """
    image = SiteImage.objects.filter(pk=image_id).first()
    if image is None:
        return
    try:
        if not image.sizes:
            make_sizes(image)
        make_alternatives(image)
    except UNREADABLE as error:
        # The file is stripped and stays; its page in the admin shows that it cannot be seen.
        logger.warning("No sizes of image %s could be made: %s", image_id, type(error).__name__)
