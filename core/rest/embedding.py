"""`_embed`: the answers behind embeddable links, fetched once each, inside the same request."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from core.rest.urls import rest_url

FetchAll = Callable[[list[str]], Mapping[str, Any]]


def wanted_relations(query: Any) -> frozenset[str] | None:
    """Return the relations that `_embed` names; an empty set means all, None means no embedding."""
    if query is None:
        return None
    named = query if isinstance(query, list) else re.split(r"[\s,]+", str(query))
    relations = frozenset(str(name) for name in named if name)
    return frozenset() if relations <= {"true", "1", "0"} else relations


def embed(data: Any, relations: frozenset[str], fetch_all: FetchAll) -> Any:
    """Add `_embedded` to an item or to each item of a list.

    `fetch_all` answers the bodies for paths below /wp-json with their queries, each asked once.
    What is not embeddable leaves an empty list in its place, and a relation without anything in
    it is left out, both as WordPress does.
    """
    items = [item for item in (data if isinstance(data, list) else [data])
             if isinstance(item, dict) and isinstance(item.get("_links"), dict)]  # fmt: skip
    base = rest_url("")
    wanted = {path for item in items for _, links in wanted_links(item, relations)
              for link in links if (path := path_of(link, base))}  # fmt: skip
    bodies = fetch_all(sorted(wanted))
    for item in items:
        embedded = {}
        for relation, links in wanted_links(item, relations):
            found = [bodies.get(path_of(link, base), []) for link in links]
            if any(found):
                embedded[relation] = found
        if embedded:
            item["_embedded"] = embedded
    return data


def wanted_links(
    item: Mapping[str, Any], relations: frozenset[str]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for relation, links in item["_links"].items():
        if not relations or relation in relations:
            yield relation, links


def path_of(link: Mapping[str, Any], base: str) -> str:
    """Return the path of an embeddable link, "" where it leads elsewhere or is none."""
    href = str(link["href"])
    return href.removeprefix(base) if link.get("embeddable") and href.startswith(f"{base}/") else ""
