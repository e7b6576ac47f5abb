"""Queries that are planned once and run many times.

Django takes several times as long to make the statement of a queryset as a database takes to
answer it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from core.statements import fetch_all

# What stands in a plan for a moment and for a key that are known only when it runs.
ANY_MOMENT = datetime(2969, 7, 21, 2, 56, 15, 271_828, tzinfo=UTC)
ANY_KEY = 2_147_483_629


class Planned:
    """A queryset of values() as one statement, which any thread may run.

    Where ANY_MOMENT or ANY_KEY stand in the queryset, each run has its own moment or key.
    """

    def __init__(self, items: QuerySet[Any]) -> None:
        compiler = items.query.get_compiler(connection=connection)
        self.names: list[str] = list(items.query.selected or ())
        try:
            self.statement, values = compiler.as_sql()
        except EmptyResultSet:
            self.statement, values = "", ()
            return
        self.values = tuple(values)
        self.moment = connection.ops.adapt_datetimefield_value(ANY_MOMENT)
        self.adapt = connection.ops.adapt_datetimefield_value
        self.compiler = compiler
        self.converters: Mapping[int, Any] = compiler.get_converters(
            [column for column, _, _ in compiler.select[: compiler.col_count]]
        )

    def rows(
        self, *, now: datetime, key: int = ANY_KEY, limit: int | None = None, offset: int = 0
    ) -> list[dict[str, Any]]:
        """Return the rows, or so many of them from a place."""
        if not self.statement:
            return []
        part = "" if limit is None else f" LIMIT {limit:d} OFFSET {offset:d}"
        found: Any = fetch_all(f"{self.statement}{part}", self.values_at(now, key))
        if self.converters:
            found = self.compiler.apply_converters(found, self.converters)
        return [dict(zip(self.names, row, strict=True)) for row in found]

    def count(self, *, now: datetime) -> int:
        """Return how many rows there are."""
        if not self.statement:
            return 0
        counting = f"SELECT COUNT(*) FROM ({self.statement}) AS counted"  # noqa: S608
        return int(fetch_all(counting, self.values_at(now, ANY_KEY))[0][0])

    def values_at(self, now: datetime, key: int) -> list[Any]:
        moment = self.adapt(now)
        return [moment if value == self.moment else key if value == ANY_KEY else value
                for value in self.values]  # fmt: skip
