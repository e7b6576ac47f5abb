"""PDF: written anew by qpdf without information dictionary, XMP, places and attached files.

Source: ISO 32000-2, 14.3 (metadata), 12.9 (measurement), 7.11 (files); OGC 08-139 (GeoPDF).
"""

import io
import re
import zlib
from typing import Any

import pikepdf
from pikepdf import Name

from media.stripping import harvest
from media.stripping.boxes import Budget, boxes
from media.stripping.errors import (
    DamagedError,
    EncryptedError,
    InflatedTooLargeError,
    StrippingError,
    TooManyPagesError,
    TooManyPartsError,
)
from media.stripping.harvest import Harvest
from media.stripping.inflate import STEP, inflate
from media.stripping.jpeg import strip_jpeg
from media.stripping.types import Walked

# Keys that hold metadata, places or files wherever they stand, and what they count as.
PRIVATE = {
    "/Metadata": harvest.DESCRIPTION, "/PieceInfo": harvest.DESCRIPTION,
    "/LastModified": harvest.DESCRIPTION, "/SpiderInfo": harvest.DESCRIPTION,
    "/Thumb": harvest.THUMBNAIL, "/GPTS": harvest.LOCATION, "/LPTS": harvest.LOCATION,
    "/LGIDict": harvest.LOCATION, "/PtData": harvest.LOCATION, "/EF": harvest.ATTACHMENT,
    "/AF": harvest.ATTACHMENT, "/EmbeddedFiles": harvest.ATTACHMENT, "/RF": harvest.ATTACHMENT,
    "/Collection": harvest.ATTACHMENT, "/RichMediaContent": harvest.ATTACHMENT,
    "/RichMediaSettings": harvest.ATTACHMENT, "/3DD": harvest.ATTACHMENT,
    "/JavaScript": harvest.SCRIPT, "/JS": harvest.SCRIPT, "/AA": harvest.SCRIPT,
    "/XFA": harvest.SCRIPT,
}  # fmt: skip
# Keys whose value may be an action, and the actions that a reader asks for and nobody suffers from.
ACTION_KEYS = frozenset({"/A", "/PA", "/OpenAction", "/Next"})
KEPT_ACTIONS = frozenset({"/GoTo", "/URI", "/Named", "/Thread"})
KEPT_ADDRESS = re.compile(rb"(?:https?|mailto|tel):|[^:]*+(?:[/?#]|$)", re.IGNORECASE)
SIGNATURE_PLACES = ("/Location", "/ContactInfo")
STRUCTURE = re.compile(rb"/Type\s*+/(?:ObjStm|XRef)\b|(?<!end)stream\r?\n")
JP2_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
JP2_PRIVATE = frozenset({b"xml ", b"uuid", b"uinf", b"asoc"})
LEVELS = 4
STRUCTURE_FACTOR = 32


def strip_pdf(data: bytes, gathered: Harvest) -> Walked:
    """Return the PDF with its pages and credit alone; an encrypted one is refused."""
    refuse_bombs(data, gathered)
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            return Walk(pdf, gathered).run()
    except pikepdf.PasswordError as error:
        raise EncryptedError("The PDF is locked.") from error
    except StrippingError:
        raise
    except Exception as error:
        raise DamagedError("The PDF cannot be read.") from error


def refuse_bombs(data: bytes, gathered: Harvest) -> None:
    """Bound what the reader inflates before anybody is asked: streams of objects."""
    most, made = gathered.limits.inflated * STRUCTURE_FACTOR, 0
    is_structure, tries = False, Budget(gathered.limits.parts)
    for found in STRUCTURE.finditer(data):
        if not found[0].startswith(b"stream"):
            is_structure = True
            continue
        if not is_structure:
            continue
        tries.spend()
        inflater = zlib.decompressobj()
        rest = data[found.end() : found.end() + STEP]
        at = found.end() + STEP
        try:
            while rest and not inflater.eof:
                made += len(inflater.decompress(rest, STEP))
                if made > most:
                    raise InflatedTooLargeError("The PDF's objects are too large.")
                rest = inflater.unconsumed_tail
                if not rest:
                    rest, at = data[at : at + STEP], at + STEP
        except zlib.error:
            # The word may stand in a text before the stream that is meant.
            continue
        is_structure = False


