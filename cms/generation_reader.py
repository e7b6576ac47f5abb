"""Reading cache generations at the cost of microseconds, outside Django's request cycle."""

import mmap
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection

from core.generations import read_generations

LOG_HEAD_BYTES = 96
MOST_KNOWN = 5_000
QUERY = "SELECT name, value FROM core_generation WHERE name IN ({})"


class GenerationReader:
    """Reads generations over one connection of its own per thread.

    Django's connection would cost a hundred times as much per look (signals, cursors,
    health checks). A connection that fails is dropped and Django's is asked once. Where the
    database tells cheaply that nothing was committed since, what was read last is still right.
    """

    def __init__(self) -> None:
        self.local = threading.local()
        # A state of the database, and what was read in it or later.
        self.known: tuple[bytes, dict[str, int]] = (b"", {})

    def read(self, names: Iterable[str]) -> dict[str, int]:
        """Return the value of each name; a name never raised is 0."""
        wanted = dict.fromkeys(names, 0)
        try:
            rows = self._rows(tuple(wanted))
        except Exception:  # noqa: BLE001  whatever the driver raises, the answer is elsewhere
            self.local.__dict__.clear()
            return read_generations(wanted)
        wanted.update(rows)
        return wanted

    def are_current(self, generations: Mapping[str, int]) -> bool:
        """Tell whether every name still has the value that an answer was made from."""
        state = self._state()
        before, known = self.known
        if not state or state != before:
            known = self.read(generations)
        elif missing := [name for name in generations if name not in known]:
            known = {**known, **self.read(missing)}
        else:
            return all(known[name] == value for name, value in generations.items())
        # The state was read first: it is at most older than the values.
        self.known = (state, known) if len(known) <= MOST_KNOWN else (b"", {})
        return all(known[name] == value for name, value in generations.items())

    def _state(self) -> bytes:
        if not hasattr(self.local, "state"):
            self.local.state = open_state()
        return bytes(self.local.state())

    def _rows(self, names: tuple[str, ...]) -> list[tuple[str, int]]:
        if not hasattr(self.local, "query"):
            self.local.query = open_query()
        return self.local.query(names)


def open_state() -> Callable[[], bytes]:
    """Return a function to what changes with every commit, or to b"" where nothing tells."""
    if connection.vendor != "sqlite" or is_in_memory(connection):
        return bytes
    return commits_of(str(connection.settings_dict["NAME"]))


def commits_of(name: str) -> Callable[[], bytes]:
    """Return a function to what changes with every commit to a file of SQLite, b"" if unknown.

    The log's index in shared memory begins with two copies of a head of 48 bytes, in a documented
    format, that holds a counter of commits. While a connection is open that file stays in place.
    """
    keeping = sqlite3.connect(f"file:{name}?mode=ro", uri=True, check_same_thread=False)
    if keeping.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        return bytes
    # The first read opens the index.
    keeping.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    try:
        with open(f"{name}-shm", "rb") as file:
            index = mmap.mmap(file.fileno(), LOG_HEAD_BYTES, access=mmap.ACCESS_READ)
    except (OSError, ValueError):
        return bytes

    def state(keeping: sqlite3.Connection = keeping) -> bytes:
        return index[:LOG_HEAD_BYTES]

    return state


def is_in_memory(database: Any) -> bool:
    return bool(database.is_in_memory_db())


def open_query() -> Any:
    """Return a function from names to rows, over a fresh connection to the default database."""
    if connection.vendor == "sqlite" and not is_in_memory(connection):
        database = sqlite3.connect(
            f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True, isolation_level=None
        )
        return lambda names: database.execute(
            QUERY.format(", ".join("?" * len(names))), names
        ).fetchall()
    if connection.vendor == "postgresql":
        import psycopg  # only where PostgreSQL serves the site

        parameters = connection.get_connection_params()
        wanted = {key: parameters[key] for key in parameters
                  if key in {"dbname", "user", "password", "host", "port"}}  # fmt: skip
        postgres = psycopg.connect(**wanted, autocommit=True)
        return lambda names: postgres.execute(
            "SELECT name, value FROM core_generation WHERE name = ANY(%s)", [list(names)],
            prepare=True,
        ).fetchall()  # fmt: skip
    return lambda names: list(read_generations(names).items())
