"""Looking up kept items and their terms, a fixed number of queries for any number of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.extensions.content_kinds import CustomTaxonomy, CustomType
from core.generations import PAGES, Kept
from wordpress.models import ImportedRecord, KeptFiling, KeptRecord, Kind

THUMBNAIL = "_thumbnail_id"


def terms_of(taxonomies: Iterable[str]) -> QuerySet[KeptRecord]:
    """Return the terms of some taxonomies; what two former sites both had is one term here."""
    terms = KeptRecord.objects.filter(is_term=True, type__in=list(taxonomies))
    before = KeptRecord.objects.filter(
        is_term=True, type=OuterRef("type"), slug=OuterRef("slug"), pk__lt=OuterRef("pk")
    ).exclude(slug="")
    return terms.exclude(Exists(before))


def terms_in(taxonomy: CustomTaxonomy) -> QuerySet[KeptRecord]:
    """Return the terms of a taxonomy."""
    return terms_of([taxonomy.name])


places: Kept[Mapping[int, tuple[int, str]]] = Kept(PAGES)


def slugs_above(kind: CustomType, record: KeptRecord) -> list[str]:
    """Return the slugs of the items above one, the highest first; what goes in circles, once."""
    if not (kind.hierarchical and record.parent):
        return []
    items = KeptRecord.objects.filter(is_term=False, type=kind.name)
    rows = items.values_list("number", "parent", "slug")
    known = places.get(kind.name, lambda: {number: (parent, slug) for number, parent, slug in rows})
    found: dict[int, str] = {}
    number = record.parent
    while number in known and number not in found and number != record.number:
        parent, found[number] = known[number]
        number = parent
    return list(found.values())[::-1]


def having_terms(taxonomy: CustomTaxonomy, numbers: Sequence[int]) -> Q:
    """Return the condition that an item is filed under one of some terms."""
    slugs = terms_in(taxonomy).filter(number__in=numbers).values("slug")
    filings = KeptFiling.objects.filter(taxonomy=taxonomy.name, slug__in=slugs)
    return Q(pk__in=filings.values("record"))


def terms_with_children(taxonomy: CustomTaxonomy) -> Callable[[list[int]], list[int]]:
    """Return what adds to terms all those below them, in one query."""

    def with_children(numbers: list[int]) -> list[int]:
        rows = list(terms_in(taxonomy).values_list("number", "slug", "fields__parent"))
        below: dict[str, list[int]] = {}
        for number, _, parent in rows:
            below.setdefault(unquote(parent or ""), []).append(number)
        slugs = {number: slug for number, slug, _ in rows}
        found = dict.fromkeys(numbers)
        for number in (queue := list(found)):
            for child in below.get(slugs.get(number) or "-", ()):
                if child not in found:
                    found[child] = None
                    queue.append(child)
        return list(found)

    return with_children


def filed_under(
    records: Iterable[KeptRecord], taxonomies: Iterable[CustomTaxonomy]
) -> dict[int, dict[str, list[int]]]:
    """Return by item and taxonomy the numbers of the terms that it is filed under, by name."""
    names = [taxonomy.name for taxonomy in taxonomies]
    keys = [record.pk for record in records]
    if not names or not keys:
        return {}
    filings = KeptFiling.objects.filter(record__in=keys, taxonomy__in=names)
    pairs: dict[tuple[str, str], list[int]] = {}
    for key, taxonomy, slug in filings.values_list("record_id", "taxonomy", "slug"):
        pairs.setdefault((taxonomy, slug), []).append(key)
    terms = terms_of(names).filter(slug__in={slug for _, slug in pairs})
    found: dict[int, dict[str, list[int]]] = {}
    for taxonomy, slug, number in terms.order_by("title", "number").values_list(
        "type", "slug", "number"
    ):
        for key in pairs.get((taxonomy, slug), ()):
            found.setdefault(key, {}).setdefault(taxonomy, []).append(number)
    return found


def pictures_of(records: Sequence[KeptRecord]) -> Mapping[int, int]:
    """Return by item its picture: the one chosen here, or what its featured one there became."""
    wanted: dict[tuple[int, str], list[int]] = {}
    chosen = {record.pk: record.image_id for record in records if record.image_id}
    for record in records:
        number = next((value for key, value in record.fields["meta"] if key == THUMBNAIL), "")
        if record.source_id and record.pk not in chosen and number.strip().isdigit():
            wanted.setdefault((record.source_id, number.strip()), []).append(record.pk)
    if not wanted:
        return chosen
    rows = ImportedRecord.objects.filter(
        kind=Kind.IMAGE, source__in={source for source, _ in wanted},
        key__in={number for _, number in wanted},
    )  # fmt: skip
    return chosen | {
        record: target
        for source, key, target in rows.values_list("source_id", "key", "target_id")
        for record in wanted.get((source, key), ())
    }
