"""Text with few inline marks, read and written in two dialects. Pure.

The one dialect is that of Wagtail's editor, the other WordPress's. Both say the same of a paragraph
if they read to the same runs; the reader moves spaces to where Wagtail's editor moves them, so that
opening a text there and saving it is no change.
"""

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from itertools import takewhile
from typing import NamedTuple

TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[\s/][^<>]*)?)>|([^<>]+)", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>=]+))?""")
SPACES = re.compile(r"[ \t\n\f\r]+")
STYLES = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "code": "code", "s": "s",
          "sub": "sub", "sup": "sup"}  # fmt: skip
WAGTAIL_TAGS = {"strong": "b", "em": "i", "br": "br/"}
LEAVES = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "li"}
DEEPEST_LIST = 10
STRIP, KEEP, FORCE = range(3)
Link = tuple[tuple[str, str], ...]


class Run(NamedTuple):
    """Words that share their marks; a line break in them is a <br>."""

    text: str
    styles: frozenset[str] = frozenset()
    link: Link | None = None


class Part(NamedTuple):
    """A paragraph, heading, quotation or item of a list; `depth` is that of the list, from 1."""

    tag: str
    runs: tuple[Run, ...] = ()
    depth: int = 0
    is_ordered: bool = False


class Reader:
    """Reads HTML of few elements; `is_lost` tells that it met one that it does not know."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.is_lost = False
        self.open: list[str] = []
        self.lists: list[bool] = []
        self.runs: list[Run] | None = None
        self.styles: list[str] = []
        self.link: Link | None = None
        self.space = STRIP

    def read(self, html: str) -> None:
        position = 0
        while position < len(html) and not self.is_lost:
            token = TOKEN.match(html, position)
            if token is None:
                self.is_lost = True
                return
            position = token.end()
            if token[4] is not None:
                self.words(SPACES.sub(" ", unescape(token[4])))
            elif token[1]:
                self.close(token[2].lower())
            else:
                self.start(token[2].lower(), attributes_of(token[3]))
        self.is_lost = self.is_lost or bool(self.open)
        self.end_part()

    def start(self, tag: str, attributes: Mapping[str, str] | None) -> None:
        attributes = {k: v for k, v in (attributes or {}).items() if k != "data-block-key"}
        if tag == "br" and not attributes:
            if self.runs is not None:
                self.put("\n")
        elif tag == "hr" and not attributes and not self.open:
            self.end_part()
            self.parts.append(Part("hr"))
        elif tag in ("ul", "ol") and not attributes and not self.styles and self.link is None:
            misplaced = bool(self.open) and self.open[-1] != "li"
            self.is_lost = misplaced or len(self.lists) == DEEPEST_LIST
            self.end_part()
            self.open.append(tag)
            self.lists.append(tag == "ol")
        elif tag in LEAVES and not attributes:
            expected = self.open[-1:] in (["ul"], ["ol"]) if tag == "li" else not self.open
            self.is_lost = not expected
            self.begin_part(tag)
            self.open.append(tag)
        elif tag in STYLES and not attributes:
            self.inline(tag)
            self.styles.append(STYLES[tag])
        elif tag == "a" and self.link is None and attributes:
            self.inline(tag)
            self.link = tuple(sorted(attributes.items()))
        else:
            self.is_lost = True

    def close(self, tag: str) -> None:
        if self.open[-1:] != [tag]:
            self.is_lost = True
            return
        self.open.pop()
        if tag in STYLES:
            self.styles.pop()
        elif tag == "a":
            self.link = None
        elif tag in ("ul", "ol"):
            self.lists.pop()
            self.end_part()
        else:
            self.end_part()

    def words(self, text: str) -> None:
        if self.runs is None:
            if not text.strip(" "):
                return
            if self.open and self.open[-1] in ("ul", "ol", "li"):
                # Words behind an inner list, or between items: no editor keeps them there.
                self.is_lost = True
                return
            self.begin_part("p")
        if text == " ":
            if self.space != STRIP:
                self.space = FORCE
            return
        if self.space == STRIP:
            text = text.lstrip()
        elif self.space == FORCE and not text.startswith(" "):
            text = f" {text}"
        self.space = KEEP
        if text.endswith(" "):
            text, self.space = text.rstrip(), FORCE
        self.put(text)

    def inline(self, tag: str) -> None:
        if self.runs is None:
            if self.open and self.open[-1] in ("ul", "ol", "li"):
                self.is_lost = True
                return
            self.begin_part("p")
        if self.space == FORCE:
            self.put(" ")
            self.space = STRIP
        self.open.append(tag)

    def put(self, text: str) -> None:
        if not text or self.runs is None:
            return
        join(self.runs, Run(text, frozenset(self.styles), self.link))

    def begin_part(self, tag: str) -> None:
        self.end_part()
        self.runs, self.space = [], STRIP
        depth, is_ordered = len(self.lists), bool(self.lists) and self.lists[-1]
        self.parts.append(Part(tag, (), depth, is_ordered))

    def end_part(self) -> None:
        if self.runs is not None:
            self.is_lost = self.is_lost or bool(self.styles) or self.link is not None
            self.parts[-1] = self.parts[-1]._replace(runs=tuple(with_outer_spaces(self.runs)))
        self.runs = None


def with_outer_spaces(runs: Sequence[Run]) -> list[Run]:
    """Return runs whose outer spaces have the marks that both neighbours have.

    Wagtail's editor moves such spaces out of one mark at each opening.
    """
    moved: list[Run] = []
    has_space = False
    for run in runs:
        words = run.text.strip(" ")
        if words and moved and (has_space or run.text.startswith(" ")):
            last = moved[-1]
            link = run.link if run.link == last.link else None
            join(moved, Run(" ", run.styles & last.styles, link))
        if words:
            join(moved, run._replace(text=words))
        has_space = run.text.endswith(" ") or (has_space and not words)
    return moved


def join(runs: list[Run], run: Run) -> None:
    """Add a run, as part of the last one if their marks are the same."""
    if runs and runs[-1][1:] == run[1:]:
        runs[-1] = run._replace(text=runs[-1].text + run.text)
    else:
        runs.append(run)


def read_rich(html: str) -> list[Part] | None:
    """Return the parts of a text; None if it holds anything that cannot be written again."""
    reader = Reader()
    reader.read(html)
    return None if reader.is_lost else reader.parts


def read_inline(html: str) -> tuple[Run, ...] | None:
    """Return the runs of one paragraph's inner HTML, or None."""
    parts = read_rich(f"<p>{html}</p>")
    return parts[0].runs if parts and len(parts) == 1 else None


