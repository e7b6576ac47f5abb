"""Writing to the image library: one way for admin, REST, imports and commands."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Collection

from media.fields import strip_file
from media.models import SiteImage

# WordPress's sizes, by the Wagtail filter that makes each. "medium_large" is bounded by width only.
SIZES: Mapping[str, str] = {
    "thumbnail": "fill-150x150",
    "medium": "max-300x300",
    "medium_large": "width-768",
    "large": "max-1024x1024",
}
BOUNDS: Mapping[str, tuple[int, int]] = {
    "thumbnail": (150, 150),
    "medium": (300, 300),
    "medium_large": (768, 10**9),
    "large": (1024, 1024),
}


def store_image(
    data: bytes, *, name: str, title: str = "", uploaded_by: Any = None, **fields: Any
) -> SiteImage:
    """Strip an image and store it with its sizes.

    `fields` are further columns of the image (description, caption, credit, details). Raises
    media.errors.UploadRefusedError, in which case nothing is stored. The pixels are those of
    `data`.
    """
    # Stripped before the transaction begins, as decoding a large picture takes long.
    content = strip_file(ContentFile(data, name=PurePosixPath(name).name))
    image = SiteImage(
        title=title or PurePosixPath(name).stem,
        file=content,
        uploaded_by_user=uploaded_by,
        collection=Collection.get_first_root_node(),
        **fields,
    )
    with transaction.atomic():
        image.save()
    make_sizes(image)
    return image


def make_sizes(image: SiteImage) -> None:
    """Make WordPress's sizes of an image where they are smaller than it. Safe to call twice."""
    wanted = {
        name: SIZES[name]
        for name, (width, height) in BOUNDS.items()
        if image.width > width or image.height > height
    }
    made = image.get_renditions(*wanted.values()) if wanted else {}
    image.sizes = {
        name: {
            "file": PurePosixPath(made[spec].file.name).name,
            "path": made[spec].file.name,
            "width": made[spec].width,
            "height": made[spec].height,
            "filesize": made[spec].file.size,
        }
        for name, spec in wanted.items()
    }
    image.save(update_fields=["sizes", "modified_at"])


def update_image(image: SiteImage, **fields: Any) -> SiteImage:
    """Change an image's words; the file stays."""
    for name, value in fields.items():
        setattr(image, name, value)
    image.save()
    return image


def delete_image(image: SiteImage) -> None:
    """Delete an image, its sizes and their files; Wagtail's receivers remove the files."""
    image.delete()
