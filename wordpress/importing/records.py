"""Which records of a source are here already, and what is to be done with one that comes again."""

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from wordpress.importing.report import Fate
from wordpress.models import ImportedRecord, Kind, Source

# SQLite takes so many values in one statement on every machine.
AT_A_TIME = 500


def digest_of(*values: Any) -> str:
    """Return a short hash that differs where any of the values does; they have plain reprs."""
    return hashlib.blake2b(
        repr(values).encode("utf-8", "surrogatepass"), digest_size=16
    ).hexdigest()


class Known:
    """The records of a source that were brought in, looked up a batch at a time."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._waiting: dict[tuple[Kind, str], ImportedRecord] = {}

    def find(self, kind: Kind, keys: Iterable[object]) -> dict[str, ImportedRecord]:
        """Return the known records among the keys."""
        wanted = sorted({str(key) for key in keys})
        found: dict[str, ImportedRecord] = {}
        for at in range(0, len(wanted), AT_A_TIME):
            rows = ImportedRecord.objects.filter(
                source=self.source, kind=kind, key__in=wanted[at : at + AT_A_TIME]
            )
            found.update((row.key, row) for row in rows)
        return found

    def targets(self, kind: Kind) -> dict[str, int]:
        """Return the rows of all known records of a kind."""
        rows = ImportedRecord.objects.filter(source=self.source, kind=kind)
        return dict(rows.values_list("key", "target_id"))

    def remember(
        self, kind: Kind, key: object, target_id: int, digest: str, state: str,
        rest: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Remember what became of a record, once `flush` is called."""
        self._waiting[kind, str(key)] = ImportedRecord(
            source=self.source, kind=kind, key=str(key), target_id=target_id,
            digest=digest, state=state, rest=rest or {},
        )  # fmt: skip

    def waiting(self, kind: Kind, key: str) -> ImportedRecord | None:
        """Return what is remembered and not written yet."""
        return self._waiting.get((kind, key))

    def flush(self) -> None:
        """Write what was remembered; the caller's transaction holds the rows too."""
        waiting, self._waiting = list(self._waiting.values()), {}
        ImportedRecord.objects.bulk_create(
            waiting, batch_size=AT_A_TIME, update_conflicts=True,
            unique_fields=["source", "kind", "key"],
            update_fields=["target_id", "digest", "state", "rest"],
        )  # fmt: skip


def judge(
    known: ImportedRecord | None, digest: str, current_state: Callable[[int], str | None]
) -> tuple[Fate, str]:
    """Return what to do with a record, and the code of the problem where it is skipped.

    `current_state` tells what the row here is like now, None where it is gone. It is asked only
    where the record differs from what was imported.
    """
    if known is None:
        return Fate.CREATED, ""
    if known.digest == digest:
        return Fate.UNCHANGED, ""
    now = current_state(known.target_id)
    if now is None:
        return Fate.SKIPPED, "deleted_here"
    if now != known.state:
        return Fate.SKIPPED, "edited_here"
    return Fate.UPDATED, ""
