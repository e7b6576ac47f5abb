"""SVG: written anew from what is allowed; programs, addresses elsewhere and metadata go.

Source: SVG 1.1 and SVG 2 (elements and attributes); Inkscape's RDF for credit.
"""

import base64
import binascii
import io
import re
from collections.abc import Callable
from html import escape
from xml.parsers import expat

from media.stripping import harvest, xmp
from media.stripping.errors import (
    DamagedError,
    TooLargeError,
    TooManyPartsError,
    TooManyPixelsError,
    UnsafeError,
)
from media.stripping.harvest import Harvest
from media.stripping.types import Limits, Stripped, Walked

SVG, XLINK, XML = (
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
)
ELEMENTS = frozenset(
    {"svg", "g", "defs", "symbol", "use", "path", "rect", "circle", "ellipse", "line", "polyline",
     "polygon", "text", "tspan", "textPath", "image", "switch", "title", "desc", "style",
     "linearGradient", "radialGradient", "stop", "pattern", "clipPath", "mask", "marker",
     "filter", "feBlend", "feColorMatrix", "feComponentTransfer", "feComposite",
     "feConvolveMatrix", "feDiffuseLighting", "feDisplacementMap", "feDistantLight",
     "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR", "feGaussianBlur",
     "feMerge", "feMergeNode", "feMorphology", "feOffset", "fePointLight", "feSpecularLighting",
     "feSpotLight", "feTile", "feTurbulence", "view"}
)  # fmt: skip
# A link leads elsewhere and draws nothing: what is within it stays.
UNWRAPPED = frozenset({"a"})
PROGRAMS = frozenset(
    {"script", "foreignObject", "iframe", "embed", "object", "audio", "video", "canvas",
     "handler", "listener", "animate", "set", "animateMotion", "animateTransform", "animateColor",
     "mpath", "discard", "feImage"}
)  # fmt: skip
ATTRIBUTES = frozenset(
    {"id", "class", "style", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx",
     "fy", "fr", "dx", "dy", "width", "height", "d", "points", "transform", "viewBox",
     "preserveAspectRatio", "version", "baseProfile", "offset", "gradientUnits",
     "gradientTransform", "spreadMethod", "patternUnits", "patternContentUnits",
     "patternTransform", "clipPathUnits", "maskUnits", "maskContentUnits", "markerUnits",
     "markerWidth", "markerHeight", "refX", "refY", "orient", "filterUnits", "primitiveUnits",
     "in", "in2", "result", "mode", "type", "values", "stdDeviation", "operator", "k1", "k2",
     "k3", "k4", "order", "kernelMatrix", "divisor", "bias", "targetX", "targetY", "edgeMode",
     "kernelUnitLength", "preserveAlpha", "surfaceScale", "diffuseConstant", "specularConstant",
     "specularExponent", "scale", "xChannelSelector", "yChannelSelector", "azimuth", "elevation",
     "z", "pointsAtX", "pointsAtY", "pointsAtZ", "limitingConeAngle", "radius", "baseFrequency",
     "numOctaves", "seed", "stitchTiles", "tableValues", "slope", "intercept", "amplitude",
     "exponent", "pathLength", "rotate", "textLength", "lengthAdjust", "startOffset", "method",
     "spacing", "side", "role", "aria-label", "aria-labelledby", "aria-hidden",
     "aria-describedby", "lang", "media", "title", "alignment-baseline", "baseline-shift", "clip",
     "clip-path", "clip-rule", "color", "color-interpolation", "color-interpolation-filters",
     "color-rendering", "cursor", "direction", "display", "dominant-baseline", "fill",
     "fill-opacity", "fill-rule", "filter", "flood-color", "flood-opacity", "font", "font-family",
     "font-size", "font-size-adjust", "font-stretch", "font-style", "font-variant", "font-weight",
     "glyph-orientation-horizontal", "glyph-orientation-vertical", "image-rendering", "isolation",
     "kerning", "letter-spacing", "lighting-color", "marker", "marker-end", "marker-mid",
     "marker-start", "mask", "mask-type", "mix-blend-mode", "opacity", "overflow", "paint-order",
     "pointer-events", "shape-rendering", "stop-color", "stop-opacity", "stroke",
     "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin",
     "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "text-decoration",
     "text-overflow", "text-rendering", "transform-origin", "unicode-bidi", "vector-effect",
     "visibility", "white-space", "word-spacing", "writing-mode", "enable-background"}
)  # fmt: skip
EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|gif|webp)\s*;\s*base64\s*,", re.IGNORECASE)
CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
# Addresses in styles may name parts of this very file, and nothing else.
CSS_UNSAFE = re.compile(
    r"@import|@charset|@namespace|expression\s*\(|javascript:|behaviou?r\s*:|-moz-binding|\\|"
    r"image-set\s*\(|src\s*\(|url\s*\(\s*+[\"']?+(?!\s*#)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\s*\+?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
# How sizes of the root are written. Programs that take others would stumble over them.
WRITTEN = {
    "width": re.compile(NUMBER.pattern + r"\s*(?:px|em|ex|pt|pc|cm|mm|in|%)?\s*$"),
    "height": re.compile(NUMBER.pattern + r"\s*(?:px|em|ex|pt|pc|cm|mm|in|%)?\s*$"),
    "viewBox": re.compile(r"\s*-?\d+(?:\.\d+)?(?:[\s,]+-?\d+(?:\.\d+)?){3}\s*$"),
    "preserveAspectRatio": re.compile(
        r"\s*(?:none|x(?:Min|Mid|Max)Y(?:Min|Mid|Max))(?:\s+(?:meet|slice))?\s*$"
    ),
}
LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*$")
# What a program declares to shorten its namespaces; longer or nested values are an attack.
MOST_ENTITIES, LONGEST_ENTITY = 60, 300
# An SVG becomes text several times over; larger ones are other things than drawings.
MOST_BYTES = 10 * 1024 * 1024
LONGEST_SIDE = 1_000_000
LEVELS = 8  # pictures are nested deeper than boxes are

PictureStripper = Callable[[bytes], Stripped]


def strip_svg(data: bytes, gathered: Harvest, picture: PictureStripper) -> Walked:
    """Return the SVG without programs, addresses elsewhere and metadata.

    `picture` strips the pictures that are embedded in it.
    """
    return Writer(data, gathered, picture).run()


class Writer:
    """Writes an SVG anew from a parser's events."""

    def __init__(self, data: bytes, gathered: Harvest, picture: PictureStripper) -> None:
        self.data = data
        self.harvest = gathered
        self.limits: Limits = gathered.limits
        self.picture = picture
        self.out = io.BytesIO()
        self.path: list[str] = []
        self.written: list[str] = []
        self.sheet: list[str] = []
        self.skipped_from = -1
        self.skipped_kind = harvest.OTHER
        self.skipped_depth = 0
        self.parts = 0
        self.entities = 0
        self.size = (0, 0)
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.EntityDeclHandler = self.entity
        self.parser.CommentHandler = self.comment

    def run(self) -> Walked:
        if len(self.data) > MOST_BYTES:
            raise TooLargeError("The SVG is too large.")
        self.read_credit()
        try:
            self.parser.Parse(self.data, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # The latter two are raised for encodings that nobody knows.
            raise DamagedError("The SVG is not well-formed.") from error
        return Walked(self.out.getvalue(), *self.size)

    def write(self, text: str) -> None:
        self.out.write(text.encode())

    def read_credit(self) -> None:
        start = self.data.find(b"<metadata")
        end = self.data.rfind(b"</metadata>")
        if 0 <= start < end:
            self.harvest.xmp = xmp.read(self.data[start:end], self.limits)

    def entity(self, name: str, is_parameter: bool, value: str | None, *_: object) -> None:
        self.entities += 1
        if (is_parameter or value is None or self.entities > MOST_ENTITIES
                or len(value) > LONGEST_ENTITY or "&" in value or "<" in value):  # fmt: skip
            raise UnsafeError("The SVG declares entities that no picture needs.")

    def comment(self, text: str) -> None:
        if self.skipped_from < 0:
            self.harvest.drop(harvest.COMMENT, len(text.encode()) + 7)

    # -- elements

    def start(self, name: str, attributes: list[str]) -> None:
        self.parts += 1
        if self.parts > self.limits.parts or len(self.path) >= LEVELS * self.limits.depth:
            raise TooManyPartsError("The SVG has too many elements, or nests them too deep.")
        self.path.append(name)
        if self.skipped_from >= 0:
            return
        space, _, local = name.rpartition(" ")
        if len(self.path) == 1 and (space != SVG or local != "svg"):
            raise DamagedError("The file is no SVG.")
        if space == SVG and local in UNWRAPPED:
            self.harvest.drop(harvest.SCRIPT)
        elif space == SVG and local in ELEMENTS and not self.is_in_sheet:
            self.write_start(local, attributes)
        else:
            self.skipped_from = self.parser.CurrentByteIndex
            self.skipped_depth = len(self.path)
            is_program = space == SVG and local in PROGRAMS
            self.skipped_kind = harvest.SCRIPT if is_program else harvest.DESCRIPTION

    def end(self, name: str) -> None:
        depth = len(self.path)
        self.path.pop()
        if self.skipped_from >= 0:
            if depth == self.skipped_depth:
                size = self.parser.CurrentByteIndex - self.skipped_from
                self.harvest.drop(self.skipped_kind, max(0, size))
                self.skipped_from = -1
            return
        local = name.rpartition(" ")[2]
        if local not in UNWRAPPED:
            if self.is_in_sheet:
                self.write_text(self.style("".join(self.sheet)))
                self.sheet.clear()
            self.write(f"</{local}>")
            self.written.pop()

    def text(self, value: str) -> None:
        if self.skipped_from >= 0 or not self.written:
            return
        if self.is_in_sheet:
            # Judged whole at its end: a parser hands it over in pieces.
            self.sheet.append(value)
        else:
            self.write_text(value)

    @property
    def is_in_sheet(self) -> bool:
        return bool(self.written) and self.written[-1] == "style"

    def write_text(self, value: str) -> None:
        self.write(escape(value, quote=False).replace("\r", "&#13;"))

    def write_start(self, local: str, attributes: list[str]) -> None:
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        parts = [f"<{local}"]
        if not self.written:
            parts.append(f' xmlns="{SVG}" xmlns:xlink="{XLINK}"')
            kept_of_root = sound(dict(pairs))
            pairs = [pair for pair in pairs if pair[0] not in WRITTEN or pair[0] in kept_of_root]
            self.size = size_of(dict(pairs))
        for name, value in pairs:
            kept = self.attribute(local, name, value)
            if kept is not None:
                key = {f"{XLINK} href": "xlink:href", f"{XML} space": "xml:space",
                       f"{XML} lang": "xml:lang"}.get(name, name)  # fmt: skip
                parts.append(f' {key}="{quoted(kept)}"')
        self.write("".join(parts) + ">")
        if not self.written and (packet := self.harvest.fresh_xmp()):
            self.write(f"<metadata>{packet.decode()}</metadata>")
        self.written.append(local)

    def attribute(self, element: str, name: str, value: str) -> str | None:
        """Return an attribute's value as it stays, or None where it goes."""
        if name in {"href", f"{XLINK} href"}:
            return self.address(element, value)
        if name in {f"{XML} space", f"{XML} lang"}:
            return value
        if name not in ATTRIBUTES:
            kind = harvest.SCRIPT if name.lower().startswith("on") else harvest.DESCRIPTION
            self.harvest.drop(kind, len(name) + len(value) + 4)
            return None
        if name == "style":
            return self.style(value) or None
        if CSS_UNSAFE.search(value):
            self.harvest.drop(harvest.SCRIPT, len(value))
            return None
        return value

    def style(self, value: str) -> str:
        value = CSS_COMMENT.sub("", value)
        if CSS_UNSAFE.search(value):
            self.harvest.drop(harvest.SCRIPT, len(value))
            return ""
        return value

    def address(self, element: str, value: str) -> str | None:
        value = value.strip()
        if value.startswith("#"):
            return value
        embedded = EMBEDDED.match(value)
        if element == "image" and embedded:
            try:
                picture = base64.b64decode(value[embedded.end() :])
            except binascii.Error as error:
                raise DamagedError("A picture within the SVG is damaged.") from error
            stripped = self.picture(picture)
            for part in stripped.removed:
                self.harvest.drop(part.what, part.bytes)
            kind = stripped.container
            return f"data:image/{kind};base64,{base64.b64encode(stripped.data).decode()}"
        self.harvest.drop(harvest.SCRIPT, len(value))
        return None


def quoted(value: str) -> str:
    return escape(value).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def size_of(attributes: dict[str, str]) -> tuple[int, int]:
    """Return the root's width and height in pixels, from its attributes or its view box."""
    found = [LENGTH.match(attributes.get(name, "")) for name in ("width", "height")]
    if all(found):
        return tuple(round(float(each[1])) for each in found if each)  # type: ignore[return-value]
    numbers = re.findall(r"-?\d+(?:\.\d+)?", attributes.get("viewBox", ""))
    if len(numbers) == 4:
        return max(0, round(float(numbers[2]))), max(0, round(float(numbers[3])))
    return 0, 0


def sound(attributes: dict[str, str]) -> frozenset[str]:
    """Return the root's names whose values are written as they must be; browsers skip others.

    Sizes of nothing, and those that no column and no screen holds, are refused.
    """
    kept = {name for name, pattern in WRITTEN.items() if pattern.match(attributes.get(name, ""))}
    sides = [attributes[name] for name in ("width", "height") if name in kept]
    sides = [side for side in sides if not side.rstrip().endswith("%")]
    if "viewBox" in kept:
        box = re.split(r"[\s,]+", attributes["viewBox"].strip())[2:]
        for side in box:
            refuse_length(float(side), 1e-9)
        sides = sides or box
    for side in sides:
        number = NUMBER.match(side)
        least = 0.1 if side.rstrip()[-1:].isalpha() else 1
        refuse_length(float(number[0]) if number else 0, least)
    return frozenset(kept)


def refuse_length(length: float, least: float) -> None:
    if length < least:
        raise DamagedError("The SVG shows nothing.")
    if length > LONGEST_SIDE:
        raise TooManyPixelsError("The SVG is too wide or too high.")
