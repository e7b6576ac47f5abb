"""Keeping what no room knows: custom fields by name, and items of unknown types whole."""

from collections.abc import Container
from typing import Any

from wordpress.importing.records import Known, digest_of
from wordpress.importing.report import Fate
from wordpress.models import ImportedRecord, KeptRecord, Kind
from wordpress.wxr.records import Item, Meta


def keep_item(
    known: Known, key: str, item: Item, fields: dict[str, Any], before: ImportedRecord | None
) -> Fate:
    """Keep an item as data; what was deleted here stays away. Runs inside a transaction."""
    digest = digest_of(fields)
    if before is not None and before.digest == digest:
        return Fate.UNCHANGED
    if before is not None and not KeptRecord.objects.filter(pk=before.target_id).exists():
        return Fate.SKIPPED
    row, _is_new = KeptRecord.objects.update_or_create(
        pk=before.target_id if before else None, source=known.source,
        defaults={"is_term": False, "type": item.kind[:64], "wordpress_id": item.id,
                  "fields": fields},
    )  # fmt: skip
    known.remember(Kind.KEPT, key, row.pk, digest, "")
    return Fate.UPDATED if before else Fate.CREATED


def meta_of(pairs: Meta, *, apart_from: Container[str] = ()) -> dict[str, list[str]]:
    """Return custom fields by name, each with all its values in their order, as text."""
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        if key not in apart_from:
            found.setdefault(key, []).append(value)
    return found
