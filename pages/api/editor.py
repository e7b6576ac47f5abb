"""What WordPress's editor asks a site about and this one has none of: empty lists, honest answers.

Templates, widgets, themes and patterns belong to WordPress's way of showing pages. Clients that
ask for them get what a WordPress without any would answer.
"""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from core.extensions.people import capabilities
from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    ID_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    PAGE_ARG,
    PER_PAGE_ARG,
    SEARCH_ARG,
    SLUG_ARG,
    order_args,
)
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.schemas import read_json
from core.rest.urls import rest_url
from pages.api.access import refused
from pages.api.arguments import (
    AFTER,
    BEFORE,
    MODIFIED_AFTER,
    MODIFIED_BEFORE,
    ORDERBY,
    PASSWORD_ARG,
    status_arg,
)
from pages.api.items import CURIES

BLOCK_TYPES = read_json(Path(__file__).with_name("data") / "block_types.json")
# Simpler than WordPress's own, in which some clients find a group that never ends.
TEMPLATE_ID = r"(?P<id>[\/\w-]+)"


@dataclass(frozen=True)
class Nothing:
    """A kind of thing of which there is none: who may ask, and what an item's address answers.

    Its parameters are WordPress's; they choose among nothing.
    """

    path: str
    capability: str
    code: str
    words: str
    item: str = ""
    missing: tuple[str, str] = ("", "")
    args: tuple[Arg, ...] = (CONTEXT_ARG,)
    item_args: tuple[Arg, ...] = (CONTEXT_ARG,)
    allow_batch: bool = False


def need(capability: str, code: str, words: str, request: RestRequest) -> None:
    if capability and capability not in capabilities.get().of(request.user):
        raise refused(code, f"Sorry, you are not allowed to {words}.", request.user)


def none_at_all(request: RestRequest) -> RestResponse:
    return RestResponse([], total=0, pages=0)


def none_of_this_name(code: str, message: str, request: RestRequest) -> RestResponse:
    raise RestError(code, message, 404)


TEMPLATE_ARGS = (
    CONTEXT_ARG,
    Arg(name="wp_id", type="integer", description="Limit to the specified post id."),
    Arg(name="area", description="Limit to the specified template part area."),
    Arg(name="post_type", description="Post type to get the templates for."),
)
NAVIGATION_ARGS = (
    *COLLECTION_ARGS, AFTER, MODIFIED_AFTER, BEFORE, MODIFIED_BEFORE, EXCLUDE_ARG, INCLUDE_ARG,
    OFFSET_ARG, *order_args(*ORDERBY), SLUG_ARG, status_arg("post"),
)  # fmt: skip
PLUGIN_ARGS = (
    CONTEXT_ARG,
    SEARCH_ARG,
    Arg(name="status", type="array", items={"type": "string", "enum": ["inactive", "active"]},
        description="Limits results to plugins with the given status."),
)  # fmt: skip
WIDGET_ARGS = (CONTEXT_ARG, Arg(name="sidebar", description="The sidebar to return widgets for."))
PATTERN_ARGS = (
    CONTEXT_ARG,
    Arg(name="search", min_length=1, description=SEARCH_ARG.description),
    Arg(name="category", type="integer", minimum=1,
        description="Limit results to those matching a category ID."),
    Arg(name="keyword", type="integer", minimum=1,
        description="Limit results to those matching a keyword ID."),
    Arg(name="slug", type="array",
        description="Limit results to those matching a pattern (slug)."),
)  # fmt: skip
BLOCK_SEARCH_ARGS = (
    replace(CONTEXT_ARG, enum=("view",)), PAGE_ARG, PER_PAGE_ARG,
    Arg(name="term", min_length=1, required=True,
        description="Limit result set to blocks matching the search term."),
)  # fmt: skip
THINGS = (
    Nothing("/wp/v2/templates", "edit_theme_options", "rest_cannot_manage_templates",
            "access the templates on this site", TEMPLATE_ID,
            ("rest_template_not_found", "No templates exist with that id."), TEMPLATE_ARGS),
    Nothing("/wp/v2/template-parts", "edit_theme_options", "rest_cannot_manage_templates",
            "access the templates on this site", TEMPLATE_ID,
            ("rest_template_not_found", "No templates exist with that id."), TEMPLATE_ARGS),
    Nothing("/wp/v2/navigation", "", "", "", r"(?P<id>[\d]+)",
            ("rest_post_invalid_id", "Invalid post ID."), NAVIGATION_ARGS,
            (ID_ARG, CONTEXT_ARG, PASSWORD_ARG), allow_batch=True),
    Nothing("/wp/v2/sidebars", "edit_theme_options", "rest_cannot_manage_widgets",
            "manage widgets on this site", r"(?P<id>[\w-]+)",
            ("rest_sidebar_not_found", "No sidebar exists with that id."),
            item_args=(Arg(name="id", description="The id of a registered sidebar"), CONTEXT_ARG)),
    Nothing("/wp/v2/widgets", "edit_theme_options", "rest_cannot_manage_widgets",
            "manage widgets on this site", r"(?P<id>[\w\-]+)",
            ("rest_widget_not_found", "No widget was found with that id."), WIDGET_ARGS,
            allow_batch=True),
    Nothing("/wp/v2/widget-types", "edit_theme_options", "rest_cannot_manage_widgets",
            "manage widgets on this site", "(?P<id>[a-zA-Z0-9_-]+)",
            ("rest_widget_type_invalid", "Invalid widget type."),
            item_args=(Arg(name="id", description="The widget type id."), CONTEXT_ARG)),
    Nothing("/wp/v2/plugins", "activate_plugins", "rest_cannot_view_plugins",
            "manage plugins for this site", r"(?P<plugin>[\w-]+)",
            ("rest_plugin_not_found", "Plugin not found."), PLUGIN_ARGS),
    Nothing("/wp/v2/block-patterns/patterns", "edit_posts", "rest_cannot_view",
            "view the registered block patterns", args=()),
    Nothing("/wp/v2/block-patterns/categories", "edit_posts", "rest_cannot_view",
            "view the registered block pattern categories", args=()),
    Nothing("/wp/v2/pattern-directory/patterns", "edit_posts",
            "rest_pattern_directory_cannot_view", "browse the local block pattern directory",
            args=PATTERN_ARGS),
    Nothing("/wp/v2/block-directory/search", "activate_plugins",
            "rest_block_directory_cannot_view", "browse the block directory",
            args=BLOCK_SEARCH_ARGS),
)  # fmt: skip


