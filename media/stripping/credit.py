"""Credit in IPTC and XMP: read with bounds, and written into a fresh, small packet.

Source: IPTC IIM 4.2 (record 2), XMP part 1 and 2 (dc, photoshop, xmpRights).
"""

import re
from html import escape, unescape

from media.stripping.exif import cleaned
from media.stripping.types import Credit, Limits

XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
PHOTOSHOP_HEADER = b"Photoshop 3.0\0"
IPTC_RESOURCE = 0x0404
BY_LINE, CREDIT, COPYRIGHT_NOTICE = 80, 110, 116


def from_iptc(segment: bytes, limits: Limits) -> Credit:
    """Return the credit in a Photoshop segment; one that cannot be followed has none."""
    found: dict[int, str] = {}
    at = len(PHOTOSHOP_HEADER)
    while at + 12 <= len(segment) and segment[at : at + 4] == b"8BIM":
        resource = int.from_bytes(segment[at + 4 : at + 6], "big")
        name_length = segment[at + 6] + 1
        at += 6 + name_length + name_length % 2
        size = int.from_bytes(segment[at : at + 4], "big")
        body = segment[at + 4 : at + 4 + size]
        if resource == IPTC_RESOURCE:
            found |= iptc_records(body, limits)
        at += 4 + size + size % 2
    return Credit(
        creator=found.get(BY_LINE, ""),
        credit=found.get(CREDIT, ""),
        copyright=found.get(COPYRIGHT_NOTICE, ""),
    )


def iptc_records(body: bytes, limits: Limits) -> dict[int, str]:
    found: dict[int, str] = {}
    at = 0
    while at + 5 <= len(body) and body[at] == 0x1C:
        record, dataset = body[at + 1], body[at + 2]
        size = int.from_bytes(body[at + 3 : at + 5], "big")
        if size & 0x8000:
            break
        value = body[at + 5 : at + 5 + size]
        if record == 2 and dataset in {BY_LINE, CREDIT, COPYRIGHT_NOTICE}:
            found.setdefault(dataset, cleaned(value, limits))
        at += 5 + size
    return found


# Matched on text and never parsed as XML: a packet may be damaged, and entities must not expand.
SIMPLE = r"(?:\s{name}\s*=\s*[\"']([^\"']{{1,2000}})[\"']|<{name}[^>]{{0,200}}>([^<]{{1,2000}})</)"
LISTED = (
    r"<{name}[^>]{{0,200}}>\s*<rdf:(?:Alt|Seq|Bag)[^>]{{0,200}}>"
    r"\s*<rdf:li[^>]{{0,200}}>([^<]{{1,2000}})<"
)


def from_xmp(packet: bytes, limits: Limits) -> Credit:
    """Return the credit in an XMP packet."""
    packet = packet[:200_000]

    def value(pattern: str, name: str) -> str:
        matched = re.search(pattern.format(name=name).encode(), packet)
        raw = next((group for group in matched.groups() if group), b"") if matched else b""
        return cleaned(unescape(raw.decode("utf-8", "replace")).encode(), limits)

    return Credit(
        creator=value(LISTED, "dc:creator"),
        copyright=value(LISTED, "dc:rights"),
        credit=value(SIMPLE, "photoshop:Credit"),
        terms=value(LISTED, "xmpRights:UsageTerms"),
        web_statement=value(SIMPLE, "xmpRights:WebStatement"),
    )


def merge(*credits: Credit) -> Credit:
    """Return one credit; the first that has a value wins."""

    def first(name: str) -> str:
        return next((getattr(each, name) for each in credits if getattr(each, name)), "")

    return Credit(first("creator"), first("copyright"), first("credit"), first("terms"),
                  first("web_statement"))  # fmt: skip


def write_xmp(credit: Credit) -> bytes:
    """Return a segment's content with the credit, or nothing where EXIF holds it all."""
    if not (credit.credit or credit.terms or credit.web_statement):
        return b""

    def listed(name: str, kind: str, value: str) -> str:
        language = ' xml:lang="x-default"' if kind == "Alt" else ""
        return (
            f"<{name}><rdf:{kind}><rdf:li{language}>{escape(value, quote=False)}</rdf:li>"
            f"</rdf:{kind}></{name}>"
            if value
            else ""
        )

    def simple(name: str, value: str) -> str:
        return f"<{name}>{escape(value, quote=False)}</{name}>" if value else ""

    inner = (
        listed("dc:creator", "Seq", credit.creator)
        + listed("dc:rights", "Alt", credit.copyright)
        + simple("photoshop:Credit", credit.credit)
        + listed("xmpRights:UsageTerms", "Alt", credit.terms)
        + simple("xmpRights:WebStatement", credit.web_statement)
    )
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
        ' xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/">'
        f"{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    return XMP_HEADER + packet.encode()
