"""Types, taxonomies and statuses as wp/v2 shows them, each context after its schema."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from core.extensions.content_kinds import (
    CustomTaxonomy,
    CustomType,
    custom_taxonomies,
    custom_types,
    taxonomies_of,
    types_of,
)
from core.extensions.people import capabilities
from core.rest.arguments import CONTEXT_ARG
from core.rest.declare import (
    Arg,
    Endpoint,
    Permission,
    PostType,
    RestRequest,
    RestResponse,
    Route,
    post_types,
)
from core.rest.errors import RestError
from core.rest.schemas import by_name, in_context, read_json, schema_at
from core.rest.urls import rest_url
from pages.api.access import refused
from pages.api.items import CURIES

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


LABELS_OF_TYPES = {False: TYPES["post"]["labels"], True: TYPES["page"]["labels"]}
LABELS_OF_TAXONOMIES = {
    False: TAXONOMIES["post_tag"]["labels"], True: TAXONOMIES["category"]["labels"],
}  # fmt: skip
CAPABILITIES = {"manage_terms": "manage_categories", "edit_terms": "manage_categories",
                "delete_terms": "manage_categories", "assign_terms": "edit_posts"}  # fmt: skip


# WordPress gives these to everybody who writes.
ASSIGNING = dict.fromkeys(("assign_categories", "assign_post_tags"), "edit_posts")


def labels_of(
    kind: CustomType | CustomTaxonomy, defaults: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return the name of a type or taxonomy, and its labels with WordPress's where it has none."""
    name = kind.labels.get("name") or kind.name
    singular = kind.labels.get("singular_name") or name
    own = {"name": name, "singular_name": singular, "all_items": name, "menu_name": name,
           "name_admin_bar": singular, "archives": name}  # fmt: skip
    return name, {**defaults, **own, **kind.labels}


def custom_type_view(kind: CustomType) -> dict[str, Any]:
    """Return the entry of /wp/v2/types for a custom type."""
    name, labels = labels_of(kind, LABELS_OF_TYPES[kind.hierarchical])
    own = {
        "description": kind.description,
        "hierarchical": kind.hierarchical,
        "has_archive": kind.has_archive,
        "labels": labels,
        "name": name,
        "slug": kind.name,
        "icon": kind.menu_icon,
        "supports": dict.fromkeys(kind.supports, True),
        "taxonomies": [each.name for each in taxonomies_of(kind)],
        "rest_base": kind.base,
    }
    return {**TYPES["post"], **own}


def custom_taxonomy_view(taxonomy: CustomTaxonomy) -> dict[str, Any]:
    """Return the entry of /wp/v2/taxonomies for a custom taxonomy."""
    name, labels = labels_of(taxonomy, LABELS_OF_TAXONOMIES[taxonomy.hierarchical])
    own = {
        "name": name,
        "slug": taxonomy.name,
        "capabilities": CAPABILITIES,
        "description": taxonomy.description,
        "labels": labels,
        "types": [kind.name for kind in types_of(taxonomy)],
        "hierarchical": taxonomy.hierarchical,
        "rest_base": taxonomy.base,
        "visibility": {**TAXONOMIES["post_tag"]["visibility"], "show_admin_column": False},
    }
    return {**TAXONOMIES["post_tag"], **own}


def known_types() -> dict[str, PostType]:
    """Return every type by its name, WordPress's own first and in its order."""
    own = sorted(
        post_types,
        key=lambda kind: (
            (ORDER.index(kind.identifier), "") if kind.identifier in ORDER
            else (len(ORDER), kind.identifier)
        ),
    )  # fmt: skip
    custom = (
        PostType(identifier=kind.name, rest_base=kind.base, view=custom_type_view(kind))
        for kind in custom_types().values()
    )
    return {kind.identifier: kind for kind in (*own, *custom)}


def known_taxonomies() -> dict[str, Mapping[str, Any]]:
    """Return the entry of every taxonomy by its name, WordPress's own first."""
    custom = {name: custom_taxonomy_view(each) for name, each in custom_taxonomies().items()}
    return {**TAXONOMIES, **custom}


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


def may_write(kind: PostType, request: RestRequest) -> bool:
    return may(request.user, kind.view["capabilities"]["edit_posts"])


def may_file_in(facts: Mapping[str, Any], request: RestRequest) -> bool:
    needed = facts["capabilities"]["assign_terms"]
    return may(request.user, ASSIGNING.get(needed, needed))


def list_types(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/types."""
    return RestResponse(
        {
            name: type_item(kind, request.context)
            for name, kind in known_types().items()
            if request.context != "edit" or may_write(kind, request)
        }
    )


def get_type(request: RestRequest) -> RestResponse:
    """Answer one type."""
    kind = known_types().get(request.params["type"])
    if kind is None:
        raise RestError("rest_type_invalid", "Invalid post type.", 404)
    if request.context == "edit" and not may_write(kind, request):
        raise refused(
            "rest_forbidden_context",
            "Sorry, you are not allowed to edit posts in this post type.",
            request.user,
        )
    return RestResponse(type_item(kind, request.context))


def taxonomy_item(facts: Mapping[str, Any], context: str) -> dict[str, Any]:
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
            slug: taxonomy_item(facts, request.context)
            for slug, facts in known_taxonomies().items()
            if (not wanted or wanted in facts["types"])
            and (request.context != "edit" or may_file_in(facts, request))
        }
    )


def get_taxonomy(request: RestRequest) -> RestResponse:
    """Answer one taxonomy."""
    facts = known_taxonomies().get(request.params["taxonomy"])
    if facts is None:
        raise RestError("rest_taxonomy_invalid", "Invalid taxonomy.", 404)
    if request.context == "edit" and not may_file_in(facts, request):
        raise refused(
            "rest_forbidden_context",
            "Sorry, you are not allowed to manage terms in this taxonomy.",
            request.user,
        )
    return RestResponse(taxonomy_item(facts, request.context))


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


def require_status(request: RestRequest) -> None:
    """Show to everybody that things are published, and the other statuses to those who write."""
    if request.params["status"] not in STATUSES:
        raise RestError("rest_status_invalid", "Invalid status.", 404)
    if request.params["status"] != "publish" and not may(request.user, "edit_posts"):
        raise refused("rest_cannot_read_status", "Cannot view status.", request.user)


def get_status(request: RestRequest) -> RestResponse:
    """Answer one status."""
    return RestResponse(status_item(request.params["status"], request.context))


def kind_routes(
    base: str,
    name: str,
    words: str,
    listed: Any,
    single: Any,
    permission: Any,
    *more: Arg,
    of_one: Permission | None = None,
) -> list[Route]:
    """Return collection and item of what WordPress keys by slug."""
    key = Arg(name=name, description=f"An alphanumeric identifier for the {words}.")
    schema = schema_at(DATA / f"{name}.json")
    route = partial(Route, namespace="wp/v2", schema=schema)
    collection = Endpoint(
        methods=("GET",),
        handler=listed,
        args=(CONTEXT_ARG, *more),
        permission=permission,
        shows=by_name(schema),
    )
    item = Endpoint(
        methods=("GET",),
        handler=single,
        args=(key, CONTEXT_ARG),
        permission=of_one,
        refusals=(401,),
    )
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
    *kind_routes("statuses", "status", "status", list_statuses, get_status, require_statuses,
                 of_one=require_status),
]  # fmt: skip
