"""Order and paging of collections: WordPress's orderings, offsets, totals and errors."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from core.alphabetical import Alphabetical
from core.rest.declare import RestRequest
from core.rest.errors import RestError

# Columns by value of orderby.
Orderings = Mapping[str, str | Alphabetical]


def paginate(
    total: int, request: RestRequest, *, refuses_past_end: bool = True
) -> tuple[int, int, int]:
    """Return offset, limit and number of pages for a collection of `total` items.

    Collections of posts answer rest_post_invalid_page_number for a page past the end; those of
    comments, terms and users answer an empty list (refuses_past_end=False).
    """
    page, per_page = request.params["page"], request.params["per_page"]
    pages = -(-total // per_page)
    if refuses_past_end and total and page > pages:
        raise RestError(
            "rest_post_invalid_page_number",
            "The page number requested is larger than the number of pages available.",
            400,
        )
    given_offset = request.params.get("offset")
    # Nobody has checked one that the collection does not declare.
    offset = given_offset if isinstance(given_offset, int) else (page - 1) * per_page
    # No database need count past the end, nor past its largest number.
    return min(max(offset, 0), total), per_page, pages


def sort(
    items: QuerySet[Any], params: Mapping[str, Any], orderings: Orderings, key: str = "pk"
) -> QuerySet[Any]:
    """Return the items in the order that a checked request asks for; see sort_key()."""
    wanted, direction = sort_key(params, orderings, key)
    if isinstance(wanted, Case):
        return items.order_by(wanted)
    return items.order_by(wanted.desc() if direction else wanted.asc(), f"{direction}{key}")


def sort_key(
    params: Mapping[str, Any], orderings: Orderings, key: str = "pk"
) -> tuple[F | Alphabetical | Case, str]:
    """Return what a checked request sorts by, and "-" where the largest comes first.

    `orderings` has a column for each value of orderby but include and include_slugs, which keep
    the order in which the items are named; without slugs that of "date" holds. `key` is the
    column that include names; for slugs it is "slug", unless `orderings` has another.
    Raises RestError where relevance has no search and include no items.
    """
    orderby = params["orderby"]
    if orderby == "relevance" and not params.get("search"):
        raise RestError(
            "rest_no_search_term_defined",
            "You need to define a search term to order by relevance.",
            400,
        )
    if orderby == "include" and not params.get("include"):
        raise RestError(
            "rest_orderby_include_missing_include",
            "You need to define an include parameter to order by include.",
            400,
        )
    if orderby in {"include", "include_slugs"}:
        name, column = "include", key
        if orderby == "include_slugs":
            name, column = "slug", str(orderings.get(orderby, "slug"))
        places = [
            When(**{column: key}, then=Value(i)) for i, key in enumerate(params.get(name) or ())
        ]
        if places:
            return Case(*places, default=Value(0), output_field=IntegerField()), ""
        orderby = "date"
    by = orderings[orderby]
    wanted = F(by) if isinstance(by, str) else by
    return wanted, "" if params["order"] == "asc" else "-"
