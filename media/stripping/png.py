"""PNG and APNG: chunks are walked to IEND, and only named ones are kept.

Source: PNG (third edition); PNG extensions 1.5 (eXIf); ImageMagick's raw profiles in text.
"""

import binascii
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from media.stripping import harvest, icc, iptc
from media.stripping.errors import (
    DamagedError,
    TooManyFramesError,
    TooManyPartsError,
    TooManyPixelsError,
)
from media.stripping.harvest import Harvest
from media.stripping.inflate import consumed, inflate
from media.stripping.text import kept_text
from media.stripping.types import Walked

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What is kept as it stands, with the only sizes that it may have: nothing fits in beside.
COLOUR = {
    b"cHRM": (32,), b"gAMA": (4,), b"sRGB": (1,), b"cICP": (4,), b"mDCV": (24,), b"cLLI": (8,),
    b"sBIT": (1, 2, 3, 4), b"bKGD": (1, 2, 6), b"pHYs": (9,),
}  # fmt: skip
ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
XMP_KEYWORD = b"XML:com.adobe.xmp"
RAW_PROFILE = b"Raw profile type "
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Adam7: first column, first row, step across, step down.
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2))  # fmt: skip


class Chunk(NamedTuple):
    """A chunk by its name and where its content lies."""

    name: bytes
    start: int
    end: int


