"""Reading a policy from text, Markdown or HTML into clauses, without losing a word. Pure.

A numbered line becomes a clause of its own, nested by the style of its number; it is a heading
only where it is short and ends like one. So is a line in bold, or one that stands alone above
longer ones, in a text that marks its headings that way. What is uncertain stays a paragraph.
"""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt

from pages.anchors import lead_links
from pages.errors import PolicyImportError
from pages.html_blocks import Block, read_blocks
from pages.numbering import Depths, Label, split_label
from pages.plain_text import TextLine, joined, paragraphs_of_text

Part = dict[str, Any]

LONGEST_HEADING = 90
# About ten times the longest policy that was seen.
LONGEST = 2_000_000
DEEPEST_LEVEL = 6
ENDS = (".", "。", ";", "；", ",", "，", ":", "：", "!", "！", "?", "？")
FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n(?P<inner>.*?\n)?\1[ \t]*(?:\n|\Z)", re.DOTALL)
METADATA = re.compile(r"\s*$|\s*#|\s+\S|[\w\"'.-]+\s*[:=](?:\s|$)|-\s|[\[\]{}]|\[\[?[\w.-]+\]\]?$")
BOLD = re.compile(r"(?:<p>\s*<(b|strong)>(?:(?!</\1>).)*</\1>\s*</p>\s*)+", re.DOTALL)
# More than so many lines in a row that look like headings are a list or an address.
LONGEST_RUN = 2
FEWEST_LONE_HEADINGS = 3


def read_policy(source: str, kind: str) -> list[Part]:
    """Return the clauses of a source of kind "text", "markdown" or "html".

    Raises PolicyImportError for what is too long or too deeply nested to be a policy.
    """
    source = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\0", "")
    if len(source) > LONGEST:
        raise PolicyImportError
    if kind == "markdown":
        return from_html(render_markdown(without_front_matter(source)))
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
    if not text.removeprefix("\ufeff").strip():
        raise PolicyImportError(f"{path} holds no text.")
    if len(text) > LONGEST:
        raise PolicyImportError
    return text


def kind_of(name: str) -> str:
    """Return text, markdown or html by a file's ending."""
    ending = name.lower().rpartition(".")[2]
    return {"md": "markdown", "markdown": "markdown", "html": "html", "htm": "html"}.get(
        ending, "text"
    )


def without_front_matter(source: str) -> str:
    """Return Markdown with its metadata blanked, so that lines keep their numbers.

    Words between two rules are no metadata: each of its lines names something, or goes on.
    """
    matter = FRONT_MATTER.match(source)
    if matter is None:
        return source
    lines = (matter["inner"] or "").splitlines()
    if not all(METADATA.match(line) for line in lines):
        return source
    return "\n" * matter.group().count("\n") + source[matter.end() :]


def render_markdown(source: str) -> str:
    return str(
        MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(source)
    )


def from_text(source: str) -> list[Part]:
    """Return clauses of plain text: a numbered line begins one, others are its paragraphs."""
    paragraphs = [
        (lines, words) for lines in paragraphs_of_text(source) if (words := words_of_lines(lines))
    ]
    lines = [Line(words, f"<p>{escape(words, quote=False)}</p>", is_lone=is_lone(lines, words))
             for lines, words in paragraphs]  # fmt: skip
    headings = lone_headings(lines)
    return build(lines, headings if len(headings) >= FEWEST_LONE_HEADINGS else set())


def words_of_lines(lines: Sequence[TextLine]) -> str:
    words = ""
    for line in lines:
        own = " ".join(line.raw.split())
        words = joined(words, own) if words and own else words or own
    return words


def from_html(source: str) -> list[Part]:
    """Return clauses of HTML: headings begin them, other blocks become paragraphs and lists."""
    lines = [Line.of(block) for block in read_blocks(source)]
    return build(lines, lone_headings(lines))


class Line(NamedTuple):
    """A paragraph, heading or list, as words and as HTML; `is_lone` if it may be a heading."""

    words: str
    html: str
    kind: str = "paragraph"
    level: int = 0
    is_lone: bool = False
    ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, block: Block) -> "Line":
        words = block.words
        is_lone = block.kind == "paragraph" and is_all_bold(block.html) and may_head(words)
        is_lone = is_lone and "<a " not in block.html and "<br" not in block.html
        return cls(words, block.html, block.kind, block.level, is_lone, block.ids)


def is_lone(lines: Sequence[TextLine], words: str) -> bool:
    """Tell whether a paragraph of plain text looks like a heading without a number."""
    return (
        len(lines) == 1
        and split_label(words)[0] is None
        and may_head(words)
        and (words[0].isupper() or not words[0].isascii())
        and words[0].isalpha()
        and not re.search(r"[@:：|]|\w\.\w", words)
    )


