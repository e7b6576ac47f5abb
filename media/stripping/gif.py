"""GIF: blocks are walked to the trailer, and only named ones are kept.

Source: GIF89a; Netscape's looping extension; XMP part 3 (GIF); ICC profiles in GIF (ICCRGBG1).
"""

import re

from media.stripping import harvest, icc
from media.stripping.errors import (
    DamagedError,
    TooManyFramesError,
    TooManyPartsError,
    TooManyPixelsError,
)
from media.stripping.harvest import Harvest
from media.stripping.types import Walked

EXTENSION, IMAGE, TRAILER = 0x21, 0x2C, 0x3B
GRAPHIC_CONTROL, COMMENT, PLAIN_TEXT, APPLICATION = 0xF9, 0xFE, 0x01, 0xFF
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
XMP, ICC = b"XMP DataXMP", b"ICCRGBG1012"
# XMP stands as plain text where sub-blocks belong; this makes its end one for any reader.
MAGIC_TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
NEXT_BLOCK = re.compile(rb"[\x21\x2c\x3b]")


def strip_gif(data: bytes, gathered: Harvest) -> Walked:
    """Return the GIF with its frames, timing, colour and credit alone."""
    return Walk(data, gathered).run()


class Walk:
    """One walk through a GIF."""

    def __init__(self, data: bytes, gathered: Harvest) -> None:
        self.data = data
        self.harvest = gathered
        self.kept: list[tuple[int, int]] = []
        self.parts = 0
        self.frames = 0
        self.frame_pixels = 0
        self.loop = b""
        self.profile = b""

    def run(self) -> Walked:
        data, limits = self.data, self.harvest.limits
        if len(data) < 13:
            raise DamagedError("The GIF is cut off.")
        width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
        if width * height > limits.pixels:
            raise TooManyPixelsError("The GIF has too many pixels.")
        head = 13 + table_size(data[10])
        end = self.walk(head)
        if end < len(data):
            self.harvest.drop(harvest.TRAILER, len(data) - end)
        if not self.frames or head > len(data):
            raise DamagedError("The GIF holds no picture.")
        view = memoryview(data)
        parts: list[bytes | memoryview] = [view[:head], self.loop, self.profile]
        parts += [view[start:stop] for start, stop in self.kept]
        if packet := self.harvest.fresh_xmp():
            parts.append(b"\x21\xff\x0b" + XMP + packet + MAGIC_TRAILER)
        parts.append(b"\x3b")
        return Walked(b"".join(parts), width, height, self.frames)

    def walk(self, at: int) -> int:
        """Walk the blocks from `at`; return the offset behind the trailer."""
        data, limits = self.data, self.harvest.limits
        for _ in range(limits.parts):
            found = NEXT_BLOCK.search(data, at)
            if found is None:
                # A missing trailer is common; the frames before it are whole.
                if at < len(data):
                    self.harvest.drop(harvest.TRAILER, len(data) - at)
                return len(data)
            if found.start() > at:
                self.harvest.drop(harvest.OTHER, found.start() - at)
            at = found.start()
            if data[at] == TRAILER:
                return at + 1
            at = self.image(at) if data[at] == IMAGE else self.extension(at)
        raise TooManyPartsError("The GIF has too many blocks.")

    def sub_blocks(self, at: int) -> int:
        """Return the offset behind a chain of sub-blocks."""
        data = self.data
        while True:
            if at >= len(data):
                raise DamagedError("A GIF block is cut off.")
            size = data[at]
            at += 1 + size
            if not size:
                return at

    def image(self, at: int) -> int:
        descriptor = self.data[at : at + 10]
        if len(descriptor) < 10:
            raise DamagedError("A GIF frame is cut off.")
        pixels = int.from_bytes(descriptor[5:7], "little") * int.from_bytes(
            descriptor[7:9], "little"
        )
        self.frames += 1
        self.frame_pixels += pixels
        limits = self.harvest.limits
        if self.frames > limits.frames or self.frame_pixels > limits.frame_pixels:
            raise TooManyFramesError("The GIF has too many frames.")
        end = self.sub_blocks(at + 10 + table_size(descriptor[9]) + 1)
        self.kept.append((at, end))
        return end

    def extension(self, at: int) -> int:
        data = self.data
        if at + 3 > len(data):
            raise DamagedError("A GIF block is cut off.")
        label, size = data[at + 1], data[at + 2]
        end = self.sub_blocks(at + 2)
        if label == GRAPHIC_CONTROL and size == 4 and end == at + 8:
            self.kept.append((at, end))
        elif label == APPLICATION and size == 11:
            self.application(at, end)
        else:
            what = {COMMENT: harvest.COMMENT, PLAIN_TEXT: harvest.COMMENT}
            self.harvest.drop(what.get(label, harvest.OTHER), end - at)
        return end

    def application(self, at: int, end: int) -> None:
        name, body = self.data[at + 3 : at + 14], at + 14
        if name in LOOPS and self.data[body : body + 2] == b"\x03\x01" and not self.loop:
            self.loop = self.data[at : body + 4] + b"\0"
            if end > body + 5:
                self.harvest.drop(harvest.OTHER, end - body - 5)
        elif name == XMP:
            packet = self.data[body:end]
            self.harvest.take_xmp(packet.removesuffix(MAGIC_TRAILER), end - at)
        elif name == ICC and not self.profile and icc.is_profile(self.joined(body)):
            self.profile = self.data[at:end]
        else:
            self.harvest.drop(harvest.OTHER, end - at)

    def joined(self, at: int) -> bytes:
        parts = []
        while size := self.data[at]:
            parts.append(self.data[at + 1 : at + 1 + size])
            at += 1 + size
        return b"".join(parts)


def table_size(flags: int) -> int:
    """Return the size of the colour table that a packed field announces."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
