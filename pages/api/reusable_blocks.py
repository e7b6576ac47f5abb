"""wp/v2/blocks: reusable blocks, for those who write."""

from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from wagtail.log_actions import log

from core.alphabetical import Alphabetical
from core.extensions.people import capabilities
from core.extensions.site import site_provider
from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    ID_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    SLUG_ARG,
    ArgumentError,
    as_list,
    check_value,
    order_args,
)
from core.rest.collections import paginate, sort
from core.rest.dates import wp_date, wp_date_gmt
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.schemas import as_written, in_context, read_json, schema_at, write_args
from core.rest.urls import rest_url
from pages.api.access import may_not, not_found, refused
from pages.api.arguments import (
    AFTER,
    BEFORE,
    MODIFIED_AFTER,
    MODIFIED_BEFORE,
    PASSWORD_ARG,
    status_arg,
)
from pages.api.items import CURIES
from pages.errors import EntryTrashedError
from pages.models import ReusableBlock
from pages.services.reusable_blocks import delete_for_good, save_block, trash_block
from pages.services.writing import TRASHED_LOG
from pages.statuses import DRAFT, FUTURE, PUBLISH, TRASH

# What "any" stands for in WordPress.
ANY = frozenset(ReusableBlock.Status.values) - {TRASH}
NOT_SCHEDULED = "Reusable blocks are not scheduled here. Publish it now, or keep it as a draft."
DATES = {"after": "created_at__gt", "before": "created_at__lt",
         "modified_after": "changed_at__gt", "modified_before": "changed_at__lt"}  # fmt: skip
SCHEMA = Path(__file__).with_name("data") / "reusable_block.json"
ORDERINGS = {"date": "created_at", "id": "pk", "modified": "changed_at",
             "title": Alphabetical("title"), "slug": Alphabetical("slug"), "author": "pk",
             "parent": "pk", "relevance": "title"}  # fmt: skip


def may(request: RestRequest, capability: str) -> bool:
    return capability in capabilities.get().of(request.user)


def block_item(block: ReusableBlock, context: str) -> dict[str, Any]:
    """Return a block with WordPress's keys; its text is raw in every context."""
    base, zone = rest_url("/wp/v2"), ZoneInfo(site_provider.get().identity().timezone)
    own, link = f"{base}/blocks/{block.pk}", f"{settings.SITE_URL}/?p={block.pk}"
    guid, content = {"rendered": link}, {"raw": block.raw_content, "protected": False}
    if context == "edit":
        guid, content = {**guid, "raw": link}, {**content, "block_version": 1}
    item = {
        "id": block.pk,
        "date": wp_date(block.created_at, zone),
        "date_gmt": wp_date_gmt(block.created_at),
        "guid": guid,
        "modified": wp_date(block.changed_at, zone),
        "modified_gmt": wp_date_gmt(block.changed_at),
        "password": "",
        "slug": block.slug,
        "status": block.status,
        "type": "wp_block",
        "link": link,
        "title": {"raw": block.title},
        "content": content,
        "template": "",
    }
    links: dict[str, Any] = {
        "self": [{"href": own}],
        "collection": [{"href": f"{base}/blocks"}],
        "about": [{"href": f"{base}/types/wp_block"}],
    }
    if context == "edit":
        for action in ("publish", "unfiltered-html"):
            links[f"wp:action-{action}"] = [{"href": own}]
    links["curies"] = CURIES
    return {**in_context(item, read_json(SCHEMA), context), "_links": links}


