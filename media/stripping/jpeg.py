"""JPEG: segments are walked to the real end of the picture, and only named ones are kept.

Source: ITU-T T.81 annex B; JFIF 1.02; ICC.1 annex B.4; Adobe technical note 5116 (APP14).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from media.stripping import exif, harvest, icc, iptc
from media.stripping.complete import is_complete_jpeg
from media.stripping.errors import DamagedError, TooManyPartsError, TooManyPixelsError
from media.stripping.harvest import Harvest
from media.stripping.types import Limits, Walked

SOI, EOI, SOS, DNL, TEM = 0xD8, 0xD9, 0xDA, 0xDC, 0x01
FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
# Others are decoded whole before they can be scaled down.
SEQUENTIAL = frozenset({0xC0, 0xC1})
TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD})
APP0, APP1, APP2, APP13, APP14, APP15, COM = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF, 0xFE
XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
EXTENDED_XMP_HEADER = b"http://ns.adobe.com/xmp/extension/\0"
EXTENDED_XMP_PREFIX = len(EXTENDED_XMP_HEADER) + 32 + 8  # digest, length, offset
ICC_HEADER = b"ICC_PROFILE\0"
MPF_HEADER = b"MPF\0"
LONGEST_SEGMENT = 65_533
# The marker behind entropy-coded data. Stuffed zeros, restarts and fill bytes belong to the data;
# so do markers of no known segment, at which decoders of a damaged picture stop.
END_OF_SCAN = re.compile(rb"\xff[\xc0-\xcf\xd9-\xdf\xe0-\xef\xfe]")
# Between segments decoders skip everything up to the next marker; so do we, and drop it.
NEXT_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")


class Segment(NamedTuple):
    """A segment by its place in the file: marker, its first byte, its content, the end of it.

    The end of a scan header is that of the entropy-coded data behind it.
    """

    marker: int
    start: int
    content: int
    content_end: int
    end: int


def segments(data: bytes, limits: Limits) -> Iterator[Segment]:
    """Yield each segment up to the real end of the picture; the last is EOI.

    Where the picture ends without EOI, one of no length is yielded.
    """
    at, has_scan = 2, False
    for _ in range(limits.parts):
        found = NEXT_MARKER.search(data, at)
        if found is None:
            yield Segment(EOI, len(data), len(data), len(data), len(data))
            return
        start = found.start()
        marker = data[start + 1]
        at = start + 2
        if marker == EOI:
            yield Segment(EOI, start, at, at, at)
            return
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            if has_scan:
                yield Segment(EOI, start, start, start, start)
                return
            raise DamagedError("A JPEG segment is cut off.")
        content, content_end = at + 2, at + length
        at = content_end
        if marker == SOS:
            has_scan = True
            behind = END_OF_SCAN.search(data, at)
            at = behind.start() if behind else len(data)
        yield Segment(marker, start, content, content_end, at)
    raise TooManyPartsError("The JPEG has too many segments.")


def encode(marker: int, content: bytes) -> bytes:
    if len(content) > LONGEST_SEGMENT:
        raise DamagedError("A segment is longer than a JPEG allows.")
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


class Walk:
    """One walk through a JPEG: what is kept as ranges of the file, what is found in a harvest."""

    def __init__(self, data: bytes, gathered: Harvest) -> None:
        self.data = data
        self.harvest = gathered
        self.head = b""
        self.kept: list[tuple[int, int] | bytes] = []
        self.size: tuple[int, int] | None = None
        self.has_scan = False
        self.has_pictures = False
        self.profile: dict[int, bytes] = {}
        self.profile_size = 0
        self.resources: list[bytes] = []
        self.extended: list[bytes] = []
        self.extended_size = 0

    def run(self) -> Walked:
        end = 2
        for segment in segments(self.data, self.harvest.limits):
            if segment.start > end:
                self.harvest.drop(harvest.OTHER, segment.start - end)
            end = segment.end
            if segment.marker == EOI:
                self.finish(segment)
                break
            self.take(segment)
        if self.size is None or not self.has_scan:
            raise DamagedError("The JPEG holds no picture.")
        return Walked(self.assemble(), *self.size)

    def finish(self, segment: Segment) -> None:
        # Some cameras forget the end; a file that was cut off looks the same.
        if segment.start == segment.end and not is_complete_jpeg(self.data):
            raise DamagedError("The JPEG ends within its picture data.")
        if segment.end < len(self.data):
            what = harvest.PICTURES if self.has_pictures else harvest.TRAILER
            self.harvest.drop(what, len(self.data) - segment.end)

    def keep(self, start: int, end: int) -> None:
        last = self.kept[-1] if self.kept else None
        if isinstance(last, tuple) and last[1] == start:
            self.kept[-1] = (last[0], end)
        else:
            self.kept.append((start, end))

    def take(self, segment: Segment) -> None:
        marker = segment.marker
        if APP0 <= marker <= APP15:
            self.take_application(segment, self.data[segment.content : segment.content_end])
        elif marker in FRAMES:
            self.take_frame(segment)
        elif marker == SOS:
            if self.size is None:
                raise DamagedError("Picture data stands before the JPEG's frame header.")
            self.has_scan = True
            self.keep(segment.start, segment.end)
        elif marker in TABLES or (marker == DNL and segment.end - segment.start == 6):
            self.keep(segment.start, segment.end)
        elif marker == COM:
            self.harvest.drop(harvest.COMMENT, segment.end - segment.start)
        else:
            raise DamagedError(f"The JPEG has a segment that no picture has (marker {marker:02X}).")

    def take_frame(self, segment: Segment) -> None:
        content = self.data[segment.content : segment.content_end]
        if self.size is not None or len(content) < 6:
            raise DamagedError("The JPEG has more than one frame header, or half of one.")
        height, width = int.from_bytes(content[1:3], "big"), int.from_bytes(content[3:5], "big")
        if not width or not height:
            raise DamagedError("The JPEG does not say how large it is.")
        limits = self.harvest.limits
        most = limits.scaled_pixels if segment.marker in SEQUENTIAL else limits.pixels
        if width * height > most:
            raise TooManyPixelsError("The JPEG has too many pixels.")
        self.size = (width, height)
        self.keep(segment.start, segment.end)

    def take_application(self, segment: Segment, content: bytes) -> None:
        marker, size = segment.marker, segment.end - segment.start
        gathered = self.harvest
        if marker == APP0 and content[:5] == b"JFIF\0" and len(content) >= 14 and not self.head:
            if len(content) > 14:
                gathered.drop(harvest.THUMBNAIL, len(content) - 14)
            self.head = encode(APP0, content[:12] + b"\0\0")
        elif marker == APP0 and content[:5] == b"JFXX\0":
            gathered.drop(harvest.THUMBNAIL, size)
        elif marker == APP2 and content.startswith(ICC_HEADER) and len(content) > 14:
            self.profile_size += size
            self.profile.setdefault(content[12], content)
        elif marker == APP14 and content.startswith(b"Adobe") and len(content) >= 12:
            self.kept.append(encode(APP14, content[:12]))
        elif marker == APP1 and content.startswith(exif.HEADER):
            gathered.take_exif(content, size)
        elif marker == APP1 and content.startswith(XMP_HEADER):
            gathered.take_xmp(content[len(XMP_HEADER) :], size)
        elif marker == APP1 and content.startswith(EXTENDED_XMP_HEADER):
            if self.extended_size < gathered.limits.inflated:
                self.extended.append(content[EXTENDED_XMP_PREFIX:])
            self.extended_size += size
        elif marker == APP13 and content.startswith(iptc.PHOTOSHOP_HEADER):
            self.resources.append(content[len(iptc.PHOTOSHOP_HEADER) :])
        elif marker == APP2 and content.startswith(MPF_HEADER):
            self.has_pictures = True
            gathered.drop(harvest.PICTURES, size)
        else:
            gathered.drop(harvest.CAMERA, size)

    def assemble(self) -> bytes:
        gathered = self.harvest
        if self.extended:
            gathered.take_xmp(b"".join(self.extended), self.extended_size)
        if self.resources:
            resources = b"".join(self.resources)
            gathered.take_photoshop(resources, len(resources) + 18 * len(self.resources))
        # JFIF asks for its segment first; what is new and the colour profile come behind it.
        parts: list[bytes | memoryview] = [b"\xff\xd8", self.head]
        if block := gathered.fresh_exif():
            parts.append(encode(APP1, exif.HEADER + block))
        if packet := gathered.fresh_xmp():
            parts.append(encode(APP1, XMP_HEADER + packet))
        if block := gathered.fresh_iptc():
            resource = iptc.as_photoshop(block)
            parts.append(encode(APP13, iptc.PHOTOSHOP_HEADER + resource))
        parts += self.whole_profile()
        view = memoryview(self.data)
        parts += [each if isinstance(each, bytes) else view[each[0] : each[1]]
                  for each in self.kept]  # fmt: skip
        parts.append(b"\xff\xd9")
        return b"".join(parts)

    def whole_profile(self) -> list[bytes]:
        """Return the colour profile's segments in order, or none if the profile is not whole."""
        if not self.profile:
            return []
        contents = [self.profile[number] for number in sorted(self.profile)]
        is_whole = sorted(self.profile) == list(range(1, contents[0][13] + 1))
        if is_whole and icc.is_profile(b"".join(content[14:] for content in contents)):
            return [encode(APP2, content) for content in contents]
        self.harvest.drop(harvest.OTHER, self.profile_size)
        return []


