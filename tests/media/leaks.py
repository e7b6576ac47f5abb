"""A second opinion on stripped pictures, which knows nothing of the walker."""

import io
import warnings

import numpy
from PIL import Image

MARKS = (
    b"GPSLatitude", b"photoshop:City", b"Port Ellery", b"SERIAL-0815", b"Camera Works",
    b"+50.1534", b"MPF\0", b"Photoshop 3.0", b"MotionPhoto",
)  # fmt: skip


def faults_of(original: bytes, stripped: bytes) -> list[str]:
    """Return what is wrong with a stripped picture: marks left, place left, pixels changed."""
    faults = [f"left: {mark!r}" for mark in MARKS if mark in stripped]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(stripped)) as image:
            if image.getexif().get_ifd(0x8825):
                faults.append("left: GPS block")
    if not numpy.array_equal(pixels(original), pixels(stripped)):
        faults.append("pixels changed")
    return faults


def pixels(data: bytes) -> numpy.ndarray:
    with warnings.catch_warnings():
        # Pillow warns of the damaged blocks that the originals are made with.
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as image:
            return numpy.asarray(image)
