"""Items of types that no room knows, as they were brought in."""

from collections.abc import Iterable
from typing import Any

from wordpress.exporting.terms import pairs
from wordpress.models import KeptRecord
from wordpress.wxr.records import Comment, Filing, Item


def kept_items(keys: Iterable[int]) -> dict[int, Item]:
    """Return kept items by key."""
    rows = KeptRecord.objects.filter(pk__in=list(keys)).values_list("pk", "fields")
    return {key: item_of(fields) for key, fields in rows}


def item_of(fields: dict[str, Any]) -> Item:
    """Return an item from its fields."""
    return Item(**fields | {
        "filings": [Filing(**one) for one in fields["filings"]],
        "meta": pairs(fields["meta"]),
        "comments": [Comment(**one | {"meta": pairs(one["meta"])}) for one in fields["comments"]],
    })  # fmt: skip