def strip_jpeg(data: bytes, gathered: Harvest) -> Walked:
    """Return the JPEG with its pixels, colour, density, orientation and credit alone."""
    return Walk(data, gathered).run()


def end_of_jpeg(data: bytes, start: int, limits: Limits) -> int:
    """Return where a JPEG within another file ends."""
    piece = data[start:]
    if not piece.startswith(b"\xff\xd8"):
        raise DamagedError("A picture within the file is no JPEG.")
    return start + max(segment.end for segment in segments(piece, limits))


def private_ranges(data: bytes, start: int, end: int, limits: Limits) -> list[tuple[int, int]]:
    """Return where a JPEG within another file has content that may be overwritten with zeros.

    The stream keeps its length, so that nothing that points behind it moves. What cannot be
    walked is damaged.
    """
    piece = data[start:end]
    ranges: list[tuple[int, int]] = []
    if not piece.startswith(b"\xff\xd8"):
        raise DamagedError("A picture within the file is no JPEG.")
    for segment in segments(piece, limits):
        marker = segment.marker
        if marker == EOI:
            ranges.append((start + segment.end, end))
            break
        content = piece[segment.content : segment.content_end]
        is_kept = (
            (marker == APP14 and content.startswith(b"Adobe"))
            or (marker == APP0 and content.startswith(b"JFIF\0") and len(content) == 14)
            or (marker == APP2 and content.startswith(ICC_HEADER))
        )
        if marker == COM or (APP0 <= marker <= APP15 and not is_kept):
            ranges.append((start + segment.content, start + segment.content_end))
    return [each for each in ranges if each[0] < each[1]]