class Walk:
    """One walk through all objects of a PDF."""

    def __init__(self, pdf: pikepdf.Pdf, gathered: Harvest) -> None:
        self.pdf = pdf
        self.harvest = gathered
        self.parts = 0

    def run(self) -> Walked:
        pdf, limits = self.pdf, self.harvest.limits
        if pdf.is_encrypted:
            raise EncryptedError("The PDF is locked.")
        if len(pdf.objects) > limits.parts:
            raise TooManyPartsError("The PDF has too many objects.")
        if len(pdf.pages) > limits.frames:
            raise TooManyPagesError("The PDF has too many pages.")
        self.read_credit()
        if Name.Info in pdf.trailer:
            self.harvest.drop(harvest.DESCRIPTION, size_of(pdf.trailer.Info))
            del pdf.trailer[Name.Info]
        for found in pdf.objects:
            self.clean(found, 0)
        if packet := self.harvest.fresh_xmp():
            pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
        out = io.BytesIO()
        pages = len(pdf.pages)
        pdf.save(out, deterministic_id=True, compress_streams=False, fix_metadata_version=False,
                 object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
        return Walked(out.getvalue(), 0, 0, pages)

    def read_credit(self) -> None:
        metadata = self.pdf.Root.get(Name.Metadata)
        if not isinstance(metadata, pikepdf.Stream):
            return
        packet = metadata.read_raw_bytes()
        size = len(packet)
        if filters(metadata) == ["/FlateDecode"]:
            packet = inflate(packet, self.harvest.limits.inflated)
        self.harvest.take_xmp(packet, size)
        del self.pdf.Root[Name.Metadata]

    def clean(self, found: Any, depth: int) -> None:
        """Take out what is private in an object and in those that lie directly in it."""
        self.parts += 1
        if (
            self.parts > 20 * self.harvest.limits.parts
            or depth > LEVELS * self.harvest.limits.depth
        ):
            raise TooManyPartsError("The PDF has too many parts.")
        if isinstance(found, pikepdf.Array):
            children = list(found)
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            self.clean_keys(found)
            children = [found[key] for key in found.keys()]  # noqa: SIM118  no mapping
        else:
            return
        for child in children:
            if isinstance(child, pikepdf.Object) and not child.is_indirect:
                self.clean(child, depth + 1)
        if isinstance(found, pikepdf.Stream) and found.get(Name.Subtype) == Name.Image:
            self.clean_picture(found)

    def clean_keys(self, found: Any) -> None:
        for key in list(found.keys()):
            if key in PRIVATE:
                self.harvest.drop(PRIVATE[key], size_of(found[key]))
                del found[key]
            elif self.is_place(found, key):
                self.harvest.drop(harvest.LOCATION)
                del found[key]
            elif key in ACTION_KEYS and does_harm(found[key]):
                self.harvest.drop(harvest.SCRIPT, size_of(found[key]))
                del found[key]

    def is_place(self, found: Any, key: str) -> bool:
        if key == "/Measure":
            return bool(found[key].get(Name.Subtype) == Name.GEO)
        return key in SIGNATURE_PLACES and bool(found.get(Name.Type) == Name.Sig)

    def clean_picture(self, stream: Any) -> None:
        names = filters(stream)
        if names and names[-1] == "/DCTDecode":
            content = unwrapped(stream, names[:-1], self.harvest.limits.bytes)
            inner = Harvest(self.harvest.limits)
            stripped = strip_jpeg(content, inner).data
            if stripped == content:
                return
            parameters = stream.get(Name.DecodeParms)
            if isinstance(parameters, pikepdf.Array):
                parameters = parameters[-1]
            stream.write(stripped, filter=Name.DCTDecode, decode_parms=parameters)
            for part in inner.removed():
                self.harvest.drop(part.what, part.bytes)
        elif names == ["/JPXDecode"]:
            content = stream.read_raw_bytes()
            cleaned = without_jp2_metadata(content, self.harvest)
            if cleaned != content:
                stream.write(cleaned, filter=Name.JPXDecode)


def does_harm(action: Any) -> bool:
    """Tell whether an action, or one of several, does more than show a place or an address.

    Anything else than an action has no such type: destinations, outlines, attributes.
    """
    if isinstance(action, pikepdf.Array):
        return any(does_harm(each) for each in list(action))
    if not isinstance(action, pikepdf.Dictionary) or Name.S not in action:
        return False
    if str(action.S) not in KEPT_ACTIONS:
        return True
    address = action.get(Name.URI)
    return address is not None and not KEPT_ADDRESS.match(bytes(address))


def filters(stream: Any) -> list[str]:
    value = stream.get(Name.Filter)
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, pikepdf.Array) else [str(value)]


def unwrapped(stream: Any, names: list[str], most: int) -> bytes:
    """Return a picture's own bytes where they are packed once more."""
    content = stream.read_raw_bytes()
    for name in names:
        if name != "/FlateDecode":
            raise DamagedError("A picture in the PDF is packed in a way that is not known.")
        content = inflate(content, most)
    return bytes(content)


def without_jp2_metadata(content: bytes, gathered: Harvest) -> bytes:
    """Return a JPEG 2000 file whose private boxes are free and zero."""
    if not content.startswith(JP2_SIGNATURE):
        return content
    parts: list[bytes] = []
    for box in boxes(content, 0, len(content), Budget(gathered.limits.parts)):
        if box.kind in JP2_PRIVATE:
            gathered.drop(harvest.DESCRIPTION, box.size)
            parts.append(box.size.to_bytes(4, "big") + b"free" + bytes(box.size - 8))
        else:
            parts.append(content[box.start : box.end])
    return b"".join(parts)


def size_of(found: Any) -> int:
    if isinstance(found, pikepdf.Stream):
        return len(found.read_raw_bytes())
    if isinstance(found, pikepdf.Object):
        return len(found.unparse(resolved=True))
    return len(str(found))
