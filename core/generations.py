"""Cache generations: what a cached answer depends on, and when that changed.

A write raises the names it changes inside its own transaction. A reader declares a name
before it reads the data, so that an answer is tagged with a state no newer than what it
shows; an entry is served only while every generation it names is unchanged. A crash
between data and counter is impossible, since both are one transaction.
"""

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterator

# Names that more than one room raises.
PAGES = "pages"  # page tree, posts, terms, menus, policies, site settings
PRODUCTS = "products"
COMMENTS = "comments"  # any comment, for what lists those of the whole site


def comments_of(target_id: int) -> str:
    """Return the name under which the comments of one page are counted."""
    return f"comments:{target_id}"


class Dependencies:
    """What one answer was made from: generations as read, and when it ends by itself."""

    def __init__(self) -> None:
        self.generations: dict[str, int] = {}
        self.expires_at: datetime | None = None


_current: ContextVar[Dependencies | None] = ContextVar("cache_dependencies", default=None)


def raise_generations(*names: str) -> None:
    """Count the names up in the caller's transaction. Safe to call twice.

    Names are taken in sorted order, so that two writers cannot wait for each other.
    """
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute(
                "INSERT INTO core_generation (name, value) VALUES (%s, 1) "
                "ON CONFLICT (name) DO UPDATE SET value = core_generation.value + 1",
                [name],
            )


def read_generations(names: Iterable[str]) -> dict[str, int]:
    """Return the value of each name in one query; a name never raised is 0."""
    wanted = dict.fromkeys(names, 0)
    if wanted:
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(wanted))
            cursor.execute(
                f"SELECT name, value FROM core_generation WHERE name IN ({places})",  # noqa: S608
                list(wanted),
            )
            wanted.update(cursor.fetchall())
    return wanted


def depend_on(*names: str) -> None:
    """Declare, before reading the data, that the answer being made depends on these names.

    Does nothing while no answer is collected, as in a command or an uncached request.
    """
    collected = _current.get()
    if collected is not None:
        missing = [name for name in names if name not in collected.generations]
        collected.generations.update(read_generations(missing))


def current_generation(name: str) -> int:
    """Return a name's value, read once for each answer that is being made."""
    depend_on(name)
    collected = _current.get()
    return collected.generations[name] if collected else read_generations([name])[name]


def is_collecting() -> bool:
    """Tell whether dependencies are collected at the moment."""
    return _current.get() is not None


def expire_at(moment: datetime) -> None:
    """Declare that the answer being made ends by itself at `moment`, as at a policy's switch."""
    collected = _current.get()
    if collected is not None and (collected.expires_at is None or moment < collected.expires_at):
        collected.expires_at = moment


@contextmanager
def collect_dependencies(known: Mapping[str, int] | None = None) -> "Iterator[Dependencies]":
    """Collect what is declared inside the block; `known` was read just before it."""
    collected = Dependencies()
    collected.generations.update(known or {})
    token = _current.set(collected)
    try:
        yield collected
    finally:
        _current.reset(token)
