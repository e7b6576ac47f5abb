"""Credit in IPTC: read with bounds, and written into a fresh, small block.

Source: IPTC IIM 4.2 (records 1 and 2), Photoshop file formats (image resources).
"""

from dataclasses import dataclass

from media.stripping.text import kept_bytes
from media.stripping.types import Limits

PHOTOSHOP_HEADER = b"Photoshop 3.0\0"
IPTC_RESOURCE = 0x0404
BY_LINE, CREDIT, COPYRIGHT_NOTICE = 80, 110, 116
UTF_8 = b"\x1b%G"
MOST_CREATORS = 20


@dataclass(frozen=True)
class IptcCredit:
    """Credit as its bytes, in the block's own encoding."""

    creators: tuple[bytes, ...] = ()
    credit: bytes = b""
    copyright: bytes = b""
    is_utf_8: bool = False

    def or_else(self, other: "IptcCredit") -> "IptcCredit":
        """Return this credit, or `other` where this says nothing."""
        return self if self.creators or self.credit or self.copyright else other


def from_photoshop(resources: bytes, limits: Limits) -> IptcCredit:
    """Return the credit in image resources (without header); what cannot be followed has none."""
    found = IptcCredit()
    at = 0
    while at + 12 <= len(resources) and resources[at : at + 4] == b"8BIM":
        resource = int.from_bytes(resources[at + 4 : at + 6], "big")
        name_length = resources[at + 6] + 1
        at += 6 + name_length + name_length % 2
        size = int.from_bytes(resources[at : at + 4], "big")
        if resource == IPTC_RESOURCE:
            found = found.or_else(read(resources[at + 4 : at + 4 + size], limits))
        at += 4 + size + size % 2
    return found


def read(block: bytes, limits: Limits) -> IptcCredit:
    """Return the credit in an IIM block."""
    creators: list[bytes] = []
    values: dict[int, bytes] = {}
    is_utf_8 = False
    at = 0
    while at + 5 <= len(block) and block[at] == 0x1C:
        record, dataset = block[at + 1], block[at + 2]
        size = int.from_bytes(block[at + 3 : at + 5], "big")
        if size & 0x8000:
            break
        value = block[at + 5 : at + 5 + size]
        if (record, dataset) == (1, 90):
            is_utf_8 = value == UTF_8
        elif record == 2 and dataset == BY_LINE and len(creators) < MOST_CREATORS:
            creators.append(kept_bytes(value, limits))
        elif record == 2 and dataset in {CREDIT, COPYRIGHT_NOTICE}:
            values.setdefault(dataset, kept_bytes(value, limits))
        at += 5 + size
    return IptcCredit(
        creators=tuple(filter(None, creators)),
        credit=values.get(CREDIT, b""),
        copyright=values.get(COPYRIGHT_NOTICE, b""),
        is_utf_8=is_utf_8,
    )


def write(credit: IptcCredit) -> bytes:
    """Return a fresh IIM block, or nothing when there is nothing to say."""
    records = [(BY_LINE, creator) for creator in credit.creators]
    records += [(CREDIT, credit.credit), (COPYRIGHT_NOTICE, credit.copyright)]
    written = b"".join(one(2, number, value) for number, value in records if value)
    if not written:
        return b""
    return (one(1, 90, UTF_8) if credit.is_utf_8 else b"") + written


def one(record: int, dataset: int, value: bytes) -> bytes:
    return bytes((0x1C, record, dataset)) + len(value).to_bytes(2, "big") + value


def as_photoshop(block: bytes) -> bytes:
    """Return an IIM block as an image resource, without header."""
    size = len(block).to_bytes(4, "big")
    return b"8BIM\x04\x04\0\0" + size + block + b"\0" * (len(block) % 2)
