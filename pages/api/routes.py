"""Routes of wp/v2 that the pages room answers."""

from functools import partial
from typing import Any

from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    ID_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    SLUG_ARG,
    ArgumentError,
    date_args,
    order_args,
)
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from pages.api import content, editor, menus, oembed, reusable_blocks, themes, writing
from pages.api.access import require_view
from pages.api.entry_schema import entry_schema
from pages.api.kinds import KIND_ROUTES
from pages.api.revisions import revision_routes
from pages.api.terms import TERM_ROUTES

NAMESPACE = "wp/v2"
IDS = {"type": "integer"}
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def only_published(value: Any) -> Any:
    """Strangers may ask for published items only; anything else is WordPress's refusal."""
    if any(status != "publish" for status in value):
        raise ArgumentError("rest_forbidden_status", "Status is forbidden.", {"status": 401})
    return value


def id_list(name: str, description: str) -> Arg:
    return Arg(name=name, type="array", items=IDS, default=(), has_default=True,
               description=description)  # fmt: skip


def nothing(request: RestRequest) -> RestResponse:
    """Stand behind a permission that always refuses."""
    raise AssertionError("a permission let a write through that nothing handles")


STATUS_ARG = Arg(
    name="status", type="array", items={"type": "string"}, default=("publish",),
    description="Limit result set to posts assigned one or more statuses.",
    sanitise=only_published,
)  # fmt: skip
MODIFIED_ARGS = tuple(
    Arg(name=f"modified_{side}", format="date-time",
        description=f"Limit response to posts modified {side} a given ISO8601 compliant date.")
    for side in ("after", "before")
)  # fmt: skip
TERM_IDS = {"type": "array", "items": IDS}
TERM_FORMS = (
    {"title": "Term ID List", "description": "Match terms with the listed IDs.", **TERM_IDS},
    {
        "title": "Term ID Taxonomy Query",
        "description": "Perform an advanced term query.",
        "type": "object",
        "properties": {"terms": {"description": "Term IDs.", **TERM_IDS}},
    },
)
TERM_FILTER_ARGS = tuple(
    Arg(name=f"{name}{suffix}", type=("object", "array"), one_of=TERM_FORMS,
        description=f"Limit result set to items {words} specific terms assigned in the {name} "
        "taxonomy.")
    for name in ("categories", "tags")
    for suffix, words in (("", "with"), ("_exclude", "except those with"))
)  # fmt: skip
POST_LIST_ARGS = (
    *COLLECTION_ARGS, *date_args(), *MODIFIED_ARGS,
    id_list("author", "Limit result set to posts assigned to specific authors."),
    id_list("author_exclude", "Ensure result set excludes posts assigned to specific authors."),
    EXCLUDE_ARG, INCLUDE_ARG, OFFSET_ARG,
    *order_args("author", "date", "id", "include", "modified", "parent", "relevance", "slug",
                "include_slugs", "title"),
    SLUG_ARG, STATUS_ARG, *TERM_FILTER_ARGS,
    Arg(name="sticky", type="boolean", description="Limit result set to items that are sticky."),
)  # fmt: skip
PAGE_LIST_ARGS = (
    *COLLECTION_ARGS, *date_args(), *MODIFIED_ARGS,
    id_list("author", "Limit result set to posts assigned to specific authors."),
    EXCLUDE_ARG, INCLUDE_ARG, OFFSET_ARG,
    *order_args("author", "date", "id", "include", "modified", "parent", "relevance", "slug",
                "include_slugs", "title", "menu_order"),
    id_list("parent", "Limit result set to items with particular parent IDs."),
    SLUG_ARG, STATUS_ARG,
)  # fmt: skip


def content_routes(kind: str, list_args: tuple[Arg, ...], listed: Any, single: Any) -> list[Route]:
    """Return collection and item of a type, with their revisions and autosaves."""
    return [
        Route(
            pattern=f"/wp/v2/{kind}s",
            namespace=NAMESPACE,
            schema=partial(entry_schema, kind),
            endpoints=[
                Endpoint(methods=("GET",), handler=listed, args=list_args,
                         permission=require_view, allow_batch=True),
                writing.collection_endpoint(kind),
            ],
        ),
        Route(
            pattern=f"/wp/v2/{kind}s/(?P<id>[\\d]+)",
            namespace=NAMESPACE,
            schema=partial(entry_schema, kind),
            endpoints=[
                Endpoint(methods=("GET",), handler=single, args=(ID_ARG, CONTEXT_ARG),
                         permission=require_view, allow_batch=True),
                *writing.item_endpoints(kind),
            ],
        ),
        *revision_routes(kind),
    ]  # fmt: skip


CONTENT_ROUTES = [
    *content_routes("post", POST_LIST_ARGS, content.list_posts, content.get_post),
    *content_routes("page", PAGE_LIST_ARGS, content.list_pages, content.get_page),
    *TERM_ROUTES,
    *KIND_ROUTES,
    *menus.ROUTES,
    *reusable_blocks.ROUTES,
    *oembed.ROUTES,
    *editor.ROUTES,
    *themes.ROUTES,
]
