"""What /wp/v2/search finds: each room's own things, in one order and one count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import CharField, IntegerField, QuerySet, Value

from core.extensions.registry import Registry
from core.rest.arguments import as_list
from core.rest.collections import paginate
from core.rest.declare import RestRequest

POST, TERM, POST_FORMAT, ANY = "post", "term", "post-format", "any"
# The rank of things where all fit alike.
NO_RANK = Value(0, output_field=IntegerField())
# By type: what rows are put in order by. Every source's rows have these columns.
ORDERS: Mapping[str, Sequence[str]] = {
    POST: ("found_rank", "-found_at", "-found_key"), TERM: ("found_name", "found_key"),
}  # fmt: skip
Rows = QuerySet[Any]
Found = tuple[int, int, list[dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """Things of one type, "post" or "term", that a room lets /wp/v2/search find.

    `subtypes` names theirs, as WordPress's parameter `subtype` does. `rows` answers, for a checked
    request and some of these subtypes, all that the asker may find, unordered, annotated with
    the columns of ORDERS: `found_key` is the number by which REST knows each. `results` answers
    the results of some numbers, in a few queries for all of them; a number that is gone is
    left out. `key` is the column of that number, which `include` and `exclude` name.
    """

    identifier: str
    type: str
    subtypes: Callable[[], Sequence[str]]
    rows: Callable[[RestRequest, Sequence[str]], Rows]
    results: Callable[[Sequence[int]], Mapping[int, dict[str, Any]]]
    key: str = "pk"


search_sources: Registry[SearchSource] = Registry("source of search")


def subtypes_of(type_: str) -> list[str]:
    """Return the subtypes of a type."""
    return [name for each in search_sources if each.type == type_ for name in each.subtypes()]


def find(request: RestRequest, type_: str, otherwise: Sequence[str]) -> Found:
    """Return how many things a search has found, on how many pages, and those of this page.

    Where no subtype that is asked for is of the type, the subtypes `otherwise` are searched. It
    costs two queries and those of the results, for any number of sources.
    """
    asked = as_list(request.params["subtype"])
    known = subtypes_of(type_)
    wanted = known if ANY in asked else [each for each in known if each in asked] or otherwise
    chosen = [
        rows_of(source, subtypes, request)
        for source in search_sources
        if source.type == type_
        and (subtypes := [each for each in source.subtypes() if each in wanted])
    ]
    rows = reduce(lambda rows, more: rows.union(more, all=True), chosen)
    total = rows.count()
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    shown = list(rows.order_by(*ORDERS[type_])[offset : offset + limit])
    results: dict[tuple[str, int], dict[str, Any]] = {}
    for name in dict.fromkeys(row["found_in"] for row in shown):
        source = search_sources.get(name)
        keys = [row["found_key"] for row in shown if row["found_in"] == name]
        found = source.results(keys) if source is not None else {}
        results |= {(name, key): result for key, result in found.items()}
    places = [(row["found_in"], row["found_key"]) for row in shown]
    return total, pages, [results[place] for place in places if place in results]


def rows_of(source: SearchSource, subtypes: Sequence[str], request: RestRequest) -> Rows:
    rows, params = source.rows(request, subtypes), request.params
    if params["include"]:
        rows = rows.filter(**{f"{source.key}__in": params["include"]})
    elif params["exclude"]:
        rows = rows.exclude(**{f"{source.key}__in": params["exclude"]})
    found_in = Value(source.identifier, output_field=CharField())
    columns = [name.lstrip("-") for name in ORDERS[source.type]]
    return rows.annotate(found_in=found_in).order_by().values("found_in", *columns)
