"""Items of types that no room knows, as they were brought in, or as they were written here."""

from collections.abc import Iterable
from typing import Any

from wordpress.exporting.people import People
from wordpress.exporting.plan import Plan
from wordpress.exporting.terms import pairs
from wordpress.kept import THUMBNAIL
from wordpress.models import KeptRecord
from wordpress.wxr.records import Comment, Filing, Item

COLUMNS = ("type", "parent", "author_id", "image_id", "written_at", "fields")


def kept_items(keys: Iterable[int], plan: Plan, people: People) -> dict[int, Item]:
    """Return kept items by key, those that were written here with their numbers in the file."""
    rows = KeptRecord.objects.filter(pk__in=list(keys)).values("pk", *COLUMNS)
    return {row["pk"]: item_of(row, plan, people) for row in rows}


def item_of(row: dict[str, Any], plan: Plan, people: People) -> Item:
    fields = row["fields"]
    item = Item(**fields | {
        "filings": [Filing(**one) for one in fields["filings"]],
        "meta": pairs(fields["meta"]),
        "comments": [Comment(**one | {"meta": pairs(one["meta"])}) for one in fields["comments"]],
    })  # fmt: skip
    if row["written_at"] is None:
        return item
    item.creator = item.creator or people.login_of(row["author_id"])
    item.link = item.link or item.guid
    item.parent = plan.kept_numbers.get((row["type"], row["parent"]), item.parent)
    if row["image_id"]:
        item.meta.append((THUMBNAIL, str(plan.of_file(row["image_id"]))))
    return item
