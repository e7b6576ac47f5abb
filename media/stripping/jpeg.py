"""JPEG: segments are walked to the real end of the picture, and only named ones are kept.

Source: ITU-T T.81 annex B; JFIF 1.02; ICC.1 annex B.4; Adobe technical note 5116 (APP14).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from media.stripping import credit as credits
from media.stripping import exif
from media.stripping.errors import DamagedError, TooManyPixelsError, TooManySegmentsError
from media.stripping.types import Credit, Limits, Removed, Stripped

SOI, EOI, SOS, DNL = 0xD8, 0xD9, 0xDA, 0xDC
RESTARTS = range(0xD0, 0xD8)
FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDD, DNL})
APP0, APP1, APP2, APP13, APP14, COM = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE
ICC_HEADER = b"ICC_PROFILE\0"
MPF_HEADER = b"MPF\0"
LONGEST_SEGMENT = 65_533


@dataclass(frozen=True)
class Segment:
    """A marker with its content; `coded` is the entropy-coded data that follows a scan header."""

    marker: int
    content: bytes
    coded: bytes = b""

    def encode(self) -> bytes:
        if len(self.content) > LONGEST_SEGMENT:
            raise DamagedError("A segment is longer than a JPEG allows.")
        length = (len(self.content) + 2).to_bytes(2, "big")
        return bytes((0xFF, self.marker)) + length + self.content + self.coded

    @property
    def size(self) -> int:
        return 4 + len(self.content) + len(self.coded)


def segments(data: bytes, limits: Limits) -> Iterator[Segment | int]:
    """Yield each segment, and last the offset behind the end of the picture."""
    at = 2
    for _ in range(limits.segments):
        if at >= len(data) or data[at] != 0xFF:
            raise DamagedError("A JPEG marker is missing.")
        # Any number of fill bytes may stand before a marker.
        while at < len(data) and data[at] == 0xFF:
            at += 1
        if at >= len(data):
            raise DamagedError("The JPEG ends within a marker.")
        marker = data[at]
        at += 1
        if marker == EOI:
            yield at
            return
        if marker in (0x00, 0x01, SOI) or marker in RESTARTS:
            raise DamagedError("A JPEG marker stands where none may.")
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise DamagedError("A JPEG segment is cut off.")
        content = data[at + 2 : at + length]
        at += length
        if marker == SOS:
            end = end_of_scan(data, at)
            yield Segment(marker, content, data[at:end])
            at = end
        else:
            yield Segment(marker, content)
    raise TooManySegmentsError("The JPEG has too many segments.")


def end_of_scan(data: bytes, at: int) -> int:
    """Return where the marker that ends a scan begins; stuffed zeros and restarts belong to it."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise DamagedError("The JPEG ends within its picture data.")
        following = data[at + 1]
        if following == 0x00 or following in RESTARTS:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at


