"""Making erased bytes leave the database file, as far as the database can."""

import time
from typing import Any

from django.db import connection

ATTEMPTS = 10
PAUSE_SECONDS = 0.2
BUSY_TIMEOUT_MS = 1000


def scrub_database() -> dict[str, Any]:
    """Drive erased text out of search indexes and the write-ahead log; return what was done.

    On SQLite the full-text indexes are optimised, since they keep deleted words, and the log is
    truncated; a reader can hold it, so that is repeated, within bounds, until `busy` is 0.
    `is_done` tells whether it worked; else call again later. PostgreSQL keeps erased rows in
    its files until VACUUM FULL and in its log until that is recycled: the answer says so.
    Must be called outside a transaction; inside one it does nothing and says so.
    """
    if connection.vendor != "sqlite":
        return {"engine": connection.vendor, "note": "vacuum_full_pending", "is_done": True}
    if connection.in_atomic_block:
        return {"engine": "sqlite", "note": "inside_transaction", "is_done": False}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' "
            "AND sql LIKE 'CREATE VIRTUAL TABLE%%USING fts5%%'"
        )
        indexes = [name for (name,) in cursor.fetchall()]
        for name in indexes:
            quoted = connection.ops.quote_name(name)
            cursor.execute(f"INSERT INTO {quoted}({quoted}) VALUES ('optimize')")  # noqa: S608
        cursor.execute("PRAGMA busy_timeout")
        (timeout_before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        try:
            attempts, is_busy = 0, True
            while is_busy and attempts < ATTEMPTS:
                if attempts:
                    time.sleep(PAUSE_SECONDS)
                attempts += 1
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                is_busy = bool(cursor.fetchone()[0])
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(timeout_before)}")
    return {
        "engine": "sqlite",
        "optimised": indexes,
        "attempts": attempts,
        "busy": int(is_busy),
        "is_done": not is_busy,
    }
