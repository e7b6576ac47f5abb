"""Walking rows in batches, so that memory stays that of one batch."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
AT_A_TIME = 200


def batches(things: Iterable[T], size: int = AT_A_TIME) -> Iterator[list[T]]:
    """Yield things in lists of at most `size`."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
