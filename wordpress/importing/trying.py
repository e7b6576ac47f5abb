"""Trying an import: everything is done and undone, and nobody waits for it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.db import connection, transaction


@contextmanager
def undone() -> Iterator[None]:
    """Undo whatever is written inside the block.

    SQLite lets one writer in at a time, for as long as a transaction lasts: there the block works
    on a copy of the database, unless it is in a transaction or in memory already.
    """
    with on_a_copy() if is_file() else nullcontext(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def is_file() -> bool:
    # The connection of SQLite knows whether it is in memory.
    return (
        connection.vendor == "sqlite"
        and not connection.in_atomic_block
        and not connection.is_in_memory_db()  # type: ignore[attr-defined]
    )


@contextmanager
def on_a_copy() -> Iterator[None]:
    """Let this thread's connection lead to a copy of the database until the block ends."""
    original = connection.settings_dict
    with tempfile.TemporaryDirectory(prefix="try-") as folder:
        copy = Path(folder, "site.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        connection.close()
        connection.settings_dict = {**original, "NAME": str(copy)}
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict = original
