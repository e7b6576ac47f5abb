"""The ledger: which erasures were made, in a store that a restore of the site does not touch.

It has a database of its own (a file beside the site's, or LEDGER_DATABASE_URL) and names nobody: a
person is the keyed hash of their address, never a row's number, since a restored database gives the
same numbers to other people. What it knows and the site's database does not is what a restore
undid: `personal_data replay` does it again, and until then the site does not start.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import ConnectionHandler
from django.db.backends.base.base import BaseDatabaseWrapper

from core.tokens import pseudonym

TABLE = """CREATE TABLE IF NOT EXISTS candour_erasures (
    request_uid varchar(36) PRIMARY KEY,
    subject varchar(64) NOT NULL,
    key_id varchar(16) NOT NULL,
    made_at varchar(40) NOT NULL,
    expires_on varchar(10) NOT NULL
)"""
# A restore that is on record here and not replayed keeps the site from starting.
RESTORES = """CREATE TABLE IF NOT EXISTS candour_restores (
    restored_at varchar(40) PRIMARY KEY,
    replayed_at varchar(40)
)"""


@dataclass(frozen=True)
class Erasure:
    """One erasure: whose (as a keyed hash), when it was planned, and until when it is known.

    `key_id` tells under which PRIVACY_KEY the hash was made, without telling the key.
    """

    request_uid: UUID
    subject: str
    key_id: str
    at: datetime
    expires_on: date


def key_id() -> str:
    """Return the mark of the running PRIVACY_KEY."""
    return pseudonym("ledger", "key")[:16]


@contextmanager
def opened() -> Iterator[BaseDatabaseWrapper]:
    """Open the store, made where it is absent. Each statement is committed by itself."""
    connection = ConnectionHandler({"default": settings.LEDGER_DATABASE})["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
            cursor.execute(RESTORES)
        if connection.vendor == "sqlite":
            Path(settings.LEDGER_DATABASE["NAME"]).chmod(0o600)
        yield connection
    finally:
        connection.close()


def record(erasures: list[Erasure]) -> None:
    """Write erasures down, on disk before this returns. Safe to call twice with the same."""
    with opened() as connection, connection.cursor() as cursor:
        for each in erasures:
            cursor.execute(
                "INSERT INTO candour_erasures (request_uid, subject, key_id, made_at, expires_on) "
                "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (request_uid) DO NOTHING",
                [
                    str(each.request_uid),
                    each.subject,
                    each.key_id,
                    each.at.astimezone(UTC).isoformat(),
                    each.expires_on.isoformat(),
                ],
            )


def read() -> list[Erasure]:
    """Return every erasure that the store knows, the oldest first."""
    with opened() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT request_uid, subject, key_id, made_at, expires_on FROM candour_erasures "
            "ORDER BY made_at, request_uid"
        )
        return [
            Erasure(
                UUID(uid), subject, key, datetime.fromisoformat(at), date.fromisoformat(expires)
            )
            for uid, subject, key, at, expires in cursor.fetchall()
        ]


def forget_expired(today: date) -> None:
    """Delete what no backup can bring back any more."""
    with opened() as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM candour_erasures WHERE expires_on <= %s", [today.isoformat()])


def note_restore(at: datetime) -> None:
    """Write down that the site's database is about to be taken back to an earlier moment."""
    with opened() as connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO candour_restores (restored_at) VALUES (%s) "
            "ON CONFLICT (restored_at) DO NOTHING",
            [at.astimezone(UTC).isoformat()],
        )


def has_open_restore() -> bool:
    """Tell whether a restore was made since the last whole replay."""
    with opened() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM candour_restores WHERE replayed_at IS NULL")
        return bool(cursor.fetchone()[0])


def close_restores(at: datetime) -> None:
    """Write down that everything was replayed. Safe to call twice."""
    with opened() as connection, connection.cursor() as cursor:
        cursor.execute(
            "UPDATE candour_restores SET replayed_at = %s WHERE replayed_at IS NULL",
            [at.astimezone(UTC).isoformat()],
        )
