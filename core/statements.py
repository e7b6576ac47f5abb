"""Running a statement that was written by hand, many times a request.

Django wraps each cursor several times and turns its placeholders into SQLite's anew for each
statement, which costs more than most of these statements do. Errors are Django's all the same, and
where somebody listens to statements they go the usual way.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models


def fetch_all(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows that a statement gives; none where it gives none."""
    database = connections[DEFAULT_DB_ALIAS]
    if (
        database.vendor != "sqlite"
        or database.queries_logged
        or database.execute_wrappers
        or database.needs_rollback
    ):
        with database.cursor() as cursor:
            cursor.execute(statement, list(values))
            return cursor.fetchall() if cursor.description else []
    database.ensure_connection()
    with database.wrap_database_errors:
        found: list[tuple[Any, ...]] = database.connection.execute(
            in_sqlite(statement), values
        ).fetchall()
    return found


@lru_cache(maxsize=256)
def in_sqlite(statement: str) -> str:
    """Return a statement with SQLite's placeholders."""
    return statement.replace("%s", "?").replace("%%", "%")


def count_on(model: type[models.Model]) -> None:
    """Have the database number new rows above those that were stored with numbers of their own.

    SQLite sees that by itself. PostgreSQL's sequence is only ever moved on: others may have drawn
    numbers of rows that nobody sees yet. Safe to call twice.
    """
    database = connections[DEFAULT_DB_ALIAS]
    if database.vendor != "postgresql":
        return
    key = str(model._meta.pk.column)
    table, column = (database.ops.quote_name(each) for each in (model._meta.db_table, key))
    name = fetch_all("SELECT pg_get_serial_sequence(%s, %s)", [table, key])[0][0]
    fetch_all(
        f"SELECT setval(%s, GREATEST((SELECT last_value FROM {name}), "  # noqa: S608
        f"(SELECT MAX({column}) FROM {table})))",
        [name],
    )


def wait_turn(what: str) -> None:
    """Let those who write the same wait for each other, from the look at what is there on.

    The turn is over when the transaction ends. SQLite has one writer at a time anyway.
    """
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        fetch_all("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])


def wait_row(row: models.Model) -> None:
    """Wait until nobody else writes a row, and read it as it is then; a new one is nobody's.

    Nobody else writes it until the transaction ends. Raises its DoesNotExist where it is gone: a
    save of what was read before would make it anew, and undo what others wrote.
    """
    if row.pk is not None:
        row.refresh_from_db(from_queryset=row.__class__._base_manager.select_for_update())