def list_blocks(request: RestRequest) -> RestResponse:
    """Answer /wp/v2/blocks; strangers get an empty list, as in WordPress."""
    params = request.params
    blocks = (
        ReusableBlock.objects.all()
        if may(request, "edit_posts")
        else (ReusableBlock.objects.none())
    )
    if params.get("search"):
        blocks = blocks.filter(title__icontains=params["search"])
    if params.get("include"):
        blocks = blocks.filter(pk__in=params["include"])
    if params.get("exclude"):
        blocks = blocks.exclude(pk__in=params["exclude"])
    if params.get("slug"):
        blocks = blocks.filter(slug__in=params["slug"])
    for name, column in DATES.items():
        if params.get(name):
            blocks = blocks.filter(**{column: params[name]})
    blocks = blocks.filter(status__in=shown_statuses(request))
    total = blocks.count()
    offset, limit, pages = paginate(total, request)
    shown = sort(blocks, params, ORDERINGS)[offset : offset + limit]
    items = [block_item(block, request.context) for block in shown]
    return RestResponse(items, total=total, pages=pages)


def shown_statuses(request: RestRequest) -> set[str]:
    """Return the statuses that are listed: those who may not change blocks read published ones."""
    changes, wanted = may(request, "edit_others_posts"), set(as_list(request.params["status"]))
    if request.context == "edit" and not changes:
        return set()
    if "any" in wanted:
        wanted |= ANY
    return wanted if changes else wanted & {PUBLISH}


def require_list(request: RestRequest) -> None:
    if request.context == "edit" and not may(request, "edit_posts"):
        sentence = "Sorry, you are not allowed to edit posts in this post type."
        raise refused("rest_forbidden_context", sentence, request.user)


def found_block(request: RestRequest) -> ReusableBlock:
    block = ReusableBlock.objects.filter(pk=request.params["id"]).first()
    if block is None:
        raise not_found()
    return block


def require_get(request: RestRequest) -> None:
    """Show a block to those who write, and its draft and raw form to those who may change it."""
    block, changes = found_block(request), may(request, "edit_others_posts")
    if request.context == "edit" and not changes:
        sentence = "Sorry, you are not allowed to edit this post."
        raise refused("rest_forbidden_context", sentence, request.user)
    if not may(request, "edit_posts" if block.status == PUBLISH else "edit_others_posts"):
        raise refused("rest_forbidden", "Sorry, you are not allowed to do that.", request.user)


def require_change(request: RestRequest) -> None:
    """Let authors make blocks; changing one changes every post that shows it, so editors do."""
    verb = {"DELETE": "delete"}.get(request.method, "edit" if "id" in request.in_path else "create")
    if "id" in request.in_path:
        found_block(request)
    capability = "publish_posts" if verb == "create" else "edit_others_posts"
    if not may(request, capability):
        what = "posts as this user" if verb == "create" else "this post"
        raise may_not(f"rest_cannot_{verb}", f"{verb} {what}", request.user)


def get_block(request: RestRequest) -> RestResponse:
    """Answer one block."""
    return RestResponse(block_item(found_block(request), request.context))


def saved(block: ReusableBlock, request: RestRequest) -> ReusableBlock:
    params = request.params
    changes: dict[str, Any] = {}
    for name, column in (("title", "title"), ("content", "raw_content")):
        value = params.get(name)
        if name in request.given and value is not None:
            changes[column] = value.get("raw", "") if isinstance(value, dict) else value
    if "slug" in request.given and params.get("slug") is not None:
        changes["slug"] = params["slug"]
    if "status" in request.given and params.get("status"):
        changes["status"] = params["status"]
    if at := params.get("date") or params.get("date_gmt"):
        if at > timezone.now():
            raise RestError("rest_invalid_param", "Invalid parameter(s): date", 400,
                            params={"date": NOT_SCHEDULED})  # fmt: skip
        changes["created_at"] = at
    return save_block(block, **changes)


def create_block(request: RestRequest) -> RestResponse:
    """Make a block."""
    block = saved(ReusableBlock(status=DRAFT), request)
    log(block, "wagtail.create", user=request.user)
    headers = {"Location": rest_url(f"/wp/v2/blocks/{block.pk}")}
    return RestResponse(block_item(block, "edit"), status=201, headers=headers)


