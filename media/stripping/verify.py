"""An independent second look at a stripped picture, so that a fault in a walker refuses it."""

import io
import re
import struct
import warnings

from PIL import Image

from media.stripping.errors import DamagedError, LeakError
from media.stripping.types import Stripped

GPS_POINTER = 0x8825
XMP_PLACE = re.compile(
    rb"(GPSLatitude|GPSLongitude|GpsLatitude|GpsLong\w*tude|photoshop:City|photoshop:State|"
    rb"photoshop:Country|Iptc4xmpCore:Location|Iptc4xmpCore:CountryCode|LocationCreated|"
    rb"LocationShown|Iptc4xmpExt:City|dc:coverage|drone-dji:)"
)
ISO_6709 = re.compile(rb"[+-]\d{2,7}\.\d+[+-]\d{3,8}\.\d+([+-]\d+(\.\d+)?)?/")
TIFF_HEADER = re.compile(rb"II\*\0|MM\0\*")
CARRIERS = (b"Photoshop 3.0\0", b"MPF\0II", b"MPF\0MM")


def verify(stripped: Stripped) -> None:
    """Raise LeakError if anything tells a place, DamagedError if nothing is shown."""
    look_at_bytes(stripped.data)
    try:
        with warnings.catch_warnings():
            # A warning of a decoder is no reason to refuse what it decodes.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(stripped.data)) as image:
                size = image.size
                tags = image.getexif()
                image.load()
    except Exception as error:
        raise DamagedError("The picture cannot be shown.") from error
    if size != (stripped.width, stripped.height):
        raise DamagedError("The picture's size is not what its header says.")
    if GPS_POINTER in tags or tags.get_ifd(GPS_POINTER):
        raise LeakError("A location is left in the EXIF block.")


def look_at_bytes(data: bytes) -> None:
    """Search the whole file, whatever its structure, for what tells a place."""
    for pattern in (XMP_PLACE, ISO_6709):
        if pattern.search(data):
            raise LeakError("Text that tells a place is left.")
    for carrier in CARRIERS:
        if carrier in data:
            raise LeakError("A block that may tell a place is left.")
    for matched in TIFF_HEADER.finditer(data):
        if has_location(data, matched.start()):
            raise LeakError("A block with coordinates is left.")


def has_location(data: bytes, base: int) -> bool:
    order = "<" if data[base : base + 2] == b"II" else ">"
    pending, seen = [4], 0
    while pending and seen < 12:
        at, seen = pending.pop(), seen + 1
        try:
            (offset,) = struct.unpack_from(order + "I", data, base + at)
            (count,) = struct.unpack_from(order + "H", data, base + offset)
            if not 0 < count < 400:
                continue
            for i in range(count):
                entry = base + offset + 2 + 12 * i
                tag, kind, length = struct.unpack_from(order + "HHI", data, entry)
                if tag == GPS_POINTER and kind in {4, 13} and length == 1:
                    return True
                if tag in {0x8769, 0x014A}:
                    pending.append(entry + 8 - base)
            pending.append(offset + 2 + 12 * count)
        except struct.error:
            continue
    return False
