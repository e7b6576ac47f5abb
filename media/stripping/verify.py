"""An independent second look at a stripped file, so that a fault in a walker refuses it.

It knows nothing of the walkers: it searches all bytes, whatever their structure, for what tells
a place, and lets another reader find the structure. Pixels are not decoded.
"""

import io
import re
import struct
import warnings
from collections.abc import Iterator

import pikepdf
import pillow_heif
from PIL import Image

from media.stripping.errors import DamagedError, LeakError
from media.stripping.types import Limits, Walked

# Pillow's own bound is lower than that of the walkers, which have looked already.
Image.MAX_IMAGE_PIXELS = Limits.scaled_pixels
GPS_POINTER = 0x8825
POINTERS = frozenset({0x8769, 0x014A})
MOST_DIRECTORIES, MOST_ENTRIES = 12, 400
# Each pattern is tried only where its needle stands: a search for a fixed word runs at the speed
# of memory, and one for a pattern does not.
TEXTS = (
    (
        b"tude",
        re.compile(
            rb"G[Pp][Ss](?:L(?:at|ong|ongt)i|Alti|DestL(?:at|ong)i)tude|(?:Absolute|Relative)Altitude"
        ),
    ),
    (b"photoshop:", re.compile(rb"photoshop:(?:City|State|Country)")),
    (b"Iptc4xmp", re.compile(rb"Iptc4xmp(?:Core|Ext):")),
    (b"Location", re.compile(rb"Location(?:Created|Shown|ISO6709|Name)")),
    (b"coverage", re.compile(rb"dc(?:terms)?:coverage")),
)
LONGEST_MATCH = 32
PREFIX = 16  # what Pillow reads to tell a format
# The beginning is enough: a fault may have cut off the rest.
ISO_6709 = tuple(
    re.compile(re.escape(sign) + rb"\d{2,7}+\.\d{2,}+[+-]\d{3}") for sign in (b"+", b"-")
)
IPTC = b"8BIM\x04\x04"
# Blocks that only one container has, by their first bytes.
CARRIERS = {"jpeg": (b"MPF\0",), "heic": (b"\xa9xyz",), "avif": (b"\xa9xyz",)}
PLACES_IN_IPTC = re.compile(rb"\x1c\x02[\x1a\x1b\x5a\x5c\x5f\x64\x65]")
TIFF_HEADERS = ((b"II*\0", "<"), (b"MM\0*", ">"))
FORMATS = {
    "jpeg": ("JPEG", "MPO"), "png": ("PNG",), "webp": ("WEBP",), "gif": ("GIF",),
    "tiff": ("TIFF",), "avif": ("AVIF",),
}  # fmt: skip
PDF_TEXT = re.compile(rb"\((?:[^\\)]|\\.)*+\)", re.DOTALL)
PDF_PRIVATE = re.compile(
    rb"/(?:GPTS|LGIDict|PieceInfo|EmbeddedFiles|EF|JavaScript|JS|Launch|XFA)(?=[\s/<>\[\](]|$)"
)
TEXT_CONTAINERS = frozenset({"svg"})


def verify(container: str, walked: Walked) -> None:
    """Raise LeakError if anything tells a place, DamagedError if nothing would be shown."""
    look_at_bytes(walked.data, container)
    if container in FORMATS:
        look_with_pillow(walked, FORMATS[container])
    elif container == "heic":
        look_with_heif(walked)
    elif container == "pdf":
        look_with_qpdf(walked)


