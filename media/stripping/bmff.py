"""HEIC, AVIF and AVIF sequences: nothing moves, and every byte that none names is zero.

Source: ISO/IEC 14496-12 (boxes, tracks); ISO/IEC 23008-12 (HEIF); AVIF 1.1.
"""

from bisect import bisect_left
from collections.abc import Iterator

from media.stripping import harvest, icc
from media.stripping.boxes import Box, Budget, Cursor, boxes, encode
from media.stripping.errors import (
    DamagedError,
    EncryptedError,
    TooManyFramesError,
    TooManyPixelsError,
)
from media.stripping.harvest import Harvest
from media.stripping.items import ItemReader, Meta, self_contained
from media.stripping.overlay import Overlay
from media.stripping.types import Walked

CONTAINERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"})
LEAVES = frozenset(
    {b"vmhd", b"nmhd", b"elst", b"stts", b"ctts", b"stss", b"stsz", b"stz2", b"stco", b"co64",
     b"stsc", b"sdtp", b"sbgp", b"sgpd", b"cslg", b"tref"}
)  # fmt: skip
DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})
PICTURE_HANDLERS = frozenset({b"pict", b"auxv", b"vide"})
SAMPLE_ENTRIES = frozenset({b"av01", b"hvc1", b"hev1", b"avc1", b"avc3", b"vvc1", b"jpeg"})
ENTRY_SIZE, NAME_AT, NAME_SIZE = 78, 42, 32
ENTRY_PARTS = frozenset(
    {b"av1C", b"hvcC", b"avcC", b"vvcC", b"colr", b"pasp", b"clap", b"ccst", b"auxi", b"btrt",
     b"pixi", b"clli", b"mdcv", b"amve", b"fiel"}
)  # fmt: skip
EMPTY = frozenset({b"free", b"skip", b"wide"})
MOTION = frozenset({b"mpvd", b"sefd"})


def strip_bmff(data: bytes, gathered: Harvest) -> Walked:
    """Return the file with its pictures, frames, colour, orientation and credit alone."""
    return Walk(data, gathered).run()


