"""WordPress's block serialisation, read into a tree of places in the text. Pure, in linear time."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# Blocks below this depth are taken for text of the one around them.
DEEPEST = 40

# Spaces are those of PCRE without /u, so the text is cut where WordPress cuts it.
OPENING = re.compile(
    r"<!--\s+(?P<closer>/)?wp:(?P<space>[a-z][a-z0-9_-]*/)?(?P<name>[a-z][a-z0-9_-]*)\s+", re.ASCII
)
BARE_END = re.compile(r"(?P<void>/)?-->")
ESCAPE = re.compile(r"\\([\"\\])")
JSON_END = re.compile(r"}\s+(?P<void>/)?-->", re.ASCII)


@dataclass(slots=True)
class Block:
    """A block as a place in its text; the document itself is a block without a name.

    `start` and `end` hold the comments around it, `opened` and `closed` what lies between them.
    `written_attributes` is the JSON as it stands in the opening comment, "" where there is none.
    """

    source: str = field(repr=False)
    name: str
    written_attributes: str
    start: int
    opened: int
    closed: int = 0
    end: int = 0
    children: "list[Block]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """The block as it is written, comments and all."""
        return self.source[self.start : self.end]

    @property
    def opening(self) -> str:
        return self.source[self.start : self.opened]

    @property
    def closing(self) -> str:
        return self.source[self.closed : self.end]

    @property
    def inner(self) -> str:
        """What stands between the comments, inner blocks with theirs."""
        return self.source[self.opened : self.closed]

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes; none where the JSON cannot be read, as WordPress takes it."""
        try:
            found = json.loads(self.written_attributes or "{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def parts(self) -> "Iterator[str | Block]":
        """Yield HTML and inner blocks in turn; the HTML before, between and after may be empty."""
        position = self.opened
        for child in self.children:
            yield self.source[position : child.start]
            yield child
            position = child.end
        yield self.source[position : self.closed]


def parse(text: str) -> Block:
    """Return the document that a text is.

    As in WordPress a closing comment closes the innermost block whatever its name, a comment that
    is no delimiter is text, and what follows a closing comment that closes nothing is text. Blocks
    that are never closed end with the text; WordPress gives their contents out several times, which
    nobody wants back.
    """
    document = Block(text, "", "", 0, 0, len(text), len(text))
    stack, too_deep = [document], 0
    for match, attributes, is_void, end in delimiters(text):
        if match["closer"] and not is_void:
            if too_deep:
                too_deep -= 1
            elif len(stack) == 1:
                break
            else:
                block = stack.pop()
                block.closed, block.end = match.start(), end
            continue
        if len(stack) > DEEPEST:
            too_deep += not is_void
            continue
        name = (match["space"] or "core/") + match["name"]
        block = Block(text, name, attributes, match.start(), end)
        stack[-1].children.append(block)
        if is_void:
            block.closed = block.end = end
        else:
            stack.append(block)
    for block in stack[1:]:
        block.closed = block.end = len(text)
    return document


def delimiters(text: str) -> Iterator[tuple[re.Match[str], str, bool, int]]:
    """Yield each delimiter: how it opens, its attributes, whether it is void, where it ends."""
    position = 0
    ending = JSON_END.search(text)
    while match := OPENING.search(text, position):
        position = match.end()
        attributes = ""
        if text.startswith("{", position):
            # One search serves all openings before its find, or a hostile text would cost a square.
            if ending is not None and ending.start() < position:
                ending = JSON_END.search(text, position)
            end = ending
            if end is not None:
                attributes = text[position : end.start() + 1]
        else:
            end = BARE_END.match(text, position)
        if end is None:
            continue
        position = end.end()
        yield match, attributes, end["void"] is not None, position


def has_blocks(text: str) -> bool:
    """Tell whether a text is of the block editor, as WordPress decides it; else it is classic."""
    return "<!-- wp:" in text


def opening_of(name: str, attributes: dict[str, Any]) -> str:
    """Return the opening comment of a block as the block editor writes it."""
    return f"<!-- wp:{name.removeprefix('core/')} {json_of(attributes)}-->"


def closing_of(name: str) -> str:
    return f"<!-- /wp:{name.removeprefix('core/')} -->"


def json_of(attributes: dict[str, Any]) -> str:
    """Return attributes as JSON that cannot end the comment it stands in, and a space."""
    if not attributes:
        return ""
    written = json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))
    for sign, escaped in (("--", r"\u002d\u002d"), ("<", r"\u003c"), (">", r"\u003e"),
                          ("&", r"\u0026")):  # fmt: skip
        written = written.replace(sign, escaped)
    return ESCAPE.sub(lambda pair: r"\u0022" if pair[1] == '"' else r"\u005c", written) + " "