class Undivided(io.BytesIO):
    """Bytes that are read at once.

    Pillow reads a WebP's head and then its rest, and joins the two: two copies of the file.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        is_head = self.tell() == 0 and size is not None and size > PREFIX
        return super().read(-1 if is_head else size)


def look_with_pillow(walked: Walked, formats: tuple[str, ...]) -> None:
    opened = Undivided if "WEBP" in formats else io.BytesIO
    try:
        with warnings.catch_warnings():
            # A warning of a decoder is no reason to refuse what it decodes.
            warnings.simplefilter("ignore")
            with Image.open(opened(walked.data), formats=formats) as image:
                size = image.size
                # A PNG's own way to them reads all pixels, for a block behind them. The search of
                # all bytes finds that.
                tags = Image.Image.getexif(image)
                has_place = GPS_POINTER in tags or bool(tags.get_ifd(GPS_POINTER))
    except Exception as error:
        raise DamagedError("The picture cannot be shown.") from error
    if has_place:
        raise LeakError("A location is left in the EXIF block.")
    if "AVIF" in formats and walked.frames > 1:
        # A sequence's size is its track's, which may differ from its cover picture's.
        return
    # Pillow turns a TIFF as its orientation says.
    sizes = {size, size[::-1]} if "TIFF" in formats else {size}
    if (walked.width, walked.height) not in sizes:
        raise DamagedError("The picture's size is not what its header says.")


def look_with_heif(walked: Walked) -> None:
    try:
        found = pillow_heif.open_heif(walked.data).info
    except Exception as error:
        raise DamagedError("The picture cannot be shown.") from error
    for block in (found.get("exif") or b"", found.get("xmp") or b""):
        look_at_bytes(block, container="")


def look_with_qpdf(walked: Walked) -> None:
    """Look into every object, as a stream's bytes may be packed."""
    try:
        with pikepdf.open(io.BytesIO(walked.data), suppress_warnings=True) as pdf:
            if "/Info" in pdf.trailer or len(pdf.pages) != walked.frames:
                raise LeakError("The PDF's information dictionary is left.")
            for found in pdf.objects:
                if isinstance(found, pikepdf.Stream):
                    head = found.stream_dict.unparse(resolved=False)
                    if b"/DCTDecode" in head or b"/XML" in head:
                        look_at_bytes(found.read_raw_bytes(), container="")
                elif isinstance(found, pikepdf.Object):
                    head = found.unparse(resolved=False)
                else:
                    continue
                if PDF_PRIVATE.search(PDF_TEXT.sub(b"()", head)):
                    raise LeakError("The PDF tells a place, holds a file or runs a program.")
    except LeakError:
        raise
    except Exception as error:
        raise DamagedError("The PDF cannot be shown.") from error


def look_at_bytes(data: bytes, container: str) -> None:
    """Search the whole file, whatever its structure, for what tells a place."""
    for needle, pattern in TEXTS:
        for at in places(data, needle):
            if pattern.search(data, max(0, at - LONGEST_MATCH), at + LONGEST_MATCH):
                raise LeakError("Text that tells a place is left.")
    if container in TEXT_CONTAINERS:
        # A path's numbers look like coordinates, and no binary block stands in a text.
        return
    if any(written.search(data) for written in ISO_6709):
        raise LeakError("Text that tells a place is left.")
    if any(carrier in data for carrier in CARRIERS.get(container, ())):
        raise LeakError("A block that may tell a place is left.")
    for at in places(data, IPTC):
        size = int.from_bytes(data[at + 8 : at + 12], "big")
        if PLACES_IN_IPTC.search(data, at + 12, at + 12 + size):
            raise LeakError("A block that tells a place is left.")
    for header, order in TIFF_HEADERS:
        if any(has_location(data, at, order) for at in places(data, header)):
            raise LeakError("A block with coordinates is left.")


def places(data: bytes, needle: bytes) -> Iterator[int]:
    """Yield where a word stands."""
    at = data.find(needle)
    while at >= 0:
        yield at
        at = data.find(needle, at + 1)


def has_location(data: bytes, base: int, order: str) -> bool:
    pending, seen = [4], set[int]()
    while pending and len(seen) < MOST_DIRECTORIES:
        at = pending.pop()
        try:
            (offset,) = struct.unpack_from(order + "I", data, base + at)
            if offset in seen:
                continue
            seen.add(offset)
            (count,) = struct.unpack_from(order + "H", data, base + offset)
            if not 0 < count < MOST_ENTRIES:
                continue
            for i in range(count):
                entry = base + offset + 2 + 12 * i
                tag, kind, length = struct.unpack_from(order + "HHI", data, entry)
                if tag == GPS_POINTER and kind in {4, 13} and length == 1:
                    return True
                if tag in POINTERS:
                    pending.append(entry + 8 - base)
            pending.append(offset + 2 + 12 * count)
        except struct.error:
            continue
    return False