def update_block(request: RestRequest) -> RestResponse:
    """Change a block."""
    block = saved(found_block(request), request)
    log(block, "wagtail.edit", user=request.user)
    return RestResponse(block_item(block, "edit"))


def delete_block(request: RestRequest) -> RestResponse:
    """Trash a block, or delete it for good."""
    block = found_block(request)
    if not request.params["force"]:
        try:
            trash_block(block)
        except EntryTrashedError as error:
            raise RestError(error.code, str(error.message), 410) from None
        log(block, TRASHED_LOG, user=request.user)
        return RestResponse(block_item(block, "edit"))
    previous = block_item(block, "edit")
    del previous["_links"]
    log(block, "wagtail.delete", user=request.user)
    delete_for_good(block)
    return RestResponse({"deleted": True, "previous": previous})


def wanted_status(value: Any, asked: RestRequest) -> Any:
    """Take a status of blocks; that of the trash only from a block that is there."""
    key = asked.in_path.get("id", "")
    stored = ReusableBlock.objects.filter(pk=int(key)).first() if key and len(key) < 19 else None
    if stored is not None and value == stored.status:
        return value
    if value == FUTURE:
        raise ArgumentError("rest_invalid_param", NOT_SCHEDULED)
    return check_value(value, {"type": "string", "enum": sorted(ANY)}, "status")


def nothing(name: str, value: Any, asked: RestRequest) -> Any:
    """Take nothing but an empty text: blocks have neither passwords nor templates here."""
    if value:
        raise ArgumentError("rest_invalid_param", f"{name} is not one of .")
    return check_value(value, {"type": "string"}, name)


def block_args(*, creating: bool) -> tuple[Arg, ...]:
    judges = {"title": as_written, "content": as_written, "status": wanted_status,
              "password": partial(nothing, "password"),
              "template": partial(nothing, "template")}  # fmt: skip
    return write_args(read_json(SCHEMA), creating=creating, judges=judges)


LIST_ARGS = (
    *COLLECTION_ARGS, EXCLUDE_ARG, INCLUDE_ARG, OFFSET_ARG,
    *order_args("author", "date", "id", "include", "modified", "parent", "relevance", "slug",
                "include_slugs", "title"),
    SLUG_ARG,
    AFTER, BEFORE, MODIFIED_AFTER, MODIFIED_BEFORE,
    status_arg("post"),
)  # fmt: skip
# What answers hold where the schema, which is WordPress's, says otherwise.
SHOWN = {"status": {"enum": ReusableBlock.Status.values}}
FORCE = Arg(name="force", type="boolean", default=False, has_default=True,
            description="Whether to bypass Trash and force deletion.")  # fmt: skip
ROUTES = [
    Route(
        pattern="/wp/v2/blocks", namespace="wp/v2", schema=schema_at(SCHEMA),
        corrects=SHOWN,
        endpoints=[
            Endpoint(methods=("GET",), handler=list_blocks, args=LIST_ARGS, allow_batch=True,
                     permission=require_list),
            Endpoint(methods=("POST",), handler=create_block, args=block_args(creating=True),
                     allow_batch=True, permission=require_change, answers=(201,)),
        ],
    ),
    Route(
        pattern=r"/wp/v2/blocks/(?P<id>[\d]+)", namespace="wp/v2", schema=schema_at(SCHEMA),
        corrects=SHOWN,
        endpoints=[
            Endpoint(methods=("GET",), handler=get_block, args=(ID_ARG, CONTEXT_ARG, PASSWORD_ARG),
                     allow_batch=True, permission=require_get),
            Endpoint(methods=("POST", "PUT", "PATCH"), handler=update_block, allow_batch=True,
                     args=(ID_ARG, *block_args(creating=False)), permission=require_change),
            Endpoint(methods=("DELETE",), handler=delete_block, args=(ID_ARG, FORCE),
                     allow_batch=True, permission=require_change, refusals=(410,)),
        ],
    ),
]  # fmt: skip