class Walk:
    """One walk through a file of boxes."""

    def __init__(self, data: bytes, gathered: Harvest) -> None:
        self.data = data
        self.harvest = gathered
        self.budget = Budget(gathered.limits.parts)
        self.overlay = Overlay(data)
        self.items = ItemReader(data, gathered, self.budget, self.overlay)
        self.metas: list[Meta] = []
        self.media: list[Box] = []
        self.others: list[Box] = []
        self.main: Meta | None = None
        self.samples = 0
        self.track_size = (0, 0)
        self.needed_end = 0
        self.boxes_end = 0

    def run(self) -> Walked:
        for box in self.top_level():
            self.take(box)
        if self.main is None and not self.samples:
            raise DamagedError("The file holds no picture.")
        width, height = self.measure()
        end = self.finish_media()
        tail, offsets = self.fresh_tail(end)
        for meta, places in zip(self.metas, offsets, strict=True):
            self.overlay.write(meta.box.start, self.items.write(meta, places))
        if tail:
            self.overlay.write(end, tail)
        return Walked(self.overlay.render(end + len(tail)), width, height, max(1, self.samples))

    def top_level(self) -> Iterator[Box]:
        """Yield the file's boxes; what is none behind the picture is a trailer."""
        walked = boxes(self.data, 0, len(self.data), self.budget)
        while True:
            try:
                box = next(walked, None)
            except DamagedError:
                box = self.cut_off(self.boxes_end)
            if box is None:
                return
            self.boxes_end = box.end
            yield box

    def cut_off(self, at: int) -> Box | None:
        if self.data[at + 4 : at + 8] == b"mdat":
            # Whether enough of it is there, the items' own ranges will tell.
            return Box(b"mdat", at, at + 8, len(self.data))
        if self.main is None and not self.samples:
            raise DamagedError("A box is longer than the file.")
        self.harvest.drop(harvest.TRAILER, len(self.data) - at)
        return None

    def take(self, box: Box) -> None:
        if box.kind == b"ftyp":
            self.overlay.keep(box.start, box.end)
        elif box.kind == b"meta" and self.main is None:
            self.main = self.items.read(box)
            self.metas.append(self.main)
        elif box.kind == b"moov":
            self.overlay.keep(box.start, box.body)
            self.walk(box, depth=1)
        elif box.kind == b"mdat":
            self.media.append(box)
            return
        elif box.kind in {b"moof", b"mfra"}:
            raise DamagedError("The file is built for streaming.")
        else:
            self.others.append(box)
            return
        self.needed_end = max(self.needed_end, box.end)

    def finish_media(self) -> int:
        """Keep headers of media boxes that hold a picture; return where the file ends."""
        if self.overlay.end() > self.boxes_end:
            # What is written in the place of the trailer would be read as a box around it.
            raise DamagedError("A part of the picture lies in no box.")
        ranges = self.overlay.ranges()
        starts = [start for start, _ in ranges]

        def holds(box: Box) -> bool:
            last = bisect_left(starts, box.end) - 1
            return last >= 0 and ranges[last][1] > box.body

        held = {box for box in (*self.media, *self.others) if holds(box)}
        end = max([self.needed_end, self.overlay.end(), *(box.end for box in held)])
        for box in (*self.media, *self.others):
            if box in held:
                self.keep_media_header(box)
            elif box.kind in EMPTY:
                self.forget(box, end, "")
            else:
                self.forget(box, end, harvest.PICTURES if box.kind in MOTION else harvest.OTHER)
        return end

    def keep_media_header(self, box: Box) -> None:
        # A picture may lie in any box; its header must name the size, as more may come behind.
        size = int.from_bytes(self.data[box.start : box.start + 4], "big")
        if box.kind == b"mdat" and size in {1, box.size}:
            self.overlay.keep(box.start, box.body)
        elif size == 1:
            self.overlay.write(box.start, b"\0\0\0\1mdat" + box.size.to_bytes(8, "big"))
        else:
            self.overlay.write(box.start, box.size.to_bytes(4, "big") + b"mdat")

    def forget(self, box: Box, end: int, what: str) -> None:
        """Leave an empty box in the place of one that goes; behind the end, nothing."""
        if what and self.data[box.body : box.end].strip(b"\0"):
            self.harvest.drop(what, box.size)
        if box.start >= end:
            return
        if box.body - box.start >= 16 and box.kind != b"uuid":
            self.overlay.write(box.start, b"\0\0\0\1free" + box.size.to_bytes(8, "big"))
        else:
            self.overlay.write(box.start, box.size.to_bytes(4, "big") + b"free")

    def fresh_tail(self, end: int) -> tuple[bytes, list[dict[int, int]]]:
        """Return a media box with what is new, and where each item's contents lie in it."""
        body, offsets = b"", []
        for meta in self.metas:
            places: dict[int, int] = {}
            for number, content in meta.fresh.items():
                places[number] = end + 8 + len(body)
                body += content
            offsets.append(places)
        return encode(b"mdat", body) if body else b"", offsets

    def measure(self) -> tuple[int, int]:
        limits = self.harvest.limits
        width, height = self.items.size_of_primary(self.main) if self.main else (0, 0)
        sizes = self.items.sizes(self.main) if self.main else []
        if not (width and height):
            width, height = self.track_size
        if not (width and height):
            raise DamagedError("The picture does not say how large it is.")
        if any(across * down > limits.pixels for across, down in [*sizes, (width, height)]):
            raise TooManyPixelsError("The picture has too many pixels.")
        if self.samples > limits.frames or self.samples * width * height > limits.frame_pixels:
            raise TooManyFramesError("The sequence has too many frames.")
        return width, height

    # -- tracks

    def walk(self, parent: Box, depth: int) -> None:
        if depth > self.harvest.limits.depth:
            raise DamagedError("Boxes are nested too deep.")
        children = list(boxes(self.data, parent.body, parent.end, self.budget))
        for box in children:
            if box.kind == b"trak" and not self.is_picture_track(box):
                self.drop_box(box)
            elif box.kind in CONTAINERS:
                self.overlay.keep(box.start, box.body)
                self.walk(box, depth + 1)
            elif box.kind in DATED:
                self.overlay.keep(box.start, box.end)
                version = self.data[box.body]
                self.overlay.blank(box.body + 4, min(box.end, box.body + 4 + 8 * (1 + version)))
                if box.kind == b"tkhd":
                    self.read_track_size(box)
            elif box.kind == b"hdlr":
                self.overlay.keep(box.start, box.end)
                self.overlay.blank(min(box.end, box.body + 24), box.end)
            elif box.kind == b"dinf":
                self.keep_data_information(box)
            elif box.kind == b"stsd":
                self.walk_descriptions(box)
            elif box.kind == b"meta" and self.items.handler(box) in PICTURE_HANDLERS:
                self.metas.append(self.items.read(box))
            elif box.kind in LEAVES:
                self.overlay.keep(box.start, box.end)
            else:
                self.drop_box(box)
        if parent.kind == b"stbl":
            self.keep_samples({box.kind: box for box in children})

    def drop_box(self, box: Box) -> None:
        what = {b"trak": harvest.PICTURES, b"udta": harvest.LOCATION}
        self.forget(box, len(self.data), "" if box.kind in EMPTY
                    else what.get(box.kind, harvest.DESCRIPTION))  # fmt: skip

    def keep_data_information(self, box: Box) -> None:
        body = self_contained(self.data, box, self.budget)
        if len(body) == box.end - box.body:
            self.overlay.write(box.start, encode(b"dinf", body))
        else:
            self.overlay.keep(box.start, box.end)

    def is_picture_track(self, track: Box) -> bool:
        for box in boxes(self.data, track.body, track.end, self.budget):
            if box.kind == b"mdia":
                for inner in boxes(self.data, box.body, box.end, self.budget):
                    if inner.kind == b"hdlr":
                        return self.data[inner.body + 8 : inner.body + 12] in PICTURE_HANDLERS
        return False

    def read_track_size(self, box: Box) -> None:
        width, height = (int.from_bytes(self.data[at : at + 4], "big") >> 16
                         for at in (box.end - 8, box.end - 4))  # fmt: skip
        if self.track_size == (0, 0):
            self.track_size = (width, height)

    def walk_descriptions(self, stsd: Box) -> None:
        self.overlay.keep(stsd.start, stsd.body + 8)
        for entry in boxes(self.data, stsd.body + 8, stsd.end, self.budget):
            if entry.kind in {b"encv", b"resv"}:
                raise EncryptedError("The picture is locked.")
            if entry.kind not in SAMPLE_ENTRIES or entry.end - entry.body < ENTRY_SIZE:
                raise DamagedError("The sequence is of a kind that is not known.")
            self.overlay.keep(entry.start, entry.body + ENTRY_SIZE)
            name = entry.body + NAME_AT
            self.overlay.blank(name, name + NAME_SIZE)
            for part in boxes(self.data, entry.body + ENTRY_SIZE, entry.end, self.budget):
                if part.kind in ENTRY_PARTS and self.is_sound(part):
                    self.overlay.keep(part.start, part.end)
                else:
                    self.drop_box(part)

    def is_sound(self, part: Box) -> bool:
        if part.kind != b"colr" or self.data[part.body : part.body + 4] not in {b"prof", b"rICC"}:
            return True
        return icc.is_profile(self.data[part.body + 4 : part.end])

    def keep_samples(self, table: dict[bytes, Box]) -> None:
        """Keep the bytes of a track's samples."""
        try:
            sizes = self.sample_sizes(table)
            chunks = self.chunk_offsets(table)
            runs = self.chunk_runs(table)
        except KeyError as error:
            raise DamagedError("A track does not say where its frames are.") from error
        self.samples = max(self.samples, len(sizes))
        if len(sizes) > self.harvest.limits.frames:
            raise TooManyFramesError("The sequence has too many frames.")
        at, run = 0, 0
        for number, offset in enumerate(chunks, 1):
            while run + 1 < len(runs) and number >= runs[run + 1][0]:
                run += 1
            count = runs[run][1] if runs else 0
            total = sum(sizes[at : at + count])
            self.overlay.keep(offset, offset + total)
            at += count

    def sample_sizes(self, table: dict[bytes, Box]) -> list[int]:
        if b"stsz" not in table:
            box = table[b"stz2"]
            cursor = Cursor(self.data, box.body + 4, box.end)
            width = cursor.number(4)
            count = self.counted(cursor)
            if width == 4:
                pairs = cursor.take((count + 1) // 2)
                return [half for byte in pairs for half in (byte >> 4, byte & 15)][:count]
            if width not in {8, 16}:
                raise DamagedError("A track's frames have no size.")
            return [cursor.number(width // 8) for _ in range(count)]
        box = table[b"stsz"]
        cursor = Cursor(self.data, box.body + 4, box.end)
        same, count = cursor.number(4), self.counted(cursor)
        return [same] * count if same else [cursor.number(4) for _ in range(count)]

    def chunk_offsets(self, table: dict[bytes, Box]) -> list[int]:
        box = table.get(b"stco") or table[b"co64"]
        cursor = Cursor(self.data, box.body + 4, box.end)
        width = 4 if box.kind == b"stco" else 8
        return [cursor.number(width) for _ in range(self.counted(cursor))]

    def chunk_runs(self, table: dict[bytes, Box]) -> list[tuple[int, int]]:
        """Return (first chunk, samples in each) as the table has them."""
        box = table[b"stsc"]
        cursor = Cursor(self.data, box.body + 4, box.end)
        rows = [(cursor.number(4), cursor.number(4), cursor.number(4))
                for _ in range(self.counted(cursor))]  # fmt: skip
        return [(first, count) for first, count, _ in rows]

    def counted(self, cursor: Cursor) -> int:
        count = cursor.number(4)
        self.budget.spend(count)
        return count
