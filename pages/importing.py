"""Reading a policy from text, Markdown or HTML into clauses, without losing a word. Pure.

A line becomes a heading only where its numbering says so; what is uncertain stays a paragraph.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import lxml.html
import nh3
from markdown_it import MarkdownIt

Part = dict[str, Any]

INLINE_TAGS = {"b", "strong", "i", "em", "a", "br"}
BLOCK_TAGS = {"p", "ol", "ul", "li"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
UNREAD = ("script", "style", "template", "head", "noscript")
NUMERALS = "一二三四五六七八九十百零〇"
HEADING_LINE = re.compile(
    rf"(?:[•▪◦*-]\s*)?(?:"
    rf"第[{NUMERALS}\d]+[条章节]|[{NUMERALS}]+\s*[、,，.．：:]|[{NUMERALS}]+\s+\S|\d{{1,2}}[.．、]\s*\D"
    r"|(?:Article|Section|Part|Chapter)\s+\w+)"
)
LONGEST_HEADING = 90
FRONT_MATTER = re.compile(r"\A---\r?\n.*?\r?\n---\r?\n", re.DOTALL)


def read_policy(source: str, kind: str) -> list[Part]:
    """Return the clauses of a source of kind "text", "markdown" or "html"."""
    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    if kind == "markdown":
        return from_html(render_markdown(FRONT_MATTER.sub("", source)))
    if kind == "html":
        return from_html(source)
    return from_text(source)


def kind_of(name: str) -> str:
    """Return text, markdown or html by a file's ending."""
    ending = name.lower().rpartition(".")[2]
    return {"md": "markdown", "markdown": "markdown", "html": "html", "htm": "html"}.get(
        ending, "text"
    )


def render_markdown(source: str) -> str:
    return str(
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(source)
    )


def from_text(source: str) -> list[Part]:
    """Return clauses of plain text: numbered short lines head what follows them."""
    parts: list[Part] = []
    for line in source.splitlines():
        words = " ".join(line.split())
        if not words:
            continue
        if is_heading(words):
            parts.append(part(words))
        else:
            if not parts:
                parts.append(part(""))
            parts[-1]["html"] += f"<p>{escape(words, quote=False)}</p>"
    return parts


def is_heading(line: str) -> bool:
    return (
        len(line) <= LONGEST_HEADING
        and HEADING_LINE.match(line) is not None
        and not line.endswith((".", "。", ";", "；", ",", "，"))
    )


def part(heading: str, level: int = 2) -> Part:
    return {"heading": heading, "level": level, "html": "", "is_emphasised": False,
            "is_sensitive": False}  # fmt: skip


def from_html(source: str) -> list[Part]:
    """Return clauses of HTML: headings begin them, other blocks become paragraphs and lists."""
    if not source.strip():
        return []
    document = lxml.html.fromstring(f"<div>{source}</div>" if "<body" not in source else source)
    body = document.find("body") if document.tag == "html" else document
    parts: list[Part] = []
    for tag, html in blocks_of(body if body is not None else document):
        if tag in HEADINGS:
            text = lxml.html.fromstring(f"<div>{html}</div>").text_content()
            if words := " ".join(text.split()):
                parts.append(part(words, 2 if tag in {"h1", "h2"} else 3))
            continue
        clean = nh3.clean(html, tags=INLINE_TAGS | BLOCK_TAGS, clean_content_tags=set(UNREAD[:2]))
        if not lxml.html.fromstring(f"<div>{clean}</div>").text_content().strip():
            continue
        if not parts:
            parts.append(part(""))
        parts[-1]["html"] += clean
    for each in parts:
        each["is_emphasised"] = is_all_bold(each["html"])
    return parts


def is_all_bold(html: str) -> bool:
    """Tell whether a clause consists of bold paragraphs only, as important clauses are marked."""
    return (
        re.fullmatch(r"(?:<p>\s*<(b|strong)>(?:(?!</\1>).)*</\1>\s*</p>\s*)+", html, re.S)
        is not None
    )


def blocks_of(element: Any) -> Iterator[tuple[str, str]]:
    """Yield headings, paragraphs and lists in reading order; loose words become paragraphs."""
    loose: list[str] = []

    def flush() -> Iterator[tuple[str, str]]:
        html = "".join(loose)
        loose.clear()
        if html.strip():
            yield "p", f"<p>{html.strip()}</p>"

    def add_text(text: str | None) -> None:
        if text:
            loose.append(escape(text, quote=False))

    add_text(element.text)
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if not tag or tag in UNREAD:
            add_text(child.tail)
            continue
        if tag in HEADINGS:
            yield from flush()
            yield tag, inner_html(child)
        elif tag in {"ol", "ul"} and not child.xpath(
            ".//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//table"
        ):
            yield from flush()
            yield tag, outer_html(child)
        elif tag == "p" and not any(is_block(inner) for inner in child.iterdescendants()):
            yield from flush()
            yield "p", f"<p>{inner_html(child)}</p>"
        elif is_block(child):
            yield from flush()
            yield from blocks_of(child)
        else:
            loose.append(outer_html(child))
        add_text(child.tail)
    yield from flush()


INLINE = {"a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "font",
          "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike",
          "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}  # fmt: skip


def is_block(element: Any) -> bool:
    return isinstance(element.tag, str) and element.tag not in INLINE


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