def attributes_of(written: str) -> dict[str, str]:
    """Return the attributes of a start tag, read as browsers do for what editors write."""
    return {
        match[1].lower(): unescape((match[2] or "").strip("\"'"))
        for match in ATTRIBUTE.finditer(written)
    }


def write_inline(
    runs: Sequence[Run],
    tags: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
) -> str:
    """Return runs as HTML; of two marks that begin together the longer one is outside.

    `tags` renames elements, `links` gives start tags by address, for attributes no run holds.
    """
    tags, links = tags or {}, links or {}
    marks: list[set[str | Link]] = [
        {*run.styles, *([run.link] if run.link else [])} for run in runs
    ]
    written: list[str] = []
    stack: list[str | Link] = []
    for position, (run, wanted) in enumerate(zip(runs, marks, strict=True)):
        kept = len(list(takewhile(wanted.__contains__, stack)))
        while len(stack) > kept:
            written.append(end_tag(stack.pop(), tags))
        begun = [
            (-extent(marks, position, mark), isinstance(mark, str), str(mark), mark)
            for mark in wanted.difference(stack)
        ]
        for *_order, mark in sorted(begun, key=lambda entry: entry[:3]):
            stack.append(mark)
            written.append(start_tag(mark, tags, links))
        words = escape(run.text, quote=False)
        written.append(words.replace("\n", f"<{tags.get('br', 'br')}>"))
    while stack:
        written.append(end_tag(stack.pop(), tags))
    return "".join(written)


