"""Storing comments that another system received and judged, many at a time.

They pass what every comment passes, sanitising and rendering, and take their places in the same
tables; nobody is told, nothing is screened, and no lesson is learnt. What the site's retention
would let go at once is left out before anything is stored.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, models
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from comments.fragments import Making, making, number_fragment, set_fragment
from comments.models import Status, VisitorComment
from comments.network_keys import hash_of, network_of
from comments.sanitising import HTML, clean_address, clean_name, sanitise
from comments.services.placing import DEEPEST_LEVEL, announce
from comments.storing import insertion, keys_in, value_of
from core.generations import COMMENTS, comments_of, raise_generations
from core.statements import count_on, fetch_all

# Numbers are signed 32 bits in the package's table; a file is not to use them up.
HIGHEST_KEPT = 1_000_000_000
AT_A_TIME = 500


@dataclass(frozen=True, kw_only=True)
class ImportedComment:
    """A comment as another system had it.

    `number` is the one it would keep if it is free. What it answers is `stored_parent`, a comment
    that is here, or `parent`, the `number` of another one of its batch; 0 is none. `text` is what
    was typed, in `markup`; `meta` its custom fields by name, each with its values as text.
    """

    number: int
    target_id: int
    content_type_id: int
    language: str
    text: str
    at: datetime
    status: Status
    kind: str = VisitorComment.Kind.COMMENT
    parent: int = 0
    stored_parent: int = 0
    name: str = ""
    email: str = ""
    url: str = ""
    ip: str = ""
    user_agent: str = ""
    user_id: int | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    markup: str = HTML


@dataclass(frozen=True)
class Prepared:
    """Comments that are ready to be stored, and how much of them retention left out, by rule."""

    comments: list[VisitorComment]
    given: Sequence[ImportedComment]
    left_out: Counter[str]


def prepare_imported(given: Sequence[ImportedComment], *, now: datetime) -> Prepared:
    """Sanitise and render comments, and leave out what retention would let go.

    Slow: call it before a write transaction begins. The left-out parts are counted by the
    identifiers of comments.services.retention.
    """
    how, left_out = making(), Counter[str]()
    comments = [prepared(each, how, now, left_out) for each in given]
    return Prepared(comments, given, left_out)


def store_imported_many(batch: Prepared) -> list[VisitorComment]:
    """Store a batch in its order, parents before their replies; return the stored comments.

    Runs inside a write transaction. Each keeps its number where it is free. A comment whose parent
    is not there stands at the top of its target.
    """
    comments = batch.comments
    if not comments:
        return []
    if connection.vendor == "postgresql":
        # Others' numbers come from a sequence that does not know of the numbers taken here.
        fetch_all(f"LOCK TABLE {Comment._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    wanted = [given.number for given in batch.given]
    number(comments)
    own = {was: comment for was, comment in zip(wanted, comments, strict=True) if was}
    paths = paths_of({given.stored_parent for given in batch.given} - {0})
    replies: Counter[int] = Counter()
    for comment, given in zip(comments, batch.given, strict=True):
        above = path_above(comment, own.get(given.parent), paths.get(given.stored_parent))
        put(comment, above)
        replies.update(keys_in(above))
    inside = {comment.pk: comment for comment in comments}
    for key, comment in inside.items():
        comment.nested_count = replies.pop(key, 0)
    for model in (Comment, XtdComment, VisitorComment):
        insert_all(model, comments)
    add_replies(replies)
    count_on(Comment)
    shown = {comment.target_id for comment in comments if comment.status == Status.APPROVED}
    if shown:
        raise_generations(COMMENTS, *map(comments_of, shown))
    return comments


def change_imported(comment: VisitorComment, given: ImportedComment) -> None:
    """Change a stored comment's text, author and state to what the other system has now.

    Runs inside a write transaction.
    """
    was = comment.status
    comment.markup = given.markup
    comment.comment = sanitise(given.text, comment.markup)
    name_author(comment, given)
    comment.status = given.status
    set_fragment(comment)
    comment.save()
    announce(comment, was=was)


def prepared(
    given: ImportedComment, how: Making, now: datetime, left_out: Counter[str]
) -> VisitorComment:
    comment = VisitorComment(
        pk=given.number if 0 < given.number <= HIGHEST_KEPT else None,
        content_type_id=given.content_type_id,
        object_pk=str(given.target_id),
        site_id=settings.SITE_ID,
        target_id=given.target_id,
        user_id=given.user_id,
        comment=sanitise(given.text, given.markup),
        markup=given.markup,
        submit_date=given.at,
        status=given.status,
        kind=given.kind,
        language=given.language,
        channel="import",
        imported_at=now,
        followup=False,
        meta=dict(given.meta),
    )
    name_author(comment, given)
    keep_request(comment, given, now, left_out)
    set_fragment(comment, how)
    return comment


def name_author(comment: VisitorComment, given: ImportedComment) -> None:
    named = {"user_name": clean_name(given.name), "user_email": given.email.strip(),
             "user_url": clean_address(given.url)}  # fmt: skip
    for column, value in named.items():
        setattr(comment, column, value[: VisitorComment._meta.get_field(column).max_length])


def keep_request(
    comment: VisitorComment, given: ImportedComment, now: datetime, left_out: Counter[str]
) -> None:
    """Keep what came with a comment as long as retention keeps it, from the day it was written."""
    age = now - given.at
    if given.user_agent:
        if age <= timedelta(days=settings.COMMENTS_REQUEST_DAYS):
            comment.user_agent = given.user_agent[:254]
        else:
            left_out["comments.request"] += 1
    if network_of(given.ip) is not None:
        if age <= timedelta(days=settings.COMMENTS_IP_DAYS + settings.COMMENTS_IP_HASH_DAYS):
            comment.ip_hash = hash_of(given.ip, given.at.astimezone(UTC).date())
        if age <= timedelta(days=settings.COMMENTS_IP_DAYS):
            comment.ip_address = given.ip
        else:
            left_out["comments.ip"] += 1


def number(comments: Sequence[VisitorComment]) -> None:
    """Give each comment its number: the wanted one where it is free, else one above all others."""
    wanted = {comment.pk for comment in comments if comment.pk}
    taken = set[int]()
    for some in portions(sorted(wanted)):
        taken.update(Comment.objects.filter(pk__in=some).values_list("pk", flat=True))
    highest = Comment.objects.aggregate(highest=models.Max("pk"))["highest"] or 0
    after = max([highest, *wanted])
    for comment in comments:
        if not comment.pk or comment.pk in taken:
            after += 1
            comment.pk = after
        taken.add(comment.pk)
        comment.id = comment.comment_ptr_id = comment.xtdcomment_ptr_id = comment.pk


def paths_of(keys: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Return path and target of stored comments."""
    found: dict[int, tuple[str, int]] = {}
    for some in portions(sorted(keys)):
        rows = VisitorComment.objects.order_by().filter(pk__in=some)
        found.update((key, (path, target)) for key, path, target in
                     rows.values_list("pk", "path", "target_id"))  # fmt: skip
    return found


