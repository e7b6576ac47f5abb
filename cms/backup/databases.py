"""Copying the site's database as it is at one moment, and bringing a copy back whole or not at all.

SQLite copies itself (VACUUM INTO leaves free pages behind, and so what was erased in them); its
backup writes the other way, in one transaction. PostgreSQL's own programs do both: the restore is
one transaction that replaces the schema.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.db.backends.postgresql.client import DatabaseClient

from cms.backup.errors import DatabaseFailedError, ToolMissingError

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.sql"}
LOCK_SECONDS = 20


def dump(folder: Path) -> Path:
    """Write the database as it is now into a folder and return the file. Writers go on meanwhile.

    Call it outside a transaction. ToolMissingError or DatabaseFailedError.
    """
    target = folder / FILES[connection.vendor]
    if connection.vendor == "sqlite":
        try:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(target)])
        except DatabaseError as error:
            raise DatabaseFailedError(str(error)) from error
    else:
        options = ["--no-owner", "--no-privileges", f"--schema={schema()}", f"--file={target}"]
        run("pg_dump", options)
    target.chmod(0o600)
    return target


def load(source: Path) -> None:
    """Replace the whole database by a dump: all of it, or nothing where anything fails.

    Whoever else uses the database is waited for, for a while. ToolMissingError or
    DatabaseFailedError.
    """
    if connection.vendor == "sqlite":
        load_sqlite(source)
        return
    name = connection.ops.quote_name(schema())
    connection.close()
    run(
        "psql",
        ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
         "--output=/dev/null",
         "--command", f"SET lock_timeout = '{LOCK_SECONDS}s'",
         # The dump makes the schema anew, as it was named to pg_dump.
         "--command", f"DROP SCHEMA {name} CASCADE",
         "--file", str(source)],
    )  # fmt: skip


def load_sqlite(source: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as opened:
            if opened.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise DatabaseFailedError
            opened.backup(connection.connection)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (sqlite3.Error, DatabaseError) as error:
        raise DatabaseFailedError(str(error)) from error


def check_tools() -> None:
    """Raise ToolMissingError where a program is needed and absent."""
    if connection.vendor != "sqlite" and not (shutil.which("pg_dump") and shutil.which("psql")):
        raise ToolMissingError


def schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def run(program: str, options: list[str]) -> None:
    path = shutil.which(program)
    if path is None:
        raise ToolMissingError
    where, secrets = connect_as(connection.settings_dict)
    done = subprocess.run(  # noqa: S603  a program found on PATH, no shell
        [path, *options, *where],
        env={**os.environ, **secrets},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        # Details of an error may quote rows: only the lines that name the fault are passed on.
        said = [line for line in done.stderr.splitlines() if "rror:" in line or "ERROR:" in line]
        raise DatabaseFailedError(" ".join(said) or None)


def connect_as(database: dict[str, Any]) -> tuple[list[str], dict[str, str]]:
    """Return the arguments and the environment by which PostgreSQL's programs find a database."""
    arguments, secrets = DatabaseClient.settings_to_cmd_args_env(database, [])
    return arguments[1:], secrets or {}
