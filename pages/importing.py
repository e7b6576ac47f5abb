"""Reading a policy from text, Markdown or HTML into clauses, without losing a word. Pure.

A numbered line becomes a clause of its own, nested by the style of its number; it is a heading
only where it is short and ends like one. What is uncertain stays a paragraph.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import nh3
from markdown_it import MarkdownIt

from pages.errors import PolicyImportError
from pages.numbering import Depths, Label, split_label

Part = dict[str, Any]

INLINE_TAGS = {"b", "strong", "i", "em", "a", "br"}
BLOCK_TAGS = {"p", "ol", "ul", "li"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
UNREAD = ("script", "style", "template", "head", "noscript")
LONGEST_HEADING = 90
# About ten times the longest policy that was seen.
LONGEST = 2_000_000
DEEPEST = 400
ENDS = (".", "。", ";", "；", ",", "，", ":", "：", "!", "！", "?", "？")
FRONT_MATTER = re.compile(r"\A---\r?\n.*?\r?\n---\r?\n", re.DOTALL)


def read_policy(source: str, kind: str) -> list[Part]:
    """Return the clauses of a source of kind "text", "markdown" or "html".

    Raises PolicyImportError for what is too long or too deeply nested to be a policy.
    """
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\0", "")
    if len(source) > LONGEST:
        raise PolicyImportError
    if kind == "markdown":
        return from_html(render_markdown(FRONT_MATTER.sub("", source)))
    if kind == "html":
        return from_html(source)
    return from_text(source)


def read_file(path: Path) -> str:
    """Return a file's text; PolicyImportError says why there is none."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise PolicyImportError(f"{path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise PolicyImportError(f"{path} is not UTF-8 text. Save it as UTF-8.") from error
    if not text.strip():
        raise PolicyImportError(f"{path} holds no text.")
    return text


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
    """Return clauses of plain text: a numbered line begins one, other lines are its paragraphs."""
    builder = Builder()
    for line in source.splitlines():
        if words := " ".join(line.split()):
            builder.add_line(words, f"<p>{escape(words, quote=False)}</p>")
    return builder.parts


class Builder:
    """Puts headings, numbered lines and paragraphs together into nested clauses."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._depths = Depths()
        self._level = 1

    def add_heading(self, words: str, level: int) -> None:
        """Begin a clause below a heading that the source's markup names as one."""
        label, rest = split_label(words)
        self._level = level
        self._depths.forget()
        self.parts.append(part(rest, level, label))

    def add_line(self, words: str, html: str) -> None:
        """Add a paragraph, given as words and as HTML; a numbered one begins a clause."""
        label, rest = split_label(words)
        if label is None or not html.startswith(f"<p>{escape(label.printed, quote=False)}"):
            self.add_html(html)
            return
        level = self._level + 1 + self._depths.of(label)
        if is_heading(rest):
            self.parts.append(part(rest, level, label))
        else:
            self.parts.append(part("", level, label))
            self.parts[-1]["html"] = f"<p>{html[3 + len(escape(label.printed, quote=False)) :]}"

    def add_html(self, html: str) -> None:
        if not self.parts:
            self.parts.append(part(""))
        self.parts[-1]["html"] += html


def is_heading(line: str) -> bool:
    return len(line) <= LONGEST_HEADING and not line.endswith(ENDS)


def part(heading: str, level: int = 2, label: Label | None = None) -> Part:
    return {"label": label.printed if label else "", "heading": heading, "level": level,
            "html": "", "is_emphasised": False, "is_sensitive": False}  # fmt: skip


def from_html(source: str) -> list[Part]:
    """Return clauses of HTML: headings begin them, other blocks become paragraphs and lists."""
    if not source.strip():
        return []
    # Past libxml2's own limit of depth words would be dropped without a sign.
    parser = lxml.html.HTMLParser(huge_tree=True)
    whole = f"<div>{source}</div>" if "<body" not in source else source
    document = lxml.html.fromstring(whole, parser=parser)
    if is_deeper_than(DEEPEST, document):
        raise PolicyImportError
    body = document.find("body") if document.tag == "html" else document
    builder = Builder()
    for tag, html in blocks_of(body if body is not None else document):
        clean = nh3.clean(html, tags=INLINE_TAGS | BLOCK_TAGS, clean_content_tags=set(UNREAD[:2]))
        words = words_in(clean)
        if tag in HEADINGS:
            if words:
                builder.add_heading(words, max(int(tag[1]), 2))
            continue
        if words and tag == "p":
            builder.add_line(words, clean)
        elif words:
            builder.add_html(clean)
    for each in builder.parts:
        each["is_emphasised"] = is_all_bold(each["html"])
    return builder.parts


def is_deeper_than(limit: int, document: Any) -> bool:
    depth = 0
    for event, _element in lxml.etree.iterwalk(document, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            return True
    return False


def words_in(html: str) -> str:
    return " ".join(lxml.html.fromstring(f"<div>{html}</div>").text_content().split())


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
