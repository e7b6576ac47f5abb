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
    return keep(known, key, fields, before, is_term=False, type=item.kind, wordpress_id=item.id)


def keep(
    known: Known, key: str, fields: dict[str, Any], before: ImportedRecord | None, *,
    is_term: bool, type: str, wordpress_id: int,
) -> Fate:  # fmt: skip
    """Keep a record as data under a key; `before` is what is known of it."""
    digest = digest_of(fields)
    if before is None:
        target_id = KeptRecord.objects.create(
            source=known.source, is_term=is_term, type=type[:64], wordpress_id=wordpress_id,
            fields=fields,
        ).pk  # fmt: skip
    elif before.digest == digest:
        return Fate.UNCHANGED
    else:
        target_id = before.target_id
        if not KeptRecord.objects.filter(pk=target_id).update(fields=fields):
            return Fate.SKIPPED
    known.remember(Kind.KEPT, key, target_id, digest, "")
    return Fate.UPDATED if before else Fate.CREATED


def meta_of(pairs: Meta, *, apart_from: Container[str] = ()) -> dict[str, list[str]]:
    """Return custom fields by name, each with all its values in their order, as text."""
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        if key not in apart_from:
            found.setdefault(key, []).append(value)
    return found
