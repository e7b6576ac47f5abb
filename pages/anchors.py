"""Anchors within a text: what programs make of headings, and where imported links lead. Pure."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote

from pages.clauses import make_clauses
from pages.numbering import split_label

KRAMDOWN = re.compile(r"\{:?\s*((?:[#.][\w-]+\s*|toc\s*|[\w-]+=(?:\"[^\"]*\"|'[^']*')\s*)+)\}")
LINK = re.compile(r'(<a\b[^>]*\bhref=")#([^"]+)(")')


def folded(anchor: str) -> str:
    """Return an anchor as it is compared: percent-decoded, without difference of case."""
    return unquote(anchor).casefold()


def slugs_of(heading: str) -> set[str]:
    """Return the anchors that common programs make from a heading."""
    lowered = heading.lower()
    whole = {
        re.sub(r"[^\w\- ]+", "", lowered).strip().replace(" ", "-"),
        re.sub(r"[^\w]+", "-", lowered).strip("-"),
        re.sub(r"[^\w]+", "-", split_label(lowered)[1]).strip("-"),
    }
    shortened = {slug[:60].strip("-") for slug in whole}
    return (whole | shortened | {re.sub(r"^[\W\d_]+", "", slug) for slug in whole}) - {""}


def squeezed(words: str) -> str:
    return re.sub(r"[\W_]+", "", folded(words))


def lead_links(parts: Sequence[MutableMapping[str, Any]]) -> None:
    """Let the links within an imported text lead to the anchors that its clauses get here.

    Each part's `ids` are the anchors that it had where it comes from; they are taken away. A link
    whose place is not in the text stays as it is.
    """
    places = places_of(parts)
    anchors = [clause["anchor"] for clause in make_clauses(parts)]

    def lead(link: re.Match[str]) -> str:
        target = unescape(link[2])
        place = places.get(folded(target), places.get(squeezed(target)))
        if place is None:
            return link[0]
        return f"{link[1]}#{escape(quote(anchors[place], safe=''))}{link[3]}"

    for part in parts:
        part["html"] = LINK.sub(lead, part["html"])
        del part["ids"]


def places_of(parts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the position of the part that each anchor means; what it was called counts first."""
    places: dict[str, int] = {}
    for position, part in enumerate(parts):
        named = KRAMDOWN.findall(part["heading"])
        for name in [*part["ids"], *re.findall(r"#([\w-]+)", " ".join(named))]:
            places.setdefault(folded(name), position)
    counts: dict[str, int] = {}
    for position, part in enumerate(parts):
        heading = KRAMDOWN.sub("", part["label"] + part["heading"]).strip()
        for slug in slugs_of(heading) if part["heading"] else ():
            count = counts.get(slug, 0)
            counts[slug] = count + 1
            places.setdefault(folded(f"{slug}-{count}" if count else slug), position)
        if part["heading"]:
            places.setdefault(squeezed(heading), position)
            places.setdefault(squeezed(part["heading"]), position)
    return places