def routes_of(thing: Nothing) -> list[Route]:
    permission = partial(need, thing.capability, thing.code, thing.words)
    found = [
        Route(
            pattern=thing.path, namespace="wp/v2",
            endpoints=[Endpoint(methods=("GET",), handler=none_at_all, args=thing.args,
                                permission=permission, allow_batch=thing.allow_batch)],
        ),
    ]  # fmt: skip
    if thing.item:
        found.append(
            Route(
                pattern=f"{thing.path}/{thing.item}", namespace="wp/v2",
                endpoints=[Endpoint(methods=("GET",), permission=permission, args=thing.item_args,
                                    allow_batch=thing.allow_batch,
                                    handler=partial(none_of_this_name, *thing.missing))],
            )
        )  # fmt: skip
    return found


def block_type_item(facts: dict[str, Any]) -> dict[str, Any]:
    """Return a block type with WordPress's keys; scripts and styles are the front end's here."""
    namespace, _, _rest = facts["name"].partition("/")
    base = rest_url("/wp/v2/block-types")
    return {
        **facts,
        "description": "",
        "icon": None,
        "keywords": [],
        "ancestor": None,
        "provides_context": [],
        "uses_context": [],
        "styles": [],
        "textdomain": None,
        "example": None,
        "editor_script_handles": [],
        "script_handles": [],
        "view_script_handles": [],
        "editor_style_handles": [],
        "style_handles": [],
        "variations": [],
        "editor_script": None,
        "script": None,
        "view_script": None,
        "editor_style": None,
        "style": None,
        "_links": {
            "collection": [{"href": base}],
            "self": [{"href": f"{base}/{facts['name']}"}],
            "up": [{"href": f"{base}/{namespace}"}],
            "curies": CURIES,
        },
    }


def list_block_types(request: RestRequest) -> RestResponse:
    """Answer the block types that content is made of."""
    wanted = request.params.get("namespace")
    return RestResponse([
        block_type_item(facts)
        for facts in BLOCK_TYPES
        if not wanted or facts["name"].startswith(f"{wanted}/")
    ])  # fmt: skip


def get_block_type(request: RestRequest) -> RestResponse:
    """Answer one block type."""
    name = f"{request.params['namespace']}/{request.params['name']}"
    facts = next((facts for facts in BLOCK_TYPES if facts["name"] == name), None)
    if facts is None:
        raise RestError("rest_block_type_invalid", "Invalid block type.", 404)
    return RestResponse(block_type_item(facts))


BLOCK_TYPES_FOR = partial(need, "edit_posts", "rest_block_type_cannot_view", "manage block types")
NAMESPACE = Arg(name="namespace", description="Block namespace.")
ROUTES = [
    *(route for thing in THINGS for route in routes_of(thing)),
    Route(
        pattern="/wp/v2/block-types", namespace="wp/v2",
        endpoints=[Endpoint(methods=("GET",), handler=list_block_types,
                            args=(CONTEXT_ARG, NAMESPACE), permission=BLOCK_TYPES_FOR)],
    ),
    Route(
        pattern="/wp/v2/block-types/(?P<namespace>[a-zA-Z0-9_-]+)", namespace="wp/v2",
        endpoints=[Endpoint(methods=("GET",), handler=list_block_types,
                            args=(CONTEXT_ARG, NAMESPACE), permission=BLOCK_TYPES_FOR)],
    ),
    Route(
        pattern="/wp/v2/block-types/(?P<namespace>[a-zA-Z0-9_-]+)/(?P<name>[a-zA-Z0-9_-]+)",
        namespace="wp/v2",
        endpoints=[Endpoint(methods=("GET",), handler=get_block_type, permission=BLOCK_TYPES_FOR,
                            args=(Arg(name="name", description="Block name."), NAMESPACE,
                                  CONTEXT_ARG))],
    ),
]  # fmt: skip
