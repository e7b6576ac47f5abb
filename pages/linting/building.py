"""Building a source's lines, links and anchors from pieces of text and tags, in reading order."""

from collections.abc import Mapping

from pages.anchors import folded, slugs_of, squeezed
from pages.html_blocks import HEADINGS, UNREAD, is_block
from pages.linting.findings import Image, Link, Source, SourceLine
from pages.plain_text import HAN_EDGE

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
FIELDS = {"input", "select", "textarea"}
# Unicode's sign for something in the text that is no text.
OBJECT = "\ufffc"
SKIPPED = {*UNREAD, "title"}
Attributes = Mapping[str, str | None]


class Text:
    """Words of one block with the lines that they stand on; runs of space become one."""

    def __init__(self) -> None:
        self.words = ""
        self.first = 0
        self.last = 0
        self.breaks: list[int] = []
        self.is_space_due = False
        self.is_wrapped = False

    def add(self, text: str, line: int) -> None:
        """Add text that begins on a line of the file; its own line ends count on from there."""
        for number, part in enumerate(text.split("\n"), start=line):
            self.is_wrapped = self.is_wrapped or number > line
            self.is_space_due = self.is_space_due or number > line
            self.add_part(part, number)

    def add_part(self, part: str, line: int) -> None:
        words = " ".join(part.split())
        if not words:
            self.is_space_due = self.is_space_due or bool(part)
            return
        if self.words:
            if (self.is_space_due or part[0].isspace()) and not self.joins(words):
                self.words += " "
        else:
            self.first = self.last = line
        self.breaks += [len(self.words)] * max(0, line - self.last)
        self.last = max(line, self.last)
        self.words += words
        self.is_space_due, self.is_wrapped = part[-1].isspace(), False

    def joins(self, words: str) -> bool:
        """Tell whether a wrapped line goes on without a space, as Chinese does."""
        return (
            self.is_wrapped
            and HAN_EDGE.match(self.words[-1]) is not None
            and HAN_EDGE.match(words[0]) is not None
        )


class Builder:
    """Takes text and tags as a reader meets them, and gives the finished source."""

    def __init__(self) -> None:
        self.lines: list[SourceLine] = []
        self.links: list[Link] = []
        self.images: list[Image] = []
        self.anchors: set[str] = set()
        self.block = Text()
        self.skipped: list[str] = []
        self.lists: list[int | None] = []
        self.level = self.tables = self.codes = self.indent = 0
        self.heading_line = 0
        self.marker = self.section = ""
        self.link: Link | None = None
        self.link_text: list[str] = []
        self.has_image = False
        self.slugs: dict[str, int] = {}

    def text(self, words: str, line: int) -> None:
        """Add words to the open block."""
        if self.skipped:
            return
        self.block.add(words, line)
        if self.link is not None:
            self.link_text.append(words)

    def open_tag(self, tag: str, attributes: Attributes, line: int) -> None:
        """Take a start tag."""
        for name in ("id", "name") if tag == "a" else ("id",):
            if attributes.get(name):
                self.anchors.add(str(attributes[name]))
        if tag == "body":
            self.skipped.clear()
        if tag in SKIPPED:
            self.skipped.append(tag)
        if self.skipped:
            return
        if breaks_text(tag):
            self.flush()
        if tag in HEADINGS:
            self.level, self.heading_line = int(tag[1]), line
        elif tag in {"ol", "ul", "menu", "dl"}:
            start = attributes.get("start") or "1"
            number = int(start) if start.isdecimal() else 1
            self.lists.append(number if tag == "ol" else None)
        elif tag == "li":
            self.open_item()
        elif tag == "table":
            self.tables += 1
        elif tag == "pre":
            self.codes += 1
        elif tag == "code" and not self.codes:
            self.text("`", line)
        elif tag == "a":
            self.open_link(attributes, line)
        elif tag == "img":
            self.add_image(attributes, line)
        elif tag in FIELDS:
            self.text(OBJECT, line)

    def close_tag(self, tag: str, line: int) -> None:
        """Take an end tag."""
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
            return
        if tag == "a":
            self.close_link()
        elif tag == "code" and not self.codes:
            self.text("`", line)
        if breaks_text(tag):
            self.flush()
        if tag in HEADINGS:
            self.level = 0
        elif tag in {"ol", "ul", "menu", "dl"} and self.lists:
            self.lists.pop()
        elif tag == "table":
            self.tables = max(0, self.tables - 1)
        elif tag == "pre":
            self.codes = max(0, self.codes - 1)

    def open_item(self) -> None:
        number = self.lists[-1] if self.lists else None
        if number is not None:
            self.marker, self.lists[-1] = f"{number}.", number + 1

    def open_link(self, attributes: Attributes, line: int) -> None:
        self.close_link()
        if "href" in attributes:
            self.link = Link(line, (attributes["href"] or "").strip(), "")
            named = attributes.get("aria-label") or attributes.get("title") or ""
            self.link_text, self.has_image = [named] if named else [], False

    def close_link(self) -> None:
        if self.link is not None:
            text = " ".join("".join(self.link_text).split())
            # A picture with an empty alternative is told as such, so the link is not told as well.
            text = text or (OBJECT if self.has_image else "")
            self.links.append(Link(self.link.line, self.link.href, text))
        self.link = None

    def add_image(self, attributes: Attributes, line: int) -> None:
        alt = attributes["alt"] or "" if "alt" in attributes else None
        self.images.append(Image(line, attributes.get("src") or "", alt))
        if self.link is not None:
            self.link_text.append(alt or "")
            self.has_image = True

    def flush(self) -> None:
        """Close the open block, if it holds words."""
        block, self.block = self.block, Text()
        if not block.words:
            if self.level and self.heading_line:
                self.lines.append(SourceLine(self.heading_line, "", True, level=self.level))
                self.heading_line = 0
            return
        if self.level:
            self.open_section(block.words)
        self.lines.append(
            SourceLine(
                number=block.first,
                text=block.words,
                is_heading=bool(self.level),
                in_code=bool(self.codes),
                in_list=bool(self.lists),
                anchor=self.section,
                level=self.level,
                marker=self.marker,
                in_table=bool(self.tables),
                breaks=tuple(block.breaks),
                indent=self.indent,
            )
        )
        self.marker, self.heading_line = "", 0

    def open_section(self, heading: str) -> None:
        """Begin a section; its anchor is the shortest that its heading gives."""
        slugs = slugs_of(heading)
        self.anchors.add(squeezed(heading))
        for slug in slugs:
            count = self.slugs.get(slug, 0)
            self.slugs[slug] = count + 1
            self.anchors |= {slug, f"{slug}-{count}", f"{slug}-{count + 1}"}
        self.section = min(slugs, key=lambda slug: (len(slug), slug), default="")

    def source(self) -> Source:
        """Return what was built."""
        self.close_link()
        self.flush()
        anchors = frozenset(folded(anchor) for anchor in self.anchors if anchor)
        return Source(self.lines, anchors, self.links, self.images)


def breaks_text(tag: str) -> bool:
    return tag == "br" or (tag not in VOID and is_block(Named(tag))) or tag == "hr"


class Named:
    """A tag's name in the shape that the importer's rule for blocks asks for."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
