"""Numbers of headings, clauses and list items: in sequence within their parent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pages.linting.findings import WARNING, Check, Facts, Finding, Source, SourceLine, finding
from pages.linting.labels import label_of
from pages.numbering import Label

ROMAN = set("ivxlc")
SUB_LABEL = re.compile(r"\.?\(?(?:[a-z]|[ivx]{1,4})[.)]")
LETTERED = {"letter-bracket", "letter-closing", "capital", "roman-bracket"}


@dataclass
class Sequence:
    """A list that is open: what tells it from others, its last number and its indentation."""

    key: tuple[str, int, int]
    last: Label
    indent: int


class Sequences:
    """The lists that are open, each inside the one before, and the last numbers of closed ones."""

    def __init__(self) -> None:
        self.open: list[Sequence] = []
        self.closed: dict[tuple[str, int, int], Label] = {}

    def take(self, key: tuple[str, int, int], label: Label, indent: int) -> str:
        """Take a number in; return how it does not follow in its list, empty where it does."""
        known = [place for place, each in enumerate(self.open) if each.key == key]
        self.last: Label | None = None
        if not known or (label.number[-1] == 1 and indent > self.open[known[-1]].indent):
            self.open.append(Sequence(key, label, indent))
            self.last = self.closed.pop(key, None) if not known else None
            fault = sequence_fault(self.last.number, label.number) if self.last else ""
            # A list that begins anew below another parent is no step back.
            return fault if fault == "jump" else ""
        faults = {
            place: sequence_fault(self.open[place].last.number, label.number) for place in known
        }
        place = next((each for each in reversed(known) if not faults[each]), known[-1])
        for inner in self.open[place + 1 :]:
            self.closed[inner.key] = inner.last
        self.last = self.open[place].last
        self.open[place:] = [Sequence(key, label, indent)]
        return faults[place]

    def goes_on(self, key: tuple[str, int, int], label: Label) -> bool:
        """Tell whether a number follows the last of an open list."""
        last = [each.last for each in self.open if each.key == key][-1:]
        return any(not sequence_fault(each.number, label.number) for each in last)


def sequence_fault(last: tuple[int, ...], now: tuple[int, ...]) -> str:
    """Return how a number does not follow the one before it; empty where it does."""
    if now[-1] <= 1 and (now != last or len(now) == 1):
        return ""
    if now[:-1] != last[:-1]:
        return ""
    if now[-1] == last[-1]:
        return "repeat"
    if now[-1] < last[-1]:
        return "back"
    return "" if now[-1] == last[-1] + 1 else "jump"


def check_sequence(source: Source, facts: Facts) -> Iterator[Finding]:
    """Numbers that jump, repeat or go back; a restart at one begins a new list."""
    sequences = Sequences()
    for line in source.prose:
        if line.in_table:
            continue
        label, rest = label_of(line.text)
        if label is None or not label.number or not label.number[-1]:
            continue
        if is_amount(label, line):
            continue
        level = 0 if label.style == "decimal" else line.level
        key = (label.style, level, len(label.number))
        # "10 years" and "3 to 5 days" count nothing, but where they happen to go on.
        if label.style == "bare" and rest[:1].islower() and not sequences.goes_on(key, label):
            continue
        fault = sequences.take(key, label, line.indent)
        last = sequences.last
        if fault and last and not is_roman_doubt(label, last):
            yield finding(
                f"numbering-{fault}",
                WARNING,
                line,
                message_of(fault) % {"last": printed(last), "now": printed(label)},
                (0, min(len(line.text), 80)),
            )


def is_amount(label: Label, line: SourceLine) -> bool:
    """Tell whether a decimal is an amount, or goes on in letters, and so counts nothing."""
    after = line.text[len(label.printed) :].lstrip()
    return label.style == "decimal" and (
        SUB_LABEL.match(after) is not None or (not line.is_heading and after[:1].islower())
    )


def is_roman_doubt(label: Label, last: Label) -> bool:
    """Tell whether a label may be a letter or a Roman numeral: (i) follows (h) and begins lists."""
    if label.style not in LETTERED:
        return False
    between = {chr(96 + number) for number in range(last.number[0] + 1, label.number[0])}
    return bool(ROMAN & set((label.printed + last.printed).lower())) or (
        bool(between) and between <= ROMAN
    )


def printed(label: Label) -> str:
    return label.printed.strip()


def message_of(fault: str) -> str:
    messages = {
        "jump": _(
            "The number %(now)s follows %(last)s: something is missing between them. Number "
            "the clauses anew, or put back what was taken out."
        ),
        "repeat": _("The number %(now)s is used twice in a row. Number the clauses anew."),
        "back": _(
            "The number %(now)s follows %(last)s: the numbers go back. Put the clauses in "
            "order, or number them anew."
        ),
    }
    return str(messages[fault])


CHECKS: tuple[Check, ...] = (check_sequence,)
