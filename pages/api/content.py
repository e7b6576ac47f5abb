"""Posts and pages as wp/v2 shows them: few queries a list, no serializer a row."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import Page

from core.extensions.site import site_provider
from core.rest.collections import paginate, sort
from core.rest.dates import wp_date, wp_date_gmt
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.urls import rest_url
from pages.links import language_of, post_url
from pages.models import (
    HomePage,
    PolicyDocument,
    PolicyPage,
    PolicyText,
    PolicyVersion,
    PostPage,
    StandardPage,
)
from pages.policies import timelines_of
from pages.rendering import with_whole_addresses

CURIES = [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}]
EXCERPT_WORDS = 55
POST_COLUMNS = ("pk", "title", "slug", "published_at", "last_published_at", "excerpt",
                "rendered_body", "author_id", "featured_image_id", "comments_open", "is_sticky",
                "locale_id")  # fmt: skip
POST_ORDERINGS = {
    "date": "published_at", "id": "pk", "modified": "last_published_at", "title": "title",
    "slug": "slug", "author": "author_id", "relevance": "published_at", "parent": "pk",
}  # fmt: skip
PAGE_ORDERINGS = {
    "date": "first_published_at", "id": "pk", "modified": "last_published_at", "title": "title",
    "slug": "slug", "menu_order": "path", "relevance": "first_published_at", "parent": "path",
    "author": "pk",
}  # fmt: skip


def rendered_title(title: str) -> str:
    return escape(title, quote=False)


def make_excerpt(html: str, *, written: str = "") -> str:
    """Return the written excerpt, or the first 55 words of a text, as WordPress makes them."""
    if written:
        return f"<p>{escape(written, quote=False)}</p>\n"
    words = re.sub(r"<(figure|pre|script|style).*?</\1>", " ", html, flags=re.S)
    words = strip_tags(re.sub(r"</(p|h\d|li|blockquote)>", " ", words)).split()
    if not words:
        return ""
    more = " [&hellip;]" if len(words) > EXCERPT_WORDS else ""
    return f"<p>{' '.join(words[:EXCERPT_WORDS])}{more}</p>\n"


def item_links(
    kind: str, key: int, *, author_id: int | None, image_id: int | None
) -> dict[str, Any]:
    """Return the links of a post or page."""
    base, rest_base = rest_url("/wp/v2"), f"{kind}s"
    links: dict[str, Any] = {
        "self": [{"href": f"{base}/{rest_base}/{key}"}],
        "collection": [{"href": f"{base}/{rest_base}"}],
        "about": [{"href": f"{base}/types/{kind}"}],
    }
    if author_id:
        links["author"] = [{"embeddable": True, "href": f"{base}/users/{author_id}"}]
    links["replies"] = [{"embeddable": True, "href": f"{base}/comments?post={key}"}]
    links["version-history"] = [{"count": 0, "href": f"{base}/{rest_base}/{key}/revisions"}]
    if image_id:
        links["wp:featuredmedia"] = [{"embeddable": True, "href": f"{base}/media/{image_id}"}]
    links["wp:attachment"] = [{"href": f"{base}/media?parent={key}"}]
    if kind == "post":
        links["wp:term"] = [
            {"taxonomy": taxonomy, "embeddable": True, "href": f"{base}/{plural}?post={key}"}
            for taxonomy, plural in (("category", "categories"), ("post_tag", "tags"))
        ]
    links["curies"] = CURIES
    return links


def content_item(fields: Mapping[str, Any], context: str, zone: ZoneInfo) -> dict[str, Any]:
    """Return a post or page with WordPress's keys in their order.

    `fields` has id, kind, date, modified, slug, link, title, html, excerpt, author_id, image_id,
    and for posts sticky, categories and tags, for pages parent and menu_order.
    """
    kind, html = fields["kind"], with_whole_addresses(fields["html"])
    excerpt = make_excerpt(html, written=fields["excerpt"])
    links = item_links(
        kind, fields["id"], author_id=fields["author_id"], image_id=fields["image_id"]
    )
    if context == "embed":
        return {
            "id": fields["id"],
            "date": wp_date(fields["date"], zone),
            "slug": fields["slug"],
            "type": kind,
            "link": fields["link"],
            "title": {"rendered": rendered_title(fields["title"])},
            "excerpt": {"rendered": excerpt, "protected": False},
            "author": fields["author_id"] or 0,
            "featured_media": fields["image_id"] or 0,
            "_links": links,
        }
    item: dict[str, Any] = {
        "id": fields["id"],
        "date": wp_date(fields["date"], zone),
        "date_gmt": wp_date_gmt(fields["date"]),
        "guid": {"rendered": fields["link"]},
        "modified": wp_date(fields["modified"], zone),
        "modified_gmt": wp_date_gmt(fields["modified"]),
        "slug": fields["slug"],
        "status": "publish",
        "type": kind,
        "link": fields["link"],
        "title": {"rendered": rendered_title(fields["title"])},
        "content": {"rendered": f"{html}\n" if html else "", "protected": False},
        "excerpt": {"rendered": excerpt, "protected": False},
        "author": fields["author_id"] or 0,
        "featured_media": fields["image_id"] or 0,
    }
    if kind == "page":
        item |= {"parent": fields["parent"], "menu_order": fields["menu_order"]}
    item |= {"comment_status": "open" if fields["is_open"] else "closed", "ping_status": "closed"}
    if kind == "post":
        item["sticky"] = fields["sticky"]
    item["template"] = ""
    if kind == "post":
        item["format"] = "standard"
    item["meta"] = []
    if kind == "post":
        item |= {"categories": fields["categories"], "tags": fields["tags"]}
    if context == "edit":
        item["title"]["raw"] = fields["title"]
        item["content"] |= {"raw": fields["html"], "block_version": 0}
        item["excerpt"]["raw"] = fields["excerpt"]
        item |= {"permalink_template": fields["link"], "generated_slug": fields["slug"]}
    item["_links"] = links
    return item


def public_posts(request: RestRequest) -> QuerySet[PostPage]:
    """Return the posts that everybody may read, in the language that was asked for."""
    return (
        PostPage.objects.live()
        .public()
        .filter(locale__language_code=request.locale, published_at__lte=timezone.now())
    )


def list_posts(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/posts."""
    params = request.params
    posts = filter_common(public_posts(request), params, date="published_at")
    if params.get("author"):
        posts = posts.filter(author_id__in=params["author"])
    if params.get("author_exclude"):
        posts = posts.exclude(author_id__in=params["author_exclude"])
    for name, column in (("categories", "categories"), ("tags", "tags")):
        if wanted := term_ids(params.get(name)):
            posts = posts.filter(**{f"{column}__in": wanted}).distinct()
        if unwanted := term_ids(params.get(f"{name}_exclude")):
            posts = posts.exclude(**{f"{column}__in": unwanted})
    if "sticky" in request.given:
        posts = posts.filter(is_sticky=params["sticky"])
    total = posts.count()
    offset, limit, pages = paginate(total, request)
    ordered = sort(posts, params, POST_ORDERINGS)
    rows = list(ordered.values(*POST_COLUMNS)[offset : offset + limit])
    return RestResponse(post_items(rows, request), total=total, pages=pages)


