"""Looking up kept items and their terms, a fixed number of queries for any number of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.extensions.content_kinds import CustomTaxonomy
from wordpress.models import ImportedRecord, KeptFiling, KeptRecord, Kind

THUMBNAIL = "_thumbnail_id"


def terms_in(taxonomy: CustomTaxonomy) -> QuerySet[KeptRecord]:
    """Return the terms of a taxonomy."""
    return KeptRecord.objects.filter(is_term=True, type=taxonomy.name)


def having_terms(taxonomy: CustomTaxonomy, numbers: Sequence[int]) -> Q:
    """Return the condition that an item is filed under one of some terms of its source."""
    wanted = terms_in(taxonomy).filter(number__in=numbers)
    filings = KeptFiling.objects.filter(
        Exists(wanted.filter(slug=OuterRef("slug"), source=OuterRef("record__source"))),
        taxonomy=taxonomy.name,
    )
    return Q(pk__in=filings.values("record"))


def terms_with_children(taxonomy: CustomTaxonomy) -> Callable[[list[int]], list[int]]:
    """Return what adds to terms all those below them, in one query."""

    def with_children(numbers: list[int]) -> list[int]:
        rows = list(terms_in(taxonomy).values_list("number", "source_id", "slug", "fields__parent"))
        below: dict[tuple[int, str], list[int]] = {}
        places = {}
        for number, source, slug, parent in rows:
            places[number] = (source, slug)
            below.setdefault((source, parent or ""), []).append(number)
        found = dict.fromkeys(numbers)
        for number in (queue := list(found)):
            for child in below.get(places.get(number, (0, "")), ()):
                if child not in found:
                    found[child] = None
                    queue.append(child)
        return list(found)

    return with_children


def filed_under(
    records: Iterable[KeptRecord], taxonomies: Iterable[CustomTaxonomy]
) -> dict[int, dict[str, list[int]]]:
    """Return by item and taxonomy the numbers of the terms that it is filed under, by name."""
    sources = {record.pk: record.source_id for record in records}
    names = [taxonomy.name for taxonomy in taxonomies]
    if not names or not sources:
        return {}
    filings = KeptFiling.objects.filter(record__in=sources, taxonomy__in=names)
    pairs: dict[tuple[int, str, str], list[int]] = {}
    for key, taxonomy, slug in filings.values_list("record_id", "taxonomy", "slug"):
        pairs.setdefault((sources[key], taxonomy, slug), []).append(key)
    terms = KeptRecord.objects.filter(
        is_term=True, type__in=names, source__in=set(sources.values()),
        slug__in={slug for _, _, slug in pairs},
    ).order_by("title", "number")  # fmt: skip
    found: dict[int, dict[str, list[int]]] = {}
    for source, taxonomy, slug, number in terms.values_list("source_id", "type", "slug", "number"):
        for key in pairs.get((source, taxonomy, slug), ()):
            found.setdefault(key, {}).setdefault(taxonomy, []).append(number)
    return found


def pictures_of(records: Sequence[KeptRecord]) -> Mapping[int, int]:
    """Return by item the picture here that was its featured one there."""
    wanted: dict[tuple[int, str], list[int]] = {}
    for record in records:
        number = next((value for key, value in record.fields["meta"] if key == THUMBNAIL), "")
        if number.strip().isdigit():
            wanted.setdefault((record.source_id, number.strip()), []).append(record.pk)
    rows = ImportedRecord.objects.filter(
        kind=Kind.IMAGE, source__in={source for source, _ in wanted},
        key__in={number for _, number in wanted},
    )  # fmt: skip
    return {
        record: target
        for source, key, target in rows.values_list("source_id", "key", "target_id")
        for record in wanted.get((source, key), ())
    }
