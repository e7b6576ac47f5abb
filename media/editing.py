"""Turning and cropping a picture of the library: the outcome is a new one, the old one stays."""

import io
import math
import re
import warnings
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from PIL import Image, ImageOps

from media.errors import SENTENCES, PictureNotEditedError, UploadRefusedError
from media.models import SiteImage
from media.renditions import KEPT, UNREADABLE, savable
from media.services import store_image

# What WordPress edits, by the name that Pillow has for it.
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
# Cameras write about as much; below it, edits of edits begin to show.
QUALITY = 90
# How numbers are meant, and what a stored picture says of its author.
TOLD = {*KEPT, "exif", "xmp"}
# All pixels are in memory at once, those of an edit beside those before it.
MOST_PIXELS = 50_000_000
TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180,
         270: Image.Transpose.ROTATE_90}  # fmt: skip
# What lies in the corners of a slanted picture: nothing where a mode can say so, else white.
CORNERS = {"1": 1, "L": 255, "RGB": (255, 255, 255), "CMYK": (0, 0, 0, 0)}
EDITED_BEFORE = re.compile(r"-edited(-\d+)?$")


class Rotation(NamedTuple):
    """A turn in degrees, clockwise."""

    angle: float


class Crop(NamedTuple):
    """The part that stays, in per cent of the picture as it is shown."""

    left: float
    top: float
    width: float
    height: float


def edited_copy(
    image: SiteImage, edits: Sequence[Rotation | Crop], *, uploaded_by: Any
) -> SiteImage:
    """Store a new picture made from one of the library, with its words and its credit.

    Raises PictureNotEditedError for a kind of picture that is not edited, pixels that cannot be
    read, or a part without any; UploadRefusedError as every upload.
    """
    return store_image(
        edited(image, edits), name=edited_name(image.file.name), title=image.title,
        uploaded_by=uploaded_by, description=image.description,
        is_decorative=image.is_decorative, caption=image.caption, details=image.details,
        credit=image.credit,
    )  # fmt: skip


def edited(image: SiteImage, edits: Sequence[Rotation | Crop]) -> bytes:
    """Return the bytes of a picture after edits, in its own format."""
    if image.mime_type not in FORMATS:
        raise PictureNotEditedError(code="rest_cannot_edit_file_type")
    out = io.BytesIO()
    try:
        with image.open_file() as file, warnings.catch_warnings():
            # A warning of a decoder is no reason to refuse what it decodes.
            warnings.simplefilter("ignore")
            picture = Image.open(file)
            if getattr(picture, "is_animated", False):
                raise PictureNotEditedError(code="rest_cannot_edit_file_type")
            require_pixels(*picture.size)
            picture = ImageOps.exif_transpose(picture)
            told = {name: value for name, value in picture.info.items() if name in TOLD}
            picture = savable(picture)
            for edit in edits:
                picture = cropped(picture, edit) if isinstance(edit, Crop) else turned(
                    picture, edit.angle % 360
                )  # fmt: skip
            if image.mime_type == "image/jpeg" and picture.mode in {"LA", "P", "RGBA"}:
                picture = picture.convert("RGB")
            if picture.mode == "RGBA":
                # Each pixel says by itself what a palette said for it.
                told.pop("transparency", None)
            picture.save(out, FORMATS[image.mime_type], quality=QUALITY, **told)
    except UNREADABLE as error:
        raise PictureNotEditedError(code="rest_unknown_image_file_type") from error
    return out.getvalue()


def require_pixels(width: float, height: float) -> None:
    if width * height > MOST_PIXELS:
        raise UploadRefusedError(SENTENCES["too_many_pixels"], code="too_many_pixels")


def turned(picture: Image.Image, angle: float) -> Image.Image:
    """Return a picture turned clockwise, by less than 360 degrees."""
    if angle == 0:
        return picture
    if angle in TURNS:
        return picture.transpose(TURNS[int(angle)])
    if picture.mode == "P":
        picture = picture.convert("RGBA")
    slant = math.radians(angle)
    across, down = abs(math.cos(slant)), abs(math.sin(slant))
    width, height = picture.size
    require_pixels(width * across + height * down, width * down + height * across)
    return picture.rotate(-angle, Image.Resampling.BICUBIC, expand=True,
                          fillcolor=CORNERS.get(picture.mode))  # fmt: skip


def cropped(picture: Image.Image, part: Crop) -> Image.Image:
    """Return a part of a picture, as far as it lies within it."""
    try:
        (left, right), (top, bottom) = (
            (max(0, round(side * start / 100)),
             min(side, round(side * start / 100) + round(side * length / 100)))
            for side, start, length in ((picture.width, part.left, part.width),
                                        (picture.height, part.top, part.height))
        )  # fmt: skip
    except (OverflowError, ValueError) as error:
        # Of the largest numbers a hundredth of a picture is no number any more.
        raise PictureNotEditedError(code="rest_image_crop_failed") from error
    if left >= right or top >= bottom:
        raise PictureNotEditedError(code="rest_image_crop_failed")
    return picture.crop((left, top, right, bottom))


def edited_name(name: str) -> str:
    """Return what a picture that was made from another is called."""
    path = PurePosixPath(name)
    return f"{EDITED_BEFORE.sub('', path.stem)}-edited{path.suffix}"
