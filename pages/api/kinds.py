"""Types, taxonomies and statuses as wp/v2 shows them, each context after its schema."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from core.extensions.people import capabilities
from core.rest.arguments import CONTEXT_ARG
from core.rest.declare import (
    Arg,
    Endpoint,
    PostType,
    RestRequest,
    RestResponse,
    Route,
    post_types,
)
from core.rest.errors import RestError
from core.rest.schemas import in_context, read_json, schema_at
from core.rest.urls import rest_url
from pages.api.access import refused
from pages.api.content import CURIES

DATA = Path(__file__).with_name("data")
TYPES: Mapping[str, Any] = read_json(DATA / "types.json")
TAXONOMIES: Mapping[str, Any] = read_json(DATA / "taxonomies.json")
STATUSES: Mapping[str, Any] = read_json(DATA / "statuses.json")
ORDER = ("post", "page", "attachment")
POST_TYPES = [
    PostType(identifier=slug, rest_base=view["rest_base"], view=view)
    for slug, view in TYPES.items()
]


def may(user: Any, capability: str) -> bool:
    return capability in capabilities.get().of(user)


def linked(item: Mapping[str, Any], schema: str, context: str, **links: str) -> dict[str, Any]:
    """Return what a context shows of an item, with its links."""
    shown = in_context(item, read_json(DATA / f"{schema}.json"), context)
    hrefs: dict[str, Any] = {
        name.replace("_", ":"): [{"href": rest_url(path)}] for name, path in links.items()
    }
    if "wp:items" in hrefs:
        hrefs["curies"] = CURIES
    return {**shown, "_links": hrefs}


def type_item(kind: PostType, context: str) -> dict[str, Any]:
    return linked(
        kind.view, "type", context, collection="/wp/v2/types", wp_items=f"/wp/v2/{kind.rest_base}"
    )


def require_types(request: RestRequest) -> None:
    """Show the edit context to those who write anything."""
    if request.context == "edit" and not may(request.user, "edit_posts"):
        raise refused(
            "rest_cannot_view",
            "Sorry, you are not allowed to edit posts in this post type.",
            request.user,
        )


def list_types(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/types."""
    kinds = sorted(
        post_types,
        key=lambda kind: (
            (ORDER.index(kind.identifier), "") if kind.identifier in ORDER
            else (len(ORDER), kind.identifier)
        ),
    )  # fmt: skip
    return RestResponse({kind.identifier: type_item(kind, request.context) for kind in kinds})


def get_type(request: RestRequest) -> RestResponse:
    """Answer one type."""
    kind = post_types.get(request.params["type"])
    if kind is None:
        raise RestError("rest_type_invalid", "Invalid post type.", 404)
    if request.context == "edit" and not may(request.user, kind.view["capabilities"]["edit_posts"]):
        raise refused(
            "rest_forbidden_context",
            "Sorry, you are not allowed to edit posts in this post type.",
            request.user,
        )
    return RestResponse(type_item(kind, request.context))


def taxonomy_item(slug: str, context: str) -> dict[str, Any]:
    facts = TAXONOMIES[slug]
    return linked(
        facts, "taxonomy", context, collection="/wp/v2/taxonomies",
        wp_items=f"/wp/v2/{facts['rest_base']}",
    )  # fmt: skip


def require_taxonomies(request: RestRequest) -> None:
    """Show the edit context to those who file posts."""
    if request.context == "edit" and not may(request.user, "edit_posts"):
        raise refused(
            "rest_cannot_view",
            "Sorry, you are not allowed to manage terms in this taxonomy.",
            request.user,
        )


def list_taxonomies(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/taxonomies."""
    wanted = request.params.get("type")
    return RestResponse(
        {
            slug: taxonomy_item(slug, request.context)
            for slug, facts in TAXONOMIES.items()
            if not wanted or wanted in facts["types"]
        }
    )


def get_taxonomy(request: RestRequest) -> RestResponse:
    """Answer one taxonomy."""
    if request.params["taxonomy"] not in TAXONOMIES:
        raise RestError("rest_taxonomy_invalid", "Invalid taxonomy.", 404)
    if request.context == "edit" and not may(request.user, "edit_posts"):
        raise refused(
            "rest_forbidden_context",
            "Sorry, you are not allowed to manage terms in this taxonomy.",
            request.user,
        )
    return RestResponse(taxonomy_item(request.params["taxonomy"], request.context))


def status_item(slug: str, context: str) -> dict[str, Any]:
    query = "" if slug == "publish" else f"?status={slug}"
    return linked(STATUSES[slug], "status", context, archives=f"/wp/v2/posts{query}")


def require_statuses(request: RestRequest) -> None:
    """Show the edit context to those who write."""
    if request.context == "edit" and not may(request.user, "edit_posts"):
        raise refused(
            "rest_cannot_view",
            "Sorry, you are not allowed to manage post statuses.",
            request.user,
        )


def list_statuses(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/statuses: what strangers can see has one status, authors see them all."""
    shown = STATUSES if may(request.user, "edit_posts") else ["publish"]
    return RestResponse({slug: status_item(slug, request.context) for slug in shown})


def get_status(request: RestRequest) -> RestResponse:
    """Answer one status."""
    if request.params["status"] not in STATUSES:
        raise RestError("rest_status_invalid", "Invalid status.", 404)
    if request.params["status"] != "publish" and not may(request.user, "edit_posts"):
        raise refused("rest_cannot_read_status", "Cannot view status.", request.user)
    return RestResponse(status_item(request.params["status"], request.context))


def kind_routes(
    base: str, name: str, words: str, listed: Any, single: Any, permission: Any, *more: Arg
) -> list[Route]:
    """Return collection and item of what WordPress keys by slug."""
    key = Arg(name=name, description=f"An alphanumeric identifier for the {words}.")
    route = partial(Route, namespace="wp/v2", schema=schema_at(DATA / f"{name}.json"))
    collection = Endpoint(
        methods=("GET",), handler=listed, args=(CONTEXT_ARG, *more), permission=permission
    )
    item = Endpoint(methods=("GET",), handler=single, args=(key, CONTEXT_ARG))
    return [
        route(pattern=f"/wp/v2/{base}", endpoints=[collection]),
        route(pattern=f"/wp/v2/{base}/(?P<{name}>[\\w-]+)", endpoints=[item]),
    ]


OF_TYPE = Arg(
    name="type", description="Limit results to taxonomies associated with a specific post type."
)
KIND_ROUTES = [
    *kind_routes("types", "type", "post type", list_types, get_type, require_types),
    *kind_routes("taxonomies", "taxonomy", "taxonomy", list_taxonomies, get_taxonomy,
                 require_taxonomies, OF_TYPE),
    *kind_routes("statuses", "status", "status", list_statuses, get_status, require_statuses),
]  # fmt: skip
