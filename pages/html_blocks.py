"""HTML as its reader meets it: headings, paragraphs and lists in reading order, cleaned. Pure."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

import lxml.etree
import lxml.html
import nh3

from pages.errors import PolicyImportError
from pages.numbering import split_label

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
UNREAD = ("script", "style", "template", "head", "noscript", "svg")
KEPT_INLINE = {"b", "strong", "i", "em", "a", "br"}
KEPT_BLOCKS = {"p", "ol", "ul", "li"}
INLINE = {"a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "font",
          "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
          "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}  # fmt: skip
DEEPEST = 400
# A line break within a paragraph, while it is not known whether it parts two paragraphs.
BREAK = "<br>"
SPACES = re.compile(r"[ \t\r\n\f]+")
EDGES = re.compile(r"^(<p>)[ \u00a0]+|[ \u00a0]+(</p>)$")


class Block(NamedTuple):
    """A heading, a paragraph, a list, or a cell of a table; `level` is that of a heading.

    `ids` are the anchors in it, and those between it and the block before.
    """

    kind: str
    html: str
    level: int = 0
    ids: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        return words_in(self.html)


def read_blocks(source: str) -> Iterator[Block]:
    """Yield the blocks of an HTML page or fragment that hold words.

    Raises PolicyImportError for what is too deeply nested to be a policy.
    """
    if not source.strip():
        return
    # Past libxml2's own limit of depth words would be dropped without a sign.
    parser = lxml.html.HTMLParser(huge_tree=True)
    whole = f"<div>{source}</div>" if "<body" not in source else source
    document = lxml.html.fromstring(whole, parser=parser)
    if is_deeper_than(DEEPEST, document):
        raise PolicyImportError
    body = document.find("body") if document.tag == "html" else document
    for unread in list(document.iter(*UNREAD)):
        if unread.getparent() is not None:
            unread.drop_tree()
    ids: list[str] = []
    passed: list[str] = []
    for block in blocks_of(body if body is not None else document, ids):
        passed += ids
        ids.clear()
        cleaned = block._replace(html=clean(block.html), ids=tuple(passed))
        if cleaned.words:
            passed.clear()
            yield cleaned


def clean(html: str) -> str:
    kept = nh3.clean(html, tags=KEPT_INLINE | KEPT_BLOCKS)
    return EDGES.sub(r"\1\2", SPACES.sub(" ", kept))


def is_deeper_than(limit: int, document: Any) -> bool:
    depth = 0
    for event, _element in lxml.etree.iterwalk(document, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            return True
    return False


def words_in(html: str) -> str:
    return " ".join(lxml.html.fromstring(f"<div>{html}</div>").text_content().split())


def blocks_of(element: Any, ids: list[str]) -> Iterator[Block]:
    """Yield an element's blocks; loose words become paragraphs. `ids` takes the anchors passed."""
    loose: list[str] = []

    def flush() -> Iterator[Block]:
        pieces = list(loose)
        loose.clear()
        yield from (Block("paragraph", f"<p>{html}</p>") for html in paragraphs_of(pieces))

    def add_text(text: str | None) -> None:
        if text:
            loose.append(escape(text, quote=False))

    ids += id_of(element)
    add_text(element.text)
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "br":
            loose.append(BREAK)
        elif tag and not is_block(child) and not holds_blocks(child):
            loose.append(outer_html(child))
            ids += ids_in(child)
        elif tag:
            yield from flush()
            yield from blocks_in(child, tag, ids)
        add_text(child.tail)
    yield from flush()


def blocks_in(child: Any, tag: str, ids: list[str]) -> Iterator[Block]:
    if tag in HEADINGS:
        ids += ids_in(child)
        yield Block("heading", f"<p>{inner_html(child)}</p>", int(tag[1]))
    elif tag in {"ol", "ul"} and not child.xpath(".//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//table"):
        ids += ids_in(child)
        yield Block("list", list_html(child))
    elif tag in {"td", "th"}:
        blocks = list(blocks_of(child, ids))
        # A cell of one paragraph is data; one of several may be a page laid out in a table.
        yield from [Block("cell", blocks[0].html)] if len(blocks) == 1 else blocks
    elif is_block(child):
        yield from blocks_of(child, ids)
    else:
        yield from marked_blocks_of(child, ids)


def id_of(element: Any) -> list[str]:
    names = [element.get("id"), element.get("name") if element.tag == "a" else None]
    return [name for name in names if name]


def ids_in(element: Any) -> list[str]:
    return [name for inner in element.iter("*") for name in id_of(inner)]


def paragraphs_of(pieces: Sequence[str]) -> Iterator[str]:
    """Yield the paragraphs of loose words, which line breaks part where they are meant to."""
    lines = [""]
    for piece in pieces:
        if piece == BREAK:
            lines.append("")
        else:
            lines[-1] += piece
    filled = [line for line in lines if line.strip()]
    has_gap = any(not line.strip() for line in lines[1:-1])
    if has_gap or any(split_label(words_in(line))[0] for line in filled[1:]):
        yield from filled
    elif filled:
        yield BREAK.join(filled)


def marked_blocks_of(element: Any, ids: list[str]) -> Iterator[Block]:
    """Yield the blocks inside an inline element, each with that element's mark on its words."""
    mark = lxml.html.Element(element.tag, dict(element.attrib))
    opened, closed = outer_html(mark).rsplit("</", 1)
    for block in blocks_of(element, ids):
        if block.kind in {"paragraph", "cell"}:
            yield block._replace(html=f"<p>{opened}{block.html[3:-4]}</{closed}</p>")
        else:
            yield block


def is_block(element: Any) -> bool:
    return isinstance(element.tag, str) and element.tag not in INLINE


def holds_blocks(element: Any) -> bool:
    return any(is_block(inner) for inner in element.iterdescendants())


def list_html(element: Any) -> str:
    """Return a list's HTML; blocks that are not kept become paragraphs, so that words stay apart.

    The element is changed.
    """
    for inner in element.iterdescendants():
        if is_block(inner) and inner.tag not in KEPT_BLOCKS:
            inner.tag = "p"
    return outer_html(element)


def inner_html(element: Any) -> str:
    inner = escape(element.text or "", quote=False)
    return inner + "".join(
        lxml.html.tostring(child, encoding="unicode")
        if isinstance(child.tag, str)
        else escape(child.tail or "", quote=False)
        for child in element
    )


def outer_html(element: Any) -> str:
    return str(lxml.html.tostring(element, encoding="unicode", with_tail=False))
