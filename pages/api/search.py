"""/wp/v2/search: posts, pages and terms by their words, as short results of one form."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.db.models import Q, QuerySet
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
from core.rest.collections import paginate
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.schemas import DRAFT_4
from core.rest.urls import page_url, rest_url
from pages.api.items import TERM_BASES, rendered_title
from pages.api.listing import (
    all_pages,
    matching_pages,
    may_read_protected,
)
from pages.api.rows import PAGE_COLUMNS, link_of, texts_in_force
from pages.api.searching import Columns, Search
from pages.models import Term
from pages.reading_rights import rights_for
from pages.statuses import PASSWORD, protected, restricted
from pages.visible import published

POST, TERM, POST_FORMAT, ANY = "post", "term", "post-format", "any"
SUBTYPES = {POST: ("post", "page"), TERM: ("category", "post_tag"), POST_FORMAT: ()}
WORDS = Columns(
    excerpts=("postpage__excerpt", "standardpage__excerpt"),
    texts=("postpage__rendered_body", "standardpage__rendered_body", "homepage__rendered_body"),
)
Found = tuple[int, int, list[dict[str, Any]]]


def search(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/search."""
    total, pages, results = SEARCHES[request.params["type"]](request)
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


def subtypes_of(request: RestRequest) -> tuple[str, ...]:
    """Return the subtypes that are searched; WordPress searches all where none of them fits."""
    known = SUBTYPES[request.params["type"]]
    wanted = as_list(request.params["subtype"])
    return known if ANY in wanted else tuple(each for each in known if each in wanted)


def page_of(items: QuerySet[Any], request: RestRequest) -> tuple[int, int, QuerySet[Any]]:
    params = request.params
    if params["include"]:
        items = items.filter(pk__in=params["include"])
    elif params["exclude"]:
        items = items.exclude(pk__in=params["exclude"])
    total = items.count()
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    return total, pages, items[offset : offset + limit]


def search_posts(request: RestRequest) -> Found:
    """Find posts and pages that everybody may know of, by their words where they may be read."""
    items = published(of_subtypes(subtypes_of(request) or (POST,)), "postpage", "standardpage")
    items = items.filter(locale__language_code=request.locale).annotate(
        shown_at=Coalesce("postpage__published_at", "standardpage__published_at",
                          "first_published_at", "latest_revision_created_at"),
        is_protected=protected(),
    )  # fmt: skip
    ranks = []
    if request.params.get("search"):
        words = Search(request.params["search"], WORDS)
        items = items.filter(matching_pages(items, words))
        if not all(may_read_protected(rights_for(request.user, kind)) for kind in SUBTYPES[POST]):
            items = items.exclude(restricted(PASSWORD))
        rank = words.order()
        ranks = [rank] if rank is not None else []
    columns = (*PAGE_COLUMNS, "postpage__published_at")
    ordered = items.order_by(*ranks, "-shown_at", "-pk").values(*columns)
    total, pages, shown = page_of(ordered, request)
    rows = list(shown)
    texts = texts_in_force(rows)
    titles = {key: text.title for key, text in texts.items()}
    return total, pages, [post_result(row, titles.get(row["pk"], row["title"])) for row in rows]


def of_subtypes(subtypes: tuple[str, ...]) -> QuerySet[Any]:
    wanted = Q(pk__in=[])
    if "post" in subtypes:
        wanted |= Q(postpage__isnull=False)
    if "page" in subtypes:
        wanted |= Q(pk__in=all_pages().values("pk"))
    return Page.objects.filter(wanted)


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


def search_terms(request: RestRequest) -> Found:
    """Find categories and tags by name or slug."""
    terms = Term.objects.filter(taxonomy__in=subtypes_of(request) or SUBTYPES[TERM])
    if words := request.params.get("search"):
        terms = terms.filter(Q(name__icontains=words) | Q(slug__icontains=words))
    total, pages, shown = page_of(terms.order_by(Alphabetical("name"), "pk"), request)
    return total, pages, [term_result(term) for term in shown]


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


def search_formats(request: RestRequest) -> Found:
    """Find none: WordPress leaves out formats without an archive, and here none has one."""
    return 0, 0, []


SEARCHES: Mapping[str, Callable[[RestRequest], Found]] = {
    POST: search_posts, TERM: search_terms, POST_FORMAT: search_formats,
}  # fmt: skip
SUBTYPE_ITEMS = {"enum": [*SUBTYPES[POST], *SUBTYPES[TERM], ANY], "type": "string"}


def judge_subtypes(value: Any, request: RestRequest) -> list[str]:
    lowered = [str(each).lower() for each in as_list(value)]
    return list(check_value(lowered, {"type": "array", "items": SUBTYPE_ITEMS}, "subtype"))


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
            "type": {"description": "Object type.", "type": "string", "enum": list(SUBTYPES),
                     **seen},
            "subtype": {"description": "Object subtype.", "type": "string",
                        "enum": [*SUBTYPES[POST], *SUBTYPES[TERM]], **seen},
        },
    }  # fmt: skip


SEARCH_ROUTE = Route(
    pattern="/wp/v2/search",
    namespace="wp/v2",
    schema=search_schema,
    endpoints=[
        Endpoint(methods=("GET",), handler=search, args=(
            Arg(name="context", checked_first=True, enum=("view", "embed"), default="view",
                description="Scope under which the request is made; determines fields present in "
                "response."),
            PAGE_ARG, PER_PAGE_ARG, SEARCH_ARG,
            Arg(name="type", default=POST, enum=tuple(SUBTYPES),
                description="Limit results to items of an object type."),
            Arg(name="subtype", type="array", default=ANY, items=SUBTYPE_ITEMS,
                description="Limit results to items of one or more object subtypes.",
                judge=judge_subtypes),
            EXCLUDE_ARG, INCLUDE_ARG,
        )),
    ],
)  # fmt: skip
