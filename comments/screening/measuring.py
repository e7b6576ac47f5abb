"""How well scores and decisions agree with what people decided. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Judged:
    """A comment that was scored and decided on, and what it truly is."""

    score: float
    decision: str
    is_spam: bool


def measures(rows: Sequence[Judged]) -> dict[str, float | int | None]:
    """Return the figures of a trial; None where a kind is missing.

    Caught is what was not published. `caught_at_1_percent` is the share of spam whose score is
    above that of 99 in 100 good comments; `auc` how often spam scores above a good comment.
    """
    good = sorted(row.score for row in rows if not row.is_spam)
    spam = sorted(row.score for row in rows if row.is_spam)
    caught = [row for row in rows if row.decision != "publish"]
    hits = sum(row.is_spam for row in caught)
    filed = sum(not row.is_spam and row.decision in {"spam", "discard"} for row in rows)
    figures: dict[str, float | int | None] = {
        "spam": len(spam),
        "good": len(good),
        "f1": 2 * hits / (len(caught) + len(spam)) if caught or spam else None,
        "spam_caught": hits / len(spam) if spam else None,
        "good_held": (len(caught) - hits - filed) / len(good) if good else None,
        "good_in_spam": filed / len(good) if good else None,
        "caught_at_1_percent": None,
        "auc": None,
    }
    if good and spam:
        line = good[len(good) - 1 - len(good) // 100]
        figures["caught_at_1_percent"] = sum(score > line for score in spam) / len(spam)
        below = sum(bisect_left(good, score) for score in spam)
        figures["auc"] = below / len(good) / len(spam)
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in figures.items()
    }
