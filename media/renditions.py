"""Sizes of pictures carry their pixels and colour, and nothing else.

Wagtail turns a picture upright before it does anything else to it. That step is replaced here by
one that also forgets what Willow and Pillow would write into the new file.
"""

from typing import Any

from PIL import Image, ImageOps
from willow.plugins.pillow import PillowImage
from willow.registry import registry

# What a new file needs of the old one: how its numbers are meant.
KEPT = frozenset({"icc_profile", "transparency", "gamma", "srgb", "chromaticity"})
SAVED_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"})
WITH_ALPHA = frozenset({"PA", "La", "RGBa"})


def upright_and_bare(willow_image: Any) -> PillowImage:
    """Return the picture turned as it is shown, with nothing but its pixels and colour."""
    picture = savable(ImageOps.exif_transpose(willow_image.image))
    if picture is willow_image.image:
        picture = picture.copy()
    picture.info = {name: value for name, value in picture.info.items() if name in KEPT}
    return PillowImage(picture)


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


def keep_renditions_bare() -> None:
    """Have Willow use it, by the registry that its plugins use."""
    registry.register_operation(PillowImage, "auto_orient", upright_and_bare)
