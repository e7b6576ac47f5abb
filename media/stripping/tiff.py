"""TIFF and BigTIFF: directories are rewritten in place, and every byte that none names is zero.

Source: TIFF 6.0; TIFF technical notes 1 and 2; BigTIFF; XMP part 3; ICC.1 annex B.
"""

import struct
from dataclasses import dataclass

from media.stripping import exif, harvest, icc
from media.stripping.errors import (
    DamagedError,
    RawPhotoError,
    StrippingError,
    TooManyFramesError,
    TooManyPartsError,
    TooManyPixelsError,
)
from media.stripping.harvest import Harvest
from media.stripping.jpeg import end_of_jpeg, private_ranges
from media.stripping.overlay import Overlay
from media.stripping.types import Limits, Walked

SIZES = {**exif.SIZES, 16: 8, 17: 8, 18: 8}
WHOLE_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
SUBFILE_TYPE = 254
SAMPLES, ROWS_PER_STRIP, PLANAR = 277, 278, 284
STRIP_OFFSETS, STRIP_COUNTS, TILE_OFFSETS, TILE_COUNTS = 273, 279, 324, 325
TILE_WIDTH, TILE_HEIGHT = 322, 323
SUB_DIRECTORIES, JPEG_TABLES = 330, 347
JPEG_OFFSET, JPEG_LENGTH, JPEG_Q, JPEG_DC, JPEG_AC = 513, 514, 519, 520, 521
ARTIST, COPYRIGHT = exif.ARTIST, exif.COPYRIGHT
XMP, IPTC, PHOTOSHOP, ICC_PROFILE = 700, 33723, 34377, 34675
EXIF_POINTER, GPS_POINTER = exif.EXIF_POINTER, exif.GPS_POINTER
DNG_VERSION = 50706
RAW_PHOTOMETRICS = frozenset({32803, 34892})
GEO = frozenset({33550, 33920, 33922, 34264, 34735, 34736, 34737, 42112, 42113, 50844})
OLD_JPEG, JPEG, UNCOMPRESSED = 6, 7, 1
# What decodes, orients and colours the picture; 317 to 347 and 512 to 532 are its extensions.
KEPT = frozenset(
    {SUBFILE_TYPE, 255, WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, 263, 264, 265, 266,
     STRIP_OFFSETS, 274, SAMPLES, ROWS_PER_STRIP, STRIP_COUNTS, 280, 281, 282, 283, PLANAR, 290,
     291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS,
     TILE_COUNTS, 326, 327, 328, 332, 334, 336, 338, 339, 340, 341, 342, JPEG_TABLES, 512,
     JPEG_OFFSET, JPEG_LENGTH, 515, 517, 518, JPEG_Q, JPEG_DC, JPEG_AC, 529, 530, 531, 532, 32997,
     50674}
)  # fmt: skip
DESCRIPTIONS = frozenset({269, 270, 285, 305, 306, 316, 315})
CAMERA = frozenset({exif.MAKE, exif.MODEL})


@dataclass(frozen=True)
class Entry:
    """A directory's entry; `at` is where its value lies, `end` behind it."""

    tag: int
    kind: int
    count: int
    field: bytes
    at: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.at


@dataclass(frozen=True)
class Directory:
    """A directory in the file."""

    offset: int
    end: int
    entries: tuple[Entry, ...]
    next_offset: int

    def get(self, tag: int) -> Entry | None:
        return next((entry for entry in self.entries if entry.tag == tag), None)


