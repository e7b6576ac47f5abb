"""Sizes of pictures carry their pixels and colour, and nothing else.

Wagtail turns a picture upright before it does anything else to it. That step is replaced here by
one that also forgets what Willow and Pillow would write into the new file, and that reads no more
of a JPEG than its size needs.
"""

import warnings
from typing import Any, NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError
from wagtail.images.models import SourceImageIOError
from willow.image import AvifImageFile, JPEGImageFile
from willow.plugins.pillow import PillowImage
from willow.registry import registry

from media.fields import ON_ITS_SIDE, ORIENTATION

# What a new file needs of the old one: how its numbers are meant.
KEPT = frozenset({"icc_profile", "transparency", "gamma", "srgb", "chromaticity"})
SAVED_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"})
WITH_ALPHA = frozenset({"PA", "La", "RGBa"})
# What Pillow and Willow raise for a picture whose pixels cannot be read.
UNREADABLE = (OSError, SourceImageIOError, SyntaxError, ValueError, EOFError, MemoryError)
# How large a picture is read at least, to see whether it can be.
GLANCE = (256, 256)
# Of 0 to 10. Slower ones save a few per cent of bytes in twice the time and more.
AVIF_SPEED = 8


def read_pixels(file: Any) -> None:
    """Raise one of UNREADABLE where no size of a picture could be made: its container is whole."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # A warning of a decoder is no reason to refuse what it decodes.
            warnings.simplefilter("ignore")
            picture = Image.open(file)
            picture.draft(None, GLANCE)
            picture.load()
    except UnidentifiedImageError:
        # A drawing; stripping has read all of it.
        pass
    finally:
        file.seek(0)


class Size(NamedTuple):
    width: int
    height: int


class ScaledJpeg:
    """A JPEG whose pixels are read once it is known how large it will be shown.

    The decoder leaves out what is scaled away, so that 200 megapixels of a phone take the memory
    of a few. It answers what Wagtail asks first of every picture: size, crop, resize.
    """

    def __init__(self, jpeg: Any) -> None:
        jpeg.f.seek(0)
        self.picture = Image.open(jpeg.f, formats=("JPEG", "MPO"))
        self.is_turned = self.picture.getexif().get(ORIENTATION) in ON_ITS_SIDE
        width, height = self.picture.size
        self.image = Size(height, width) if self.is_turned else Size(width, height)
        self.box: tuple[float, ...] = (0, 0, *self.image)

    def crop(self, rect: Any) -> "ScaledJpeg":
        left, top, right, bottom = rect
        self.box = (max(0, left), max(0, top), min(self.image.width, right),
                    min(self.image.height, bottom))  # fmt: skip
        return self

    def resize(self, size: tuple[int, int]) -> PillowImage:
        left, top, right, bottom = self.box
        # Twice as many pixels as are shown, as a decoder scales more coarsely than Pillow.
        factor = 2 * max(size[0] / (right - left), size[1] / (bottom - top))
        wanted = [max(1, round(side * factor)) for side in self.image]
        self.picture.draft(None, (wanted[1], wanted[0]) if self.is_turned else tuple(wanted))
        picture = bare(self.picture)
        across, down = picture.width / self.image.width, picture.height / self.image.height
        box = (left * across, top * down, right * across, bottom * down)
        info = picture.info
        picture = picture.resize(size, Image.Resampling.LANCZOS, box=box)
        picture.info = info
        return PillowImage(picture)


def upright_and_bare(willow_image: Any) -> PillowImage:
    """Return the picture turned as it is shown, with nothing but its pixels and colour."""
    return PillowImage(bare(willow_image.image))


def bare(picture: Image.Image) -> Image.Image:
    # In its place: of a large picture, a copy takes as much memory again.
    ImageOps.exif_transpose(picture, in_place=True)
    picture = savable(picture)
    picture.info = {name: value for name, value in picture.info.items() if name in KEPT}
    return picture


def savable(picture: Image.Image) -> Image.Image:
    """Return a picture in a mode that every format can be written from."""
    if picture.mode in SAVED_MODES:
        return picture
    info = picture.info
    if picture.mode.startswith("I;16"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif picture.mode == "I":
        picture = picture.point(lambda value: value * (1 / 256)).convert("L")
    else:
        picture = picture.convert("RGBA" if picture.mode in WITH_ALPHA else "RGB")
    picture.info = info
    return picture


def save_as_avif(willow_image: Any, f: Any, quality: int = 80, **options: Any) -> AvifImageFile:
    """Write an AVIF as Willow does, and faster."""
    if willow_image.image.mode == "CMYK" and willow_image.get_icc_profile():
        willow_image = willow_image.transform_colorspace_to_srgb()
    willow_image.image.save(f, "AVIF", quality=quality, speed=AVIF_SPEED,
                            icc_profile=willow_image.get_icc_profile())  # fmt: skip
    return AvifImageFile(f)


def keep_renditions_bare() -> None:
    """Have Willow use it, by the registry that its plugins use."""
    registry.register_operation(PillowImage, "auto_orient", upright_and_bare)
    registry.register_operation(JPEGImageFile, "auto_orient", ScaledJpeg)
    registry.register_operation(PillowImage, "save_as_avif", save_as_avif)