def path_above(
    comment: VisitorComment, beside: VisitorComment | None, stored: tuple[str, int] | None
) -> str:
    """Return the path of what a comment answers, "" for the top."""
    above = ""
    if stored is not None:
        path, target_id = stored
        above = path if target_id == comment.target_id else ""
    elif beside is not None and beside is not comment and beside.target_id == comment.target_id:
        above = beside.path
    return above[: DEEPEST_LEVEL * 10]


def put(comment: VisitorComment, above: str) -> None:
    """Put a numbered comment at its place below a path."""
    keys = keys_in(above)
    comment.path = f"{above}{comment.pk:010d}"
    comment.depth = comment.level = len(keys)
    comment.thread_id = keys[0] if keys else comment.pk
    comment.parent_id = keys[-1] if keys else comment.pk
    comment.follow()
    number_fragment(comment)


def insert_all(model: type[models.Model], comments: Sequence[VisitorComment]) -> None:
    statement, fields = insertion(model, connection.vendor, False)
    rows = [[value_of(field, comment, connection) for field in fields] for comment in comments]
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
    for comment in comments:
        comment._state.adding, comment._state.db = False, connection.alias


def add_replies(replies: Mapping[int, int]) -> None:
    """Count new replies at the stored comments above them."""
    by_count: dict[int, list[int]] = {}
    for key, count in replies.items():
        by_count.setdefault(count, []).append(key)
    for count, keys in by_count.items():
        for some in portions(keys):
            XtdComment.objects.filter(pk__in=some).update(
                nested_count=models.F("nested_count") + count
            )


def portions(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (keys[at : at + AT_A_TIME] for at in range(0, len(keys), AT_A_TIME))