def term_ids(value: Any) -> list[int]:
    """Return the ids in a parameter that is a list or {"terms": [...]}."""
    if isinstance(value, dict):
        value = value.get("terms") or []
    values = value if isinstance(value, list | tuple) else str(value or "").split(",")
    return [int(each) for each in values if str(each).strip().isdigit()]


def filter_common(items: Any, params: Mapping[str, Any], *, date: str) -> Any:
    if params.get("search"):
        words = params["search"].split()
        for word in words[:10]:
            items = items.filter(Q(title__icontains=word) | search_in_text(items.model, word))
    if params.get("after"):
        items = items.filter(**{f"{date}__gt": params["after"]})
    if params.get("before"):
        items = items.filter(**{f"{date}__lt": params["before"]})
    if params.get("modified_after"):
        items = items.filter(last_published_at__gt=params["modified_after"])
    if params.get("modified_before"):
        items = items.filter(last_published_at__lt=params["modified_before"])
    if params.get("include"):
        items = items.filter(pk__in=params["include"])
    if params.get("exclude"):
        items = items.exclude(pk__in=params["exclude"])
    if params.get("slug"):
        items = items.filter(slug__in=params["slug"])
    return items


def search_in_text(model: type, word: str) -> Q:
    if model is PostPage:
        return Q(rendered_body__icontains=word) | Q(excerpt__icontains=word)
    # A policy's own fields are searched nowhere: its words are those of its versions.
    return Q(standardpage__rendered_body__icontains=word)


