"""The statements of a submission and of a removal: the only SQL of the room beside the ORM's.

The ORM compiles each look-up, three INSERTs, two UPDATEs and the signals between them anew for each
comment, which costs more than everything else that a submission does. The INSERTs here are made
once from the same models' fields, so that a column added later is in them. What writes runs inside
the caller's write transaction.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.expressions import DatabaseDefault
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from comments.models import (
    Appeal,
    EarlierText,
    Flag,
    OutgoingCopy,
    Reaction,
    Removal,
    Sanction,
    ScreeningRecord,
    VisitorComment,
)
from core.statements import fetch_all

SANCTIONS = Sanction._meta.db_table
TREE, OWN = XtdComment._meta.db_table, VisitorComment._meta.db_table
APPEALS, REMOVALS = Appeal._meta.db_table, Removal._meta.db_table
# What tells of a comment's author, or of what was held against them; and what others gave it.
BESIDE_AUTHOR = (REMOVALS, *(
    model._meta.db_table for model in (EarlierText, Flag, OutgoingCopy, ScreeningRecord)
))  # fmt: skip
BESIDE = (*BESIDE_AUTHOR, Reaction._meta.db_table)


def is_repeated(repeat_key: int | None) -> bool:
    """Tell whether the same words stand at the same place, but for the trash."""
    return exists(
        f"SELECT 1 FROM {OWN} WHERE repeat_key = %s AND status <> 'trash' LIMIT 1",  # noqa: S608
        [repeat_key],
    )


def is_flooding(author_ref: int | None, ip_hashes: Sequence[str], since: datetime) -> bool:
    """Tell whether the newest comment of an author or of a network address is after a moment."""
    return any(
        exists(
            f"SELECT 1 FROM (SELECT posted_at FROM {OWN} WHERE {column} = %s "  # noqa: S608
            "ORDER BY xtdcomment_ptr_id DESC LIMIT 1) newest WHERE posted_at > %s",
            [value, connection.ops.adapt_datetimefield_value(since)],
        )
        for column, value in (
            ("author_ref", author_ref),
            *(("ip_hash", each) for each in ip_hashes),
        )
        if value is not None
    )


def was_imported(author_ref: int | None, since: datetime) -> bool:
    """Tell whether an import after a moment brought in an approved comment of an author."""
    return exists(
        f"SELECT 1 FROM {OWN} WHERE author_ref = %s AND imported_at > %s "  # noqa: S608
        "AND status = 'approved' LIMIT 1",
        [author_ref, connection.ops.adapt_datetimefield_value(since)],
    )


def has_sanctions() -> bool:
    """Tell whether anybody is under a limit or a ban."""
    return exists(
        f"SELECT 1 FROM {SANCTIONS} WHERE lifted_at IS NULL AND kind <> 'warn' LIMIT 1",  # noqa: S608
        [],
    )


def exists(statement: str, values: Sequence[Any]) -> bool:
    return bool(fetch_all(statement, values))


def insert_comment(comment: VisitorComment, parent_path: str) -> None:
    """Insert a comment in its three tables and set its number and path.

    `parent_id`, `thread_id` and `depth` are those of its place; of a comment without a parent
    they become its own number.
    """
    comment.pk = comment.id = insert(Comment, comment, returns_key=True)
    comment.comment_ptr_id = comment.xtdcomment_ptr_id = comment.pk
    comment.path = f"{parent_path}{comment.pk:010d}"
    if not parent_path:
        comment.parent_id = comment.thread_id = comment.pk
    insert(XtdComment, comment)


def insert_own(comment: VisitorComment) -> None:
    """Insert the row of this room, the last of the three, once everything in it is known."""
    insert(VisitorComment, comment)
    comment._state.adding, comment._state.db = False, connection.alias


def delete_beside(keys: Sequence[int], tables: Iterable[str] = BESIDE) -> None:
    """Delete what hangs on comments.

    The ORM would load every row first, to tell receivers of which there is none.
    """
    if not keys:
        return
    places = ", ".join(["%s"] * len(keys))
    removals = f"SELECT id FROM {REMOVALS} WHERE comment_id IN ({places})"  # noqa: S608
    fetch_all(f"DELETE FROM {APPEALS} WHERE removal_id IN ({removals})", keys)  # noqa: S608
    for table in tables:
        fetch_all(f"DELETE FROM {table} WHERE comment_id IN ({places})", keys)  # noqa: S608


def store_fragments(comments: Iterable[VisitorComment]) -> None:
    """Write what is shown of comments anew, of each its own."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {OWN} SET html = %s, rendered = %s, fragment_version = %s "  # noqa: S608
            "WHERE xtdcomment_ptr_id = %s",
            [(row.html, row.rendered, row.fragment_version, row.pk) for row in comments],
        )


