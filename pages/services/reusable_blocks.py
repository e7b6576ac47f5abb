"""Writing reusable blocks."""

from typing import Any

from django.db import transaction

from pages.models import ReusableBlock
from pages.slugs import make_slug


def save_block(block: ReusableBlock, **changes: Any) -> ReusableBlock:
    """Store a block with changes to it; its slug follows from its title where it has none."""
    for name, value in changes.items():
        setattr(block, name, value)
    block.title = block.title[:200]
    block.slug = make_slug(block.slug or block.title)
    with transaction.atomic():
        block.save()
    return block
