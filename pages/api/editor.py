"""What WordPress's editor asks a site about and this one has none of: empty lists, honest answers.

Templates, widgets, themes and patterns belong to WordPress's way of showing pages. Clients that
ask for them get what a WordPress without any would answer.
"""

from collections.abc import Callable
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
from core.rest.declare import Arg, Endpoint, Handler, Permission, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.schemas import as_written, read_json, write_args
from core.rest.urls import rest_url
from pages.api.access import may_not
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

CHANGES = ("POST", "PUT", "PATCH")
WRITES = Path(__file__).with_name("data") / "editor_writes.json"
TEXTS = {"title": as_written, "content": as_written}
BLOCK_TYPES = read_json(Path(__file__).with_name("data") / "block_types.json")
# Simpler than WordPress's own, in which some clients find a group that never ends.
TEMPLATE_ID = r"(?P<id>[\/\w-]+)"


def need(capability: str, code: str, words: str, request: RestRequest) -> None:
    if capability and capability not in capabilities.get().of(request.user):
        raise may_not(code, words, request.user)


def nobody(code: str, words: str, request: RestRequest) -> None:
    raise may_not(code, words, request.user)


def everybody(request: RestRequest) -> None:
    pass


def none_at_all(request: RestRequest) -> RestResponse:
    return RestResponse([])


def none_counted(request: RestRequest) -> RestResponse:
    return RestResponse([], total=0, pages=0)


def none_of_this_name(code: str, message: str, *_: RestRequest) -> RestResponse:
    raise RestError(code, message, 404)


@dataclass(frozen=True)
class Item:
    """What the address of one thing answers, of which there is none: `missing`, to who may ask.

    WordPress looks for some things before it asks who may (`is_looked_for`). `methods` are those
    that write; where `writes` is not given, who may see a thing may also write it.
    """

    pattern: str
    missing: tuple[str, str]
    args: tuple[Arg, ...] = (CONTEXT_ARG,)
    key: tuple[Arg, ...] = ()
    reads: Permission | None = None
    writes: Permission | None = None
    is_looked_for: bool = False
    methods: tuple[str, ...] = (*CHANGES, "DELETE")
    deletion: tuple[Arg, ...] = ()


@dataclass(frozen=True)
class Nothing:
    """A kind of thing of which there is none: who may ask, and what an item's address answers.

    Its parameters are WordPress's; they choose among nothing. Nobody makes one: `makes` is
    WordPress's refusal, code and words.
    """

    path: str
    reads: Permission
    args: tuple[Arg, ...] = (CONTEXT_ARG,)
    item: Item | None = None
    makes: tuple[str, str] = ("", "")
    allow_batch: bool = False
    lists: Handler = none_at_all

    def written(self, *, creating: bool) -> tuple[Arg, ...]:
        schema = read_json(WRITES).get(self.path.rpartition("/")[2], {"properties": {}})
        return write_args(schema, creating=creating, judges=TEXTS)


