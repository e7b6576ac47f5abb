"""The newest comments as each process remembers them, for what compares a comment with others.

At most once a second a process reads what was written since, by primary key: one small query,
whatever the number of comments. What is kept is no text and no address.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from comments.models import ModerationAct, Status, VisitorComment
from comments.screening.likeness import are_alike, bands_of

MOST = 2_000
# Numbers are given before rows are committed, so that a lower one may appear later.
OVERLAP = 50
REFRESH_SECONDS, STATUS_SECONDS = 1.0, 5.0
COLUMNS = ("pk", "submit_date", "target_id", "status", "ip_hash", "author_key", "fingerprint")


@dataclass
class Recent:
    """A comment without its words."""

    pk: int
    at: datetime
    target_id: int
    status: str
    ip_hash: str
    author_key: str
    fingerprint: int


class Window:
    """The newest comments, oldest first. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Remember nothing, as at the start of the process."""
        self._rows: dict[int, Recent] = {}
        self._order: deque[int] = deque()
        self._alike: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
        self._by_network: defaultdict[str, set[int]] = defaultdict(set)
        self._counts: dict[Hashable, int] = {}
        self._last_act: int | None = None
        self._read_at = self._looked_at = float("-inf")

    def refresh(self) -> None:
        """Read what was written since, and every few seconds what moderators did."""
        with self._lock:
            now = monotonic()
            if now - self._read_at < REFRESH_SECONDS:
                return
            newest = self._order[-1] if self._order else 0
            rows = VisitorComment.objects.filter(pk__gt=newest - OVERLAP).order_by("-pk")
            found = list(rows.values_list(*COLUMNS)[:MOST])
            if newest and all(row[0] != newest for row in found):
                # The row last seen is gone: erased, or this is another database than before.
                self.forget()
                found = list(VisitorComment.objects.order_by("-pk").values_list(*COLUMNS)[:MOST])
            for row in reversed(found):
                self._add(Recent(*row))
            self._follow_moderators(now)
            self._counts = {}
            self._read_at = now

    def _add(self, row: Recent) -> None:
        if row.pk in self._rows:
            self._rows[row.pk].status = row.status
            return
        self._rows[row.pk] = row
        self._order.append(row.pk)
        for band in bands_of(row.fingerprint) if row.fingerprint else ():
            self._alike[band].add(row.pk)
        if row.ip_hash:
            self._by_network[row.ip_hash].add(row.pk)
        while len(self._order) > MOST:
            self._drop(self._rows.pop(self._order.popleft()))

    def _drop(self, row: Recent) -> None:
        for index, keys in (
            (self._alike, bands_of(row.fingerprint) if row.fingerprint else ()),
            (self._by_network, (row.ip_hash,) if row.ip_hash else ()),
        ):
            for key in keys:
                index[key].discard(row.pk)  # type: ignore[index]
                if not index[key]:  # type: ignore[index]
                    del index[key]  # type: ignore[arg-type]

    def _follow_moderators(self, now: float) -> None:
        if now - self._looked_at < STATUS_SECONDS:
            return
        self._looked_at = now
        acts = ModerationAct.objects.order_by("pk")
        if self._last_act is None:
            last = acts.last()
            self._last_act = last.pk if last else 0
            return
        for pk, comment_id, status in acts.filter(pk__gt=self._last_act).values_list(
            "pk", "comment_id", "new_status"
        ):
            self._last_act = pk
            if comment_id in self._rows:
                self._rows[comment_id].status = status

    def alike(self, fingerprint: int, *, but: int = 0) -> list[Recent]:
        """Return the comments whose text is nearly that of a fingerprint."""
        if not fingerprint:
            return []
        with self._lock:
            keys = set().union(*(self._alike.get(band, ()) for band in bands_of(fingerprint)))
            found = [self._rows[key] for key in keys if key != but]
        return [row for row in found if are_alike(row.fingerprint, fingerprint)]

    def of_network(self, ip_hash: str, *, but: int = 0) -> list[Recent]:
        """Return the comments that came from a network."""
        with self._lock:
            return [self._rows[key] for key in self._by_network.get(ip_hash, ()) if key != but]

    def counted(self, what: Hashable, count: Callable[[], int]) -> int:
        """Return a number that is counted once each time that comments are read."""
        counts = self._counts
        if what not in counts:
            counts[what] = count()
        return counts[what]

    def since(self, moment: datetime) -> Iterator[Recent]:
        """Yield the comments since a moment, the newest first."""
        with self._lock:
            keys = list(self._order)
            rows = self._rows
        for key in reversed(keys):
            row = rows.get(key)
            if row is not None and row.at < moment:
                return
            if row is not None:
                yield row


window = Window()


def spam_since(moment: datetime) -> int:
    """Return how many comments since a moment are spam."""
    return sum(row.status == Status.SPAM for row in window.since(moment))


def is_flooded(now: datetime) -> bool:
    """Tell whether spam comes in floods: more within a minute than anybody writes by hand."""
    return window.counted("flood", lambda: spam_since(now - FLOOD_TIME)) >= FLOOD_SPAM


FLOOD_TIME, FLOOD_SPAM = timedelta(minutes=1), 20