class Reader:
    """Reads numbers, values and directories of one file."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.data = data
        self.limits = limits
        self.order = "<" if data[:2] == b"II" else ">"
        self.is_big = data[2:4] in {b"+\0", b"\0+"}
        self.header_size = 16 if self.is_big else 8
        self.entry_size, self.room = (20, 8) if self.is_big else (12, 4)
        self.count_form, self.offset_form = ("Q", "Q") if self.is_big else ("H", "I")

    def unpack(self, form: str, at: int) -> int:
        if at + struct.calcsize(form) > len(self.data):
            raise DamagedError("The TIFF is cut off.")
        return int(struct.unpack_from(self.order + form, self.data, at)[0])

    def size_of(self, count: int) -> int:
        """Return the size of a directory with that many entries."""
        return (
            struct.calcsize(self.count_form)
            + count * self.entry_size
            + struct.calcsize(self.offset_form)
        )

    def first_offset(self) -> int:
        return self.unpack(self.offset_form, self.header_size - struct.calcsize(self.offset_form))

    def directory(self, offset: int) -> Directory:
        """Return the directory at an offset, with those entries whose values are there."""
        if offset < self.header_size:
            raise DamagedError("A TIFF directory lies in the header.")
        count = self.unpack(self.count_form, offset)
        if count > self.limits.directory_entries:
            raise TooManyPartsError("A TIFF directory has too many entries.")
        start = offset + struct.calcsize(self.count_form)
        end = start + count * self.entry_size
        entries = [self.entry(start + i * self.entry_size) for i in range(count)]
        is_last = end + self.room > len(self.data)
        next_offset = 0 if is_last else self.unpack(self.offset_form, end)
        whole = tuple(entry for entry in entries if entry is not None)
        return Directory(offset, min(end + self.room, len(self.data)), whole, next_offset)

    def entry(self, at: int) -> Entry | None:
        tag, kind = self.unpack("H", at), self.unpack("H", at + 2)
        count = self.unpack("Q" if self.is_big else "I", at + 4)
        value_at = at + (12 if self.is_big else 8)
        value_field = self.data[value_at : value_at + self.room]
        size = SIZES.get(kind, 0) * count
        if len(value_field) < self.room:
            raise DamagedError("The TIFF is cut off.")
        if size > self.room:
            value_at = self.unpack(self.offset_form, value_at)
        if not size or value_at + size > len(self.data):
            return None
        return Entry(tag, kind, count, value_field, value_at, value_at + size)

    def numbers(self, entry: Entry | None) -> tuple[int, ...]:
        form = WHOLE_NUMBERS.get(entry.kind) if entry else None
        if entry is None or form is None:
            return ()
        if entry.count > 4 * self.limits.parts:
            raise TooManyPartsError("The TIFF has too many strips or tiles.")
        return struct.unpack_from(f"{self.order}{entry.count}{form}", self.data, entry.at)

    def number(self, directory: Directory, tag: int, default: int = 0) -> int:
        values = self.numbers(directory.get(tag))
        return values[0] if values else default

    def value(self, entry: Entry) -> bytes:
        return self.data[entry.at : entry.end]


def strip_tiff(data: bytes, gathered: Harvest) -> Walked:
    """Return the TIFF with its pages' pixels, colour, density, orientation and credit alone."""
    return Walk(data, gathered).run()


