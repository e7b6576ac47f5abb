"""Writing reusable blocks."""

from typing import Any

from django.db import transaction

from pages.errors import EntryTrashedError
from pages.models import ReusableBlock
from pages.slugs import make_slug, slug_before_trash, trashed_slug
from pages.statuses import TRASH


def save_block(block: ReusableBlock, **changes: Any) -> ReusableBlock:
    """Store a block with changes to it; its slug follows from its title where it has none.

    In the trash it has another slug, so that its own is free meanwhile.
    """
    for name, value in changes.items():
        setattr(block, name, value)
    block.title = block.title[:200]
    slug = make_slug(slug_before_trash(block.slug) or block.title)
    block.slug = trashed_slug(slug) if block.status == TRASH else slug
    with transaction.atomic():
        block.save()
    return block


def trash_block(block: ReusableBlock) -> ReusableBlock:
    """Put a block into the trash; raises EntryTrashedError where it is there already."""
    if block.status == TRASH:
        raise EntryTrashedError
    return save_block(block, status=TRASH)
