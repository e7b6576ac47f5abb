"""Numbering the clauses of an imported text anew, in its own style, with its references. Pure."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from pages.numbering import HAN, Label, split_label

# How a sentence names a clause of the same text: by a word and a number, or in Chinese.
REFERENCE = re.compile(
    r"(?P<before>\b(?:[Ss]ections?|[Cc]lauses?|[Aa]rticles?|[Pp]aragraphs?|[Pp]arts?)\s+)"
    r"(?P<number>\d{1,2}(?:\.\d{1,2})*)(?![\d.]*\d)"
    rf"|(?P<zh_before>第)(?P<zh_number>[{HAN}\d]{{1,4}})(?P<zh_unit>[条章节])"
)
# A law's own clauses are no clauses of this text: its name stands close by.
LAW = re.compile(r"《|GDPR|CCPA|PIPL|Regulation|Directive|\bAct\b|\bCode\b|法")
NEAR = 40
UNITS = {"条": "article", "章": "chapter", "节": "section"}


class Renumbered(NamedTuple):
    """A clause's number before and after."""

    old: str
    new: str


def renumber(
    parts: Sequence[Mapping[str, Any]],
) -> tuple[list[dict[str, Any]], list[Renumbered]]:
    """Return the parts with gapless numbers and references that follow, and what changed.

    Numbers begin anew below each clause, unless a style went on counting across them in the text.
    A reference is changed only where its number is that of exactly one clause.
    """
    labels = [split_label(f"{part['label']}x")[0] if part.get("label") else None for part in parts]
    goes_on = styles_that_go_on(parts, labels)
    counters: dict[tuple[int, ...] | str, int] = defaultdict(int)
    above: list[tuple[int, int, tuple[int, ...]]] = []
    renumbered: list[dict[str, Any]] = []
    changes: list[Renumbered] = []
    moves: dict[tuple[str, str], set[str]] = defaultdict(set)
    for index, (part, label) in enumerate(zip(parts, labels, strict=True)):
        level = int(part["level"])
        while above and above[-1][0] >= level:
            above.pop()
        number: tuple[int, ...] = ()
        if label is None:
            renumbered.append(dict(part))
        else:
            scope = (label.style if label.style in goes_on
                     else (above[-1][1] if above else -1, len(label.style)))  # fmt: skip
            counters[scope] += 1
            parent = above[-1][2] if above and label.depth > 1 else label.number[:-1]
            number = (*parent, counters[scope]) if label.depth > 1 else (counters[scope],)
            printed = label.printed.replace(
                written(label.number, label.printed), written(number, label.printed), 1
            )
            renumbered.append({**part, "label": printed})
            moves[kind_of(label), dotted(label.number)].add(dotted(number))
            if printed != label.printed:
                changes.append(Renumbered(label.printed.strip(), printed.strip()))
        above.append((level, index, number))
    for part in renumbered:
        part["heading"] = follow(part["heading"], moves)
        part["html"] = follow(part["html"], moves)
    return renumbered, changes


def styles_that_go_on(
    parts: Sequence[Mapping[str, Any]], labels: Sequence[Label | None]
) -> set[str]:
    """Return the styles whose first number below a clause is not the first there is."""
    found: set[str] = set()
    seen: set[str] = set()
    previous_level = 0
    for part, label in zip(parts, labels, strict=True):
        level = int(part["level"])
        if (
            label is not None
            and label.depth == 1
            and level > previous_level
            and label.style in seen
            and label.number[0] > 1
            and label.style in {"article", "section", "word"}
        ):
            found.add(label.style)
        if label is not None:
            seen.add(label.style)
        previous_level = level
    return found


def dotted(number: tuple[int, ...]) -> str:
    return ".".join(map(str, number))


def kind_of(label: Label) -> str:
    """Return which references may mean a label: Chinese units by themselves, others by number."""
    return label.style if label.style in UNITS.values() else "number"


def written(number: tuple[int, ...], like: str) -> str:
    """Return a number in the signs that a printed label uses."""
    if any(sign in HAN for sign in like) and not any(sign.isdigit() for sign in like):
        return in_han(number[0])
    if any("①" <= sign <= "⑳" for sign in like):
        return chr(ord("①") + number[0] - 1)
    if re.search(r"\d", like):
        return dotted(number)
    letter = re.search(r"[A-Za-z]+", like)
    base = "a" if letter and letter[0].islower() else "A"
    return chr(ord(base) + number[0] - 1)


def in_han(number: int) -> str:
    """Return a number below a hundred in Chinese numerals."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{HAN[tens + 1]}十"
    return head + (HAN[ones + 1] if ones else "")


def follow(text: str, moves: Mapping[tuple[str, str], set[str]]) -> str:
    """Return text whose references follow their clauses to the new numbers."""

    def replace(matched: re.Match[str]) -> str:
        around = text[max(0, matched.start() - NEAR) : matched.end() + NEAR]
        if LAW.search(around):
            return matched[0]
        if matched["number"]:
            new = moves.get(("number", matched["number"]), set())
            return matched["before"] + next(iter(new)) if len(new) == 1 else matched[0]
        label = split_label(f"{matched[0]} x")[0]
        if label is None:
            return matched[0]
        new = moves.get((UNITS[matched["zh_unit"]], dotted(label.number)), set())
        if len(new) != 1:
            return matched[0]
        number = tuple(map(int, next(iter(new)).split(".")))
        return f"第{written(number, matched['zh_number'])}{matched['zh_unit']}"

    return REFERENCE.sub(replace, text)
