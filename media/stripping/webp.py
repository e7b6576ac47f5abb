"""WebP: chunks are walked to the end of the file's form, and only named ones are kept.

Source: RFC 9649 (WebP Image Format).
"""

from collections.abc import Iterator
from typing import NamedTuple

from media.stripping import harvest, icc
from media.stripping.errors import (
    DamagedError,
    TooManyFramesError,
    TooManyPartsError,
    TooManyPixelsError,
)
from media.stripping.harvest import Harvest
from media.stripping.types import Walked

HAS_ICC, HAS_ALPHA, HAS_EXIF, HAS_XMP, IS_ANIMATED = 0x20, 0x10, 0x08, 0x04, 0x02
KNOWN_FLAGS = 0x3E
PICTURE = frozenset({b"VP8 ", b"VP8L", b"ALPH"})


class Chunk(NamedTuple):
    """A chunk by its name and where its content lies; `end` is without the pad."""

    name: bytes
    start: int
    end: int


def chunks(data: bytes, at: int, end: int, gathered: Harvest) -> Iterator[Chunk]:
    for _ in range(gathered.limits.parts):
        if at + 8 > end:
            if at < end:
                gathered.drop(harvest.TRAILER, end - at)
            return
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = Chunk(data[at : at + 4], at + 8, at + 8 + size)
        if chunk.end > end:
            if chunk.name in PICTURE or chunk.name in {b"ANMF", b"VP8X", b"ANIM"}:
                raise DamagedError("A WebP chunk is cut off.")
            gathered.drop(harvest.OTHER, end - at)
            return
        yield chunk
        at = chunk.end + size % 2
    raise TooManyPartsError("The WebP has too many chunks.")


def encode(name: bytes, content: bytes | memoryview) -> bytes:
    return b"".join((name, len(content).to_bytes(4, "little"), content, b"\0" * (len(content) % 2)))


def strip_webp(data: bytes, gathered: Harvest) -> Walked:
    """Return the WebP with its pixels, frames, colour, orientation and credit alone."""
    return Walk(data, gathered).run()


