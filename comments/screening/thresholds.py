"""Where holding and filing under spam begin, drawn from the model's own record. Pure."""

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

# How many of each kind must have been decided before the record says anything.
ENOUGH = 30
RECENT = 500
# At what share of good comments above it the line to spam is drawn.
GOOD_IN_SPAM = 0.0005
SUREST = 3.5
LEAST_SCALE = 0.2
# Holding one more costs a moderator a look, letting spam through costs every reader one: the
# line may move farther down than up.
LOWEST, HIGHEST, RELUCTANCE = -1.0, 0.25, 0.05


@dataclass(frozen=True)
class Lines:
    """Margins from which a comment is held, and filed under spam; `is_drawn` by a record."""

    hold: float = 0.0
    spam: float = 3.0
    is_drawn: bool = False

    def to_json(self) -> dict[str, float | bool]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Lines":
        """Return the lines that `to_json` gave; those of the first day where it is empty."""
        return cls(**{name: data[name] for name in ("hold", "spam", "is_drawn") if name in data})


def lines_of(record: Sequence[tuple[float, bool]]) -> Lines:
    """Return the lines from margins as they were before each lesson, with what was decided.

    Until ENOUGH of each kind are in the record, the lines are those of the first day.
    """
    recent = record[-RECENT:]
    good = sorted(margin for margin, is_spam in recent if not is_spam)
    spam = sorted(margin for margin, is_spam in recent if is_spam)
    if min(len(good), len(spam)) < ENOUGH:
        return Lines()
    hold = hold_line(good, spam)
    return Lines(hold, max(spam_line(good), SUREST, hold + 1.0), True)


def hold_line(good: Sequence[float], spam: Sequence[float]) -> float:
    """Return where the shares of spam let through and of good comments held are least together.

    A record of some hundreds is a rough guide: the line leaves even odds only for a clear gain.
    """
    ordered = sorted({LOWEST, 0.0, HIGHEST, *good, *spam})
    between = [(one + other) / 2 for one, other in pairwise(ordered)]
    candidates = [0.0, *(line for line in between if LOWEST <= line <= HIGHEST)]

    def cost(line: float) -> float:
        let_through = bisect_left(spam, line) / len(spam)
        held = 1 - bisect_left(good, line) / len(good)
        return let_through + held + RELUCTANCE * abs(line)

    return min(candidates, key=cost)


def spam_line(good: Sequence[float]) -> float:
    """Return where about GOOD_IN_SPAM of good comments lie above, if the tail goes on as it does.

    Past the highest tenth, margins of good comments fall off about exponentially.
    """
    tail = good[len(good) * 9 // 10 :]
    start = tail[0]
    scale = max(sum(tail) / len(tail) - start, LEAST_SCALE)
    return start + scale * math.log(0.1 / GOOD_IN_SPAM)