def post_items(rows: list[dict[str, Any]], request: RestRequest) -> list[dict[str, Any]]:
    """Return rows of posts as items, with their terms in two queries."""
    keys = [row["pk"] for row in rows]
    categories = through(PostPage.categories.through, "category_id", keys)
    tags = through(PostPage.tags.through, "tag_id", keys)
    zone = ZoneInfo(site_provider.get().identity().timezone)
    return [
        content_item(
            {
                "id": row["pk"],
                "kind": "post",
                "date": row["published_at"],
                "modified": row["last_published_at"] or row["published_at"],
                "slug": row["slug"],
                "link": post_url(row["published_at"], row["slug"], row["locale_id"]),
                "title": row["title"],
                "html": row["rendered_body"],
                "excerpt": row["excerpt"],
                "author_id": row["author_id"],
                "image_id": row["featured_image_id"],
                "is_open": row["comments_open"],
                "sticky": row["is_sticky"],
                "categories": categories.get(row["pk"], []),
                "tags": tags.get(row["pk"], []),
            },
            request.context,
            zone,
        )
        for row in rows
    ]


def through(model: Any, column: str, keys: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    pairs = model.objects.filter(postpage_id__in=keys).order_by("pk")
    for post_id, term_id in pairs.values_list("postpage_id", column):
        found.setdefault(post_id, []).append(term_id)
    return found


def not_found() -> RestError:
    return RestError("rest_post_invalid_id", "Invalid post ID.", 404)


def get_post(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/posts/<id>, in whatever language the post is."""
    posts = PostPage.objects.live().public().filter(pk=request.params["id"])
    rows = list(posts.filter(published_at__lte=timezone.now()).values(*POST_COLUMNS))
    if not rows:
        if PostPage.objects.filter(pk=request.params["id"]).exists():
            raise RestError("rest_forbidden", "Sorry, you are not allowed to do that.", 401)
        raise not_found()
    return one(post_items(rows, request)[0])


def one(item: dict[str, Any]) -> RestResponse:
    return RestResponse(item, links=[("alternate", item["link"], "type=text/html")])


def public_pages(language: str | None) -> QuerySet[Page]:
    pages = Page.objects.live().public().type(HomePage, StandardPage, PolicyPage)
    return pages.filter(locale__language_code=language) if language else pages


def list_pages(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/pages: the home page, pages, and policies with the version in force."""
    params = request.params
    pages = filter_common(public_pages(request.locale), params, date="first_published_at")
    pages = pages.exclude(pk__in=unpublished_policies())
    if params.get("parent"):
        parents = Page.objects.filter(pk__in=params["parent"]).values_list("path", "depth")
        inside = Q(pk__in=[])
        for path, depth in parents:
            inside |= Q(path__startswith=path, depth=depth + 1)
        pages = pages.filter(inside)
    if params.get("author"):
        pages = pages.filter(owner_id__in=params["author"])
    total = pages.count()
    offset, limit, count = paginate(total, request)
    shown = list(sort(pages, params, PAGE_ORDERINGS)[offset : offset + limit])
    return RestResponse(page_items(shown, request), total=total, pages=count)


def unpublished_policies() -> list[int]:
    """Return the policy pages that have no version, which nobody can read."""
    return list(
        PolicyPage.objects.exclude(
            translation_key__in=PolicyVersion.objects.values("document__translation_key")
        ).values_list("pk", flat=True)
    )


def get_page(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/pages/<id>."""
    pages = list(
        public_pages(None).filter(pk=request.params["id"]).exclude(pk__in=unpublished_policies())
    )
    if not pages:
        raise not_found()
    return one(page_items(pages, request)[0])


def page_items(pages: list[Page], request: RestRequest) -> list[dict[str, Any]]:
    """Return pages as items, with bodies, policy texts and parents in one query each."""
    keys = [page.pk for page in pages]
    bodies = {
        row["pk"]: row
        for model in (HomePage, StandardPage)
        for row in model.objects.filter(pk__in=keys).values("pk", "rendered_body")
    }
    images = dict(StandardPage.objects.filter(pk__in=keys).values_list("pk", "featured_image_id"))
    texts = texts_in_force(keys)
    parents = parents_of(pages)
    zone = ZoneInfo(site_provider.get().identity().timezone)
    items = []
    for page in pages:
        text = texts.get(page.pk)
        moment = page.first_published_at or page.latest_revision_created_at or timezone.now()
        modified = page.last_published_at or moment
        if text and text.version.holds_from <= timezone.now():
            # A version that was announced changes the page at its moment, not when published.
            modified = max(modified, text.version.holds_from)
        items.append(
            content_item(
                {
                    "id": page.pk,
                    "kind": "page",
                    "date": moment,
                    "modified": modified,
                    "slug": page.slug,
                    "link": f"{settings.SITE_URL}{page_path(page)}",
                    "title": text.title if text else page.title,
                    "html": text.html if text else bodies.get(page.pk, {}).get("rendered_body", ""),
                    "excerpt": "",
                    "author_id": page.owner_id,
                    "image_id": images.get(page.pk),
                    "is_open": False,
                    "parent": parents.get(page.pk, 0),
                    "menu_order": int(page.path[-4:], 36),
                },
                request.context,
                zone,
            )
        )
    return items


def page_path(page: Page) -> str:
    """Return a page's path from its url_path, whose first part is the home page of its language."""
    prefix = (
        ""
        if language_of(page.locale_id) == settings.LANGUAGE_CODE
        else f"/{language_of(page.locale_id)}"
    )
    return f"{prefix}/{page.url_path.strip('/').partition('/')[2]}".rstrip("/") + "/"


def texts_in_force(keys: Iterable[int]) -> dict[int, PolicyText]:
    """Return the text that each policy page shows now, by page."""
    pages = {
        page.pk: page for page in PolicyPage.objects.filter(pk__in=keys).select_related("locale")
    }
    if not pages:
        return {}
    keys_of_documents = [page.translation_key for page in pages.values()]
    timelines = {
        each.document.translation_key: each
        for each in timelines_of(
            PolicyDocument.objects.filter(translation_key__in=keys_of_documents)
        )
    }
    shown = {
        key: timelines[page.translation_key].shown.text_for(page.locale.language_code).pk
        for key, page in pages.items()
        if page.translation_key in timelines
    }
    texts = PolicyText.objects.select_related("version").defer("clauses").in_bulk(shown.values())
    return {key: texts[text] for key, text in shown.items()}


def parents_of(pages: list[Page]) -> dict[int, int]:
    """Return the parent of each page that has one among pages; the home page counts as none."""
    paths = {page.path[: -Page.steplen]: page.pk for page in pages}
    known = Page.objects.type(StandardPage).filter(path__in=paths).values_list("path", "pk")
    by_path = dict(known)
    return {
        page.pk: by_path[page.path[: -Page.steplen]]
        for page in pages
        if page.path[: -Page.steplen] in by_path
    }
