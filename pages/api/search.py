"""/wp/v2/search: posts, pages and terms by their words, as short results of one form."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from wagtail.models import Page

from core.alphabetical import Alphabetical
from core.rest.arguments import (
    EXCLUDE_ARG,
    INCLUDE_ARG,
    PAGE_ARG,
    PER_PAGE_ARG,
    SEARCH_ARG,
    as_list,
    check_value,
)
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route, RouteSource
from core.rest.errors import RestError
from core.rest.finding import (
    ANY,
    NO_RANK,
    POST,
    POST_FORMAT,
    TERM,
    Found,
    SearchSource,
    find,
    subtypes_of,
)
from core.rest.schemas import DRAFT_4
from core.rest.urls import page_url, rest_url
from pages.api.items import TERM_BASES, rendered_title
from pages.api.listing import all_pages, matching_pages, may_read_protected
from pages.api.rows import PAGE_COLUMNS, link_of, texts_in_force
from pages.api.searching import Columns, Search
from pages.models import Term
from pages.models.terms import CATEGORY, TAG
from pages.reading_rights import rights_for
from pages.statuses import PASSWORD, protected, restricted
from pages.visible import published

SUBTYPES = ("post", "page")
TAXONOMIES = (CATEGORY, TAG)
WORDS = Columns(
    excerpts=("postpage__excerpt", "standardpage__excerpt"),
    texts=("postpage__rendered_body", "standardpage__rendered_body", "homepage__rendered_body"),
)


def search(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/search."""
    total, pages, results = found_of(request)
    if request.params["type"] == POST and not results:
        # WordPress counts no posts where the page shows none, so that no page is past the end.
        total = pages = 0
    if total and request.params["page"] > pages:
        raise RestError(
            "rest_search_invalid_page_number",
            "The page number requested is larger than the number of pages available.",
            400,
        )
    collection = [{"href": rest_url("/wp/v2/search")}]
    for result in results:
        result["_links"]["collection"] = collection
    return RestResponse(results, total=total, pages=pages)


def found_of(request: RestRequest) -> Found:
    """Return what is found; where no subtype fits, WordPress searches posts, or all terms."""
    wanted = request.params["type"]
    if wanted == POST_FORMAT:
        # WordPress leaves out formats without an archive, and here none has one.
        return 0, 0, []
    return find(request, wanted, subtypes_of(TERM) if wanted == TERM else ["post"])


def found_entries(request: RestRequest, subtypes: Sequence[str]) -> QuerySet[Any]:
    """Return posts and pages that everybody may know of, by their words where they may be read."""
    items = published(of_subtypes(subtypes), "postpage", "standardpage")
    items = items.filter(locale__language_code=request.locale)
    rank = None
    if request.params.get("search"):
        words = Search(request.params["search"], WORDS)
        items = items.filter(matching_pages(items, words))
        if not all(may_read_protected(rights_for(request.user, kind)) for kind in SUBTYPES):
            items = items.exclude(restricted(PASSWORD))
        rank = words.order()
    return items.annotate(
        found_rank=NO_RANK if rank is None else rank,
        found_at=Coalesce("postpage__published_at", "standardpage__published_at",
                          "first_published_at", "latest_revision_created_at"),
        found_key=F("pk"),
    )  # fmt: skip


def of_subtypes(subtypes: Sequence[str]) -> QuerySet[Any]:
    wanted = Q(pk__in=[])
    if "post" in subtypes:
        wanted |= Q(postpage__isnull=False)
    if "page" in subtypes:
        wanted |= Q(pk__in=all_pages().values("pk"))
    return Page.objects.filter(wanted)