class Walk:
    """One walk through a WebP."""

    def __init__(self, data: bytes, gathered: Harvest) -> None:
        self.data = data
        self.view = memoryview(data)
        self.harvest = gathered
        self.extended: bytes | None = None
        self.profile = b""
        self.picture: list[bytes | memoryview] = []
        self.size: tuple[int, int] | None = None
        self.names: set[bytes] = set()
        self.frames = 0
        self.has_alpha = False

    def run(self) -> Walked:
        end = min(len(self.data), 8 + int.from_bytes(self.data[4:8], "little"))
        if end < len(self.data):
            self.harvest.drop(harvest.TRAILER, len(self.data) - end)
        for chunk in chunks(self.data, 12, end, self.harvest):
            self.take(chunk)
        if self.size is None or not self.picture:
            raise DamagedError("The WebP holds no picture.")
        width, height = self.size
        if width * height > self.harvest.limits.pixels:
            raise TooManyPixelsError("The WebP has too many pixels.")
        limits = self.harvest.limits
        if self.frames > limits.frames or self.frames * width * height > limits.frame_pixels:
            raise TooManyFramesError("The WebP has too many frames.")
        body = self.body(width, height)
        total = sum(len(part) for part in body) + 4
        data = b"".join((b"RIFF", total.to_bytes(4, "little"), b"WEBP", *body))
        return Walked(data, width, height, max(1, self.frames))

    def body(self, width: int, height: int) -> list[bytes | memoryview]:
        exif, xmp = self.harvest.fresh_exif(), self.harvest.fresh_xmp()
        if self.extended is None:
            if not (self.profile or exif or xmp):
                return self.picture
            # The simple form has room for the picture alone.
            self.extended = (
                bytes((HAS_ALPHA * self.has_alpha, 0, 0, 0))
                + (width - 1).to_bytes(3, "little")
                + (height - 1).to_bytes(3, "little")
            )
        flags = self.extended[0] & KNOWN_FLAGS & ~(HAS_ICC | HAS_EXIF | HAS_XMP)
        flags |= HAS_ICC * bool(self.profile) | HAS_EXIF * bool(exif) | HAS_XMP * bool(xmp)
        parts: list[bytes | memoryview] = [
            encode(b"VP8X", bytes((flags, 0, 0, 0)) + self.extended[4:10])
        ]
        if self.profile:
            parts.append(encode(b"ICCP", self.profile))
        parts += self.picture
        if exif:
            parts.append(encode(b"EXIF", exif))
        if xmp:
            parts.append(encode(b"XMP ", xmp))
        return parts

    def whole(self, chunk: Chunk) -> bytes | memoryview:
        """Return a chunk as it stands, with its pad where one is missing."""
        end = chunk.end + (chunk.end - chunk.start) % 2
        if end == chunk.end or self.data[chunk.end : end] == b"\0":
            return self.view[chunk.start - 8 : end]
        return encode(chunk.name, self.view[chunk.start : chunk.end])

    def take(self, chunk: Chunk) -> None:
        name, size = chunk.name, chunk.end - chunk.start + 8
        content = self.view[chunk.start : chunk.end]
        if name == b"VP8X" and not self.names:
            if len(content) < 10:
                raise DamagedError("The WebP's header is cut off.")
            self.extended = bytes(content[:10])
            self.size = (number(content[4:7]) + 1, number(content[7:10]) + 1)
        elif name == b"ICCP" and not self.profile and icc.is_profile(bytes(content)):
            self.profile = bytes(content)
        elif name in PICTURE and not self.frames:
            self.take_picture(chunk)
        elif name == b"ANIM" and len(content) >= 6 and name not in self.names:
            self.picture.append(encode(name, content[:6]))
        elif name == b"ANMF" and self.extended and self.extended[0] & IS_ANIMATED:
            self.take_frame(chunk)
        elif name == b"EXIF":
            self.harvest.take_exif(bytes(content), size)
        elif name == b"XMP ":
            self.harvest.take_xmp(bytes(content), size)
        else:
            self.harvest.drop(harvest.OTHER, size)
        self.names.add(name)

    def take_picture(self, chunk: Chunk) -> None:
        if chunk.name in self.names or (chunk.name != b"ALPH" and self.names & {b"VP8 ", b"VP8L"}):
            self.harvest.drop(harvest.PICTURES, chunk.end - chunk.start + 8)
            return
        if chunk.name == b"VP8L" and chunk.end - chunk.start >= 5:
            self.has_alpha = bool(self.data[chunk.start + 4] & 0x10)
        if self.size is None:
            self.size = picture_size(chunk.name, self.view[chunk.start : chunk.end])
        self.picture.append(self.whole(chunk))

    def take_frame(self, chunk: Chunk) -> None:
        if chunk.end - chunk.start < 16:
            raise DamagedError("A WebP frame is cut off.")
        inner: list[bytes | memoryview] = [self.view[chunk.start : chunk.start + 16]]
        seen: set[bytes] = set()
        for part in chunks(self.data, chunk.start + 16, chunk.end, self.harvest):
            is_picture = part.name in PICTURE and part.name not in seen
            if is_picture and not (part.name != b"ALPH" and seen & {b"VP8 ", b"VP8L"}):
                inner.append(self.whole(part))
                seen.add(part.name)
            else:
                self.harvest.drop(harvest.OTHER, part.end - part.start + 8)
        if not seen & {b"VP8 ", b"VP8L"}:
            raise DamagedError("A WebP frame holds no picture.")
        self.frames += 1
        # Each part of a frame is of even length, so the frame needs no pad.
        size = sum(len(part) for part in inner)
        self.picture += [b"ANMF" + size.to_bytes(4, "little"), *inner]


def number(raw: bytes | memoryview) -> int:
    return int.from_bytes(raw, "little")


def picture_size(name: bytes, content: memoryview) -> tuple[int, int]:
    """Return a bitstream's width and height, from its own header."""
    if name == b"VP8 " and len(content) >= 10 and bytes(content[3:6]) == b"\x9d\x01\x2a":
        return number(content[6:8]) & 0x3FFF, number(content[8:10]) & 0x3FFF
    if name == b"VP8L" and len(content) >= 5 and content[0] == 0x2F:
        bits = number(content[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise DamagedError("The WebP's picture has no header.")