class Header(NamedTuple):
    """IHDR."""

    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool

    def size_of(self, width: int, height: int) -> int:
        """Return how many bytes a picture of that size inflates to."""
        bits = self.depth * CHANNELS[self.colour]
        if not self.interlaced:
            return height * (1 + (width * bits + 7) // 8)
        total = 0
        for left, top, across, down in PASSES:
            columns = (width - left + across - 1) // across
            rows = (height - top + down - 1) // down
            if columns > 0 and rows > 0:
                total += rows * (1 + (columns * bits + 7) // 8)
        return total


def chunks(data: bytes, gathered: Harvest) -> Iterator[Chunk]:
    """Yield the chunks up to IEND; a file without it is walked to its end."""
    at = len(SIGNATURE)
    for _ in range(gathered.limits.parts):
        if at + 12 > len(data):
            if at < len(data):
                gathered.drop(harvest.OTHER, len(data) - at)
            return
        size = int.from_bytes(data[at : at + 4], "big")
        chunk = Chunk(data[at + 4 : at + 8], at + 8, at + 8 + size)
        at = chunk.end + 4
        if at > len(data):
            raise DamagedError("A PNG chunk is cut off.")
        if not chunk.name.isalpha():
            raise DamagedError("A PNG chunk has no name.")
        yield chunk
        if chunk.name == b"IEND":
            if at < len(data):
                gathered.drop(harvest.TRAILER, len(data) - at)
            return
    raise TooManyPartsError("The PNG has too many chunks.")


def encode(name: bytes, content: bytes | memoryview) -> bytes:
    checked = zlib.crc32(content, zlib.crc32(name))
    return b"".join((len(content).to_bytes(4, "big"), name, content, checked.to_bytes(4, "big")))


def strip_png(data: bytes, gathered: Harvest) -> Walked:
    """Return the PNG with its pixels, frames, colour, density, orientation and credit alone."""
    return Walk(data, gathered).run()


class Walk:
    """One walk through a PNG."""

    def __init__(self, data: bytes, gathered: Harvest) -> None:
        self.data = data
        self.view = memoryview(data)
        self.harvest = gathered
        self.header: Header | None = None
        self.before: list[tuple[bytes, bytes]] = []
        self.picture: list[Chunk] = []
        self.behind: list[Chunk] = []
        self.texts: dict[bytes, str] = {}
        self.seen: set[bytes] = set()
        self.frames: list[tuple[int, int]] = []
        self.frame_parts: dict[int, list[memoryview]] = {}
        self.animations = 0

    def run(self) -> Walked:
        for chunk in chunks(self.data, self.harvest):
            if self.header is None:
                self.read_header(chunk)
            elif chunk.name != b"IEND":
                self.take(chunk)
        header = self.header
        if header is None or not self.picture:
            raise DamagedError("The PNG holds no picture.")
        self.settle_animation()
        frames = self.frames or [(header.width, header.height)]
        total = sum(width * height for width, height in frames)
        limits = self.harvest.limits
        if len(frames) > limits.frames or total > limits.frame_pixels:
            raise TooManyFramesError("The PNG has too many frames.")
        picture = self.whole_picture(header)
        for number, parts in self.frame_parts.items():
            if number >= len(frames):
                raise DamagedError("A PNG frame has no header.")
            consumed(parts, header.size_of(*frames[number]))
        out: list[bytes | memoryview] = [SIGNATURE, self.encoded_header(header)]
        out += [*self.fresh(), *(content for _, content in self.before), *picture]
        out += [self.whole(chunk) for chunk in self.behind]
        out.append(encode(b"IEND", b""))
        return Walked(b"".join(out), header.width, header.height, len(frames))

    def whole(self, chunk: Chunk) -> bytes | memoryview:
        """Return a chunk as it stands, with its check sum made right where it is not."""
        content = self.view[chunk.start : chunk.end]
        checked = zlib.crc32(content, zlib.crc32(chunk.name)).to_bytes(4, "big")
        if checked == self.view[chunk.end : chunk.end + 4]:
            return self.view[chunk.start - 8 : chunk.end + 4]
        return encode(chunk.name, content)

    def is_sound(self, chunk: Chunk) -> bool:
        content = self.view[chunk.start : chunk.end]
        checked = zlib.crc32(content, zlib.crc32(chunk.name)).to_bytes(4, "big")
        return bool(checked == self.view[chunk.end : chunk.end + 4])

    def read_header(self, chunk: Chunk) -> None:
        content = self.data[chunk.start : chunk.end]
        if chunk.name != b"IHDR" or len(content) != 13 or not self.is_sound(chunk):
            raise DamagedError("The PNG does not begin with its header.")
        width, height = int.from_bytes(content[:4], "big"), int.from_bytes(content[4:8], "big")
        depth, colour, interlaced = content[8], content[9], content[12]
        if not width or not height or depth not in {1, 2, 4, 8, 16} or colour not in CHANNELS:
            raise DamagedError("The PNG's header makes no sense.")
        if width * height > self.harvest.limits.pixels:
            raise TooManyPixelsError("The PNG has too many pixels.")
        self.header = Header(width, height, depth, colour, interlaced == 1)

    def encoded_header(self, header: Header) -> memoryview:
        return self.view[len(SIGNATURE) : len(SIGNATURE) + 25]

    def take(self, chunk: Chunk) -> None:
        name, size = chunk.name, chunk.end - chunk.start
        content = self.view[chunk.start : chunk.end]
        if name == b"IDAT":
            self.picture.append(chunk)
        elif name == b"PLTE":
            if size % 3 or size > 768 or not self.is_sound(chunk):
                raise DamagedError("The PNG's palette is damaged.")
            self.keep_once(chunk)
        elif name in COLOUR or name == b"tRNS":
            fits = size in COLOUR[name] if name in COLOUR else size <= 256
            if fits and self.is_sound(chunk) and not self.picture:
                self.keep_once(chunk)
            else:
                self.harvest.drop(harvest.OTHER, size + 12)
        elif name == b"iCCP":
            self.take_profile(bytes(content))
        elif name in ANIMATION:
            self.take_frame(chunk)
        elif name == b"eXIf":
            self.harvest.take_exif(bytes(content), size + 12)
        elif name in TEXTS:
            self.take_text(name, bytes(content))
        elif name[:1].isupper():
            raise DamagedError("The PNG has a critical chunk that is not known.")
        else:
            self.harvest.drop(harvest.DESCRIPTION if name == b"tIME" else harvest.OTHER, size + 12)

    def keep_once(self, chunk: Chunk) -> None:
        if chunk.name in self.seen:
            self.harvest.drop(harvest.OTHER, chunk.end - chunk.start + 12)
            return
        self.seen.add(chunk.name)
        self.before.append((chunk.name, bytes(self.whole(chunk))))

    def take_profile(self, content: bytes) -> None:
        _, _, packed = content.partition(b"\0")
        profile = inflate(packed[1:], self.harvest.limits.inflated) if packed[:1] == b"\0" else b""
        if b"iCCP" in self.seen or self.picture or not icc.is_profile(profile):
            self.harvest.drop(harvest.OTHER, len(content) + 12)
            return
        self.seen.add(b"iCCP")
        # Its name is free text, and bytes may stand behind the packed profile.
        packed = b"icc\0\0" + zlib.compress(profile)
        self.before.insert(0, (b"iCCP", encode(b"iCCP", packed)))

    def take_frame(self, chunk: Chunk) -> None:
        size = chunk.end - chunk.start
        content = self.view[chunk.start : chunk.end]
        if chunk.name == b"acTL":
            if size != 8 or self.picture:
                self.harvest.drop(harvest.OTHER, size + 12)
                return
            self.animations += 1
        elif chunk.name == b"fcTL":
            if size != 26 or self.header is None:
                raise DamagedError("A PNG frame is damaged.")
            width, height = (int.from_bytes(content[at : at + 4], "big") for at in (4, 8))
            if not (0 < width <= self.header.width and 0 < height <= self.header.height):
                raise DamagedError("A PNG frame is larger than the picture.")
            self.frames.append((width, height))
        elif size < 4 or not self.frames:
            raise DamagedError("A PNG frame is damaged.")
        else:
            self.frame_parts.setdefault(len(self.frames) - 1, []).append(content[4:])
        if self.picture:
            self.behind.append(chunk)
        else:
            self.before.append((chunk.name, bytes(self.whole(chunk))))

    def settle_animation(self) -> None:
        """Drop the frames of a PNG that does not say once, before its picture, that it moves.

        Viewers show the picture alone.
        """
        if self.animations == 1:
            return
        kept = [each for each in self.before if each[0] not in ANIMATION]
        gone = sum(len(content) for name, content in self.before if name in ANIMATION)
        gone += sum(chunk.end - chunk.start + 12 for chunk in self.behind)
        if gone:
            self.harvest.drop(harvest.PICTURES, gone)
        self.before, self.behind, self.frames, self.frame_parts = kept, [], [], {}

    def take_text(self, name: bytes, content: bytes) -> None:
        keyword, _, rest = content.partition(b"\0")
        most, size = self.harvest.limits.inflated, len(content) + 12
        encoding = "latin-1"
        if name == b"zTXt":
            rest = inflate(rest[1:], most)
        elif name == b"iTXt":
            packed, body = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
            rest, encoding = inflate(body, most) if packed else body, "utf-8"
        if keyword == XMP_KEYWORD:
            self.harvest.take_xmp(rest, size)
        elif keyword.startswith(RAW_PROFILE):
            self.take_raw_profile(keyword[len(RAW_PROFILE) :].lower(), rest, size)
        else:
            if keyword in {b"Author", b"Copyright"}:
                value = kept_text(rest.decode(encoding, "replace"), self.harvest.limits)
                if value:
                    self.texts.setdefault(keyword, value)
            self.harvest.drop(harvest.DESCRIPTION, size)

    def take_raw_profile(self, kind: bytes, text: bytes, size: int) -> None:
        """Read a profile written as hexadecimal digits behind a name and a length."""
        _, _, digits = text.lstrip().partition(b"\n")
        _, _, digits = digits.lstrip().partition(b"\n")
        try:
            block = binascii.unhexlify(b"".join(digits.split()))
        except binascii.Error:
            block = b""
        if kind in {b"exif", b"app1"} and not block.startswith(b"http"):
            self.harvest.take_exif(block, size)
        elif kind in {b"xmp", b"app1"}:
            self.harvest.take_xmp(block.partition(b"\0")[2] if kind == b"app1" else block, size)
        elif kind in {b"iptc", b"8bim"}:
            block = block.removeprefix(iptc.PHOTOSHOP_HEADER)
            if block.startswith(b"8BIM"):
                self.harvest.take_photoshop(block, size)
            else:
                self.harvest.take_iptc(block, size)
        else:
            self.harvest.drop(harvest.OTHER, size)

    def whole_picture(self, header: Header) -> list[bytes | memoryview]:
        """Return the picture's chunks, cut where its packed data ends."""
        contents = [self.view[chunk.start : chunk.end] for chunk in self.picture]
        left = consumed(contents, header.size_of(header.width, header.height))
        kept: list[bytes | memoryview] = []
        for chunk, content in zip(self.picture, contents, strict=True):
            if len(content) <= left:
                kept.append(self.whole(chunk))
            elif left:
                kept.append(encode(b"IDAT", content[:left]))
            if len(content) > left:
                self.harvest.drop(harvest.OTHER, len(content) - left)
            left = max(0, left - len(content))
        return kept

    def fresh(self) -> list[bytes]:
        gathered, made = self.harvest, []
        if block := gathered.fresh_exif():
            made.append(encode(b"eXIf", block))
        if packet := gathered.fresh_xmp():
            made.append(encode(b"iTXt", XMP_KEYWORD + b"\0\0\0\0\0" + packet))
        if block := gathered.fresh_iptc():
            resource = iptc.as_photoshop(block)
            text = f"\niptc\n{len(resource):8}\n{resource.hex()}\n"
            made.append(encode(b"tEXt", RAW_PROFILE + b"iptc\0" + text.encode()))
        for keyword, value in sorted(self.texts.items()):
            try:
                made.append(encode(b"tEXt", keyword + b"\0" + value.encode("latin-1")))
            except UnicodeEncodeError:
                made.append(encode(b"iTXt", keyword + b"\0\0\0\0\0" + value.encode()))
        gathered.creator = self.texts.get(b"Author", "")
        gathered.copyright = self.texts.get(b"Copyright", "")
        return made
