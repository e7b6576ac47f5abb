"""Categories, tags, menus and the terms that no room knows."""

from collections.abc import Iterator
from typing import Any

from pages.models import Term as TermRow
from pages.models.menus import NAV_MENU
from pages.models.terms import CATEGORY, TAG
from wordpress.exporting.batches import by_key
from wordpress.models import KeptRecord
from wordpress.wxr.php_values import encoded
from wordpress.wxr.records import Meta, Term

COLUMNS = ("slug", "name", "description", "parent__slug", "meta")


def terms() -> Iterator[Term]:
    """Yield terms in WordPress's order: categories, tags, other taxonomies, menus."""
    yield from terms_of(CATEGORY)
    yield from terms_of(TAG)
    yield from kept_terms()
    yield from terms_of(NAV_MENU)


def terms_of(taxonomy: str) -> Iterator[Term]:
    for batch in by_key(TermRow.objects.filter(taxonomy=taxonomy), *COLUMNS):
        for row in batch:
            yield Term(taxonomy, row["pk"], row["slug"], row["parent__slug"] or "", row["name"],
                       row["description"], pairs_of(row["meta"]))  # fmt: skip


def kept_terms() -> Iterator[Term]:
    # Two former sites may have had the same term: it is one here.
    seen = set()
    for batch in by_key(KeptRecord.objects.filter(is_term=True), "fields"):
        for row in batch:
            term = Term(**row["fields"] | {"meta": pairs(row["fields"]["meta"])})
            place = (term.taxonomy, term.slug or term.id)
            if place not in seen:
                seen.add(place)
                yield term


def pairs_of(meta: dict[str, Any]) -> Meta:
    """Return custom fields as pairs, by name, since a database may keep them in any order."""
    found = []
    for key, values in sorted(meta.items()):
        many = values if isinstance(values, list) else [values]
        found += [(key, encoded(value)) for value in many]
    return found


def pairs(kept: list[list[str]]) -> Meta:
    """Return pairs that JSON made lists of."""
    return [(key, value) for key, value in kept]
