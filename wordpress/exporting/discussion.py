"""Comments, pingbacks and trackbacks, below the entries that they belong to."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from comments.models import Limitation, Status, VisitorComment
from comments.sanitising import HTML
from wordpress.exporting.batches import batches
from wordpress.exporting.moments import gmt, local
from wordpress.exporting.terms import pairs
from wordpress.importing.discussion import MARKUP
from wordpress.importing.keeping import replaced
from wordpress.models import ImportedRecord, Kind
from wordpress.wxr.records import Comment

APPROVED = {Status.APPROVED: "1", Status.HOLD: "0", Status.SPAM: "spam", Status.TRASH: "trash"}
COLUMNS = (
    "pk", "target_id", "status", "kind", "depth", "parent_id", "user_name", "user_email",
    "user_url", "ip_address", "user_agent", "submit_date", "comment", "user_id", "nested_count",
    "meta", "markup",
)  # fmt: skip
AT_A_TIME = 500


def comments_on(targets: Sequence[int], zone: ZoneInfo) -> Iterator[tuple[int, Iterator[Comment]]]:
    """Yield each target that has comments with them, what is answered before its answers.

    Each target's comments must be taken before the next target.
    """
    rows = VisitorComment.objects.filter(target_id__in=targets).order_by("target_id", "path")
    found = (each for some in batches(rows.values(*COLUMNS).iterator(AT_A_TIME), AT_A_TIME)
             for each in comments_of(some, zone))  # fmt: skip
    for target, pairs_of_target in groupby(found, lambda pair: pair[0]):
        yield target, (comment for _target, comment in pairs_of_target)


def comments_of(rows: Sequence[dict[str, Any]], zone: ZoneInfo) -> Iterator[tuple[int, Comment]]:
    keys = [row["pk"] for row in rows]
    limited = Limitation.objects.filter(comment__in=keys, is_restricted=True)
    restricted = set(limited.values_list("comment_id", flat=True))
    noted = ImportedRecord.objects.filter(kind=Kind.COMMENT, target_id__in=keys).exclude(rest={})
    rests = dict(noted.values_list("target_id", "rest"))
    for row in rows:
        is_silent = row["pk"] in restricted or not (row["comment"] or row["user_name"])
        if row["pk"] in restricted and not row["nested_count"]:
            # Nobody answers it, so that nothing has to stand in its place.
            continue
        place = placed(row, zone)
        yield row["target_id"], place if is_silent else spoken(place, row, rests.get(row["pk"], {}))


def placed(row: dict[str, Any], zone: ZoneInfo) -> Comment:
    """Return where a comment stands, without its words and its person."""
    return Comment(
        id=row["pk"],
        date=local(row["submit_date"], zone),
        date_gmt=gmt(row["submit_date"]),
        approved=APPROVED[row["status"]],
        type=row["kind"],
        parent=row["parent_id"] if row["depth"] else 0,
    )


def spoken(comment: Comment, row: dict[str, Any], rest: dict[str, Any]) -> Comment:
    """Return a comment with its words, its person and what a plugin noted on it."""
    comment.author, comment.email = row["user_name"].strip(), row["user_email"]
    comment.url, comment.content = row["user_url"], row["comment"]
    # What retention is about to let go does not leave the site any more.
    age = timezone.now() - row["submit_date"]
    if age <= timedelta(days=settings.COMMENTS_IP_DAYS):
        comment.ip = row["ip_address"] or ""
    if age <= timedelta(days=settings.COMMENTS_REQUEST_DAYS):
        comment.agent = row["user_agent"]
    comment.user_id = row["user_id"] or 0
    comment.type = rest.get("type", comment.type)
    comment.meta = pairs(replaced(rest.get("meta", []), row["meta"]))
    if row["markup"] != HTML:
        comment.meta.append((MARKUP, row["markup"]))
    return comment
