"""`_embed`: the answers behind embeddable links, fetched once each, inside the same request."""

import re
from collections.abc import Callable
from typing import Any

from core.rest.urls import rest_url

Fetch = Callable[[str], Any]


def wanted_relations(query: Any) -> frozenset[str] | None:
    """Return the relations that `_embed` names; an empty set means all, None means no embedding."""
    if query is None:
        return None
    named = query if isinstance(query, list) else re.split(r"[\s,]+", str(query))
    relations = frozenset(str(name) for name in named if name)
    return frozenset() if relations <= {"true", "1", "0"} else relations


def embed(data: Any, relations: frozenset[str], fetch: Fetch) -> Any:
    """Add `_embedded` to an item or to each item of a list.

    `fetch` answers the body for a path below /wp-json with its query; it is asked once per path.
    What is not embeddable leaves an empty list in its place, and a relation without anything in
    it is left out, both as WordPress does.
    """
    cache: dict[str, Any] = {}
    base = rest_url("")

    def body_of(link: dict[str, Any]) -> Any:
        href = link["href"]
        if not link.get("embeddable") or not href.startswith(f"{base}/"):
            return []
        if href not in cache:
            cache[href] = fetch(href.removeprefix(base))
        return cache[href]

    for item in data if isinstance(data, list) else [data]:
        if not isinstance(item, dict) or not isinstance(item.get("_links"), dict):
            continue
        embedded = {}
        for relation, links in item["_links"].items():
            if relations and relation not in relations:
                continue
            bodies = [body_of(link) for link in links]
            if any(bodies):
                embedded[relation] = bodies
        if embedded:
            item["_embedded"] = embedded
    return data