def strip_jpeg(data: bytes, limits: Limits) -> Stripped:
    """Return the JPEG with its pixels, colour, density, orientation and credit alone."""
    kept: list[Segment] = []
    removed: dict[str, int] = {}
    facts = exif.ExifFacts()
    found: list[Credit] = []
    profile: dict[int, Segment] = {}
    size: tuple[int, int] | None = None
    has_scan = has_jfif = False

    def drop(what: str, count: int) -> None:
        removed[what] = removed.get(what, 0) + count

    for segment in segments(data, limits):
        if isinstance(segment, int):
            if segment < len(data):
                drop("trailer", len(data) - segment)
            break
        marker, content = segment.marker, segment.content
        if marker in FRAMES:
            if size is not None or len(content) < 6:
                raise DamagedError("The JPEG has more than one frame header, or half of one.")
            height, width = int.from_bytes(content[1:3], "big"), int.from_bytes(content[3:5], "big")
            if not width or not height:
                raise DamagedError("The JPEG does not say how large it is.")
            if width * height > limits.pixels:
                raise TooManyPixelsError("The JPEG has too many pixels.")
            size = (width, height)
            kept.append(segment)
        elif marker == SOS:
            if size is None:
                raise DamagedError("Picture data stands before the JPEG's frame header.")
            has_scan = True
            kept.append(segment)
        elif marker in TABLES:
            kept.append(segment)
        elif (
            marker == APP0 and content.startswith(b"JFIF\0") and len(content) >= 14 and not has_jfif
        ):
            has_jfif = True
            if len(content) > 14:
                drop("thumbnail", len(content) - 14)
            kept.append(Segment(APP0, content[:12] + b"\0\0"))
        elif marker == APP2 and content.startswith(ICC_HEADER) and len(content) > 14:
            profile.setdefault(content[12], segment)
        elif marker == APP14 and content.startswith(b"Adobe") and len(content) >= 12:
            kept.append(Segment(APP14, content[:12]))
        elif marker == APP1 and content.startswith(exif.HEADER):
            block = exif.read(content[len(exif.HEADER) :], limits)
            facts = replace(block, orientation=facts.orientation if facts.orientation != 1
                            else block.orientation)  # fmt: skip
            found.append(Credit(creator=block.artist, copyright=block.copyright))
            for what, is_there in (
                ("location", block.has_location), ("camera", block.has_camera),
                ("thumbnail", block.has_thumbnail),
            ):  # fmt: skip
                if is_there:
                    drop(what, 0)
            drop("description", segment.size)
        elif marker == APP1 and content.startswith(credits.XMP_HEADER):
            found.append(credits.from_xmp(content[len(credits.XMP_HEADER) :], limits))
            drop("description", segment.size)
        elif marker == APP13 and content.startswith(credits.PHOTOSHOP_HEADER):
            found.append(credits.from_iptc(content, limits))
            drop("description", segment.size)
        elif marker == APP2 and content.startswith(MPF_HEADER):
            drop("pictures", segment.size)
        elif marker == COM:
            drop("comment", segment.size)
        elif 0xE0 <= marker <= 0xEF:
            drop("camera", segment.size)
        else:
            raise DamagedError(f"The JPEG has a segment that no picture has (marker {marker:02X}).")
    if size is None or not has_scan:
        raise DamagedError("The JPEG holds no picture.")

    credit = credits.merge(*found)
    fresh = [
        segment
        for segment in (
            Segment(APP1, exif.write(facts, credit)),
            Segment(APP1, credits.write_xmp(credit)),
        )
        if segment.content
    ]
    return Stripped(
        data=assemble(kept, fresh, profile),
        container="jpeg",
        width=size[0],
        height=size[1],
        removed=tuple(Removed(what, count) for what, count in removed.items()),
        credit=credit,
    )


def assemble(kept: list[Segment], fresh: list[Segment], profile: dict[int, Segment]) -> bytes:
    # JFIF asks for its segment first; what is new and the colour profile come behind it.
    head = [segment for segment in kept if segment.marker == APP0]
    rest = [segment for segment in kept if segment.marker != APP0]
    ordered = [*head, *fresh, *whole_profile(profile), *rest]
    return b"\xff\xd8" + b"".join(segment.encode() for segment in ordered) + b"\xff\xd9"


def whole_profile(parts: dict[int, Segment]) -> list[Segment]:
    """Return the colour profile's parts in order, or none if the profile is not whole."""
    if not parts:
        return []
    total = next(iter(parts.values())).content[13]
    if sorted(parts) != list(range(1, total + 1)):
        return []
    profile = b"".join(parts[i].content[14:] for i in sorted(parts))
    # A profile says its own length and has a fixed signature (ICC.1, 7.2); other bytes in its
    # place could hide anything.
    if len(profile) < 128 or profile[36:40] != b"acsp":
        return []
    declared = int.from_bytes(profile[:4], "big")
    if not 128 <= declared <= len(profile):
        return []
    return [parts[i] for i in sorted(parts)]
