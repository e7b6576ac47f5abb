"""What /wp/v2/search finds of custom types and taxonomies."""

from collections.abc import Sequence
from html import escape
from typing import Any

from django.db.models import F, Q, QuerySet

from core.alphabetical import Alphabetical
from core.extensions.content_kinds import CustomType, custom_taxonomies, custom_types
from core.rest.declare import RestRequest
from core.rest.finding import NO_RANK, POST, TERM, SearchSource
from core.rest.urls import rest_url
from pages.api.items import rendered_title
from pages.api.listing import may_read_protected
from pages.api.searching import Search
from pages.reading_rights import rights_for
from pages.statuses import PUBLISH
from wordpress.api.items import WORDS
from wordpress.api.terms import link_of_term
from wordpress.kept import terms_of
from wordpress.links import link_of
from wordpress.models import KeptRecord


def found_items(request: RestRequest, subtypes: Sequence[str]) -> QuerySet[Any]:
    """Return published items, by their words where they may be read."""
    items = KeptRecord.objects.filter(is_term=False, type__in=subtypes, status=PUBLISH)
    rank = None
    if request.params.get("search"):
        words = Search(request.params["search"], WORDS)
        items = items.filter(words.condition())
        if not may_read_protected(rights_for(request.user, "post")):
            items = items.exclude(is_protected=True)
        rank = words.order()
    return items.annotate(
        found_rank=NO_RANK if rank is None else rank,
        found_at=F("published_at"), found_key=F("number"),
    )  # fmt: skip


def item_results(keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the results of items by number."""
    kinds = custom_types()
    records = KeptRecord.objects.filter(is_term=False, type__in=kinds, number__in=keys)
    return {record.number: item_result(kinds[record.type], record) for record in records}


def item_result(kind: CustomType, record: KeptRecord) -> dict[str, Any]:
    return {
        "id": record.number,
        "title": rendered_title(record.title) if "title" in kind.supports else "",
        "url": link_of(kind, record),
        "type": POST,
        "subtype": kind.name,
        "_links": {
            "self": [{"embeddable": True,
                      "href": rest_url(f"/wp/v2/{kind.base}/{record.number}")}],
            "about": [{"href": rest_url(f"/wp/v2/types/{kind.name}")}],
        },
    }  # fmt: skip


def found_terms(request: RestRequest, subtypes: Sequence[str]) -> QuerySet[Any]:
    """Return terms by name or slug."""
    terms = terms_of(subtypes)
    if words := request.params.get("search"):
        terms = terms.filter(Q(title__icontains=words) | Q(slug__icontains=words))
    return terms.annotate(found_name=Alphabetical("title"), found_key=F("number"))


def term_results(keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the results of terms by number."""
    taxonomies = custom_taxonomies()
    return {
        term.number: {
            "id": term.number,
            "title": escape(term.title, quote=False),
            "url": link_of_term(term),
            "type": term.type,
            "_links": {
                "self": [{"embeddable": True, "href": rest_url(
                    f"/wp/v2/{taxonomies[term.type].base}/{term.number}")}],
                "about": [{"href": rest_url(f"/wp/v2/taxonomies/{term.type}")}],
            },
        }
        for term in terms_of(taxonomies).filter(number__in=keys)
    }  # fmt: skip


ITEMS = SearchSource(
    identifier="wordpress.items", type=POST, subtypes=lambda: tuple(custom_types()),
    rows=found_items, results=item_results, key="number",
)  # fmt: skip
TERMS = SearchSource(
    identifier="wordpress.terms", type=TERM, subtypes=lambda: tuple(custom_taxonomies()),
    rows=found_terms, results=term_results, key="number",
)  # fmt: skip
