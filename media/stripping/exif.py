"""Reading the few EXIF values that are kept, with bounds, and writing a small new block.

Source: Exif 2.32 and TIFF 6.0. piexif only writes: its reader opens unknown bytes as a file name.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import piexif

from media.stripping.text import kept_bytes
from media.stripping.types import Limits

HEADER = b"Exif\0\0"
ORIENTATION, ARTIST, COPYRIGHT = 0x0112, 0x013B, 0x8298
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
GPS_POINTER, EXIF_POINTER, INTEROPERABILITY_POINTER = 0x8825, 0x8769, 0xA005
COLOUR_SPACE, UNCALIBRATED, ADOBE_RGB = 0xA001, 0xFFFF, 2
THUMBNAIL_OFFSET, THUMBNAIL_LENGTH = 0x0201, 0x0202
MAKE, MODEL = 0x010F, 0x0110
BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SIGNED_RATIONAL = 1, 2, 3, 4, 5, 7, 10
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}

# What describes camera, lens and exposure, and neither a person, a moment nor one single device:
# no serial numbers, no owner, no dates (their time zone is near a place).
CAMERA_TAGS: Mapping[str, Mapping[int, tuple[int, int]]] = {
    "0th": {MAKE: (ASCII, 0), MODEL: (ASCII, 0)},
    "Exif": {
        0x829A: (RATIONAL, 1), 0x829D: (RATIONAL, 1), 0x8822: (SHORT, 1), 0x8827: (SHORT, 1),
        0x9201: (SIGNED_RATIONAL, 1), 0x9202: (RATIONAL, 1), 0x9204: (SIGNED_RATIONAL, 1),
        0x9205: (RATIONAL, 1), 0x9207: (SHORT, 1), 0x9209: (SHORT, 1), 0x920A: (RATIONAL, 1),
        0xA402: (SHORT, 1), 0xA403: (SHORT, 1), 0xA405: (SHORT, 1), 0xA432: (RATIONAL, 4),
        0xA433: (ASCII, 0), 0xA434: (ASCII, 0),
    },
}  # fmt: skip


Camera = Mapping[str, Mapping[int, object]]
Resolution = tuple[tuple[int, int], tuple[int, int], int]


@dataclass(frozen=True)
class ExifFacts:
    """What a block holds, as far as it matters here; sizes are in bytes."""

    orientation: int = 0
    artist: bytes = b""
    copyright: bytes = b""
    resolution: Resolution | None = None
    adobe_rgb: bool = False
    camera: Camera = field(default_factory=dict)
    location_size: int = 0
    thumbnail_size: int = 0
    has_camera: bool = False

    def or_else(self, other: "ExifFacts") -> "ExifFacts":
        """Return these facts, with those of `other` where these have none."""
        return replace(
            self,
            orientation=self.orientation or other.orientation,
            artist=self.artist or other.artist,
            copyright=self.copyright or other.copyright,
            resolution=self.resolution or other.resolution,
            adobe_rgb=self.adobe_rgb or other.adobe_rgb,
            camera=self.camera or other.camera,
        )


class Unreadable(Exception):
    """The block cannot be followed; what it held is dropped."""


Entries = dict[int, tuple[int, int, bytes]]


@dataclass(frozen=True)
class Directory:
    """A directory's entries (type, count, raw value), where the next one is, and its size."""

    entries: Entries
    next_offset: int
    order: str
    size: int


def read(block: bytes, limits: Limits, *, keep_camera: bool = False) -> ExifFacts:
    """Return the facts of a TIFF block (with or without Exif headers); a damaged one has none."""
    while block.startswith(HEADER):
        block = block[len(HEADER) :]
    try:
        first = directory(block, None, limits)
    except (Unreadable, struct.error):
        return ExifFacts()
    main = first.entries
    exif = below(block, main, EXIF_POINTER, first.order, limits)
    place = below(block, main, GPS_POINTER, first.order, limits)
    location_size = 0
    if GPS_POINTER in main:
        location_size = 12 + (place.size if place else 0)
    camera: Camera = {}
    if keep_camera:
        camera = camera_of(first, exif)
    orientation = number(main.get(ORIENTATION), first.order)
    return ExifFacts(
        orientation=orientation if 1 <= orientation <= 8 else 0,
        artist=text(main.get(ARTIST), limits),
        copyright=text(main.get(COPYRIGHT), limits, parts=2),
        resolution=resolution(main, first.order),
        adobe_rgb=is_adobe_rgb(block, exif, limits),
        camera=camera,
        location_size=location_size,
        thumbnail_size=thumbnail_size(block, first, limits),
        has_camera=any(tag in main for tag in (MAKE, MODEL, EXIF_POINTER)),
    )


