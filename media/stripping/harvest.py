"""Gathering, during a walk, what is kept of the metadata and what is counted as removed."""

from media.stripping import exif, iptc, xmp
from media.stripping.text import one_line, shown
from media.stripping.types import Credit, Limits, Removed

LOCATION = "location"
CAMERA = "camera"
THUMBNAIL = "thumbnail"
DESCRIPTION = "description"  # titles, keywords, edits: what programs write about a picture
PICTURES = "pictures"  # further pictures: gain maps, depth, the other eye, motion
COMMENT = "comment"
TRAILER = "trailer"  # bytes behind the end
OTHER = "other"  # what no standard names
SCRIPT = "script"  # SVG: programs and addresses elsewhere
ATTACHMENT = "attachment"  # PDF: files within the file

KINDS = (LOCATION, CAMERA, THUMBNAIL, DESCRIPTION, PICTURES, COMMENT, TRAILER, OTHER, SCRIPT,
         ATTACHMENT)  # fmt: skip
XMP_PLACES = (b"tude", b":City", b":Country", b":State", b"Location", b"coverage")


class Harvest:
    """What the carriers of one picture said. Walkers hand their carriers in and ask for new ones.

    The first carrier of a kind wins where two say the same thing.
    """

    def __init__(self, limits: Limits, *, keep_camera: bool = False) -> None:
        self.limits = limits
        self.keep_camera = keep_camera
        self.exif = exif.ExifFacts()
        self.xmp = xmp.XmpCredit()
        self.iptc = iptc.IptcCredit()
        self.creator = ""
        self.copyright = ""
        self.dropped: dict[str, int] = {}

    def drop(self, what: str, size: int = 0) -> None:
        """Count something as removed."""
        self.dropped[what] = self.dropped.get(what, 0) + size

    def take_exif(self, block: bytes, size: int) -> exif.ExifFacts:
        """Read and count a TIFF block that took `size` bytes in the file."""
        facts = exif.read(block, self.limits, keep_camera=self.keep_camera)
        if facts.location_size:
            self.drop(LOCATION, min(facts.location_size, size))
        if facts.thumbnail_size:
            self.drop(THUMBNAIL, min(facts.thumbnail_size, size))
        rest = max(0, size - facts.location_size - facts.thumbnail_size)
        self.drop(CAMERA if facts.has_camera else DESCRIPTION, rest)
        self.exif = self.exif.or_else(facts)
        return facts

    def take_xmp(self, packet: bytes, size: int) -> xmp.XmpCredit:
        """Read and count an XMP packet."""
        credit = xmp.read(packet, self.limits)
        if any(word in packet for word in XMP_PLACES):
            self.drop(LOCATION)
        self.drop(DESCRIPTION, size)
        self.xmp = self.xmp.or_else(credit)
        return credit

    def take_iptc(self, block: bytes, size: int) -> None:
        """Read and count an IIM block."""
        if any(mark in block for mark in (b"\x1c\x02\x5a", b"\x1c\x02\x5c", b"\x1c\x02\x65")):
            self.drop(LOCATION)
        self.drop(DESCRIPTION, size)
        self.iptc = self.iptc.or_else(iptc.read(block, self.limits))

    def take_photoshop(self, resources: bytes, size: int) -> None:
        """Read and count Photoshop's image resources (without their header)."""
        if any(mark in resources for mark in (b"\x1c\x02\x5a", b"\x1c\x02\x5c", b"\x1c\x02\x65")):
            self.drop(LOCATION)
        self.drop(DESCRIPTION, size)
        self.iptc = self.iptc.or_else(iptc.from_photoshop(resources, self.limits))

    def fresh_exif(self) -> bytes:
        """Return a new TIFF block without header, b"" where there is nothing to say."""
        return exif.write(self.exif)

    def fresh_xmp(self) -> bytes:
        """Return a new XMP packet, b"" where there is nothing to say."""
        return xmp.write(self.xmp)

    def fresh_iptc(self) -> bytes:
        """Return a new IIM block, b"" where there is nothing to say."""
        return iptc.write(self.iptc)

    def removed(self) -> tuple[Removed, ...]:
        return tuple(Removed(what, self.dropped[what]) for what in KINDS if what in self.dropped)

    def credit(self) -> Credit:
        """Return one credit for people, from all carriers."""
        said, written = self.xmp, self.iptc
        creators = ", ".join(said.creators) or ", ".join(map(shown, written.creators))
        return Credit(
            creator=one_line(shown(self.exif.artist) or creators or self.creator),
            copyright=one_line(
                shown(self.exif.copyright) or said.rights or shown(written.copyright)
                or self.copyright
            ),
            credit=one_line(said.credit or shown(written.credit)),
            terms=one_line(said.terms),
            web_statement=one_line(said.web_statement),
            licence=one_line(said.licence),
        )  # fmt: skip