TEMPLATE_ARGS = (
    CONTEXT_ARG,
    Arg(name="wp_id", type="integer", description="Limit to the specified post id."),
    Arg(name="area", description="Limit to the specified template part area."),
    Arg(name="post_type", description="Post type to get the templates for."),
)
NAVIGATION_ARGS = (
    *COLLECTION_ARGS, AFTER, MODIFIED_AFTER, BEFORE, MODIFIED_BEFORE, EXCLUDE_ARG, INCLUDE_ARG,
    OFFSET_ARG, *order_args(*ORDERBY), SLUG_ARG,
    status_arg("post", needs="edit_theme_options"),
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


def edit_navigation(request: RestRequest) -> None:
    if request.context == "edit":
        need("edit_theme_options", "rest_forbidden_context",
             "edit posts in this post type", request)  # fmt: skip


FORCE = Arg(name="force", type="boolean", default=False, has_default=True,
            description="Whether to bypass Trash and force deletion.")  # fmt: skip
REMOVE = Arg(name="force", type="boolean", description="Whether to force removal of the widget, or "
             "move it to the inactive sidebar.")  # fmt: skip
TEMPLATE_KEY = Arg(name="id", description="The id of a template")
PLUGIN_KEY = Arg(name="plugin", pattern=r"[^.\/]+(?:\/[^.\/]+)?")
TEMPLATES = ("rest_cannot_manage_templates", "access the templates on this site")
WIDGETS = ("rest_cannot_manage_widgets", "manage widgets on this site")
PLUGINS = "manage plugins for this site"
FOR_TEMPLATES, FOR_WIDGETS = (
    partial(need, "edit_theme_options", *refusal) for refusal in (TEMPLATES, WIDGETS)
)
FOR_PLUGINS, FOR_PLUGIN, FOR_CHANGING_PLUGIN = (
    partial(need, "activate_plugins", f"rest_cannot_{verb}", PLUGINS)
    for verb in ("view_plugins", "view_plugin", "manage_plugins")
)
TEMPLATE = Item(TEMPLATE_ID, ("rest_template_not_found", "No templates exist with that id."),
                (TEMPLATE_KEY, CONTEXT_ARG), key=(TEMPLATE_KEY,), deletion=(FORCE,))  # fmt: skip
THINGS = (
    Nothing("/wp/v2/templates", FOR_TEMPLATES, TEMPLATE_ARGS, TEMPLATE, TEMPLATES),
    Nothing("/wp/v2/template-parts", FOR_TEMPLATES, TEMPLATE_ARGS, TEMPLATE, TEMPLATES),
    Nothing("/wp/v2/navigation", edit_navigation, NAVIGATION_ARGS,
            Item(r"(?P<id>[\d]+)", ("rest_post_invalid_id", "Invalid post ID."),
                 (ID_ARG, CONTEXT_ARG, PASSWORD_ARG), key=(ID_ARG,), reads=everybody,
                 is_looked_for=True, deletion=(FORCE,)),
            ("rest_cannot_create", "create posts as this user"), allow_batch=True,
            lists=none_counted),
    Nothing("/wp/v2/sidebars", FOR_WIDGETS, item=Item(
        r"(?P<id>[\w-]+)", ("rest_sidebar_not_found", "No sidebar exists with that id."),
        (Arg(name="id", description="The id of a registered sidebar"), CONTEXT_ARG),
        methods=CHANGES)),
    Nothing("/wp/v2/widgets", FOR_WIDGETS, WIDGET_ARGS,
            Item(r"(?P<id>[\w\-]+)", ("rest_widget_not_found", "No widget was found with that id."),
                 deletion=(REMOVE,)),
            WIDGETS, allow_batch=True),
    Nothing("/wp/v2/widget-types", FOR_WIDGETS, item=Item(
        "(?P<id>[a-zA-Z0-9_-]+)", ("rest_widget_type_invalid", "Invalid widget type."),
        (Arg(name="id", description="The widget type id."), CONTEXT_ARG), is_looked_for=True,
        methods=())),
    Nothing("/wp/v2/plugins", FOR_PLUGINS, PLUGIN_ARGS,
            Item(r"(?P<plugin>[\/\w-]+)", ("rest_plugin_not_found", "Plugin not found."),
                 (CONTEXT_ARG, PLUGIN_KEY), key=(CONTEXT_ARG, PLUGIN_KEY), reads=FOR_PLUGIN,
                 writes=FOR_CHANGING_PLUGIN, is_looked_for=True),
            ("rest_cannot_install_plugin", "install plugins on this site")),
    Nothing("/wp/v2/block-patterns/patterns", partial(
        need, "edit_posts", "rest_cannot_view", "view the registered block patterns"), ()),
    Nothing("/wp/v2/block-patterns/categories", partial(
        need, "edit_posts", "rest_cannot_view", "view the registered block pattern categories"),
        ()),
    Nothing("/wp/v2/pattern-directory/patterns", partial(
        need, "edit_posts", "rest_pattern_directory_cannot_view",
        "browse the local block pattern directory"), PATTERN_ARGS),
    Nothing("/wp/v2/block-directory/search", partial(
        need, "activate_plugins", "rest_block_directory_cannot_view",
        "browse the block directory"), BLOCK_SEARCH_ARGS),
)  # fmt: skip


def routes_of(thing: Nothing) -> list[Route]:
    endpoint = partial(Endpoint, allow_batch=thing.allow_batch)
    endpoints = [
        endpoint(methods=("GET",), handler=thing.lists, args=thing.args, permission=thing.reads)
    ]
    if thing.makes[0]:
        endpoints.append(
            endpoint(methods=("POST",), handler=none_at_all, args=thing.written(creating=True),
                     permission=partial(nobody, *thing.makes))
        )  # fmt: skip
    found = [Route(pattern=thing.path, namespace="wp/v2", endpoints=endpoints)]
    if thing.item is not None:
        found.append(
            Route(
                pattern=f"{thing.path}/{thing.item.pattern}",
                namespace="wp/v2",
                endpoints=item_endpoints(thing, thing.item, endpoint),
            )
        )
    return found


def item_endpoints(thing: Nothing, item: Item, endpoint: Callable[..., Endpoint]) -> list[Endpoint]:
    missing = partial(none_of_this_name, *item.missing)

    def asked_of(permission: Permission) -> Permission:
        def look_too(request: RestRequest) -> None:
            permission(request)
            missing()

        return look_too if item.is_looked_for else permission

    reads = asked_of(item.reads or thing.reads)
    writes = asked_of(item.writes or item.reads or thing.reads)
    found = [endpoint(methods=("GET",), handler=missing, args=item.args, permission=reads)]
    changes = tuple(method for method in item.methods if method != "DELETE")
    for methods, args in (
        (changes, (*item.key, *thing.written(creating=False))),
        (("DELETE",) if "DELETE" in item.methods else (), (*item.key, *item.deletion)),
    ):
        if methods:
            found.append(endpoint(methods=methods, handler=missing, args=args, permission=writes))
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


def require_block_type(request: RestRequest) -> None:
    BLOCK_TYPES_FOR(request)
    found_block_type(request)


def get_block_type(request: RestRequest) -> RestResponse:
    """Answer one block type."""
    return RestResponse(block_type_item(found_block_type(request)))


def found_block_type(request: RestRequest) -> dict[str, Any]:
    name = f"{request.params['namespace']}/{request.params['name']}"
    facts = next((facts for facts in BLOCK_TYPES if facts["name"] == name), None)
    if facts is None:
        raise RestError("rest_block_type_invalid", "Invalid block type.", 404)
    return facts


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
        endpoints=[Endpoint(methods=("GET",), handler=get_block_type, permission=require_block_type,
                            args=(Arg(name="name", description="Block name."), NAMESPACE,
                                  CONTEXT_ARG))],
    ),
]  # fmt: skip