def insert_record(record: ScreeningRecord) -> None:
    """Insert what screening said of a comment."""
    insert(ScreeningRecord, record, returns_key=True)


def find_parent(parent_id: int, target_id: int) -> tuple[str, str, int] | None:
    """Return path, status and thread of a comment on a target, or None where it is not there.

    The first comment of its thread is locked where the database locks rows, so that two replies
    cannot wait for each other when they count themselves above.
    """
    parent = f"SELECT path, status FROM {OWN} WHERE xtdcomment_ptr_id = %s AND target_id = %s"  # noqa: S608
    wanted = [parent_id, target_id]
    found = fetch_all(parent, wanted)
    if not found:
        return None
    path, status = found[0]
    thread_id = int(path[:10])
    # Whoever held the thread may have removed the parent.
    if lock_threads([thread_id]) and not (found := fetch_all(parent, wanted)):
        return None
    path, status = found[0]
    return path, status, thread_id


def lock_threads(thread_ids: Iterable[int]) -> bool:
    """Lock the first comments of threads where the database locks rows; tell whether it does.

    In the order of their numbers, so that two who lock several cannot wait for each other.
    """
    wanted = sorted(thread_ids)
    if not wanted or not connection.features.has_select_for_update:
        return False
    places = ", ".join(["%s"] * len(wanted))
    fetch_all(
        f"SELECT 1 FROM {TREE} WHERE comment_ptr_id IN ({places}) "  # noqa: S608
        "ORDER BY comment_ptr_id FOR UPDATE",
        wanted,
    )
    return True


def count_reply(parent_path: str) -> None:
    """Count a reply at all comments above it."""
    count(keys_in(parent_path), 1)


def uncount_replies(paths: Iterable[str]) -> None:
    """Count comments that go no longer at the comments above them."""
    lost = Counter(key for path in paths for key in keys_in(path[:-10]))
    for number in set(lost.values()):
        count([key for key, times in lost.items() if times == number], -number)


def count(keys: Sequence[int], by: int) -> None:
    if keys:
        places = ", ".join(["%s"] * len(keys))
        fetch_all(
            f"UPDATE {TREE} SET nested_count = nested_count + %s "  # noqa: S608
            f"WHERE comment_ptr_id IN ({places})",
            [by, *keys],
        )


def keys_in(path: str) -> list[int]:
    """Return the numbers of the comments in a path, the first comment of the thread first."""
    return [int(path[start : start + 10]) for start in range(0, len(path), 10)]


def insert(model: type[models.Model], row: models.Model, *, returns_key: bool = False) -> int:
    # The connection itself: each look at Django's stand-in for it costs as much as a field.
    database = connections[DEFAULT_DB_ALIAS]
    statement, fields = insertion(model, database.vendor, returns_key)
    rows = fetch_all(statement, [value_of(field, row, database) for field in fields])
    return int(rows[0][0]) if returns_key else 0


@lru_cache(maxsize=16)
def insertion(
    model: type[models.Model], vendor: str, returns_key: bool
) -> tuple[str, Sequence[models.Field[Any, Any]]]:
    fields = [field for field in model._meta.local_concrete_fields
              if not (returns_key and field.primary_key)]  # fmt: skip
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    key = quote(model._meta.pk.column)
    returning = f" RETURNING {key}" if returns_key else ""
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({places}){returning}", fields  # noqa: S608


# A driver takes these as they stand on a row; most of a comment's columns are such.
PLAIN_FIELDS = {models.CharField, models.TextField, models.EmailField, models.URLField,
                models.IntegerField, models.BigIntegerField, models.PositiveSmallIntegerField,
                models.BooleanField, models.FloatField}  # fmt: skip
PLAIN_VALUES = {str, int, bool, float, type(None)}


def value_of(field: models.Field[Any, Any], row: models.Model, database: Any) -> Any:
    if type(field) in PLAIN_FIELDS:
        value = getattr(row, field.attname)
        if type(value) in PLAIN_VALUES:
            return value
    value = field.pre_save(row, True)
    if isinstance(value, DatabaseDefault):
        value = field.db_default
    return field.get_db_prep_save(value, database)
