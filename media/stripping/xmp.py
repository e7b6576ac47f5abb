"""Credit in XMP: read with bounds, and written into a fresh, small packet.

Source: XMP part 1 and 2 (dc, xmpRights, photoshop), Creative Commons' ccREL.
"""

from dataclasses import dataclass, replace
from html import escape
from xml.parsers import expat

from media.stripping.text import kept_text
from media.stripping.types import Limits

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "cc": "http://creativecommons.org/ns#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()}
PREFIXES["http://web.resource.org/cc/"] = "cc"
SIMPLE = {
    "photoshop:Credit": "credit",
    "xmpRights:Marked": "marked",
    "xmpRights:WebStatement": "web_statement",
    "cc:license": "licence",
}
LISTED = {
    "dc:creator": "creators",
    "dc:rights": "rights",
    "xmpRights:UsageTerms": "terms",
    "xmpRights:Owner": "owners",
}
MOST_VALUES = 20
MOST_STARTS = 20
WIDE = (b"\xfe\xff", b"\xff\xfe", b"\0<", b"<\0")
SPACES = bytes(byte if byte >= 32 or byte in b"\t\n\r" else 32 for byte in range(256))
# A packet in which none of these stands needs no parsing.
WORTH_READING = (b"reator", b"ights", b":Credit", b"cc:license", b"\0r\0i\0g\0h\0t\0s")


@dataclass(frozen=True)
class XmpCredit:
    """Credit as a packet said it."""

    creators: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    rights: str = ""
    credit: str = ""
    terms: str = ""
    web_statement: str = ""
    licence: str = ""
    marked: str = ""

    def or_else(self, other: "XmpCredit") -> "XmpCredit":
        """Return this credit, with the values of `other` where this has none."""
        names = ("creators", "owners", "rights", "credit", "terms", "web_statement", "licence",
                 "marked")  # fmt: skip
        return replace(self, **{name: getattr(self, name) or getattr(other, name)
                                for name in names})  # fmt: skip


class Stop(Exception):
    """Nothing further is read."""


class Reader:
    """Collects credit from the events of a parser. What is damaged ends one part."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.prefixes: dict[str, str] = {}
        self.path: list[str] = []
        self.text: list[str] = []
        self.text_size = 0
        self.language = ""
        self.simple: dict[str, str] = {}
        self.lists: dict[str, list[tuple[str, str]]] = {}

    def named(self, name: str) -> str:
        prefix, colon, local = name.rpartition(":")
        return f"{self.prefixes.get(prefix, prefix)}{colon}{local}"

    def start(self, name: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if key.startswith("xmlns:") and value in PREFIXES:
                self.prefixes[key[6:]] = PREFIXES[value]
        if len(self.path) >= self.limits.depth * 2:
            raise Stop
        self.path.append(self.named(name))
        self.text, self.text_size = [], 0
        named = {self.named(key): value for key, value in attributes.items()}
        self.language = named.get("xml:lang", "")
        if self.path[-1] in SIMPLE and named.get("rdf:resource"):
            self.simple.setdefault(self.path[-1], named["rdf:resource"])
        if self.path[-1] == "rdf:Description":
            for key, value in named.items():
                if key in SIMPLE:
                    self.simple.setdefault(key, value)
                elif key in LISTED:
                    self.add(key, "x-default", value)

    def add(self, name: str, language: str, value: str) -> None:
        values = self.lists.setdefault(name, [])
        if value.strip() and len(values) < MOST_VALUES:
            values.append((language, value))

    def data(self, value: str) -> None:
        if self.text_size <= 4 * self.limits.text_length:
            self.text.append(value)
            self.text_size += len(value)

    def end(self, _name: str) -> None:
        value, self.text, self.text_size = "".join(self.text), [], 0
        closed = self.path.pop() if self.path else ""
        if not value.strip():
            return
        if closed == "rdf:li" and len(self.path) >= 2 and self.path[-2] in LISTED:
            self.add(self.path[-2], self.language, value)
        elif closed == "dc:title" and self.path[-1:] == ["cc:Agent"] and self.path[-2] in LISTED:
            self.add(self.path[-2], "x-default", value)
        elif closed in LISTED:
            self.add(closed, "x-default", value)
        elif closed in SIMPLE:
            self.simple.setdefault(closed, value)

    def refuse(self, *_: object) -> None:
        raise Stop

    def credit(self) -> XmpCredit:
        def listed(name: str) -> tuple[str, ...]:
            values = (kept_text(value, self.limits) for _, value in self.lists.get(name, ()))
            return tuple(filter(None, values))

        def worded(name: str) -> str:
            values = dict(reversed(self.lists.get(name, [])))
            return kept_text(values.get("x-default") or next(iter(values.values()), ""),
                             self.limits)  # fmt: skip

        simple = {SIMPLE[name]: kept_text(value, self.limits)
                  for name, value in self.simple.items()}  # fmt: skip
        if simple.get("marked", "").lower() not in {"true", "false"}:
            simple.pop("marked", None)
        return XmpCredit(
            creators=listed("dc:creator"), owners=listed("xmpRights:Owner"),
            rights=worded("dc:rights"), terms=worded("xmpRights:UsageTerms"), **simple,
        )  # fmt: skip


def read(packet: bytes, limits: Limits) -> XmpCredit:
    """Return the credit in a packet, up to where it is damaged."""
    packet = packet[: limits.inflated]
    if not any(word in packet for word in WORTH_READING):
        return XmpCredit()
    if not packet.startswith(WIDE):
        # Signs that XML forbids stand in real packets; other readers pass over them.
        packet = packet.decode("utf-8", "replace").encode().translate(SPACES).strip()
    reader = Reader(limits)
    for _ in range(MOST_STARTS):
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.data
        parser.EntityDeclHandler = reader.refuse
        try:
            parser.Parse(packet, True)
        except expat.ExpatError:
            # Behind a fault, reading goes on with the next description.
            at = packet.find(b"<rdf:Description", parser.CurrentByteIndex)
            if at < 0:
                break
            packet, reader.path = packet[at:], []
        except (Stop, LookupError, ValueError):
            break
        else:
            break
    return reader.credit()


def write(credit: XmpCredit) -> bytes:
    """Return a fresh packet, or nothing when there is nothing to say."""

    def listed(name: str, kind: str, values: tuple[str, ...]) -> str:
        language = ' xml:lang="x-default"' if kind == "Alt" else ""
        items = "".join(f"<rdf:li{language}>{escaped(value)}</rdf:li>" for value in values if value)
        return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>" if items else ""

    def simple(name: str, value: str) -> str:
        return f"<{name}>{escaped(value)}</{name}>" if value else ""

    # Sorted by prefix, so that only those needed are declared.
    inner = (
        listed("dc:creator", "Seq", credit.creators)
        + listed("dc:rights", "Alt", (credit.rights,))
        + simple("photoshop:Credit", credit.credit)
        + simple("xmpRights:Marked", credit.marked)
        + listed("xmpRights:Owner", "Bag", credit.owners)
        + listed("xmpRights:UsageTerms", "Alt", (credit.terms,))
        + simple("xmpRights:WebStatement", credit.web_statement)
    )
    if credit.licence:
        inner += f'<cc:license rdf:resource="{escape(credit.licence)}"/>'
    if not inner:
        return b""
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items()
                       if prefix != "rdf" and f"<{prefix}:" in inner)  # fmt: skip
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="{NAMESPACES["rdf"]}">'
        f'<rdf:Description rdf:about=""{declared}>{inner}</rdf:Description>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def escaped(value: str) -> str:
    return escape(value, quote=False).replace("\r", "&#13;")
