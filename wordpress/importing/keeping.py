"""Keeping what no room knows: custom fields by name, and items of unknown types whole."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote

from pages.models.menus import NAV_MENU
from pages.models.terms import CATEGORY, TAG
from wordpress.importing.records import Known, digest_of
from wordpress.importing.report import Fate
from wordpress.models import ImportedRecord, KeptRecord, Kind
from wordpress.wxr.records import Item, Meta, Term

KNOWN_TAXONOMIES = frozenset({CATEGORY, TAG, NAV_MENU, "", "tag", "post_format"})


def keep_item(
    known: Known, key: str, item: Item, fields: dict[str, Any], before: ImportedRecord | None
) -> Fate:
    """Keep an item as data, as `keep` does. Runs inside a transaction."""
    fate = keep(known, key, fields, before, is_term=False, type=item.kind, wordpress_id=item.id)
    if fate in {Fate.CREATED, Fate.UPDATED}:
        keep_terms_of(known, item)
    return fate


def keep(
    known: Known, key: str, fields: dict[str, Any], before: ImportedRecord | None, *,
    is_term: bool, type: str, wordpress_id: int,
) -> Fate:  # fmt: skip
    """Keep a record as data under a key; `before` is what is known of it.

    What was deleted here stays away, and what was written here since stays as it is.
    """
    digest = digest_of(fields)
    if before is not None and before.digest == digest:
        return Fate.UNCHANGED
    row = KeptRecord(source=known.source)
    if before is not None:
        kept = KeptRecord.objects.filter(pk=before.target_id).first()
        if kept is None or kept.written_at is not None:
            return Fate.SKIPPED
        row = kept
    row.is_term, row.type, row.wordpress_id, row.fields = is_term, type[:64], wordpress_id, fields
    row.read_fields()
    row.save()
    known.remember(Kind.KEPT, key, row.pk, digest, "")
    return Fate.UPDATED if before else Fate.CREATED


def forget_kept(known: Known, key: str) -> None:
    """Drop what was kept as data under a key, once it has a place of its own."""
    if row := known.find(Kind.KEPT, [key]).get(key):
        KeptRecord.objects.filter(pk=row.target_id).delete()
        row.delete()


def code_of_skip(before: ImportedRecord) -> str:
    """Return why a record was left as it is here, by the code of the problem."""
    is_here = KeptRecord.objects.filter(pk=before.target_id).exists()
    return "edited_here" if is_here else "deleted_here"


def keep_terms_of(known: Known, item: Item) -> None:
    """Keep the terms of unknown taxonomies that an item is filed under and no file has listed."""
    for filing in item.filings:
        if filing.taxonomy in KNOWN_TAXONOMIES or not filing.slug:
            continue
        here = KeptRecord.objects.filter(
            source=known.source, is_term=True, type=filing.taxonomy[:64],
            slug=unquote(filing.slug.strip())[:255],
        )  # fmt: skip
        if not here.exists():
            term = Term(filing.taxonomy, slug=filing.slug, name=filing.name)
            row = KeptRecord(
                source=known.source, is_term=True, type=filing.taxonomy[:64], wordpress_id=0,
                fields=asdict(term),
            )  # fmt: skip
            row.read_fields()
            row.save()
            known.remember(Kind.KEPT, f"{term.taxonomy}:{term.slug}", row.pk, "", "")


def meta_of(pairs: Meta, *, apart_from: Container[str] = ()) -> dict[str, list[str]]:
    """Return custom fields by name, each with all its values in their order, as text."""
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        if key not in apart_from:
            found.setdefault(key, []).append(value)
    return found


def replaced(pairs: list[Any], meta: Mapping[str, list[str]]) -> list[Any]:
    """Return pairs of custom fields with these values; what has not changed keeps its place."""
    stored = meta_of(pairs)
    changed = {key for key in {*stored, *meta} if stored.get(key) != meta.get(key)}
    new = [[key, value] for key in meta if key in changed for value in meta[key]]
    return without(pairs, changed) + new


def without(pairs: list[Any], keys: Iterable[str]) -> list[Any]:
    """Return pairs of custom fields but for those of some keys."""
    left_out = set(keys)
    return [[key, value] for key, value in pairs if key not in left_out]