def extent(marks: Sequence[set[str | Link]], position: int, mark: str | Link) -> int:
    """Return how many runs from a position on carry a mark."""
    end = position
    while end < len(marks) and mark in marks[end]:
        end += 1
    return end - position


def start_tag(mark: str | Link, tags: Mapping[str, str], links: Mapping[str, str]) -> str:
    if isinstance(mark, str):
        return f"<{tags.get(mark, mark)}>"
    address = dict(mark).get("href", "")
    return links.get(address) or "<a" + "".join(f' {k}="{escape(v)}"' for k, v in mark) + ">"


def end_tag(mark: str | Link, tags: Mapping[str, str]) -> str:
    return f"</{tags.get(mark, mark)}>" if isinstance(mark, str) else "</a>"


def to_wagtail(html: str) -> tuple[str, dict[str, str]] | None:
    """Return WordPress's inner HTML of a paragraph as Wagtail's editor keeps it, or None.

    Beside it come the start tags of links by address, since Wagtail keeps the address alone.
    """
    runs = read_inline(html)
    if runs is None:
        return None
    links = links_in(html)
    if links is None:
        return None
    plain = [run._replace(link=plain_link(run.link)) for run in runs]
    return write_inline(plain, WAGTAIL_TAGS), links


def plain_link(link: Link | None) -> Link | None:
    return (("href", dict(link).get("href", "")),) if link else None


def links_in(html: str) -> dict[str, str] | None:
    """Return the start tags of links by address; None if one address has two of them."""
    found: dict[str, str] = {}
    for token in TOKEN.finditer(html):
        if not token[1] and (token[2] or "").lower() == "a":
            address = attributes_of(token[3]).get("href")
            if address is None or found.setdefault(address, token[0]) != token[0]:
                return None
    return found


def words_of(html: str) -> str:
    """Return HTML without elements as plain words on one line."""
    return SPACES.sub(" ", unescape(html)).strip()


def write_lists(
    items: Sequence[Part],
    *,
    tags: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    as_blocks: bool = False,
) -> list[tuple[bool, str]]:
    """Return lists as pairs: whether it is ordered, and the HTML of its items.

    `as_blocks` writes the block editor's comments around inner lists and items.
    """  # fmt: skip
    before, after = (
        ("<!-- wp:list-item -->\n", "\n<!-- /wp:list-item -->") if as_blocks else ("", "")
    )
    lists: list[tuple[bool, list[str]]] = []
    position = 0
    while position < len(items):
        item = items[position]
        begun = position = position + 1
        while position < len(items) and items[position].depth > item.depth:
            position += 1
        below = items[begun:position]
        inner = "".join(
            list_block(is_ordered, html) if as_blocks else list_element(is_ordered, html)
            for is_ordered, html in write_lists(below, tags=tags, links=links, as_blocks=as_blocks)
        )
        if not lists or lists[-1][0] != item.is_ordered:
            lists.append((item.is_ordered, []))
        words = write_inline(item.runs, tags, links)
        lists[-1][1].append(f"{before}<li>{words}{inner}</li>{after}")
    return [(is_ordered, ("\n\n" if as_blocks else "").join(html)) for is_ordered, html in lists]


def list_element(is_ordered: bool, html: str) -> str:
    tag = "ol" if is_ordered else "ul"
    return f"<{tag}>{html}</{tag}>"


def list_block(is_ordered: bool, html: str) -> str:
    attributes = '{"ordered":true} ' if is_ordered else ""
    return f"<!-- wp:list {attributes}-->\n{list_element(is_ordered, html)}\n<!-- /wp:list -->"
