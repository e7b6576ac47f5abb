"""Menus, their entries and where they are shown, as wp/v2 has them."""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q

from core.alphabetical import Alphabetical
from core.errors import CMSError
from core.extensions.people import capabilities
from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    ID_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    PER_PAGE_ARG,
    SLUG_ARG,
    ArgumentError,
    as_list,
    id_arg,
    invalid_parameters,
    order_args,
    slug_arg,
)
from core.rest.collections import paginate, sort
from core.rest.declare import Arg, Endpoint, Permission, RestRequest, RestResponse, Route
from core.rest.entities import unescaped
from core.rest.errors import RestError
from core.rest.schemas import by_name, in_context, read_json, schema_at, write_args
from core.rest.urls import page_url, rest_url
from core.texturize import title_html
from pages.api.access import may_not, refused
from pages.api.arguments import (
    AFTER,
    BEFORE,
    MODIFIED_AFTER,
    MODIFIED_BEFORE,
    TAX_RELATION_ARG,
    status_arg,
    terms_arg,
)
from pages.api.items import CURIES
from pages.api.terms import as_rest
from pages.models import Menu, MenuItem, Term
from pages.models.menus import main_slug
from pages.models.terms import CATEGORY, TAG
from pages.services.menus import create_menu, delete_entry, save_entry, update_menu
from pages.services.terms import delete_term
from pages.slugs import make_slug

DATA = Path(__file__).with_name("data")
MENU, ITEM, LOCATION = DATA / "menu.json", DATA / "menu_item.json", DATA / "menu_location.json"
CHANGES = ("POST", "PUT", "PATCH")
ORDERINGS = {"id": "pk", "name": Alphabetical("name"), "slug": Alphabetical("slug"),
             "description": Alphabetical("description"), "term_group": "pk", "count": "pk",
             "date": "name"}  # fmt: skip
ITEM_ORDERINGS = {"id": "pk", "title": Alphabetical("label"), "menu_order": "position",
                  "date": "pk", "modified": "pk", "parent": "parent_id", "slug": "pk",
                  "author": "pk", "relevance": "label"}  # fmt: skip
DATES = {"after": "created_at__gt", "before": "created_at__lt",
         "modified_after": "changed_at__gt", "modified_before": "changed_at__lt"}  # fmt: skip
# The place of an entry that is told none, as in WordPress.
FIRST = 1
# Every entry of a menu is published.
SHOWN = frozenset({"publish", "any"})
TERM_TYPES = {
    CATEGORY: ("category", "Category", "categories"), TAG: ("post_tag", "Tag", "tags"),
}  # fmt: skip


def may(request: RestRequest, capability: str) -> bool:
    return capability in capabilities.get().of(request.user)


Find = Callable[[RestRequest], Any]
LOOKS_AFTER = "edit_theme_options"


def require_view(
    what: str, edited: str, *, find: Find | None = None, needs: str = "edit_posts"
) -> Permission:
    """Return the permission to see menus: those who write, to edit who looks after the site.

    `find` looks for a thing first, whoever asks, as WordPress does.
    """

    def permission(request: RestRequest) -> None:
        if find is not None:
            find(request)
        if request.context == "edit" and needs != LOOKS_AFTER and not may(request, LOOKS_AFTER):
            sentence = f"Sorry, you are not allowed to edit {edited}."
            raise refused("rest_forbidden_context", sentence, request.user)
        if not may(request, needs):
            raise may_not("rest_cannot_view", f"view {what}", request.user)

    return permission


def require_change(verb: str, what: str, *, find: Find | None = None) -> Permission:
    """Return the permission to change menus: those who look after the site."""

    def permission(request: RestRequest) -> None:
        if find is not None:
            find(request)
        if not may(request, LOOKS_AFTER):
            raise may_not(f"rest_cannot_{verb}", f"{verb} {what}", request.user)

    return permission


def known_locations(value: Any, request: RestRequest) -> list[str]:
    """Judge the places of a menu: there is one."""
    names = [str(each) for each in as_list(value)]
    if not {"primary"}.issuperset(names):
        raise ArgumentError("rest_invalid_menu_location", "Invalid menu location.")
    return names


