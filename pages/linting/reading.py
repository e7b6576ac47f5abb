"""Reading text, Markdown, HTML and clauses into a source that the checks understand. Pure."""

import re
from collections.abc import Iterable
from html import escape, unescape
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pages.anchors import KRAMDOWN, folded
from pages.clauses import BLOCK_EDGE, TAG, Clause
from pages.importing import is_heading, without_front_matter
from pages.linting.building import Builder, Text
from pages.linting.findings import Link, Source, SourceLine
from pages.linting.labels import label_of
from pages.plain_text import paragraphs_of_text

BARE_URL = re.compile(r"(?:https?://|mailto:)[^\s<>\"'“”‘’（）()\u3000-\u9fff]+", re.IGNORECASE)


def read_source(text: str, kind: str) -> Source:
    """Return the source of a text of kind "text", "markdown" or "html"; lines count from 1."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if kind == "html":
        return read_html(text)
    return read_markdown(without_front_matter(text)) if kind == "markdown" else read_text(text)


def read_text(text: str) -> Source:
    """Read plain text: a line is a paragraph, unless the text is wrapped."""
    builder = Builder()
    for lines in paragraphs_of_text(text):
        builder.flush()
        first = lines[0]
        indent = len(first.raw.expandtabs()) - len(first.raw.expandtabs().lstrip())
        words = " ".join(first.raw.split())
        label, rest = label_of(words)
        if len(lines) == 1 and label and is_heading(rest):
            builder.open_section(rest)
            builder.lines.append(
                SourceLine(first.number, words, True, anchor=builder.section, indent=indent)
            )
            continue
        builder.indent = indent
        builder.block.add(first.raw, first.number)
        for line in lines[1:]:
            # The line end keeps two joined lines apart.
            builder.block.add(f"\n{line.raw}", line.number - 1)
    source = builder.source()
    links = [
        Link(line.line_at(url.start()), url.group().rstrip(".,;:"), url.group().rstrip(".,;:"))
        for line in source.lines
        for url in BARE_URL.finditer(line.text)
    ]
    return Source(source.lines, source.anchors, links)


class HtmlReader(HTMLParser):
    """Passes tags and text on to a builder, with the line on which each begins."""

    def __init__(self, builder: Builder, first_line: int = 1) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = builder
        self.base = first_line - 1

    @property
    def line(self) -> int:
        return self.base + self.getpos()[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.open_tag(tag, dict(attrs), self.line)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML knows no self-closing tags: <a id="x"/> is an open one, as browsers read it. Only
        # pictures have them.
        if tag != "svg":
            self.builder.open_tag(tag, dict(attrs), self.line)

    def handle_endtag(self, tag: str) -> None:
        self.builder.close_tag(tag, self.line)

    def handle_data(self, data: str) -> None:
        self.builder.text(data, self.line)


def read_html(text: str) -> Source:
    """Read an HTML page or fragment."""
    builder = Builder()
    reader = HtmlReader(builder)
    reader.feed(text)
    reader.close()
    return builder.source()


def read_markdown(text: str) -> Source:
    """Read Markdown with tables, raw HTML and the attributes that kramdown adds."""
    builder = Builder()

    def take_attributes(found: re.Match[str]) -> str:
        builder.anchors.update(re.findall(r"#([\w-]+)", found.group(1)))
        return ""

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    line = 1
    for token in parser.parse(KRAMDOWN.sub(take_attributes, text)):
        if token.map:
            line = token.map[0] + 1
        take_block(builder, token, line)
    return builder.source()


def take_block(builder: Builder, token: Token, line: int) -> None:
    if token.type == "inline":
        take_inline(builder, token.children or [], line)
    elif token.type == "html_block":
        reader = HtmlReader(builder, line)
        reader.feed(token.content)
        reader.close()
        builder.flush()
    elif token.type in {"fence", "code_block"}:
        builder.flush()
        first = line + 1 if token.type == "fence" else line
        for number, words in enumerate(token.content.splitlines(), start=first):
            if words.strip():
                builder.lines.append(
                    SourceLine(number, words.strip(), in_code=True, anchor=builder.section)
                )
    elif token.nesting == 1:
        builder.open_tag(token.tag, attributes_of(token), line)
        if token.type == "list_item_open" and token.info:
            builder.marker = f"{token.info}{token.markup}"
    elif token.nesting == -1:
        builder.close_tag(token.tag, line)


def take_inline(builder: Builder, tokens: Iterable[Token], line: int) -> None:
    for token in tokens:
        if token.type in {"text", "text_special"}:
            builder.text(token.content, line)
        elif token.type == "code_inline":
            builder.text(f"`{token.content}`", line)
        elif token.type == "softbreak":
            builder.text("\n", line)
            line += 1
        elif token.type == "hardbreak":
            builder.flush()
            line += 1
        elif token.type == "image":
            alt = token.content or None
            builder.open_tag("img", {**attributes_of(token), "alt": alt}, line)
            if alt is None:
                builder.images[-1] = type(builder.images[-1])(line, builder.images[-1].src, None)
        elif token.type == "html_inline":
            HtmlReader(builder, line).feed(token.content)
            line += token.content.count("\n")
        elif token.nesting == 1:
            builder.open_tag(token.tag, attributes_of(token), line)
        elif token.nesting == -1:
            builder.close_tag(token.tag, line)


def attributes_of(token: Token) -> dict[str, str | None]:
    return {name: str(value) for name, value in token.attrs.items()}


EDGE, ITEM, CELL = "\ue000", "\ue001", "\ue002"
LINK_START, LINK_END = "\ue003", "\ue004"
MARKS = re.compile("[\ue000-\ue004]")
HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
LINK_TAG = re.compile(r"<a\b[^>]*>|</a\s*>", re.IGNORECASE)


def source_of_clauses(clauses: Iterable[Clause]) -> Source:
    """Return the source of clauses; its lines are those of the plain text `to_text` gives."""
    lines: list[SourceLine] = []
    links: list[Link] = []
    anchors: set[str] = set()
    number = 1
    for clause in clauses:
        anchors.add(folded(clause["anchor"]))
        start, label = number, clause["label"]
        if clause["heading"]:
            lines.append(
                SourceLine(
                    number,
                    label + clause["heading"],
                    True,
                    anchor=clause["anchor"],
                    level=clause["level"],
                )
            )
            number, label = number + 1, ""
        body, number = lines_of(clause, label, number, links)
        lines += body
        number += number > start
    return Source(lines, frozenset(anchors), links)


def lines_of(
    clause: Clause, label: str, number: int, links: list[Link]
) -> tuple[list[SourceLine], int]:
    """Return a clause's lines below its heading, and the number after the last of them."""
    hrefs: list[str] = []

    def mark_link(tag: re.Match[str]) -> str:
        if tag.group().startswith("</"):
            return LINK_END
        href = HREF.search(tag.group())
        if href is None:
            return ""
        hrefs.append(unescape(next(filter(None, href.groups()), "")))
        return LINK_START

    def mark_edge(tag: re.Match[str]) -> str:
        name = tag.group().lower()
        return f"\n{EDGE}{ITEM if name.startswith('<li') else ''}"

    html = LINK_TAG.sub(mark_link, MARKS.sub("", clause["html"]))
    if label:
        opened = re.match(r"(?:\s*<(?:p|ul|ol|li)\b[^>]*>)*", html)
        end = opened.end() if opened else 0
        html = f"{html[:end]}{escape(label, quote=False)}{html[end:]}"
    plain = unescape(TAG.sub("", BLOCK_EDGE.sub(mark_edge, html)))
    found: list[SourceLine] = []
    block, in_list, link_start, link_line = Text(), False, "", 0
    is_open = False

    def flush() -> None:
        nonlocal block
        if block.words:
            found.append(
                SourceLine(
                    block.first,
                    block.words,
                    in_list=in_list,
                    anchor=clause["anchor"],
                    breaks=tuple(block.breaks),
                )
            )
        block = Text()

    position = 0
    for raw in plain.splitlines():
        if EDGE in raw:
            flush()
            in_list = ITEM in raw or (in_list and not MARKS.sub("", raw).strip())
        for part in re.split(
            f"([{LINK_START}{LINK_END}])", raw.replace(EDGE, "").replace(ITEM, "")
        ):
            if part == LINK_START:
                is_open, link_start, link_line = True, "", number
            elif part == LINK_END:
                if is_open:
                    links.append(Link(link_line, hrefs[position], " ".join(link_start.split())))
                    position += 1
                is_open = False
            else:
                link_start += part
                block.add(part, number)
        if MARKS.sub("", raw).strip():
            number += 1
            block.is_space_due = True
            block.is_wrapped = True
    flush()
    return found, number
