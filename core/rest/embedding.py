"""`_embed`: the answers behind embeddable links, fetched once each, inside the same request."""

from collections.abc import Callable
from typing import Any

from core.rest.urls import rest_url

Fetch = Callable[[str], Any]


def wanted_relations(value: str | None) -> frozenset[str] | None:
    """Return the relations that `_embed` names; an empty set means all, None means no embedding."""
    if value is None or value in {"false", "0"}:
        return None
    if value in {"", "1", "true"}:
        return frozenset()
    return frozenset(part.strip() for part in value.split(",") if part.strip())


def embed(data: Any, relations: frozenset[str], fetch: Fetch) -> Any:
    """Add `_embedded` to an item or to each item of a list.

    `fetch` answers the body for a path below /wp-json with its query; it is asked once per path.
    """
    cache: dict[str, Any] = {}
    base = rest_url("")

    def body_of(href: str) -> Any:
        if href not in cache:
            cache[href] = fetch(href.removeprefix(base))
        return cache[href]

    for item in data if isinstance(data, list) else [data]:
        if not isinstance(item, dict) or "_links" not in item:
            continue
        embedded = {}
        for relation, links in item["_links"].items():
            if relations and relation not in relations:
                continue
            if any(link.get("embeddable") for link in links):
                embedded[relation] = [
                    body_of(link["href"])
                    if link.get("embeddable") and link["href"].startswith(base)
                    else {}
                    for link in links
                ]
        if embedded:
            item["_embedded"] = embedded
    return data