def places_of(slug: str) -> list[str]:
    """Return where a menu is shown: the main one of the default language at every page's top."""
    return ["primary"] if slug == main_slug(settings.LANGUAGE_CODE) else []


def menu_item(menu: Menu, context: str) -> dict[str, Any]:
    """Return a menu with WordPress's keys."""
    base = rest_url("/wp/v2")
    locations = places_of(menu.slug)
    item = {
        "id": menu.pk,
        "description": escape(menu.description, quote=False),
        "name": escape(menu.name, quote=False),
        "slug": menu.slug,
        "meta": [],
        "locations": locations,
        "auto_add": False,
    }
    links: dict[str, Any] = {
        "self": [{"href": f"{base}/menus/{menu.pk}"}],
        "collection": [{"href": f"{base}/menus"}],
        "about": [{"href": f"{base}/taxonomies/nav_menu"}],
    }
    if locations:
        links["wp:menu-location"] = [
            {"href": f"{base}/menu-locations/{name}", "embeddable": True} for name in locations
        ]
    links["wp:post_type"] = [{"href": f"{base}/menu-items?menus={menu.pk}"}]
    links["curies"] = CURIES
    return {**in_context(item, read_json(MENU), context), "_links": links}


def list_menus(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/menus."""
    params, menus = request.params, Menu.objects.all()
    if params.get("search"):
        word = params["search"]
        menus = menus.filter(Q(name__icontains=unescaped(word)) | Q(slug__icontains=word))
    if params.get("include"):
        menus = menus.filter(pk__in=params["include"])
    if params.get("exclude"):
        menus = menus.exclude(pk__in=params["exclude"])
    if params.get("slug"):
        menus = menus.filter(slug__in=params["slug"])
    if params.get("post"):
        menus = menus.filter(entries=params["post"])
    if params.get("hide_empty"):
        menus = menus.filter(entries__isnull=False).distinct()
    total = menus.count()
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    shown = sort(menus, params, ORDERINGS)[offset : offset + limit]
    items = [menu_item(menu, request.context) for menu in shown]
    return RestResponse(items, total=total, pages=pages)


def found_menu(request: RestRequest) -> Menu:
    menu = Menu.objects.filter(pk=request.params["id"]).first()
    if menu is None:
        raise RestError("rest_term_invalid", "Term does not exist.", 404)
    return menu


def get_menu(request: RestRequest) -> RestResponse:
    """Answer one menu."""
    return RestResponse(menu_item(found_menu(request), request.context))


def written(request: RestRequest, *names: str) -> dict[str, Any]:
    return {
        name: request.params[name]
        for name in names
        if name in request.given and request.params.get(name) is not None
    }


def texts_of(request: RestRequest, *names: str) -> dict[str, str]:
    return {name: unescaped(text) for name, text in written(request, *names).items()}


def refuse_unkept(request: RestRequest, slug: str = "") -> None:
    """Refuse by its name what a menu cannot be told to do, rather than say that it was done."""
    given, kept = written(request, "slug", "locations", "auto_add"), set(places_of(slug))
    if given.get("slug"):
        kept = set(places_of(make_slug(given["slug"])))
    wrong = {}
    if set(given.get("locations", kept)) != kept:
        sentence = f"The main menu is the one with the slug {main_slug(settings.LANGUAGE_CODE)}."
        wrong["locations"] = ArgumentError("rest_invalid_param", sentence)
    if given.get("auto_add"):
        sentence = "Pages are put into menus by hand."
        wrong["auto_add"] = ArgumentError("rest_invalid_param", sentence)
    if wrong:
        raise invalid_parameters(wrong)


def create_menu_over_rest(request: RestRequest) -> RestResponse:
    """Make a menu."""
    refuse_unkept(request)
    try:
        menu = create_menu(**texts_of(request, "name", "description"))
    except CMSError as error:
        raise as_rest(error) from error
    headers = {"Location": rest_url(f"/wp/v2/menus/{menu.pk}")}
    return RestResponse(menu_item(menu, "view"), status=201, headers=headers)


def update_menu_over_rest(request: RestRequest) -> RestResponse:
    """Change a menu."""
    menu = found_menu(request)
    refuse_unkept(request, menu.slug)
    try:
        update_menu(menu, **texts_of(request, "name", "slug", "description"))
    except CMSError as error:
        raise as_rest(error) from error
    return RestResponse(menu_item(menu, "view"))


def no_trash(words: str) -> RestError:
    sentence = f"{words} do not support trashing. Set 'force=true' to delete."
    return RestError("rest_trash_not_supported", sentence, 501)


def delete_menu(request: RestRequest) -> RestResponse:
    """Delete a menu with its entries."""
    menu = found_menu(request)
    if not request.params["force"]:
        raise no_trash("Menus")
    previous = menu_item(menu, "view")
    del previous["_links"]
    delete_term(menu)
    return RestResponse({"deleted": True, "previous": previous})


def target_of(item: MenuItem) -> dict[str, Any]:
    """Return what an entry leads to: its type, its object and its whole address."""
    if item.page_id and item.page is not None:
        page = item.page.specific
        is_post = page._meta.model_name == "postpage"
        kind, label, plural = ("post", "Post", "posts") if is_post else ("page", "Page", "pages")
        return {
            "type": "post_type", "type_label": label, "object": kind, "object_id": page.pk,
            "url": page.full_url or "", "title": page.title,
            "link": {"post_type": kind, "href": rest_url(f"/wp/v2/{plural}/{page.pk}")},
        }  # fmt: skip
    if item.term_id and item.term is not None:
        kind, label, plural = TERM_TYPES.get(item.term.taxonomy, (item.term.taxonomy, "Term", ""))
        return {
            "type": "taxonomy", "type_label": label, "object": kind, "object_id": item.term_id,
            "url": page_url(item.term.get_absolute_url()),
            "link": {"taxonomy": kind, "href": rest_url(f"/wp/v2/{plural}/{item.term_id}")},
        }  # fmt: skip
    url = page_url(item.url) if item.url.startswith("/") else item.url
    return {"type": "custom", "type_label": "Custom Link", "object": "custom",
            "object_id": item.pk, "url": url}  # fmt: skip


def entry_item(item: MenuItem, context: str) -> dict[str, Any]:
    """Return an entry with WordPress's keys."""
    target, base = target_of(item), rest_url("/wp/v2")
    own = f"{base}/menu-items/{item.pk}"
    title: dict[str, Any] = {"rendered": title_html(item.label)}
    if context == "edit":
        title = {"raw": item.label, **title}
    found = {
        "id": item.pk,
        "title": title,
        "status": "publish",
        "url": target["url"],
        "attr_title": item.hint,
        "description": item.description,
        "type": target["type"],
        "type_label": target["type_label"],
        "object": target["object"],
        "object_id": target["object_id"],
        "parent": item.parent_id or 0,
        "menu_order": item.position,
        "target": "_blank" if item.opens_new_window else "",
        "classes": item.css_classes.split() or [""],
        "xfn": item.relation.split() or [""],
        "invalid": bool(item.page_id and item.page is not None and not item.page.live),
        "meta": [],
        "menus": item.menu_id,
    }
    links: dict[str, Any] = {
        "self": [{"href": own}],
        "collection": [{"href": f"{base}/menu-items"}],
        "about": [{"href": f"{base}/types/nav_menu_item"}],
        "wp:term": [
            {"taxonomy": "nav_menu", "embeddable": True, "href": f"{base}/menus?post={item.pk}"}
        ],
    }
    if link := target.get("link"):
        href = link.pop("href")
        links["wp:menu-item-object"] = [{**link, "embeddable": True, "href": href}]
    if context == "edit":
        for action in ("publish", "unfiltered-html", "create-menus", "assign-menus"):
            links[f"wp:action-{action}"] = [{"href": own}]
    links["curies"] = CURIES
    return {**in_context(found, read_json(ITEM), context), "_links": links}


def term_ids(asked: Any) -> list[int]:
    """Return the ids of a parameter that is a list of them or a query for them."""
    return asked.get("terms", []) if isinstance(asked, dict) else asked


def list_entries(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/menu-items."""
    params = request.params
    items = MenuItem.objects.select_related("page", "term")
    if params.get("menus"):
        items = items.filter(menu__in=term_ids(params["menus"]))
    if params.get("menus_exclude"):
        items = items.exclude(menu__in=term_ids(params["menus_exclude"]))
    if params.get("search"):
        items = items.filter(label__icontains=params["search"])
    if params.get("include"):
        items = items.filter(pk__in=params["include"])
    if params.get("exclude"):
        items = items.exclude(pk__in=params["exclude"])
    for name, column in DATES.items():
        if params.get(name):
            items = items.filter(**{column: params[name]})
    if not SHOWN.intersection(as_list(params["status"])):
        items = items.none()
    if params.get("menu_order") is not None:
        items = items.filter(position=params["menu_order"])
    total = items.count()
    offset, limit, pages = paginate(total, request)
    shown = sort(items, params, ITEM_ORDERINGS)[offset : offset + limit]
    return RestResponse(
        [entry_item(item, request.context) for item in shown], total=total, pages=pages
    )


def found_entry(request: RestRequest) -> MenuItem:
    items = MenuItem.objects.select_related("page", "term", "parent")
    item = items.filter(pk=request.params["id"]).first()
    if item is None:
        raise RestError("rest_post_invalid_id", "Invalid post ID.", 404)
    return item


def get_entry(request: RestRequest) -> RestResponse:
    """Answer one entry."""
    return RestResponse(entry_item(found_entry(request), request.context))


def entry_changes(item: MenuItem, request: RestRequest) -> dict[str, Any]:
    """Return what a request sets of an entry, in our columns."""
    given = written(request, "title", "url", "attr_title", "description", "menu_order", "target",
                    "classes", "xfn", "parent", "menus", "type", "object", "object_id",
                    "status")  # fmt: skip
    changes: dict[str, Any] = {}
    if given.get("status", "publish") != "publish":
        sentence = "Every entry of a menu is published."
        raise invalid_parameters({"status": ArgumentError("rest_invalid_param", sentence)})
    title = given.get("title")
    if title is not None:
        changes["label"] = title.get("raw", "") if isinstance(title, dict) else title
    for name, column in (("url", "url"), ("attr_title", "hint"), ("description", "description"),
                         ("menu_order", "position")):  # fmt: skip
        if name in given:
            changes[column] = given[name]
    if "target" in given:
        changes["opens_new_window"] = given["target"] == "_blank"
    for name, column in (("classes", "css_classes"), ("xfn", "relation")):
        if name in given:
            changes[column] = " ".join(given[name])
    if "parent" in given:
        changes["parent"] = MenuItem.objects.filter(pk=given["parent"]).first()
        if given["parent"] and changes["parent"] is None:
            raise RestError("rest_invalid_param", "Invalid parent.", 400)
    if "menus" in given:
        changes["menu"] = Menu.objects.filter(pk=given["menus"]).first()
        if changes["menu"] is None:
            raise RestError("invalid_menu_id", "Invalid menu ID.", 400)
    if "object_id" in given or given.get("type") == "custom":
        kind = given.get("type") or target_of(item)["type"]
        changes |= target_changes(kind, given.get("object_id", 0))
    return changes


def target_changes(kind: str, key: int) -> dict[str, Any]:
    """Return the columns by which an entry leads to a page or a term."""
    if kind == "taxonomy":
        term = Term.objects.filter(pk=key).first()
        if term is None:
            raise RestError("rest_term_invalid_id", "Invalid term ID.", 400)
        return {"term": term, "page": None, "url": ""}
    if kind == "post_type":
        page = MenuItem._meta.get_field("page").related_model.objects.filter(pk=key).first()
        if page is None:
            raise RestError("rest_post_invalid_id", "Invalid post ID.", 400)
        return {"page": page, "term": None, "url": ""}
    return {"page": None, "term": None}


def saved(item: MenuItem, request: RestRequest) -> MenuItem:
    try:
        return save_entry(item, **entry_changes(item, request))
    except CMSError as error:
        raise RestError("rest_invalid_param", str(error), 400) from error


def create_entry(request: RestRequest) -> RestResponse:
    """Make an entry."""
    item = saved(MenuItem(position=FIRST), request)
    headers = {"Location": rest_url(f"/wp/v2/menu-items/{item.pk}")}
    return RestResponse(entry_item(item, "edit"), status=201, headers=headers)


def update_entry(request: RestRequest) -> RestResponse:
    """Change an entry."""
    return RestResponse(entry_item(saved(found_entry(request), request), "edit"))


def delete_entry_over_rest(request: RestRequest) -> RestResponse:
    """Delete an entry; those below it move up."""
    item = found_entry(request)
    if not request.params["force"]:
        raise no_trash("Menu items")
    previous = entry_item(item, "view")
    del previous["_links"]
    delete_entry(item)
    return RestResponse({"deleted": True, "previous": previous})


def location_item(request: RestRequest) -> dict[str, Any]:
    menu = Menu.objects.filter(slug=main_slug(settings.LANGUAGE_CODE)).first()
    links: dict[str, Any] = {
        "self": [{"href": rest_url("/wp/v2/menu-locations/primary")}],
        "collection": [{"href": rest_url("/wp/v2/menu-locations")}],
    }
    if menu is not None:
        href = rest_url(f"/wp/v2/menus/{menu.pk}")
        links["wp:menu"] = [{"embeddable": True, "href": href}]
        links["curies"] = CURIES
    return {"name": "primary", "description": "Main menu", "menu": menu.pk if menu else 0,
            "_links": links}  # fmt: skip


def list_locations(request: RestRequest) -> RestResponse:
    """Answer where menus are shown: at the top of every page."""
    return RestResponse({"primary": location_item(request)})


def get_location(request: RestRequest) -> RestResponse:
    """Answer one place for a menu."""
    if request.params["location"] != "primary":
        raise RestError("rest_menu_location_invalid", "Invalid menu location.", 404)
    return RestResponse(location_item(request))


FORCE = Arg(name="force", type="boolean", default=False, has_default=True,
            description="Required to be true, as terms do not support trashing.")  # fmt: skip
TRASH = replace(FORCE, description="Whether to bypass Trash and force deletion.")
LIST_ARGS = (
    *COLLECTION_ARGS, EXCLUDE_ARG, INCLUDE_ARG, OFFSET_ARG,
    *order_args("id", "include", "name", "slug", "include_slugs", "term_group", "description",
                "count", default="name", order="asc", of="term"),
    Arg(name="hide_empty", type="boolean", default=False, has_default=True,
        description="Whether to hide terms not assigned to any posts."),
    Arg(name="post", type="integer", has_default=True,
        description="Limit result set to terms assigned to a specific post."),
    slug_arg("terms"),
)  # fmt: skip
IDS = {"type": "integer"}
ENTRY_LIST_ARGS = (
    *(arg for arg in COLLECTION_ARGS if arg is not PER_PAGE_ARG),
    Arg(name="per_page", type="integer", default=100, minimum=1, maximum=100, checked_first=True,
        description=PER_PAGE_ARG.description),
    EXCLUDE_ARG, INCLUDE_ARG, OFFSET_ARG,
    *order_args("author", "date", "id", "include", "modified", "parent", "relevance", "slug",
                "include_slugs", "title", "menu_order", default="menu_order", order="asc",
                of="object"),
    AFTER, MODIFIED_AFTER, BEFORE, MODIFIED_BEFORE, SLUG_ARG,
    status_arg("post", needs=LOOKS_AFTER), TAX_RELATION_ARG,
    *(terms_arg("menus", is_tree=False, is_exclude=is_exclude) for is_exclude in (False, True)),
    Arg(name="menu_order", type="integer",
        description="Limit result set to posts with a specific menu_order value."),
)  # fmt: skip


# An entry made in the admin may be at place 0, which WordPress's schema does not know.
CORRECTED: dict[str, dict[str, Any]] = {"menu_order": {"minimum": 0}}


def item_args(path: Path, *, creating: bool) -> tuple[Arg, ...]:
    args = write_args(read_json(path), creating=creating, judges={"locations": known_locations})
    return tuple(replace(arg, **CORRECTED.get(arg.name, {})) for arg in args)


MENU_ID, TERMS = id_arg("term"), "terms in this taxonomy"
SEES_LOCATIONS = require_view("menu locations", "", needs=LOOKS_AFTER)
ROUTES = [
    Route(
        pattern="/wp/v2/menus", namespace="wp/v2", schema=schema_at(MENU),
        endpoints=[
            Endpoint(methods=("GET",), handler=list_menus, args=LIST_ARGS, allow_batch=True,
                     permission=require_view("menus", TERMS)),
            Endpoint(methods=("POST",), handler=create_menu_over_rest, allow_batch=True,
                     answers=(201,),
                     args=item_args(MENU, creating=True),
                     permission=require_change("create", TERMS)),
        ],
    ),
    Route(
        pattern=r"/wp/v2/menus/(?P<id>[\d]+)", namespace="wp/v2", schema=schema_at(MENU),
        endpoints=[
            Endpoint(methods=("GET",), handler=get_menu, args=(MENU_ID, CONTEXT_ARG),
                     allow_batch=True,
                     permission=require_view("menus", "this term", find=found_menu)),
            Endpoint(methods=CHANGES, handler=update_menu_over_rest, allow_batch=True,
                     args=(MENU_ID, *item_args(MENU, creating=False)),
                     permission=require_change("update", "this term", find=found_menu)),
            Endpoint(methods=("DELETE",), handler=delete_menu, args=(MENU_ID, FORCE),
                     allow_batch=True,
                     permission=require_change("delete", "this term", find=found_menu),
                     refusals=(501,)),
        ],
    ),
    Route(
        pattern="/wp/v2/menu-items", namespace="wp/v2", schema=schema_at(ITEM),
        corrects=CORRECTED,
        endpoints=[
            Endpoint(methods=("GET",), handler=list_entries, args=ENTRY_LIST_ARGS,
                     allow_batch=True,
                     permission=require_view("menu items", "posts in this post type")),
            Endpoint(methods=("POST",), handler=create_entry, allow_batch=True,
                     answers=(201,),
                     args=item_args(ITEM, creating=True),
                     permission=require_change("create", "posts as this user")),
        ],
    ),
    Route(
        pattern=r"/wp/v2/menu-items/(?P<id>[\d]+)", namespace="wp/v2", schema=schema_at(ITEM),
        corrects=CORRECTED,
        endpoints=[
            Endpoint(methods=("GET",), handler=get_entry, args=(ID_ARG, CONTEXT_ARG),
                     allow_batch=True,
                     permission=require_view("menu items", "this post", find=found_entry)),
            Endpoint(methods=CHANGES, handler=update_entry, allow_batch=True,
                     args=(ID_ARG, *item_args(ITEM, creating=False)),
                     permission=require_change("edit", "this post", find=found_entry)),
            Endpoint(methods=("DELETE",), handler=delete_entry_over_rest, args=(ID_ARG, TRASH),
                     allow_batch=True,
                     permission=require_change("delete", "this post", find=found_entry),
                     refusals=(501,)),
        ],
    ),
    Route(
        pattern="/wp/v2/menu-locations", namespace="wp/v2", schema=schema_at(LOCATION),
        endpoints=[Endpoint(methods=("GET",), handler=list_locations, args=(CONTEXT_ARG,),
                            shows=by_name(schema_at(LOCATION)),
                            permission=SEES_LOCATIONS)],
    ),
    Route(
        pattern=r"/wp/v2/menu-locations/(?P<location>[\w-]+)", namespace="wp/v2",
        schema=schema_at(LOCATION),
        endpoints=[
            Endpoint(methods=("GET",), handler=get_location, permission=SEES_LOCATIONS,
                     args=(Arg(name="location", description="An alphanumeric "
                "identifier for the menu location."), CONTEXT_ARG)),
        ],
    ),
]  # fmt: skip
