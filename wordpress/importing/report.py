"""What an import did, counted, and everything that it did not bring in."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

SUBJECTS = ("authors", "categories", "tags", "terms", "posts", "pages", "attachments", "comments",
            "menus", "other")  # fmt: skip
# A file may have a problem in each of its items: what is beyond is only counted.
MOST_PROBLEMS = 5000


class Fate(StrEnum):
    """What became of a record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True)
class Problem:
    """What was not brought in as it stands, why, and what to do; nobody is named in it."""

    item: str
    code: str
    message: str


@dataclass
class Report:
    """Counts by subject and fate, and the problems in the order in which they were met."""

    counts: dict[str, Counter[Fate]] = field(
        default_factory=lambda: {subject: Counter() for subject in SUBJECTS}
    )
    problems: list[Problem] = field(default_factory=list)
    problems_left_off: int = 0
    is_whole: bool = True

    def count(self, subject: str, fate: Fate, number: int = 1) -> None:
        if number:
            self.counts[subject][fate] += number

    def tell(self, item: str, code: str, message: str | Promise) -> None:
        """Add a problem."""
        if len(self.problems) >= MOST_PROBLEMS:
            self.problems_left_off += 1
            return
        self.problems.append(Problem(item, code, str(message)))

    def as_json(self) -> dict[str, Any]:
        counts: dict[str, Any] = {
            subject: {fate.value: self.counts[subject][fate] for fate in Fate}
            for subject in SUBJECTS
        }
        return counts | {
            "problems": [vars(problem) for problem in self.problems],
            "problems_left_off": self.problems_left_off,
        }
