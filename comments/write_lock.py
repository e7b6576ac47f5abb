"""The queue before SQLite's one writer.

SQLite's own wait sleeps and starves one of two processes. Threads of a process wait here on a
lock, processes on a file beside the database, both in order; PostgreSQL needs neither.
"""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_threads = threading.Lock()


@contextmanager
def write_transaction() -> Iterator[None]:
    """Run the block in one short transaction, taking turns with other writers of comments.

    Everything slow belongs before it: screening, sanitising, outside calls. Inside an open
    transaction, as in a test, it is a part of that one.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block or connection.is_in_memory_db():
        with transaction.atomic():
            yield
        return
    with _threads, open(f"{connection.settings_dict['NAME']}.lock", "a") as file:
        # One open file is one lock for all threads of a process: hence the other lock as well.
        fcntl.flock(file, fcntl.LOCK_EX)
        with transaction.atomic():
            yield
