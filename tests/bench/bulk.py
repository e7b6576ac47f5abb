"""Comments by the hundred thousand: one statement a table, on SQLite and on PostgreSQL."""

from collections.abc import Mapping

from django.db import connection, models, transaction
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from comments.models import VisitorComment

# Rows stand in groups: a top comment and its replies.
GROUP = 5


def add_comments(template: VisitorComment, count: int, *, status: str, target: str) -> None:
    """Copy a comment so many times, as from 5,000 authors, a second apart.

    `target` is the expression of the page's number by n, the number of the copy.
    """
    first = int(VisitorComment.objects.order_by("-pk").values_list("pk", flat=True)[0]) + 1
    number = f"({first} + n)"
    root = f"({number} - n % {GROUP})"
    depth = f"(CASE WHEN n % {GROUP} = 0 THEN 0 ELSE 1 END)"
    moment = moment_of("n")
    own: dict[type[models.Model], Mapping[str, str]] = {
        Comment: {
            "id": number,
            "object_pk": f"CAST({target} AS varchar(64))",
            "user_name": "'Reader ' || (n % 5000)",
            "user_email": "'reader' || (n % 5000) || '@example.org'",
            "comment": "'Comment ' || n || '. ' || comment",
            "submit_date": moment,
            "is_public": "TRUE" if status == "approved" else "FALSE",
        },
        XtdComment: {
            "comment_ptr_id": number,
            "thread_id": root,
            "parent_id": root,
            "level": depth,
            "nested_count": f"(CASE WHEN n % {GROUP} = 0 THEN {GROUP - 1} ELSE 0 END)",
        },
        VisitorComment: {
            "xtdcomment_ptr_id": number,
            "target_id": target,
            "status": f"'{status}'",
            "path": f"(CASE WHEN n % {GROUP} = 0 THEN '' ELSE {ten_digits(root)} END)"
                    f" || {ten_digits(number)}",
            "depth": depth,
            "posted_at": moment,
            "ip_hash": "'hash' || (n % 7000)",
            "author_ref": "(n % 5000)",
            "repeat_key": "n",
            "fingerprint": "(CAST(n AS bigint) * 7919)",
            "score": "((n % 997) / 1000.0)",
            "main_reason": chosen("n", ["first_comment", "words", "many_links", "all_held"]),
        },
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        for model, changed in own.items():
            names = [field.column for field in model._meta.local_concrete_fields]
            quoted = {name: connection.ops.quote_name(name) for name in names}
            columns = quoted.values()
            values = ", ".join(changed.get(name, quoted[name]) for name in names)
            table, key = model._meta.db_table, model._meta.pk.column
            statement = (
                f"INSERT INTO {table} ({', '.join(columns)}) {numbers(count)} "
                f"SELECT {values} FROM numbers, {table} WHERE {key} = %s"
            )
            if connection.vendor == "postgresql":
                statement = (
                    f"INSERT INTO {table} ({', '.join(columns)}) "
                    f"SELECT {values} FROM generate_series(0, {count - 1}) AS numbers (n), {table} "
                    f"WHERE {key} = %s"
                )
            cursor.execute(statement.replace("% ", "%% ").replace("%% s", "%s"), [template.pk])
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{Comment._meta.db_table}', 'id'), %s)",
                [first + count],
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def numbers(count: int) -> str:
    return (
        "WITH RECURSIVE numbers (n) AS "
        f"(SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count - 1})"
    )


def chosen(number: str, among: list[int] | list[str]) -> str:
    """Return the expression that takes one of several values by a number."""
    if len(among) == 1:
        return repr(among[0])
    cases = " ".join(f"WHEN {place} THEN {value!r}" for place, value in enumerate(among[:-1]))
    return f"CASE {number} % {len(among)} {cases} ELSE {among[-1]!r} END"


def ten_digits(number: str) -> str:
    if connection.vendor == "postgresql":
        return f"lpad(CAST({number} AS varchar), 10, '0')"
    return f"printf('%010d', {number})"


def moment_of(seconds: str) -> str:
    if connection.vendor == "postgresql":
        return f"TIMESTAMPTZ '2026-01-01 00:00:00+00' + {seconds} * INTERVAL '1 second'"
    return f"datetime('2026-01-01', '+' || {seconds} || ' seconds')"