def directory(block: bytes, offset: int | None, limits: Limits) -> Directory:
    """Return a directory, with the entries that lie whole within the block."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None or len(block) < 8 or struct.unpack_from(order + "H", block, 2)[0] != 42:
        raise Unreadable
    if offset is None:
        (offset,) = struct.unpack_from(order + "I", block, 4)
    if not 8 <= offset <= len(block) - 2:
        raise Unreadable
    (count,) = struct.unpack_from(order + "H", block, offset)
    if count > limits.directory_entries:
        raise Unreadable
    end = offset + 2 + 12 * count
    fitting = min(count, (len(block) - offset - 2) // 12)
    entries: Entries = {}
    total = 6 + 12 * count
    for i in range(fitting):
        tag, kind, length, value_field = struct.unpack_from(
            order + "HHI4s", block, offset + 2 + 12 * i
        )
        size = SIZES.get(kind, 0) * length
        if size == 0 or size > len(block):
            continue
        if size <= 4:
            value = value_field[:size]
        else:
            (at,) = struct.unpack(order + "I", value_field)
            value = block[at : at + size]
            if len(value) < size:
                continue
            total += size
        entries.setdefault(tag, (kind, length, value))
    next_offset = struct.unpack_from(order + "I", block, end)[0] if end + 4 <= len(block) else 0
    return Directory(entries, next_offset, order, total)


def below(block: bytes, entries: Entries, tag: int, order: str, limits: Limits) -> Directory | None:
    """Return the directory that a pointer leads to, if it can be read."""
    if tag not in entries:
        return None
    try:
        return directory(block, number(entries[tag], order), limits)
    except (Unreadable, struct.error):
        return None


def number(entry: tuple[int, int, bytes] | None, order: str) -> int:
    if entry is None:
        return 0
    form = {1: "B", 3: "H", 4: "I", 13: "I"}.get(entry[0])
    return int(struct.unpack_from(order + form, entry[2])[0]) if form else 0


def text(entry: tuple[int, int, bytes] | None, limits: Limits, parts: int = 1) -> bytes:
    """Return a text's bytes. A copyright has two parts, photographer and editor."""
    if entry is None or entry[0] not in {ASCII, BYTE, UNDEFINED}:
        return b""
    values = [kept_bytes(part, limits) for part in entry[2].split(b"\0")[:parts]]
    if parts > 1 and any(values[1:]):
        return b"\0".join(value or b" " for value in values)
    return values[0]


def resolution(entries: Entries, order: str) -> Resolution | None:
    x, y = entries.get(X_RESOLUTION), entries.get(Y_RESOLUTION)
    if x is None or y is None or x[0] != RATIONAL or y[0] != RATIONAL:
        return None
    across = struct.unpack_from(order + "II", x[2])
    down = struct.unpack_from(order + "II", y[2])
    unit = number(entries.get(RESOLUTION_UNIT), order) or 2
    # A density is a small number; other figures could be anything.
    if not all(0 < top <= 0xFFFFFF and 0 < under <= 0xFFFF for top, under in (across, down)):
        return None
    return ((across[0], across[1]), (down[0], down[1]), unit) if unit in {1, 2, 3} else None


def is_adobe_rgb(block: bytes, exif: Directory | None, limits: Limits) -> bool:
    """Tell whether DCF's mark of the Adobe RGB colour space is set (Exif 2.32, annex E)."""
    if exif is None:
        return False
    colour = number(exif.entries.get(COLOUR_SPACE), exif.order)
    if colour != UNCALIBRATED:
        return colour == ADOBE_RGB
    inner = below(block, exif.entries, INTEROPERABILITY_POINTER, exif.order, limits)
    return inner is not None and inner.entries.get(1, (0, 0, b""))[2][:3] == b"R03"


def thumbnail_size(block: bytes, first: Directory, limits: Limits) -> int:
    if not first.next_offset:
        return 0
    try:
        second = directory(block, first.next_offset, limits)
    except (Unreadable, struct.error):
        return 0
    return second.size + number(second.entries.get(THUMBNAIL_LENGTH), second.order)


def camera_of(first: Directory, exif: Directory | None) -> Camera:
    found: dict[str, dict[int, object]] = {}
    for name, source in (("0th", first), ("Exif", exif)):
        if source is None:
            continue
        for tag, (kind, count) in CAMERA_TAGS[name].items():
            entry = source.entries.get(tag)
            if entry is None or entry[0] != kind or (count and entry[1] != count):
                continue
            found.setdefault(name, {})[tag] = native(entry, source.order)
    return found


def native(entry: tuple[int, int, bytes], order: str) -> object:
    """Return a value as piexif writes it."""
    kind, count, raw = entry
    if kind == ASCII:
        return kept_bytes(raw.split(b"\0")[0], Limits(text_length=100))
    if kind == SHORT:
        return struct.unpack_from(order + "H", raw)[0]
    pairs = struct.unpack_from(f"{order}{2 * count}{'i' if kind == SIGNED_RATIONAL else 'I'}", raw)
    values = tuple(zip(pairs[::2], pairs[1::2], strict=True))
    return values[0] if count == 1 else values


def write(facts: ExifFacts) -> bytes:
    """Return a fresh TIFF block without header, or nothing when there is nothing to say."""
    fields: dict[int, object] = dict(facts.camera.get("0th", {}))
    if facts.orientation > 1:
        fields[ORIENTATION] = facts.orientation
    if facts.resolution is not None:
        across, down, unit = facts.resolution
        fields |= {X_RESOLUTION: across, Y_RESOLUTION: down, RESOLUTION_UNIT: unit}
    if facts.artist:
        fields[ARTIST] = facts.artist
    if facts.copyright:
        fields[COPYRIGHT] = facts.copyright
    parts: dict[str, object] = {}
    if exposure := dict(facts.camera.get("Exif", {})):
        parts["Exif"] = exposure
    if facts.adobe_rgb:
        parts["Exif"] = exposure | {COLOUR_SPACE: UNCALIBRATED}
        parts["Interop"] = {1: b"R03"}
    if not fields and not parts:
        return b""
    return bytes(piexif.dump({"0th": fields, **parts}))[len(HEADER) :]
