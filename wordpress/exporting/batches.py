"""Walking rows in batches, so that memory stays that of one batch."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet

T = TypeVar("T")
AT_A_TIME = 200


def batches(things: Iterable[T], size: int = AT_A_TIME) -> Iterator[list[T]]:
    """Yield things in lists of at most `size`."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch


def by_key(rows: QuerySet[Any], *columns: str, size: int = AT_A_TIME) -> Iterator[list[Any]]:
    """Yield rows as dicts in the order of their keys, a batch in a query of its own."""
    last: Any = 0
    ordered = rows.order_by("pk")
    while batch := list(ordered.filter(pk__gt=last).values("pk", *columns)[:size]):
        yield batch
        last = batch[-1]["pk"]
