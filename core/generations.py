"""Cache generations: what a cached answer depends on, and when that changed.

A write raises the names it changes inside its own transaction. A reader declares a name
before it reads the data, so that an answer is tagged with a state no newer than what it
shows; an entry is served only while every generation it names is unchanged. A crash
between data and counter is impossible, since both are one transaction.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django.db import connection

from core.statements import fetch_all

if TYPE_CHECKING:
    from collections.abc import Iterator

V = TypeVar("V")

# Names that more than one room raises.
PAGES = "pages"  # page tree, posts, terms, menus, policies, site settings
PRODUCTS = "products"
COMMENTS = "comments"  # any comment, for what lists those of the whole site
DISCUSSION = "discussion"  # the settings of comments
# What nearly every answer depends on: read together, before an answer is made.
USUAL = (PAGES, DISCUSSION)


def comments_of(target_id: int) -> str:
    """Return the name under which the comments of one page are counted."""
    return f"comments:{target_id}"


class Dependencies:
    """What one answer was made from: generations as read, and when it ends by itself.

    `known` are values that were read before anybody depended on them. Of an answer that nobody
    stores (`is_stored`), only the values that are asked for are read. An answer that `is_private`
    is for the one who asks and is stored nowhere.
    """

    def __init__(self, known: Mapping[str, int] | None = None, *, is_stored: bool = True) -> None:
        self.known: dict[str, int] = dict(known or {})
        self.is_stored = is_stored
        self.generations: dict[str, int] = {}
        self.expires_at: datetime | None = None
        self.is_private = False

    def read(self, *names: str) -> None:
        """Depend on names: each is read once, where it is not known yet."""
        new = [name for name in names if name not in self.generations]
        if new:
            self.known.update(read_generations(name for name in new if name not in self.known))
            self.generations.update((name, self.known[name]) for name in new)


_current: ContextVar[Dependencies | None] = ContextVar("cache_dependencies", default=None)


def raise_generations(*names: str) -> None:
    """Count the names up in the caller's transaction. Safe to call twice.

    Names are taken in sorted order, so that two writers cannot wait for each other.
    """
    wanted = sorted(set(names))
    fetch_all(
        f"INSERT INTO core_generation (name, value) VALUES {', '.join(['(%s, 1)'] * len(wanted))} "  # noqa: S608
        "ON CONFLICT (name) DO UPDATE SET value = core_generation.value + 1",
        wanted,
    )
    collected = _current.get()
    if collected is not None and not collected.is_stored:
        # What answers a write shows what it wrote, so that these are read anew.
        for name in wanted:
            collected.known.pop(name, None)
            collected.generations.pop(name, None)


def read_generations(names: Iterable[str]) -> dict[str, int]:
    """Return the value of each name in one query; a name never raised is 0."""
    wanted = dict.fromkeys(names, 0)
    if wanted:
        places = ", ".join(["%s"] * len(wanted))
        wanted.update(
            fetch_all(
                f"SELECT name, value FROM core_generation WHERE name IN ({places})",  # noqa: S608
                list(wanted),
            )
        )
    return wanted


def depend_on(*names: str) -> None:
    """Declare, before reading the data, that the answer being made depends on these names.

    Does nothing while no answer is collected, as in a command or an uncached request.
    """
    collected = _current.get()
    if collected is not None and collected.is_stored:
        collected.read(*names)


def current_generation(name: str) -> int:
    """Return a name's value, read once for each answer that is being made."""
    collected = _current.get()
    if collected is None:
        return read_generations([name])[name]
    collected.read(name)
    return collected.generations[name]


def collected_dependencies() -> Dependencies | None:
    """Return what is collected at the moment, or None where nothing is."""
    return _current.get()


def expire_at(moment: datetime) -> None:
    """Declare that the answer being made ends by itself at `moment`, as at a policy's switch."""
    collected = _current.get()
    if collected is not None and (collected.expires_at is None or moment < collected.expires_at):
        collected.expires_at = moment


def answer_privately() -> None:
    """Declare that the answer being made is for the one who asks alone; nothing stores it."""
    collected = _current.get()
    if collected is not None:
        collected.is_private = True


@contextmanager
def collect_dependencies(
    known: Mapping[str, int] | None = None, *, is_stored: bool = True
) -> "Iterator[Dependencies]":
    """Collect what is declared inside the block; `known` was read just before it."""
    collected = Dependencies(known, is_stored=is_stored)
    token = _current.set(collected)
    try:
        yield collected
    finally:
        _current.reset(token)


class Kept(Generic[V]):
    """Values by key in this process's memory, each good while a generation is unchanged.

    What is made inside an open transaction is not kept: the transaction may be undone, and the
    next write then takes the same number for other data.
    """

    instances: ClassVar[list["Kept[Any]"]] = []

    def __init__(self, name: str, *, most: int = 1000) -> None:
        self.name = name
        self.most = most
        self.values: tuple[int, dict[Hashable, V]] = (-1, {})
        self.instances.append(self)

    def current(self) -> dict[Hashable, V]:
        """Return what is kept for the generation of this answer; read it, but add with `keep`."""
        generation = current_generation(self.name)
        kept = self.values
        if kept[0] != generation or len(kept[1]) > self.most:
            kept = (generation, {})
            if not connection.in_atomic_block:
                self.values = kept
        return kept[1]

    def keep(self, into: dict[Hashable, V], found: Mapping[Any, V]) -> None:
        """Keep values under the generation that `current` was asked for."""
        if not connection.in_atomic_block:
            into.update(found)

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return the value of a key, made anew where it is not kept."""
        current = self.current()
        if key in current:
            return current[key]
        value = make()
        self.keep(current, {key: value})
        return value

    def get_of(self, name: str, key: Hashable, make: Callable[[], V]) -> V:
        """Return the value of a key, good while a generation of its own is unchanged."""
        generation = current_generation(name)
        kept: dict[Hashable, Any] = self.values[1]
        found = kept.get((name, key))
        if found is not None and found[0] == generation:
            value: V = found[1]
            return value
        value = make()
        if not connection.in_atomic_block:
            if len(kept) >= self.most:
                kept.clear()
            kept[name, key] = (generation, value)
        return value

    @classmethod
    def forget_all(cls) -> None:
        """Drop everything that is kept. For tests, which put generations back."""
        for instance in cls.instances:
            instance.values = (-1, {})