class Walk:
    """One walk through a TIFF."""

    def __init__(self, data: bytes, gathered: Harvest) -> None:
        self.data = data
        self.harvest = gathered
        self.reader = Reader(data, gathered.limits)
        self.overlay = Overlay(data)
        self.pixels = 0
        self.has_guessed_end = False

    def run(self) -> Walked:
        if self.data[8:10] == b"CR" and not self.reader.is_big:
            raise RawPhotoError("This is a camera's raw file.")
        pages = self.pages()
        width, height = self.page_size(pages[0])
        self.overlay.keep(0, self.reader.header_size)
        for page in pages:
            self.keep_picture(page)
        kept = [[self.kept_entry(page, entry, is_first=page is pages[0]) for entry in page.entries]
                for page in pages]  # fmt: skip
        fresh = [(XMP, self.harvest.fresh_xmp()), (IPTC, self.harvest.fresh_iptc())]
        if self.has_guessed_end:
            # What is written behind would count as picture data.
            fresh = []
        counts = [sum(entry is not None for entry in entries) for entries in kept]
        counts[0] += sum(bool(content) for _, content in fresh)
        end = max(
            self.overlay.end(),
            *(page.offset + self.reader.size_of(count)
              for page, count in zip(pages, counts, strict=True)),
        )  # fmt: skip
        end = len(self.data) if self.has_guessed_end else end + end % 2
        if self.data[end:].strip(b"\0"):
            self.harvest.drop(harvest.TRAILER, len(self.data) - end)
        tail = b""
        for tag, content in fresh:
            if content:
                kept[0].append(self.new_entry(tag, 1, content, end + len(tail)))
                tail += content + b"\0" * (len(content) % 2)
        for page, following, entries in zip(pages, [*pages[1:], None], kept, strict=True):
            self.write_directory(page, entries, following.offset if following else 0)
        if tail:
            self.overlay.write(end, tail)
        return Walked(self.overlay.render(end + len(tail)), width, height, len(pages))

    def pages(self) -> list[Directory]:
        limits = self.harvest.limits
        found: list[Directory] = []
        seen: set[int] = set()
        offset = self.reader.first_offset()
        while offset and offset not in seen:
            seen.add(offset)
            if len(found) >= min(limits.frames, limits.directories):
                raise TooManyFramesError("The TIFF has too many pages.")
            try:
                page = self.reader.directory(offset)
                # Before anything that such a file may lack is called damaged.
                self.refuse_raw(page)
                self.page_size(page)
            except (DamagedError, TooManyPartsError):
                if not found:
                    raise
                break
            found.append(page)
            offset = page.next_offset
        if not found:
            raise DamagedError("The TIFF holds no picture.")
        return found

    def page_size(self, page: Directory) -> tuple[int, int]:
        width, height = self.reader.number(page, WIDTH), self.reader.number(page, HEIGHT)
        if not width or not height:
            raise DamagedError("A TIFF page does not say how large it is.")
        self.pixels += width * height
        limits = self.harvest.limits
        if width * height > limits.pixels or self.pixels > limits.frame_pixels:
            raise TooManyPixelsError("The TIFF has too many pixels.")
        return width, height

    def refuse_raw(self, page: Directory) -> None:
        """Raise for a camera's raw file: its picture needs what would have to go."""
        directories = [page]
        for offset in self.reader.numbers(page.get(SUB_DIRECTORIES))[:8]:
            try:
                directories.append(self.reader.directory(offset))
            except StrippingError:
                continue
        for each in directories:
            photometric = self.reader.number(each, PHOTOMETRIC)
            if photometric in RAW_PHOTOMETRICS or each.get(DNG_VERSION):
                raise RawPhotoError("This is a camera's raw file.")

    # -- the picture's own bytes

    def keep_picture(self, page: Directory) -> None:
        numbers = self.reader.numbers
        compression = self.reader.number(page, COMPRESSION, UNCOMPRESSED)
        pieces: set[int] = set()
        for offset_tag, count_tag in ((STRIP_OFFSETS, STRIP_COUNTS), (TILE_OFFSETS, TILE_COUNTS)):
            offsets, counts = numbers(page.get(offset_tag)), numbers(page.get(count_tag))
            if not offsets:
                continue
            if page.get(JPEG_OFFSET) and compression == OLD_JPEG and not counts:
                continue
            for i, offset in enumerate(offsets):
                size = counts[i] if i < len(counts) else 0
                if compression == UNCOMPRESSED:
                    # Decoders read the whole rows, whatever the byte counts say.
                    size = max(size, self.plain_size(page, offset_tag, i))
                self.keep_piece(offset, size, compression)
                pieces.add(offset)
        length = self.reader.number(page, JPEG_LENGTH)
        for offset in numbers(page.get(JPEG_OFFSET)):
            if length or offset not in pieces:
                self.keep_piece(offset, length, compression)
                pieces.add(offset)
        if not pieces:
            raise DamagedError("A TIFF page has no picture data.")
        for tag, size in ((JPEG_Q, 64), (JPEG_DC, 272), (JPEG_AC, 272)):
            for offset in numbers(page.get(tag)):
                self.overlay.keep(min(offset, len(self.data)), min(offset + size, len(self.data)))
        tables = page.get(JPEG_TABLES)
        if tables is not None:
            self.blank_within(tables.at, tables.end)

    def plain_size(self, page: Directory, offset_tag: int, piece: int) -> int:
        """Return how many bytes a strip or tile without compression has."""
        number = self.reader.number
        planes = number(page, SAMPLES, 1) if number(page, PLANAR, 1) == 2 else 1
        bits = number(page, SAMPLES, 1) // planes * number(page, BITS, 1)
        width, height = number(page, WIDTH), number(page, HEIGHT)
        if offset_tag == TILE_OFFSETS:
            width, rows = number(page, TILE_WIDTH, width), number(page, TILE_HEIGHT)
        else:
            in_strip = min(number(page, ROWS_PER_STRIP, height) or height, height)
            strips = (height + in_strip - 1) // in_strip
            rows = min(in_strip, height - in_strip * (piece % strips))
        return (width * bits + 7) // 8 * rows

    def keep_piece(self, offset: int, size: int, compression: int) -> None:
        end = offset + size
        if not size and not offset:
            # A sparse strip has no bytes.
            return
        if not size and compression in {JPEG, OLD_JPEG}:
            end = end_of_jpeg(self.data, offset, self.harvest.limits)
        elif not size:
            # Without a byte count, decoders read on to the end of the file.
            end, self.has_guessed_end = len(self.data), True
        if offset >= len(self.data):
            raise DamagedError("The TIFF's picture data is cut off.")
        if end > len(self.data):
            end, self.has_guessed_end = len(self.data), True
        self.overlay.keep(offset, end)
        if compression in {JPEG, OLD_JPEG}:
            self.blank_within(offset, end)

    def blank_within(self, start: int, end: int) -> None:
        """Make zero what a JPEG within the TIFF hides."""
        if self.data[start : start + 2] != b"\xff\xd8":
            return
        for hidden_start, hidden_end in private_ranges(self.data, start, end, self.harvest.limits):
            if self.data[hidden_start:hidden_end].strip(b"\0"):
                self.harvest.drop(harvest.CAMERA, hidden_end - hidden_start)
                self.overlay.blank(hidden_start, hidden_end)

    # -- directories

    def kept_entry(self, page: Directory, entry: Entry, *, is_first: bool) -> bytes | None:
        """Return an entry as it is written again, or None for one that goes."""
        tag = entry.tag
        if tag in KEPT or (tag in CAMERA and self.harvest.keep_camera):
            return self.whole(entry)
        if tag == ICC_PROFILE and icc.is_profile(self.reader.value(entry)):
            return self.whole(entry)
        if tag in {ARTIST, COPYRIGHT}:
            return self.credit_entry(entry, is_first=is_first)
        if tag == EXIF_POINTER and self.harvest.keep_camera:
            return self.exposure_entry(entry)
        self.count(entry, is_first=is_first)
        return None

    def whole(self, entry: Entry) -> bytes:
        if entry.size > self.reader.room:
            self.overlay.keep(entry.at, entry.end)
            return self.packed(entry.tag, entry.kind, entry.count, entry.field)
        # The field's bytes behind a short value are nobody's.
        value = entry.field[: entry.size].ljust(self.reader.room, b"\0")
        return self.packed(entry.tag, entry.kind, entry.count, value)

    def packed(self, tag: int, kind: int, count: int, value_field: bytes) -> bytes:
        form = "HHQ" if self.reader.is_big else "HHI"
        return struct.pack(self.reader.order + form, tag, kind, count) + value_field

    def new_entry(self, tag: int, kind: int, content: bytes, at: int) -> bytes:
        if len(content) <= self.reader.room:
            value_field = content.ljust(self.reader.room, b"\0")
        else:
            value_field = struct.pack(self.reader.order + self.reader.offset_form, at)
        return self.packed(tag, kind, len(content), value_field)

    def credit_entry(self, entry: Entry, *, is_first: bool) -> bytes | None:
        raw = (entry.kind, entry.count, self.reader.value(entry))
        text = exif.text(raw, self.harvest.limits, parts=2 if entry.tag == COPYRIGHT else 1)
        if not text:
            return None
        if is_first:
            found = exif.ExifFacts(artist=text)
            if entry.tag == COPYRIGHT:
                found = exif.ExifFacts(copyright=text)
            self.harvest.exif = self.harvest.exif.or_else(found)
        text = (text + b"\0")[: entry.size]
        if len(text) > self.reader.room:
            self.overlay.write(entry.at, text)
        return self.new_entry(entry.tag, exif.ASCII, text, entry.at)

    def exposure_entry(self, entry: Entry) -> bytes | None:
        """Rewrite the EXIF directory with what describes camera, lens and exposure."""
        try:
            (offset,) = self.reader.numbers(entry)
            directory = self.reader.directory(offset)
        except (StrippingError, ValueError):
            return None
        wanted = exif.CAMERA_TAGS["Exif"]
        kept: list[bytes | None] = []
        for each in directory.entries:
            kind, count = wanted.get(each.tag, (0, 0))
            fits = each.kind == kind and (each.count == count or (not count and each.count <= 100))
            if fits:
                kept.append(self.whole(each))
            else:
                self.harvest.drop(harvest.CAMERA, self.reader.entry_size + each.size)
        if not kept:
            return None
        self.write_directory(directory, kept, 0)
        return self.whole(entry)

    def write_directory(
        self, directory: Directory, entries: list[bytes | None], following: int
    ) -> None:
        kept = sorted((entry for entry in entries if entry is not None), key=self.tag_of)
        order = self.reader.order
        content = struct.pack(order + self.reader.count_form, len(kept)) + b"".join(kept)
        content += struct.pack(order + self.reader.offset_form, following)
        room = directory.end - directory.offset
        if len(content) > room and content[room:].strip(b"\0"):
            raise DamagedError("A TIFF directory has no room for its entries.")
        self.overlay.write(directory.offset, content[:room])

    def tag_of(self, entry: bytes) -> int:
        return int(struct.unpack_from(self.reader.order + "H", entry)[0])

    def count(self, entry: Entry, *, is_first: bool) -> None:
        """Count what goes, and read the credit of the first page's packets."""
        tag, size = entry.tag, entry.size + self.reader.entry_size
        value = self.reader.value(entry)
        if tag == XMP and is_first:
            self.harvest.take_xmp(value, size)
        elif tag == IPTC and is_first:
            self.harvest.take_iptc(value, size)
        elif tag == PHOTOSHOP and is_first:
            self.harvest.take_photoshop(value, size)
        elif tag in {GPS_POINTER, EXIF_POINTER, SUB_DIRECTORIES}:
            what = {GPS_POINTER: harvest.LOCATION, EXIF_POINTER: harvest.CAMERA}
            below = sum(self.size_below(offset) for offset in self.reader.numbers(entry)[:8])
            self.harvest.drop(what.get(tag, harvest.THUMBNAIL), size + below)
        elif tag in GEO:
            self.harvest.drop(harvest.LOCATION, size)
        elif tag in DESCRIPTIONS:
            self.harvest.drop(harvest.DESCRIPTION, size)
        else:
            self.harvest.drop(harvest.CAMERA if tag in CAMERA else harvest.OTHER, size)

    def size_below(self, offset: int) -> int:
        try:
            directory = self.reader.directory(offset)
        except StrippingError:
            return 0
        pictures = sum(self.reader.numbers(directory.get(STRIP_COUNTS)))
        values = sum(entry.size for entry in directory.entries if entry.size > self.reader.room)
        return directory.end - directory.offset + values + min(pictures, len(self.data))
