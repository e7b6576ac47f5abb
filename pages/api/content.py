"""Answers of /wp/v2/posts and /wp/v2/pages: lists and single items."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.rest.collections import paginate
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from pages.api.access import not_found, refused
from pages.api.listing import (
    PAGES,
    POSTS,
    Kind,
    all_pages,
    columns_of,
    list_of_pages,
    list_of_posts,
    may_see,
)
from pages.api.plans import plan_of_list, published_row
from pages.api.rows import page_items, post_items
from pages.models import PostPage
from pages.passwords import opens, passwords_of
from pages.reading_rights import rights_for
from pages.statuses import with_status

KINDS = {POSTS.name: POSTS, PAGES.name: PAGES}
ENTRIES = {POSTS.name: PostPage.objects.all, PAGES.name: all_pages}
ITEMS = {POSTS.name: post_items, PAGES.name: page_items}


def list_posts(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/posts."""
    return listed(list_of_posts, request, POSTS)


def list_pages(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/pages: the home page, pages, and policies with the version in force."""
    return listed(list_of_pages, request, PAGES)


def listed(
    make: Callable[[RestRequest], QuerySet[Any]], request: RestRequest, kind: Kind
) -> RestResponse:
    plan, now = plan_of_list(make, request, kind), timezone.now()
    total = plan.counted.count(now=now)
    offset, limit, pages = paginate(total, request)
    rows = plan.shown.rows(now=now, limit=limit, offset=offset)
    return RestResponse(ITEMS[kind.name](rows, request), total=total, pages=pages)


def require_post(request: RestRequest) -> None:
    """Find a post and refuse it, in WordPress's order, to who may not read it as they ask."""
    request.found = find(request, POSTS)


def require_page(request: RestRequest) -> None:
    """The same for a page."""
    request.found = find(request, PAGES)


def find(request: RestRequest, kind: Kind) -> dict[str, Any]:
    """Return the row of an item in whatever language it is, or raise WordPress's refusal."""
    is_edit = request.context == "edit"
    key, entries = request.params["id"], ENTRIES[kind.name]
    row = None if is_edit else published_row(entries, key, kind, timezone.now())
    may_read = row is not None
    if row is None:
        items = with_status(entries().filter(pk=key), of=kind.of)
        row = items.values(*columns_of(items, kind)).first()
        if row is None:
            raise not_found()
        rights = rights_for(request.user, kind.name)
        may_read = items.filter(may_see(rights, kind, is_edit=is_edit)).exists()
    if is_edit and not may_read:
        raise refused(
            "rest_forbidden_context", "Sorry, you are not allowed to edit this post.", request.user
        )
    given = request.params.get("password")
    # Whether a password is right is told to nobody who may not read the rest either.
    if given and not (may_read and opens(given, passwords_of([row["path"]])[row["path"]])):
        raise RestError("rest_post_incorrect_password", "Incorrect post password.", 403)
    if not may_read:
        raise refused("rest_forbidden", "Sorry, you are not allowed to do that.", request.user)
    return row


def item_of(name: str, key: int, request: RestRequest) -> dict[str, Any]:
    """Return one post or page as it is answered in the request's context, whatever its status."""
    kind = KINDS[name]
    items = with_status(ENTRIES[name]().filter(pk=key), of=kind.of)
    row = items.values(*columns_of(items, kind)).get()
    return ITEMS[name]([row], request)[0]


def get_post(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/posts/<id>."""
    return one(post_items([request.found], request)[0])


def get_page(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/pages/<id>."""
    return one(page_items([request.found], request)[0])


def one(item: dict[str, Any]) -> RestResponse:
    return RestResponse(item, links=[("alternate", item["link"], "type=text/html")])
