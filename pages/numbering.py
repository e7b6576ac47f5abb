"""The printed numbers of clauses: read from a line, made by the software, compared. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

HAN = "零〇一二三四五六七八九十百"
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
# Each style of numbering and how its label looks; the first that matches a line's beginning wins.
STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("part", re.compile(rf"第(?P<n>[{HAN}\d]+)[编篇部]分?[\s、，：:.．]*")),
    ("chapter", re.compile(rf"第(?P<n>[{HAN}\d]+)章[\s、，：:.．]*")),
    ("section", re.compile(rf"第(?P<n>[{HAN}\d]+)节[\s、，：:.．]*")),
    ("article", re.compile(rf"第(?P<n>[{HAN}\d]+)条[\s、，：:.．]*")),
    ("word", re.compile(r"(?:Article|Section|Clause|Part|Chapter)\s+(?P<n>\d{1,2})\b[.:]?\s+")),
    ("han", re.compile(rf"(?P<n>[{HAN}]{{1,3}})\s*[、.．，：:]\s*")),
    ("han-bracket", re.compile(rf"[(（](?P<n>[{HAN}]{{1,3}})[)）]\s*[、.．]?\s*")),
    ("decimal", re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,2})+)(?:[.．、]\s*|\s+)(?=\D)")),
    ("digit", re.compile(r"(?P<n>\d{1,2})(?:[.．]\s*|、\s*)(?=[^\d\s])")),
    ("digit-bracket", re.compile(r"[(（](?P<n>\d{1,2})[)）]\s*[、.．]?\s*")),
    ("digit-closing", re.compile(r"(?P<n>\d{1,2})[)）]\s*")),
    ("circled", re.compile(r"(?P<n>[①-⑳])\s*")),
    ("roman-bracket", re.compile(r"[(（](?P<n>x?(?:ix|iv|v?i{1,3}|v|x))[)）]\s*", re.IGNORECASE)),
    ("letter-bracket", re.compile(r"[(（](?P<n>[A-Za-z])[)）]\s*")),
    ("letter-closing", re.compile(r"(?P<n>[A-Za-z])[)）]\s+")),
)


class Label(NamedTuple):
    """A printed number: as it stands (with the space after it), its style and its value."""

    printed: str
    style: str
    number: tuple[int, ...]

    @property
    def depth(self) -> int:
        return len(self.number)


def split_label(line: str) -> tuple[Label | None, str]:
    """Return the number a line begins with, or None, and what follows it."""
    for style, pattern in STYLES:
        if matched := pattern.match(line):
            rest = line[matched.end() :]
            if rest.strip():
                return Label(matched[0], style, value_of(style, matched["n"])), rest
    return None, line


def value_of(style: str, printed: str) -> tuple[int, ...]:
    """Return what a printed number stands for."""
    if style == "circled":
        return (ord(printed) - ord("①") + 1,)
    if style.startswith("letter"):
        return (ord(printed.lower()) - ord("a") + 1,)
    if style.startswith("roman"):
        return (ROMAN.index(printed.lower()) + 1 if printed.lower() in ROMAN else 0,)
    if printed[0].isdigit():
        return tuple(int(part) for part in printed.split("."))
    return (han_number(printed),)


def han_number(printed: str) -> int:
    """Return a Chinese numeral below a thousand as a number."""
    if printed.isdigit():
        return int(printed)
    total, digit = 0, 0
    for sign in printed:
        if sign == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif sign == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = max(HAN.index(sign) - 1, 0)
    return total + digit


class Depths:
    """Tells how deep a number stands, from the styles that stand above it."""

    def __init__(self) -> None:
        self._styles: list[str] = []

    def forget(self) -> None:
        self._styles.clear()

    @property
    def open(self) -> int:
        """How many styles stand above what follows."""
        return len(self._styles)

    def of(self, label: Label) -> int:
        """Return 0 for the outermost style; a style seen before leads back out to it."""
        style = f"{label.style}:{label.depth}" if label.style == "decimal" else label.style
        if style not in self._styles:
            self._styles.append(style)
        position = self._styles.index(style)
        del self._styles[position + 1 :]
        return position


def number_clauses(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts with decimal numbers by their level, where they have no printed one.

    A table belongs to the clause above it, and takes no number.
    """
    counters: list[int] = []
    base: int | None = None
    numbered = []
    for part in parts:
        if part["html"].startswith("<table") and not part["heading"]:
            numbered.append(dict(part))
            continue
        level = int(part["level"])
        base = level if base is None else min(base, level)
        depth = min(level - base, len(counters))
        del counters[depth + 1 :]
        if depth == len(counters):
            counters.append(0)
        counters[depth] += 1
        label = ".".join(map(str, counters)) + (". " if depth == 0 else " ")
        numbered.append({**part, "label": part.get("label") or label})
    return numbered
