"""Reading the few EXIF values that are kept, with bounds, and writing a small new block.

Source: Exif 2.32 and TIFF 6.0. piexif only writes: its reader opens unknown bytes as a file name.
"""

import struct
from dataclasses import dataclass

import piexif

from media.stripping.types import Credit, Limits

HEADER = b"Exif\0\0"
ORIENTATION, ARTIST, COPYRIGHT = 0x0112, 0x013B, 0x8298
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
GPS_POINTER, EXIF_POINTER = 0x8825, 0x8769
MAKE, MODEL = 0x010F, 0x0110
SHORT, RATIONAL, ASCII, BYTE = 3, 5, 2, 1
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}


@dataclass(frozen=True)
class ExifFacts:
    """What a block holds, as far as it matters here."""

    orientation: int = 1
    artist: str = ""
    copyright: str = ""
    resolution: tuple[tuple[int, int], tuple[int, int], int] | None = None
    has_location: bool = False
    has_camera: bool = False
    has_thumbnail: bool = False


class Unreadable(Exception):
    """The block cannot be followed; what it held is dropped."""


def read(block: bytes, limits: Limits) -> ExifFacts:
    """Return the facts of a TIFF block (without the Exif header); a damaged block has none."""
    try:
        first, next_offset, order = directory(block, None, limits)
    except (Unreadable, struct.error):
        return ExifFacts()
    numbers = first.get(ORIENTATION)
    orientation = number(numbers, order) if numbers else 1
    return ExifFacts(
        orientation=orientation if 1 <= orientation <= 8 else 1,
        artist=text(first.get(ARTIST), limits),
        copyright=text(first.get(COPYRIGHT), limits),
        resolution=resolution(first, order),
        has_location=GPS_POINTER in first,
        has_camera=any(tag in first for tag in (MAKE, MODEL, EXIF_POINTER)),
        has_thumbnail=next_offset != 0,
    )


Entries = dict[int, tuple[int, bytes]]


def directory(block: bytes, offset: int | None, limits: Limits) -> tuple[Entries, int, str]:
    """Return a directory's entries (type and raw value), the next one's offset and byte order."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 8 or struct.unpack_from(order + "H", block, 2)[0] != 42:
        raise Unreadable
    if offset is None:
        (offset,) = struct.unpack_from(order + "I", block, 4)
    if not 8 <= offset <= len(block) - 2:
        raise Unreadable
    (count,) = struct.unpack_from(order + "H", block, offset)
    end = offset + 2 + 12 * count
    if count > limits.directory_entries or end > len(block):
        raise Unreadable
    entries: Entries = {}
    for i in range(count):
        tag, kind, length, field = struct.unpack_from(order + "HHI4s", block, offset + 2 + 12 * i)
        size = SIZES.get(kind, 0) * length
        if size == 0 or size > len(block):
            continue
        if size <= 4:
            value = field[:size]
        else:
            (at,) = struct.unpack(order + "I", field)
            value = block[at : at + size]
            if len(value) < size:
                continue
        entries.setdefault(tag, (kind, value))
    next_offset = struct.unpack_from(order + "I", block, end)[0] if end + 4 <= len(block) else 0
    return entries, next_offset, order


def number(entry: tuple[int, bytes], order: str) -> int:
    kind, value = entry
    form = {1: "B", 3: "H", 4: "I"}.get(kind)
    return int(struct.unpack_from(order + form, value)[0]) if form else 0


def text(entry: tuple[int, bytes] | None, limits: Limits) -> str:
    if entry is None or entry[0] not in {ASCII, BYTE, 7}:
        return ""
    return cleaned(entry[1], limits)


def cleaned(raw: bytes, limits: Limits) -> str:
    """Return bytes as one line of text, UTF-8 or else Latin-1, without control signs, capped."""
    raw = raw[: limits.text_length * 4]
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        decoded = raw.decode("latin-1")
    # An EXIF copyright may hold two names, photographer and editor, parted by a null.
    decoded = " ".join(" ".join(decoded.split("\0")).split())
    return "".join(sign for sign in decoded if sign.isprintable())[: limits.text_length].strip()


def resolution(entries: Entries, order: str) -> tuple[tuple[int, int], tuple[int, int], int] | None:
    x, y = entries.get(X_RESOLUTION), entries.get(Y_RESOLUTION)
    if x is None or y is None or x[0] != RATIONAL or y[0] != RATIONAL:
        return None
    across = struct.unpack_from(order + "II", x[1])
    down = struct.unpack_from(order + "II", y[1])
    unit = number(entries[RESOLUTION_UNIT], order) if RESOLUTION_UNIT in entries else 2
    if 0 in across or 0 in down or unit not in {1, 2, 3}:
        return None
    return (across[0], across[1]), (down[0], down[1]), unit


def write(facts: ExifFacts, credit: Credit) -> bytes:
    """Return a fresh block with its header, or nothing when there is nothing to say."""
    fields: dict[int, object] = {}
    if facts.orientation != 1:
        fields[ORIENTATION] = facts.orientation
    if facts.resolution is not None:
        across, down, unit = facts.resolution
        fields |= {X_RESOLUTION: across, Y_RESOLUTION: down, RESOLUTION_UNIT: unit}
    if credit.creator:
        fields[ARTIST] = credit.creator.encode()
    if credit.copyright:
        fields[COPYRIGHT] = credit.copyright.encode()
    return bytes(piexif.dump({"0th": fields})) if fields else b""