def entry_results(keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the results of posts and pages; a policy's title is that of its version in force."""
    pages = Page.objects.filter(pk__in=keys).annotate(is_protected=protected())
    rows = list(pages.values(*PAGE_COLUMNS, "postpage__published_at"))
    titles = {key: text.title for key, text in texts_in_force(rows).items()}
    return {row["pk"]: post_result(row, titles.get(row["pk"], row["title"])) for row in rows}


def post_result(row: Mapping[str, Any], title: str) -> dict[str, Any]:
    published_at = row["postpage__published_at"]
    kind = "page" if published_at is None else "post"
    return {
        "id": row["pk"],
        "title": rendered_title(title),
        "url": link_of({**row, "published_at": published_at}, kind),
        "type": POST,
        "subtype": kind,
        "_links": {
            "self": [{"embeddable": True, "href": rest_url(f"/wp/v2/{kind}s/{row['pk']}")}],
            "about": [{"href": rest_url(f"/wp/v2/types/{kind}")}],
        },
    }


def found_terms(request: RestRequest, subtypes: Sequence[str]) -> QuerySet[Any]:
    """Return categories and tags by name or slug."""
    terms: QuerySet[Any] = Term.objects.filter(taxonomy__in=subtypes)
    if words := request.params.get("search"):
        terms = terms.filter(Q(name__icontains=words) | Q(slug__icontains=words))
    return terms.annotate(found_name=Alphabetical("name"), found_key=F("pk"))


def term_result(term: Term) -> dict[str, Any]:
    base = dict(TERM_BASES)[term.taxonomy]
    return {
        "id": term.pk,
        "title": escape(term.name, quote=False),
        "url": page_url(term.get_absolute_url()),
        "type": term.taxonomy,
        "_links": {
            "self": [{"embeddable": True, "href": rest_url(f"/wp/v2/{base}/{term.pk}")}],
            "about": [{"href": rest_url(f"/wp/v2/taxonomies/{term.taxonomy}")}],
        },
    }


ENTRIES = SearchSource(
    identifier="pages.entries", type=POST, subtypes=lambda: SUBTYPES, rows=found_entries,
    results=entry_results,
)  # fmt: skip
TERMS = SearchSource(
    identifier="pages.terms", type=TERM, subtypes=lambda: TAXONOMIES, rows=found_terms,
    results=lambda keys: {term.pk: term_result(term) for term in Term.objects.filter(pk__in=keys)},
)  # fmt: skip


def judge_subtypes(value: Any, request: RestRequest) -> list[str]:
    lowered = [str(each).lower() for each in as_list(value)]
    items = {"enum": [*all_subtypes(), ANY], "type": "string"}
    return list(check_value(lowered, {"type": "array", "items": items}, "subtype"))


def all_subtypes() -> tuple[str, ...]:
    return (*subtypes_of(POST), *subtypes_of(TERM))


def search_schema() -> Mapping[str, Any]:
    """Return the schema of a result."""
    seen: dict[str, Any] = {"context": ["view", "embed"], "readonly": True}
    return {
        "$schema": DRAFT_4,
        "title": "search-result",
        "type": "object",
        "properties": {
            "id": {"description": "Unique identifier for the object.",
                   "type": ["integer", "string"], **seen},
            "title": {"description": "The title for the object.", "type": "string", **seen},
            "url": {"description": "URL to the object.", "type": "string", "format": "uri",
                    **seen},
            "type": {"description": "Object type.", "type": "string",
                     "enum": [POST, TERM, POST_FORMAT], **seen},
            "subtype": {"description": "Object subtype.", "type": "string",
                        "enum": list(all_subtypes()), **seen},
        },
    }  # fmt: skip


@lru_cache(maxsize=4)
def search_routes(subtypes: tuple[str, ...]) -> tuple[Route, ...]:
    """Return the route of the search among some subtypes."""
    items = {"enum": [*subtypes, ANY], "type": "string"}
    return (Route(
        pattern="/wp/v2/search",
        namespace="wp/v2",
        schema=search_schema,
        # Of terms and formats WordPress answers the taxonomy here, or the format.
        corrects={"type": {"enum": None}},
        endpoints=[
            Endpoint(methods=("GET",), handler=search, args=(
                Arg(name="context", checked_first=True, enum=("view", "embed"), default="view",
                    description="Scope under which the request is made; determines fields present "
                    "in response."),
                PAGE_ARG, PER_PAGE_ARG, SEARCH_ARG,
                Arg(name="type", default=POST, enum=(POST, TERM, POST_FORMAT),
                    description="Limit results to items of an object type."),
                Arg(name="subtype", type="array", default=ANY, items=items,
                    description="Limit results to items of one or more object subtypes.",
                    judge=judge_subtypes),
                EXCLUDE_ARG, INCLUDE_ARG,
            )),
        ],
    ),)  # fmt: skip


SEARCH_ROUTES = RouteSource(identifier="pages.search", routes=lambda: search_routes(all_subtypes()))
