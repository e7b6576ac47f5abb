"""Writing to the library: one way for admin, REST, imports and commands."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Collection

from core.statements import wait_row
from media.errors import NEITHER, SENTENCES, UploadRefusedError
from media.fields import strip_file
from media.models import SiteDocument, SiteImage, SiteRendition
from media.renditions import UNREADABLE
from media.stripping import DOCUMENTS
from media.stripping.sniff import sniff

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
# The sizes that pages offer in other formats, and the largest beside them. What is scaled down to
# it differs from the original only on the largest screens.
OFFERED = ("medium", "medium_large", "large")
LARGEST = "max-2048x2048"
# What a picture of each kind may also be offered as. Drawings of few colours suffer from what
# suits photographs, an animation would stand still, and an SVG has every size.
AS_PHOTOGRAPH: Mapping[str, str] = {"avif": "format-avif", "webp": "format-webp"}
AS_DRAWING: Mapping[str, str] = {"webp": "format-webp-lossless"}
OFFERS: Mapping[str, Mapping[str, str]] = {
    "image/jpeg": AS_PHOTOGRAPH,
    "image/heic": AS_PHOTOGRAPH,
    "image/tiff": AS_PHOTOGRAPH,
    "image/png": AS_DRAWING,
}
# Kinds that browsers do not show: a JPEG stands in for them.
NOT_SHOWN = frozenset({"image/heic", "image/tiff"})
LONGEST_TITLE = 255
# What stands for bytes that are no text.
UNDECODED = "\N{REPLACEMENT CHARACTER}"


def store_image(
    data: bytes, *, name: str, title: str = "", uploaded_by: Any = None, **fields: Any
) -> SiteImage:
    """Strip an image and store it with its sizes.

    `fields` are further columns of the image (description, caption, credit, details). Raises
    media.errors.UploadRefusedError, in which case nothing is stored. The pixels are those of
    `data`.
    """
    # Stripped before the transaction begins, as it may take long.
    content = strip_file(ContentFile(data, name=file_name(name)))
    image = SiteImage(
        title=title or PurePosixPath(file_name(name)).stem[:LONGEST_TITLE],
        file=content,
        uploaded_by_user=uploaded_by,
        collection=Collection.get_first_root_node(),
        **fields,
    )
    with transaction.atomic():
        image.save()
    try:
        make_sizes(image)
    except UNREADABLE as error:
        delete_attachment(image)
        raise UploadRefusedError(SENTENCES["damaged"], code="damaged") from error
    return image


def store_document(
    data: bytes, *, name: str, title: str = "", uploaded_by: Any = None, **fields: Any
) -> SiteDocument:
    """Strip a document and store it; media.errors.UploadRefusedError where that cannot be done.

    `fields` are further columns (description, caption, details).
    """
    document = SiteDocument(
        title=title or PurePosixPath(file_name(name)).stem[:LONGEST_TITLE],
        file=strip_file(ContentFile(data, name=file_name(name)), DOCUMENTS),
        uploaded_by_user=uploaded_by,
        collection=Collection.get_first_root_node(),
        **fields,
    )
    document.save()
    return document


def store_attachment(data: bytes, *, name: str, **fields: Any) -> SiteImage | SiteDocument:
    """Store a file of either kind, told by its content; raises as the two do."""
    if sniff(data) in DOCUMENTS:
        return store_document(data, name=name, **fields)
    try:
        return store_image(data, name=name, **fields)
    except UploadRefusedError as error:
        if error.code == "unknown_type":
            raise UploadRefusedError(NEITHER, code=error.code) from error
        raise


def file_name(name: str) -> str:
    """Return the last part of a name that a program of any kind gave, without what nobody sees."""
    last = PurePosixPath(name.replace("\\", "/")).name
    seen = "".join(sign for sign in last if sign.isprintable() and sign != UNDECODED).strip()
    if not seen.strip("."):
        return "file"
    return f"file{seen}" if seen.startswith(".") else seen


def make_sizes(image: SiteImage) -> None:
    """Make WordPress's sizes of an image where they are smaller than it. Safe to call twice.

    Raises one of UNREADABLE where the pixels cannot be read.
    """
    wanted = {} if image.is_svg() else wanted_sizes(image)
    is_shown = image.mime_type not in NOT_SHOWN
    specs = [*wanted.values(), *([] if is_shown else [f"{LARGEST}|format-jpeg"])]
    made = image.get_renditions(*specs) if specs else {}
    image.sizes = {name: stored_size(made[spec]) for name, spec in wanted.items()}
    changed = ["sizes", "modified_at"]
    if not is_shown:
        image.refresh_from_db(fields=["alternatives"])
        image.alternatives["jpeg"] = [stored_size(made[specs[-1]])]
        changed.append("alternatives")
    image.save(update_fields=changed)


def wanted_sizes(image: SiteImage) -> dict[str, str]:
    return {
        name: SIZES[name]
        for name, (width, height) in BOUNDS.items()
        if image.width > width or image.height > height
    }


def stored_size(made: SiteRendition) -> dict[str, Any]:
    path = str(made.file.name)
    return {
        "file": PurePosixPath(path).name,
        "path": path,
        "width": made.width,
        "height": made.height,
        "filesize": made.file.size,
    }


def make_alternatives(image: SiteImage) -> None:
    """Make the formats in which an image is also offered. Slow. Safe to call twice."""
    offers = {
        name: spec
        for name, spec in OFFERS.get(image.mime_type, {}).items()
        if name in settings.MEDIA_PICTURE_FORMATS
    }
    wanted = [*(SIZES[name] for name in OFFERED if name in image.sizes), LARGEST]
    for name, spec in offers.items():
        made = image.get_renditions(*(f"{size}|{spec}" for size in wanted))
        image.alternatives[name] = smallest_first([stored_size(size) for size in made.values()])
    image.save(update_fields=["alternatives"])


def smallest_first(sizes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one size for each width."""
    return [size for _, size in sorted({size["width"]: size for size in sizes}.items())]


def update_attachment(attachment: SiteImage | SiteDocument, **fields: Any) -> None:
    """Change what is said of a file; the file stays. A slug that is taken gets an ending.

    Raises DoesNotExist where it is gone.
    """
    with transaction.atomic():
        wait_row(attachment)
        if "slug" in fields:
            attachment.take_slug(fields.pop("slug"))
        for name, value in fields.items():
            setattr(attachment, name, value)
        if isinstance(attachment, SiteImage) and fields.get("description"):
            attachment.is_decorative = False
        attachment.save()


@transaction.atomic
def delete_attachment(attachment: SiteImage | SiteDocument) -> None:
    """Delete a row and its sizes; receivers remove their files when that is committed.

    Raises DoesNotExist where it is gone.
    """
    wait_row(attachment)
    attachment.delete()
