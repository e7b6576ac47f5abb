"""Categories, tags, menus and the terms that no room knows."""

from collections.abc import Iterable, Iterator
from typing import Any

from pages.models import Term as TermRow
from pages.models.menus import NAV_MENU
from pages.models.terms import CATEGORY, TAG
from wordpress.exporting.batches import batches
from wordpress.importing.filing import parents_first
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
    rows = TermRow.objects.filter(taxonomy=taxonomy)
    places = rows.order_by("pk").values_list("pk", "slug", "parent__slug")
    for keys in batches(in_order(Term(taxonomy, key, slug, above or "")
                                 for key, slug, above in places)):  # fmt: skip
        found = {row["pk"]: row for row in rows.filter(pk__in=keys).values("pk", *COLUMNS)}
        for row in (found[key] for key in keys if key in found):
            yield Term(taxonomy, row["pk"], row["slug"], row["parent__slug"] or "", row["name"],
                       row["description"], pairs_of(row["meta"]))  # fmt: skip


def kept_terms() -> Iterator[Term]:
    # Two former sites may have had the same term: it is one here.
    seen = set()
    rows = KeptRecord.objects.filter(is_term=True)
    places = rows.order_by("pk").values_list("pk", "type", "fields__slug", "fields__parent")
    for keys in batches(in_order(Term(taxonomy, key, slug or "", above or "")
                                 for key, taxonomy, slug, above in places)):  # fmt: skip
        found = dict(rows.filter(pk__in=keys).values_list("pk", "fields"))
        for fields in (found[key] for key in keys if key in found):
            term = Term(**fields | {"meta": pairs(fields["meta"])})
            place = (term.taxonomy, term.slug or term.id)
            if place not in seen:
                seen.add(place)
                yield term


def in_order(terms: Iterable[Term]) -> Iterator[int]:
    """Yield the numbers of terms, a parent's first: WordPress finds only parents that it has."""
    return (term.id for term in parents_first(list(terms)))


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
