"""Numbers about data requests and consents in which nobody can be recognised."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.extensions.acceptance import ConsentPurpose, acceptance_gate, consent_purposes
from privacy.models import ENDED, DataRequest, Kind, State

# A count below this would tell of single people.
SMALLEST = 5
OPEN, IN_TIME, LATE, REFUSED, WITHDRAWN = "open", "in_time", "late", "refused", "withdrawn"
COLUMNS = (OPEN, IN_TIME, LATE, REFUSED, WITHDRAWN)


@dataclass(frozen=True)
class Line:
    """One line of a table: None stands where a number is too small to be told.

    `total` is None where a number that is not told could be found out from it.
    """

    identifier: str
    name: str
    counts: Sequence[int | None]
    total: int | None


def suppressed(counts: Sequence[int]) -> tuple[list[int | None], int | None]:
    """Return counts without those from 1 to 4, and their total where it gives none of them away."""
    told = [None if 0 < count < SMALLEST else count for count in counts]
    total = sum(counts)
    return told, None if None in told or 0 < total < SMALLEST else total


def requests_between(begin: datetime, end: datetime) -> list[Line]:
    """Return, for each kind, how the requests stand that were received in a time: see COLUMNS.

    Only confirmed ones count: anybody can type any address.
    """
    rows = DataRequest.objects.filter(
        received_at__gte=begin, received_at__lt=end, confirmed_at__isnull=False
    ).values_list("kind", "state", "completed_at", "due_at")
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in Kind.values}
    for kind, state, completed_at, due_at in rows.iterator():
        counts[kind][outcome(state, completed_at, due_at)] += 1
    lines = []
    for kind in Kind:
        told, total = suppressed([counts[kind][column] for column in COLUMNS])
        lines.append(Line(kind.value, str(kind.label), told, total))
    return lines


def outcome(state: str, completed_at: datetime | None, due_at: datetime) -> str:
    if state not in ENDED:
        return OPEN
    if state == State.REFUSED:
        return REFUSED
    if state in {State.CANCELLED, State.EXPIRED}:
        return WITHDRAWN
    return LATE if completed_at is not None and completed_at > due_at else IN_TIME


def consents() -> list[tuple[ConsentPurpose, Line]]:
    """Return, for each purpose that is asked for, how many consent, declined and withdrew."""
    counted = acceptance_gate.get().consent_counts()
    found = []
    for purpose in consent_purposes:
        actions = ("consent", "decline", "withdraw")
        told, total = suppressed([counted.get((purpose.key, action), 0) for action in actions])
        found.append((purpose, Line(purpose.identifier, str(purpose.heading), told, total)))
    return found
