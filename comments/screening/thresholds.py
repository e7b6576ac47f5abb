"""Where holding and filing under spam begin, drawn from the model's own record. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

# How many of each kind must have been decided before the record says anything.
ENOUGH = 30
RECENT = 500
# At what share of good comments above it the line to spam is drawn.
GOOD_IN_SPAM = 0.0005
SUREST = 2.2


@dataclass(frozen=True)
class Lines:
    """Margins from which a comment is held, and filed under spam; `is_drawn` by a record."""

    hold: float = 0.0
    spam: float = 3.0
    is_drawn: bool = False


def lines_of(record: Sequence[tuple[float, bool]]) -> Lines:
    recent = record[-RECENT:]
    good = sorted(margin for margin, is_spam in recent if not is_spam)
    spam = sorted(margin for margin, is_spam in recent if is_spam)
    if min(len(good), len(spam)) < ENOUGH:
        return Lines()
    hold = hold_line(good, spam)
    return Lines(hold, max(spam_line(good), SUREST, hold + 1.0), True)


def hold_line(good, spam):
    pts = sorted([(m, True) for m in spam] + [(m, False) for m in good])
    best, line = None, 0.0
    missed, held = 0, len(good)
    cands = [(pts[0][0] - 1, missed, held)]
    for i, (m, s) in enumerate(pts):
        if s: missed += 1
        else: held -= 1
        nxt = pts[i + 1][0] if i + 1 < len(pts) else m + 1
        cands.append(((m + nxt) / 2, missed, held))
    for t, mi, he in cands:
        cost = mi / len(spam) + he / len(good) + PULL * abs(t)
        if best is None or cost < best: best, line = cost, t
    return max(-1.5, min(1.5, line))
PULL = 0.02


def spam_line(good: Sequence[float]) -> float:
    """Return where about GOOD_IN_SPAM of good comments lie above, if the tail goes on as it does.

    Past the highest tenth, margins of good comments fall off about exponentially.
    """
    tail = good[len(good) * 9 // 10 :]
    start = tail[0]
    scale = sum(tail) / len(tail) - start
    return start + max(scale, 0.2) * math.log(0.1 / GOOD_IN_SPAM)
