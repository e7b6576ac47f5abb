"""A second opinion on stripped pictures, which knows nothing of the walker."""

import io
import json
import shutil
import struct
import subprocess
import warnings

import numpy
import pillow_heif
import pytest
from PIL import Image

pillow_heif.register_heif_opener()
LATITUDE = ((50, 1), (9, 1), (1234, 100))
LONGITUDE = ((5, 1), (4, 1), (777, 100))
TRIPLES = tuple(
    struct.pack(order + "6I", *(number for pair in place for number in pair))
    for order in "<>"
    for place in (LATITUDE, LONGITUDE)
)
MARKS = (
    *TRIPLES, b"GPSLatitude", b"photoshop:City", b"Port Ellery", b"P\0o\0r\0t\0 \0E\0l",
    b"SERIAL-0815", b"Camera Works", b"+50.1534", b"50,9.123N", b"MPF\0", b"MotionPhoto",
    b"Port Ellery".hex().encode(),
)  # fmt: skip


def faults_of(original: bytes, stripped: bytes) -> list[str]:
    """Return what is wrong with a stripped picture: marks left, place left, pixels changed."""
    faults = [f"left: {mark!r}" for mark in MARKS if mark in stripped]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(stripped)) as image:
            if image.getexif().get_ifd(0x8825):
                faults.append("left: GPS block")
    before, after = pixels(original), pixels(stripped)
    if len(before) != len(after):
        faults.append("frames lost")
    elif not all(numpy.array_equal(one, other) for one, other in zip(before, after, strict=True)):
        faults.append("pixels changed")
    return faults


def pixels(data: bytes) -> list[numpy.ndarray]:
    """Return the pixels of every frame; of a JPEG, those of the main picture alone."""
    with warnings.catch_warnings():
        # Pillow warns of the damaged blocks that the originals are made with.
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as image:
            if image.format in {"JPEG", "MPO"}:
                return [numpy.asarray(image)]
            frames = []
            for number in range(getattr(image, "n_frames", 1)):
                image.seek(number)
                frames.append(numpy.asarray(image.convert("RGBA") if image.mode == "P" else image))
            return frames


def exiftool(folder, *arguments):
    """Return what exiftool finds in a folder's files, by path; nothing where it finds nothing."""
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is absent: apt install libimage-exiftool-perl")
    command = ["exiftool", "-j", "-a", "-ee", "-U", "-G1", *arguments, str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = json.loads(result.stdout or "[]")
    return {row.pop("SourceFile"): row for row in rows if len(row) > 1}


PLACE_TAGS = ("-GPS*", "-City", "-State", "-Country*", "-Location*", "-Sub-location",
              "-Province*", "-*TiePoint", "-GeoTiff*", "-Coverage", "-*Coordinates")  # fmt: skip
