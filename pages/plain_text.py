"""Paragraphs of plain text: lines joined where a text is wrapped, and apart where not. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

BULLET = re.compile(r"\s*(?:[•▪◦·*–-]\s|\(?[\dA-Za-z]{1,3}[.)、]|[（(第【一二三四五六七八九十])")
ENDED = re.compile(r"[.:;!?。：；！？][”’\")）]*\s*$")
HAN_EDGE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
LONGEST_WRAPPED = 110
SHORTEST_BROKEN = 30


class TextLine(NamedTuple):
    """A line of a text: its number, its words as they stand, whether it goes on from the last."""

    number: int
    raw: str
    goes_on: bool


def lines_of_text(text: str) -> Iterator[TextLine]:
    """Yield the lines of a text, empty ones too; in a text that is not wrapped none goes on."""
    lines = text.split("\n")
    width = width_of(lines)
    before = ""
    for number, line in enumerate(lines, start=1):
        yield TextLine(number, line, goes_on(before, line, width))
        before = line


def paragraphs_of_text(text: str) -> Iterator[list[TextLine]]:
    """Yield the paragraphs of a text, each as its lines."""
    lines: list[TextLine] = []
    for line in lines_of_text(text):
        if not line.goes_on and lines:
            yield lines
            lines = []
        if line.raw.strip():
            lines.append(line)
    if lines:
        yield lines


def goes_on(before: str, line: str, width: int) -> bool:
    if not width or not before.strip() or not line.strip() or BULLET.match(line):
        return False
    # Whoever broke a line on which the next word had room meant to begin anew.
    return len(before.rstrip()) + 1 + len(line.split()[0]) > 0.8 * width


def width_of(lines: Sequence[str]) -> int:
    """Return the width at which a text breaks its paragraphs; 0 where each is one line."""
    filled = [line for line in lines if line.strip()]
    width = max(map(len, filled), default=0)
    if width > LONGEST_WRAPPED:
        return 0
    inner = [
        line
        for line, following in pairwise(lines)
        if line.strip() and following.strip() and not BULLET.match(following)
    ]
    broken = [line for line in inner if len(line) > SHORTEST_BROKEN and not ENDED.search(line)]
    return width if len(broken) > 2 and 2 * len(broken) >= len(inner) else 0


def joined(before: str, line: str) -> str:
    """Return two lines of a paragraph as one; Chinese goes on without a space."""
    first, second = before.rstrip(), line.lstrip()
    between = "" if HAN_EDGE.match(first[-1]) and HAN_EDGE.match(second[0]) else " "
    return f"{first}{between}{second}"
