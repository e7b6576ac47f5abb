"""A post or page as wp/v2 shows it: WordPress's keys in their order, and its links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.extensions.content_kinds import POST
from core.rest.dates import wp_date, wp_date_gmt
from core.rest.meta import meta_of
from core.rest.urls import rest_url
from core.texturize import title_html
from pages.excerpts import make_excerpt
from pages.rendering import with_whole_addresses
from pages.statuses import PRIVATE, PUBLISH

CURIES = [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}]
TERM_BASES = (("category", "categories"), ("post_tag", "tags"))


@dataclass(kw_only=True)
class Item:
    """What an item is made of. `html` and `written_excerpt` are empty where they are not shown.

    What its kind does not have is None; `terms` are by taxonomy and the base of its addresses.
    `meta` are its custom fields as they are stored.
    """

    id: int
    kind: str
    rest_base: str
    status: str = PUBLISH
    date: datetime
    modified: datetime
    slug: str
    link: str
    title: str
    html: str
    written_excerpt: str = ""
    author_id: int | None
    image_id: int | None
    is_open: bool = False
    pings_open: bool = False
    template: str = ""
    guid: str = ""
    is_protected: bool = False
    is_shut: bool = False
    counts_signs: bool = False
    parent: int | None = None
    menu_order: int | None = None
    is_sticky: bool | None = None
    format: str | None = None
    terms: Mapping[tuple[str, str], list[int]] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    revisions: int | None = 0
    latest_revision: int | None = None
    # What only the edit context shows.
    raw: str = ""
    password: str = ""
    permalink_template: str = ""
    generated_slug: str = ""
    actions: Iterable[str] = ()


def rendered_title(title: str, status: str = PUBLISH) -> str:
    """Return a title as HTML; WordPress says before it that an item is private."""
    shown = title_html(title)
    return f"Private: {shown}" if status == PRIVATE else shown


def item_links(item: Item) -> dict[str, Any]:
    """Return the links of a post or page."""
    base = rest_url("/wp/v2")
    own = f"{base}/{item.rest_base}/{item.id}"
    links: dict[str, Any] = {
        "self": [{"href": own}],
        "collection": [{"href": f"{base}/{item.rest_base}"}],
        "about": [{"href": f"{base}/types/{item.kind}"}],
    }
    if item.author_id:
        links["author"] = [{"embeddable": True, "href": f"{base}/users/{item.author_id}"}]
    if item.rest_base in {"posts", "pages"}:
        links["replies"] = [{"embeddable": True, "href": f"{base}/comments?post={item.id}"}]
        links["version-history"] = [{"count": item.revisions or 0, "href": f"{own}/revisions"}]
    if item.latest_revision:
        links["predecessor-version"] = [
            {"id": item.latest_revision, "href": f"{own}/revisions/{item.latest_revision}"}
        ]
    if item.parent:
        links["up"] = [{"embeddable": True, "href": f"{base}/{item.rest_base}/{item.parent}"}]
    if item.image_id:
        links["wp:featuredmedia"] = [{"embeddable": True, "href": f"{base}/media/{item.image_id}"}]
    links["wp:attachment"] = [{"href": f"{base}/media?parent={item.id}"}]
    if item.terms:
        links["wp:term"] = [
            {"taxonomy": taxonomy, "embeddable": True, "href": f"{base}/{plural}?post={item.id}"}
            for taxonomy, plural in item.terms
        ]
    links |= {f"wp:action-{action}": [{"href": own}] for action in item.actions}
    links["curies"] = CURIES
    return links


def show(item: Item, context: str, zone: ZoneInfo) -> dict[str, Any]:
    """Return an item in a context: view, embed or edit."""
    html = "" if item.is_shut else with_whole_addresses(item.html)
    excerpt = "" if item.is_shut else make_excerpt(
        html, written=item.written_excerpt, by_signs=item.counts_signs
    )  # fmt: skip
    is_edit = context == "edit"
    title = with_raw(item.title, rendered_title(item.title, item.status), is_edit=is_edit)
    excerpts = with_raw(item.written_excerpt, excerpt, is_edit=is_edit)
    excerpts["protected"] = item.is_protected
    if context == "embed":
        return {
            "id": item.id,
            "date": wp_date(item.date, zone),
            "slug": item.slug,
            "type": item.kind,
            "link": item.link,
            "title": title,
            "excerpt": excerpts,
            "author": item.author_id or 0,
            "featured_media": item.image_id or 0,
            "_links": item_links(item),
        }
    rendered = f"{html}\n" if html and not html.endswith("\n") else html
    content = with_raw(item.raw, rendered, is_edit=is_edit)
    content["protected"] = item.is_protected
    if is_edit:
        content["block_version"] = int("<!-- wp:" in item.raw)
    guid = item.guid or item.link
    shown: dict[str, Any] = {
        "id": item.id,
        "date": wp_date(item.date, zone),
        "date_gmt": wp_date_gmt(item.date),
        "guid": {"rendered": guid, **({"raw": guid} if is_edit else {})},
        "modified": wp_date(item.modified, zone),
        "modified_gmt": wp_date_gmt(item.modified),
    }
    if is_edit:
        shown["password"] = item.password
    shown |= {
        "slug": item.slug,
        "status": item.status,
        "type": item.kind,
        "link": item.link,
        "title": title,
        "content": content,
        "excerpt": excerpts,
        "author": item.author_id or 0,
        "featured_media": item.image_id or 0,
    }
    shown |= having(parent=item.parent, menu_order=item.menu_order)
    shown |= {"comment_status": "open" if item.is_open else "closed",
              "ping_status": "open" if item.pings_open else "closed"}  # fmt: skip
    shown |= having(sticky=item.is_sticky, template=item.template, format=item.format)
    # What a password keeps may stand in custom fields too.
    shown["meta"] = meta_of(POST, item.kind, {} if item.is_shut else item.meta)
    shown |= {plural: keys for (_taxonomy, plural), keys in item.terms.items()}
    if is_edit:
        shown |= {"permalink_template": item.permalink_template,
                  "generated_slug": item.generated_slug}  # fmt: skip
    shown["_links"] = item_links(item)
    return shown


def having(**values: Any) -> dict[str, Any]:
    """Return what a kind of items has."""
    return {name: value for name, value in values.items() if value is not None}


def with_raw(raw: str, rendered: str, *, is_edit: bool) -> dict[str, Any]:
    return {"raw": raw, "rendered": rendered} if is_edit else {"rendered": rendered}