def may_head(words: str) -> bool:
    return is_heading(words) and len(words) <= 2 * LONGEST_HEADING / 3


def lone_headings(lines: Sequence[Line]) -> set[int]:
    """Return the positions of lines that head what follows, told by their looks alone.

    Such a line stands above a longer one; several in a row are a list.
    """
    found: set[int] = set()
    run: list[int] = []
    for position, line in enumerate(lines):
        if line.is_lone:
            run.append(position)
            continue
        is_list = run and run[0] and lines[run[0] - 1].words.endswith((":", "："))
        if len(run) <= LONGEST_RUN and not is_list and line.kind != "heading" and is_text(line):
            found |= set(run)
        run.clear()
    return found


def is_text(line: Line) -> bool:
    return (
        line.kind in {"list", "cell"}
        or len(line.words) > LONGEST_HEADING
        or line.words.endswith(ENDS)
    )


def build(lines: Sequence[Line], headings: set[int]) -> list[Part]:
    """Put headings, numbered lines and paragraphs together into nested clauses."""
    numbered = sum(
        1 for line in lines
        if line.kind == "paragraph" and is_heading(split_label(line.words)[1] or line.words)
        and split_label(line.words)[0]
    )  # fmt: skip
    builder = Builder(unnumbered_lead=len(headings) >= numbered)
    for position, line in enumerate(lines):
        if line.kind == "heading":
            builder.add_heading(line.words, max(line.level, 2))
        elif position in headings and split_label(line.words)[0] is None:
            builder.add_lone_heading(line.words)
        elif line.kind == "paragraph":
            builder.add_line(line.words, line.html)
        else:
            builder.add_html(line.html)
        builder.parts[-1]["ids"] += line.ids
    lead_links(builder.parts)
    for each in builder.parts:
        each["is_emphasised"] = is_all_bold(each["html"])
    return builder.parts


class Builder:
    """Nests clauses by the level of their headings and the style of their numbers.

    `unnumbered_lead` tells that headings without a number stand above those with one.
    """

    def __init__(self, *, unnumbered_lead: bool) -> None:
        self.parts: list[Part] = []
        self._leads = unnumbered_lead
        self._depths = Depths()
        self._base = self._level = 1

    def add_heading(self, words: str, level: int) -> None:
        """Begin a clause below a heading that the source's markup names as one."""
        label, rest = split_label(words)
        self._base = self._level = level
        self._depths.forget()
        self.parts.append(part(rest, level, label))

    def add_lone_heading(self, words: str) -> None:
        """Begin a clause below a heading that only its looks tell."""
        if self._leads:
            self._depths.forget()
            self._level = self._base + 1
            self.parts.append(part(words, self._level))
        else:
            self.parts.append(part(words, self._level + 1 + self._depths.open))

    def add_line(self, words: str, html: str) -> None:
        """Add a paragraph, given as words and as HTML; a numbered one begins a clause."""
        label, rest = split_label(words)
        text = without_label(html, label) if label else None
        if label is None or text is None:
            self.add_html(html)
            return
        level = self._level + 1 + self._depths.of(label)
        if is_heading(rest) and not re.search(r"<(?:a|br)\b", text):
            self.parts.append(part(rest, level, label))
        else:
            self.parts.append(part("", level, label))
            self.parts[-1]["html"] = text

    def add_html(self, html: str) -> None:
        if not self.parts:
            self.parts.append(part(""))
        self.parts[-1]["html"] += html


def is_heading(line: str) -> bool:
    return len(line) <= LONGEST_HEADING and not line.endswith(ENDS)


def is_all_bold(html: str) -> bool:
    """Tell whether a clause consists of bold paragraphs only, as important clauses are marked."""
    return BOLD.fullmatch(html) is not None


def without_label(html: str, label: Label) -> str | None:
    """Return a paragraph's HTML without its number, which may stand in marks of its own."""
    wanted, position, kept = "".join(label.printed.split()), 0, ""
    for piece in re.finditer(r"<[^>]*>|&[#\w]+;|.", html, re.DOTALL):
        if position == len(wanted):
            kept += html[piece.start() :]
            break
        if piece[0].startswith("<"):
            kept += piece[0]
        elif piece[0] == wanted[position]:
            position += 1
        elif not piece[0].isspace() and piece[0] != "&nbsp;":
            return None
    emptied = re.sub(r"<(b|strong|i|em)>\s*</\1>", "", kept)
    return re.sub(r"^<p>((?:<[^/][^>]*>)*)(?:\s|&nbsp;)+", r"<p>\1", emptied)


def part(heading: str, level: int = 2, label: Label | None = None) -> Part:
    return {"label": label.printed if label else "", "heading": heading,
            "level": min(level, DEEPEST_LEVEL), "html": "", "is_emphasised": False,
            "is_sensitive": False, "ids": []}  # fmt: skip
