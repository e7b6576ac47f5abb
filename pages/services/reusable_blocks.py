"""Writing reusable blocks."""

from typing import Any

from django.db import transaction

from core.statements import wait_row
from pages.errors import EntryTrashedError
from pages.models import ReusableBlock
from pages.slugs import make_slug, slug_before_trash, trashed_slug
from pages.statuses import TRASH


@transaction.atomic
def save_block(block: ReusableBlock, **changes: Any) -> ReusableBlock:
    """Store a block with changes to it; its slug follows from its title where it has none.

    In the trash it has another slug, so that its own is free meanwhile. What others have changed
    meanwhile stays. Raises ReusableBlock.DoesNotExist where they have deleted it.
    """
    wait_row(block)
    for name, value in changes.items():
        setattr(block, name, value)
    block.title = block.title[:200]
    slug = make_slug(slug_before_trash(block.slug) or block.title)
    block.slug = trashed_slug(slug) if block.status == TRASH else slug
    block.save()
    return block


@transaction.atomic
def trash_block(block: ReusableBlock) -> ReusableBlock:
    """Put a block into the trash.

    Raises EntryTrashedError where it is there already, and ReusableBlock.DoesNotExist.
    """
    wait_row(block)
    if block.status == TRASH:
        raise EntryTrashedError
    return save_block(block, status=TRASH)


@transaction.atomic
def delete_for_good(block: ReusableBlock) -> None:
    """Delete a block for good. Raises ReusableBlock.DoesNotExist."""
    wait_row(block)
    block.delete()
