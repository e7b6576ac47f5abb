"""Types, taxonomies and statuses as wp/v2 shows them."""

from typing import Any

from core.rest.declare import PostType, RestRequest, RestResponse, post_types
from core.rest.errors import RestError
from core.rest.urls import rest_url
from pages.api.items import CURIES

TAXONOMIES = {
    "category": {"name": "Categories", "hierarchical": True, "rest_base": "categories"},
    "post_tag": {"name": "Tags", "hierarchical": False, "rest_base": "tags"},
}


def post_type(slug: str, name: str, rest_base: str, icon: str, **changes: Any) -> PostType:
    """Return a type with WordPress's keys in their order."""
    view = {
        "description": "",
        "hierarchical": False,
        "has_archive": False,
        "name": name,
        "slug": slug,
        "icon": icon,
        "taxonomies": [],
        "rest_base": rest_base,
        "rest_namespace": "wp/v2",
    }
    return PostType(identifier=slug, rest_base=rest_base, view=view | changes)


def type_item(kind: PostType) -> dict[str, Any]:
    links = {
        "collection": [{"href": rest_url("/wp/v2/types")}],
        "wp:items": [{"href": rest_url(f"/wp/v2/{kind.rest_base}")}],
        "curies": CURIES,
    }
    return {**kind.view, "_links": links}


def list_types(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/types."""
    order = {"post": 0, "page": 1}
    kinds = sorted(post_types, key=lambda kind: (order.get(kind.identifier, 2), kind.identifier))
    return RestResponse({kind.identifier: type_item(kind) for kind in kinds})


def get_type(request: RestRequest) -> RestResponse:
    """Answer one type."""
    kind = post_types.get(request.params["type"])
    if kind is None:
        raise RestError("rest_type_invalid", "Invalid post type.", 404)
    return RestResponse(type_item(kind))


def taxonomy_item(slug: str) -> dict[str, Any]:
    facts = TAXONOMIES[slug]
    return {
        "name": facts["name"],
        "slug": slug,
        "description": "",
        "types": ["post"],
        "hierarchical": facts["hierarchical"],
        "rest_base": facts["rest_base"],
        "rest_namespace": "wp/v2",
        "_links": {
            "collection": [{"href": rest_url("/wp/v2/taxonomies")}],
            "wp:items": [{"href": rest_url(f"/wp/v2/{facts['rest_base']}")}],
            "curies": CURIES,
        },
    }


def list_taxonomies(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/taxonomies."""
    wanted = request.params.get("type")
    return RestResponse(
        {slug: taxonomy_item(slug) for slug in TAXONOMIES if wanted in (None, "", "post")}
    )


def get_taxonomy(request: RestRequest) -> RestResponse:
    """Answer one taxonomy."""
    if request.params["taxonomy"] not in TAXONOMIES:
        raise RestError("rest_taxonomy_invalid", "Invalid taxonomy.", 404)
    return RestResponse(taxonomy_item(request.params["taxonomy"]))


def status_item() -> dict[str, Any]:
    return {
        "name": "Published",
        "public": True,
        "queryable": True,
        "slug": "publish",
        "date_floating": False,
        "_links": {"archives": [{"href": rest_url("/wp/v2/posts")}]},
    }


def list_statuses(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/statuses: what strangers can see has one status."""
    return RestResponse({"publish": status_item()})


def get_status(request: RestRequest) -> RestResponse:
    """Answer one status."""
    if request.params["status"] != "publish":
        raise RestError("rest_status_invalid", "Invalid status.", 404)
    return RestResponse(status_item())
