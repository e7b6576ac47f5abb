"""Alphabetical order as people expect it, and as WordPress has it.

WordPress sorts by MySQL's utf8mb4_unicode collations, which look neither at case nor at accents;
SQLite and PostgreSQL's C collation put "apple" after "Zebra".
"""

import sqlite3
import unicodedata
from typing import Any

from django.db.models import F, Func, TextField

FUNCTION = "candour_alphabetical"


class Alphabetical(Func):
    """A column of text by which rows are sorted; its values are for nothing else."""

    arity = 1
    output_field = TextField()

    def __init__(self, column: str | F) -> None:
        super().__init__(column)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function=FUNCTION, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # ICU's root collation comes with PostgreSQL and does not hang on how it was set up.
        template = '(%(expressions)s COLLATE "und-x-icu")'
        return self.as_sql(compiler, connection, template=template, **context)


def add_function(connection: Any, **_: Any) -> None:
    """Give a new connection to SQLite what Alphabetical calls."""
    if connection.vendor == "sqlite":
        database: sqlite3.Connection = connection.connection
        database.create_function(FUNCTION, 1, place_of, deterministic=True)


def place_of(text: str | None) -> str | None:
    """Return what texts are compared by: without accents and case, which decide between equals."""
    if text is None or text.isascii():
        return text and text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
