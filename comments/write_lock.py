"""The queue before SQLite's one writer.

SQLite's own wait sleeps and starves one of two processes. Threads of a process wait here on a
lock, processes on a file beside the database, both in order; PostgreSQL needs neither.

Whoever is in front waits for no disk: the log is made durable once the next writer has the turn,
before this one returns. So the waits of several writers are one, as in any group commit.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from core.statements import fetch_all

_threads = threading.Lock()


@contextmanager
def write_transaction() -> Iterator[None]:
    """Run the block in one short transaction, taking turns with other writers of comments.

    Everything slow belongs before it: screening, sanitising, outside calls. Inside an open
    transaction, as in a test, it is a part of that one. When it returns, what was written is on
    disk.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block or connection.is_in_memory_db():
        with transaction.atomic():
            yield
        return
    name = connection.settings_dict["NAME"]
    with _threads, open(f"{name}.lock", "a") as file:
        # One open file is one lock for all threads of a process: hence the other lock as well.
        fcntl.flock(file, fcntl.LOCK_EX)
        set_waiting(False)
        try:
            with transaction.atomic():
                yield
        finally:
            set_waiting(True)
    sync_log(f"{name}-wal")


def set_waiting(is_waiting: bool) -> None:
    """Have commits on this connection wait for the disk, as all others do, or not."""
    fetch_all(f"PRAGMA synchronous={'FULL' if is_waiting else 'NORMAL'}")


class SharedWait:
    """One wait for the disk for all threads that ask before it begins.

    A wait that fails is nobody else's: who shared it tries again.
    """

    def __init__(self, wait: Callable[[str], None]) -> None:
        self.wait = wait
        self.changed = threading.Condition()
        self.begun = self.ended = 0
        self.is_running = False

    def __call__(self, name: str) -> None:
        with self.changed:
            own = self.begun + 1
            while self.is_running and self.ended < own:
                self.changed.wait()
            if self.ended >= own:
                return
            self.begun, self.is_running = max(self.begun + 1, own), True
            now = self.begun
        is_done = False
        try:
            self.wait(name)
            is_done = True
        finally:
            with self.changed:
                self.is_running = False
                self.ended = now if is_done else self.ended
                self.changed.notify_all()


def sync_file(name: str) -> None:
    """Wait until SQLite's log is on disk; what has left it is in the database, and on disk.

    It is opened by its name each time: while a connection is open it stays the same file.
    """
    try:
        log = os.open(name, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fdatasync(log)
    finally:
        os.close(log)


sync_log = SharedWait(sync_file)
