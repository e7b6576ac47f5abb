"""Comparing two policy texts clause by clause and word by word. Pure.

Clauses are aligned first (same words, same anchor, most alike), then words within a pair. Leaving
the deletions out of a pair's spans gives the new words, leaving the insertions out the old ones.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from typing import Literal

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

from pages.clauses import Clause, lines_of

Span = tuple[Literal["=", "-", "+"], str]
State = Literal["unchanged", "changed", "added", "removed"]

# A CJK character, a number with its sign, another word, a run of spaces, or a single sign.
TOKEN = re.compile(
    r"[㐀-䶿一-鿿豈-﫿぀-ヿ]|\d+(?:[.,:]\d+)*%?|[^\W\d_㐀-䶿一-鿿豈-﫿぀-ヿ]+|\s+|.", re.S
)
LINE = re.compile(r"[^\n]*\n|[^\n]+")
NUMBER = re.compile(r"\d")
ALIKE = 50
SAME_ANCHOR_ALIKE = 25
REWRITTEN = 0.6
SHORT_WORD = 3


@dataclass
class ComparedClause:
    """A clause in the old text, the new one or both, with what became of it.

    `spans` join to the clause's lines: "=" stands in both, "-" in the old, "+" in the new only.
    `marks` name changes that are not words: moved, renumbered, emphasised, not-emphasised,
    sensitive, not-sensitive, level, links, emphasis. `numbers` pairs what was with what is.
    """

    state: State
    old: Clause | None
    new: Clause | None
    spans: list[Span]
    marks: list[str] = field(default_factory=list)
    numbers: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))

    @property
    def clause(self) -> Clause:
        """The clause as it is, or as it was where it is gone."""
        found = self.new or self.old
        assert found is not None  # noqa: S101  one of the two is always there
        return found


def compare(old: Sequence[Clause], new: Sequence[Clause]) -> list[ComparedClause]:
    """Return the clauses of both texts in the new order, removed ones where they stood."""
    pairs = align(old, new)
    moved = moved_in(pairs)
    compared: list[ComparedClause] = []
    partner = {second: first for first, second in pairs}
    gone = [first for first in range(len(old)) if first not in {pair[0] for pair in pairs}]
    for second, clause in enumerate(new):
        if second in partner:
            first = partner[second]
            while gone and gone[0] < first and first not in moved:
                compared.append(removed(old[gone.pop(0)]))
            compared.append(compare_pair(old[first], clause, is_moved=first in moved))
        else:
            compared.append(ComparedClause("added", None, clause, [("+", plain(clause))]))
    compared += [removed(old[first]) for first in gone]
    return compared


def removed(clause: Clause) -> ComparedClause:
    return ComparedClause("removed", clause, None, [("-", plain(clause))])


def plain(clause: Clause) -> str:
    return "\n".join(lines_of(clause))


def align(old: Sequence[Clause], new: Sequence[Clause]) -> list[tuple[int, int]]:
    """Return pairs of positions that are one clause in both texts, each position once."""
    left = dict(enumerate(plain(clause) for clause in old))
    right = dict(enumerate(plain(clause) for clause in new))
    pairs: list[tuple[int, int]] = []

    def pair(first: int, second: int) -> None:
        pairs.append((first, second))
        del left[first], right[second]

    places: dict[str, list[int]] = {}
    for second, words in right.items():
        places.setdefault(words, []).append(second)
    for first, words in list(left.items()):
        if places.get(words):
            pair(first, places[words].pop(0))
    anchors = {new[second]["anchor"]: second for second in right}
    for first in list(left):
        found = anchors.get(old[first]["anchor"])
        if found in right and fuzz.ratio(left[first], right[found]) >= SAME_ANCHOR_ALIKE:
            pair(first, found)
    for first, words in list(left.items()):
        best = process.extractOne(words, right, scorer=fuzz.ratio, score_cutoff=ALIKE)
        if best is not None:
            pair(first, best[2])
    return sorted(pairs)


def moved_in(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Return the old positions outside the longest run of pairs that keeps its order."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        length = bisect_left(tails, second)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [second]
        ends[length : length + 1] = [index]
    kept: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(pairs[index][0])
        index = before[index]
    return {first for first, _ in pairs} - kept


def compare_pair(old: Clause, new: Clause, *, is_moved: bool) -> ComparedClause:
    spans = compare_words(plain(old), plain(new))
    marks = ["moved"] if is_moved else []
    marks += [name for name, is_so in changes_beside_words(old, new).items() if is_so]
    is_changed = marks or any(sign != "=" for sign, _ in spans)
    numbers = numbers_in(spans, "-"), numbers_in(spans, "+")
    if is_rewritten(spans):
        spans = whole(plain(old), plain(new))
    return ComparedClause("changed" if is_changed else "unchanged", old, new, spans, marks, numbers)


def compare_words(old: str, new: str) -> list[Span]:
    """Return the spans that lead from one text to the other, in whole words and CJK signs.

    Lines that stand in both are put aside first, as most do in a long text.
    """
    spans: list[Span] = []
    gone = came = ""
    for sign, line in [*steps(LINE.findall(old), LINE.findall(new)), ("=", "")]:
        if sign == "-":
            gone += line
        elif sign == "+":
            came += line
        else:
            spans += [*steps(TOKEN.findall(gone), TOKEN.findall(came)), ("=", line)]
            gone = came = ""
    runs = groupby(spans, lambda span: span[0])
    return joined((sign, "".join(words for _, words in run)) for sign, run in runs)


def steps(before: list[str], after: list[str]) -> Iterator[Span]:
    """Yield the shortest way from one list of pieces to another."""
    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            yield "=", "".join(before[step.src_start : step.src_end])
        if step.tag in {"delete", "replace"}:
            yield "-", "".join(before[step.src_start : step.src_end])
        if step.tag in {"insert", "replace"}:
            yield "+", "".join(after[step.dest_start : step.dest_end])


def joined(spans: Iterable[Span]) -> list[Span]:
    """Join changes that only a sign, a space or one short word keeps apart, never a number."""
    result: list[Span] = []
    removed_words = added_words = held = ""

    def flush() -> None:
        nonlocal removed_words, added_words
        if removed_words:
            result.append(("-", removed_words))
        if added_words:
            result.append(("+", added_words))
        removed_words = added_words = ""

    for sign, words in spans:
        if not words:
            continue
        if sign == "=":
            if (removed_words or added_words) and is_slight(words):
                held = words
                continue
            flush()
            result.append(("=", words))
            continue
        removed_words, added_words, held = removed_words + held, added_words + held, ""
        if sign == "-":
            removed_words += words
        else:
            added_words += words
    flush()
    if held:
        result.append(("=", held))
    return result


def is_slight(words: str) -> bool:
    letters = words.strip()
    return (
        "\n" not in words
        and not NUMBER.search(words)
        and (
            not re.search(r"\w", letters)
            or (len(letters) <= SHORT_WORD and letters.isascii() and letters.isalpha())
        )
    )


def is_rewritten(spans: Iterable[Span]) -> bool:
    """Tell whether so much of a clause is marked that both texts are read better whole."""
    lengths: Counter[str] = Counter()
    parts = 0
    for sign, words in spans:
        lengths[sign] += len(words)
        parts += sign != "="
    marked = max(lengths["-"], lengths["+"])
    return parts > 2 and marked > REWRITTEN * (marked + lengths["="])


def whole(old: str, new: str) -> list[Span]:
    """Return both texts whole, the first line apart where it stands in both."""
    first, cut, rest = old.partition("\n")
    if new.startswith(first + cut):
        return [("=", first + cut), ("-", rest), ("+", new.removeprefix(first + cut))]
    return [("-", old), ("+", new)]


def lines_of_spans(spans: Iterable[Span]) -> list[list[Span]]:
    """Return spans as the lines they fall into; lines that replace others come after them."""
    lines: list[list[Span]] = [[]]
    before: Span = ("=", "")
    for span in spans:
        sign, words = span
        if (before[0], sign) == ("-", "+") and "\n" in before[1] + words:
            lines.append([])
        first, *others = words.split("\n")
        lines[-1].append((sign, first))
        lines += [[(sign, line)] for line in others]
        before = span
    shown = ([(sign, words) for sign, words in line if words] for line in lines)
    return [line for line in shown if line]


def numbers_in(spans: Iterable[Span], sign: str) -> list[str]:
    return [token for each, words in spans if each == sign
            for token in TOKEN.findall(words) if NUMBER.match(token)]  # fmt: skip


def changes_beside_words(old: Clause, new: Clause) -> dict[str, bool]:
    """Return the changes of a clause that its words do not show."""
    before, after = reading(old["html"]), reading(new["html"])
    return {
        "renumbered": old["label"].strip() != new["label"].strip(),
        "level": old["level"] != new["level"],
        "emphasised": new["is_emphasised"] and not old["is_emphasised"],
        "not-emphasised": old["is_emphasised"] and not new["is_emphasised"],
        "sensitive": new["is_sensitive"] and not old["is_sensitive"],
        "not-sensitive": old["is_sensitive"] and not new["is_sensitive"],
        "links": before.links != after.links,
        "emphasis": before.bold != after.bold and plain(old) == plain(new),
    }


class Reading(HTMLParser):
    """Collects where a clause's links lead and which of its words are bold."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.bold: Counter[str] = Counter()
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        self._depth += tag in {"b", "strong"}

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag in {"b", "strong"}

    def handle_data(self, data: str) -> None:
        if self._depth > 0:
            self.bold.update(data.split())


def reading(html: str) -> Reading:
    parser = Reading()
    parser.feed(html)
    return parser


def counts(compared: Iterable[ComparedClause]) -> Mapping[State, int]:
    """Return how many clauses were added, removed, changed and left as they were."""
    return Counter(each.state for each in compared)
