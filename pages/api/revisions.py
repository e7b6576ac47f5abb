"""Revisions and autosaves of posts and pages over wp/v2."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from wagtail.models import Revision

from core.extensions.people import capabilities
from core.rest.arguments import (
    CONTEXT_ARG,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    PAGE_ARG,
    PER_PAGE_ARG,
    SEARCH_ARG,
    order_args,
    site_zone,
)
from core.rest.collections import sort
from core.rest.dates import wp_date, wp_date_gmt
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.schemas import DRAFT_4, list_of
from core.rest.urls import rest_url
from pages.api.access import refused
from pages.api.entry_schema import MODELS, PROPERTIES, entry_args
from pages.api.items import rendered_title
from pages.api.listing import all_pages
from pages.api.writing import changes_of, refusals, require_update, words_of
from pages.excerpts import safe
from pages.models import Entry
from pages.rendering import with_whole_addresses
from pages.revisions import (
    autosave,
    autosaves_of,
    is_autosave,
    revisions_of,
)
from pages.revisions import words_of as words_of_revision
from pages.rights import may_delete, may_edit
from pages.services.writing import update_entry
from pages.statuses import DRAFT, status_of

NAMESPACE = "wp/v2"
ORDERINGS = {"date": "created_at", "id": "pk", "relevance": "created_at", "slug": "pk",
             "title": "object_str"}  # fmt: skip
PARENT_ARG = Arg(
    name="parent", type="integer", description="The ID for the parent of the revision."
)
ID_ARG = Arg(name="id", type="integer", description="Unique identifier for the revision.")
FORCE_ARG = Arg(
    name="force", type="boolean", default=False,
    description="Required to be true, as revisions do not support trashing.",
)  # fmt: skip
AUTOSAVE_PARENT = Arg(
    name="parent", type="integer", description="The ID for the parent of the autosave."
)
AUTOSAVE_ID = Arg(name="id", type="integer", description="The ID for the autosave.")
# WordPress lists all revisions where no number is given.
PER_PAGE = Arg(
    name="per_page", type="integer", minimum=1, maximum=100, checked_first=True,
    description=PER_PAGE_ARG.description,
)  # fmt: skip
LIST_ARGS = (
    PARENT_ARG, CONTEXT_ARG, PAGE_ARG, PER_PAGE, SEARCH_ARG, EXCLUDE_ARG, INCLUDE_ARG, OFFSET_ARG,
    *order_args("date", "id", "include", "relevance", "slug", "include_slugs", "title",
                of="object"),
)  # fmt: skip


def revision_routes(kind: str) -> list[Route]:
    """Return the routes of a type's revisions and autosaves."""
    base, schema = f"/wp/v2/{kind}s", partial(revision_schema, kind)
    read = partial(require_read, kind)
    return [
        Route(
            pattern=f"{base}/(?P<parent>[\\d]+)/revisions",
            namespace=NAMESPACE,
            schema=schema,
            endpoints=[Endpoint(methods=("GET",), handler=partial(list_revisions, kind),
                                args=LIST_ARGS, permission=partial(require_list, kind))],
        ),
        Route(
            pattern=f"{base}/(?P<parent>[\\d]+)/revisions/(?P<id>[\\d]+)",
            namespace=NAMESPACE,
            schema=schema,
            endpoints=[
                Endpoint(methods=("GET",), handler=partial(get_revision, kind),
                         args=(PARENT_ARG, ID_ARG, CONTEXT_ARG), permission=read),
                # The permission lets nobody through to a handler.
                Endpoint(methods=("DELETE",), handler=partial(get_revision, kind),
                         args=(PARENT_ARG, ID_ARG, FORCE_ARG),
                         permission=partial(require_delete, kind), refusals=(501,)),
            ],
        ),
        Route(
            pattern=f"{base}/(?P<id>[\\d]+)/autosaves",
            namespace=NAMESPACE,
            schema=schema,
            endpoints=[
                Endpoint(methods=("GET",), handler=partial(list_autosaves, kind),
                         args=(AUTOSAVE_PARENT, CONTEXT_ARG), shows=list_of(schema),
                         permission=partial(require_read, kind, what="autosaves")),
                Endpoint(methods=("POST",), handler=partial(keep, kind),
                         args=autosave_args(kind), permission=partial(require_update, kind)),
            ],
        ),
        Route(
            pattern=f"{base}/(?P<parent>[\\d]+)/autosaves/(?P<id>[\\d]+)",
            namespace=NAMESPACE,
            schema=schema,
            endpoints=[Endpoint(methods=("GET",), handler=partial(get_autosave, kind),
                                args=(AUTOSAVE_PARENT, AUTOSAVE_ID, CONTEXT_ARG),
                                permission=read)],
        ),
    ]  # fmt: skip


def autosave_args(kind: str) -> tuple[Arg, ...]:
    args = entry_args(kind)
    # WordPress describes the parent of a page's autosave as that of the page.
    has_parent = any(arg.name == "parent" for arg in args)
    ordered = sorted(args, key=lambda arg: arg.name != "parent")
    return tuple(ordered) if has_parent else (AUTOSAVE_PARENT, *args)


def revision_schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema of a revision, which is made of the words of an entry."""
    own = PROPERTIES[kind]
    integer = {"type": "integer", "context": ["view", "edit", "embed"]}
    return {
        "$schema": DRAFT_4,
        "title": f"{kind}-revision",
        "type": "object",
        "properties": {
            "author": own["author"],
            **{name: own[name] for name in ("date", "date_gmt", "guid", "id", "modified",
                                            "modified_gmt")},
            "parent": {"description": "The ID for the parent of the revision.", **integer},
            **{name: own[name] for name in ("slug", "title", "content", "excerpt")},
        },
    }  # fmt: skip


def parent_of(kind: str, request: RestRequest) -> Entry:
    entry = found_parent(kind, request)
    if entry is None:
        raise RestError("rest_post_invalid_parent", "Invalid post parent ID.", 404)
    return entry


def found_parent(kind: str, request: RestRequest) -> Entry | None:
    # An autosave's route calls the entry by the name that a revision has in the others.
    key = request.in_path.get("parent") or request.in_path["id"]
    return MODELS[kind].objects.filter(pk=int(key)).first() if len(key) < 19 else None


def is_no_entry(kind: str, request: RestRequest) -> bool:
    """Tell whether a page is one whose history is the admin's alone: a home page or a policy."""
    key = request.in_path["parent"]
    others = all_pages().filter(standardpage=None)
    return kind == "page" and len(key) < 19 and others.filter(pk=int(key)).exists()


def require_list(kind: str, request: RestRequest) -> None:
    """The same as for a revision; editors are told that what is no entry has none."""
    request.found = found_parent(kind, request)
    is_editor = "edit_others_pages" in capabilities.get().of(request.user)
    if request.found is not None:
        require_edit(request.found, request)
    elif not (is_editor and is_no_entry(kind, request)):
        require_read(kind, request)


def require_read(kind: str, request: RestRequest, what: str = "revisions") -> None:
    """Only those who may edit an entry read what it was."""
    require_edit(parent_of(kind, request), request, what)


def require_edit(entry: Entry, request: RestRequest, what: str = "revisions") -> None:
    if not may_edit(request.user, entry, status_of(entry)):
        raise refused(
            "rest_cannot_read",
            f"Sorry, you are not allowed to view {what} of this post.",
            request.user,
        )


def require_delete(kind: str, request: RestRequest) -> None:
    """Nobody deletes over REST what an entry was, as in WordPress; why depends on who asks."""
    entry = parent_of(kind, request)
    if not may_delete(request.user, entry, status_of(entry)):
        raise refused(
            "rest_cannot_delete",
            "Sorry, you are not allowed to delete revisions of this post.",
            request.user,
        )
    found(entry, request)
    require_read(kind, request)
    raise refused(
        "rest_cannot_delete", "Sorry, you are not allowed to delete this revision.", request.user
    )


def found(entry: Entry, request: RestRequest) -> Revision:
    revision = revisions_of(entry).filter(pk=request.params["id"]).first()
    if revision is None:
        raise RestError("rest_post_invalid_id", "Invalid revision ID.", 404)
    return revision


def list_revisions(kind: str, request: RestRequest) -> RestResponse:
    """Answer what an entry was, newest first; all of it where no number is given."""
    entry, params = request.found, request.params
    if entry is None:
        return RestResponse([], total=0, pages=0)
    if params["orderby"] == "include" and not params.get("include"):
        raise RestError(
            "rest_orderby_include_missing_include",
            "You need to define an include parameter to order by include.",
            400,
        )
    rows = revisions_of(entry)
    for word in (params.get("search") or "").split()[:10]:
        rows = rows.filter(
            Q(content__title__icontains=word)
            | Q(content__excerpt__icontains=word)
            | Q(content__raw_content__icontains=word)
            | Q(content__body__icontains=word)
        )
    if params.get("include"):
        rows = rows.filter(pk__in=params["include"])
    if params.get("exclude"):
        rows = rows.exclude(pk__in=params["exclude"])
    total = rows.count()
    offset, per_page, pages = bounds(total, request)
    shown = sort(rows, {**params, "slug": ()}, ORDERINGS)[offset : offset + per_page]
    return RestResponse(items(kind, entry, list(shown), request.context), total=total, pages=pages)


def bounds(total: int, request: RestRequest) -> tuple[int, int, int]:
    given, offset = request.params.get("per_page"), request.params.get("offset")
    per_page, page = given or max(total, 1), request.params["page"]
    pages = -(-total // per_page)
    if total and offset is not None and offset >= total:
        raise RestError(
            "rest_revision_invalid_offset_number",
            "The offset number requested is larger than or equal to the number of available "
            "revisions.",
            400,
        )
    if total and offset is None and page > pages:
        raise RestError(
            "rest_revision_invalid_page_number",
            "The page number requested is larger than the number of pages available.",
            400,
        )
    start = offset if offset is not None else (page - 1) * per_page
    return min(max(start, 0), total), per_page, pages


def get_revision(kind: str, request: RestRequest) -> RestResponse:
    """Answer what an entry was at one time."""
    entry = parent_of(kind, request)
    return RestResponse(items(kind, entry, [found(entry, request)], request.context)[0])


def list_autosaves(kind: str, request: RestRequest) -> RestResponse:
    """Answer the unsaved work on an entry."""
    entry = parent_of(kind, request)
    rows = list(autosaves_of(entry).order_by("-created_at", "-pk"))
    return RestResponse(items(kind, entry, rows, request.context))


def get_autosave(kind: str, request: RestRequest) -> RestResponse:
    """Answer one set of unsaved words."""
    entry = parent_of(kind, request)
    row = autosaves_of(entry).filter(pk=request.params["id"]).first()
    if row is None:
        raise RestError(
            "rest_post_no_autosave", "There is no autosave revision for this post.", 404
        )
    return RestResponse(items(kind, entry, [row], request.context)[0])


def keep(kind: str, request: RestRequest) -> RestResponse:
    """Keep unsaved words; on one's own draft they are saved, as in WordPress."""
    entry = parent_of(kind, request)
    status = status_of(entry)
    with refusals(request.user):
        words = words_of(request.params)
        changes = changes_of(kind, request, words, entry, status)
        if status == DRAFT and entry.author_id == request.user.pk:
            entry = update_entry(entry, user=request.user, **changes)
            return RestResponse(own_draft(kind, entry))
        row = autosave(entry, words, user=request.user)
    if row is None:
        raise RestError(
            "rest_autosave_no_changes",
            "There is nothing to save. The autosave and the post content are the same.",
            400,
        )
    return RestResponse(items(kind, entry, [row], "edit")[0])


def own_draft(kind: str, entry: Entry) -> dict[str, Any]:
    revision = entry.latest_revision
    item = items(kind, entry, [revision], "edit", preview=True)[0]
    moment = entry.published_at
    return item | {
        "id": entry.pk,
        "date": wp_date(moment, site_zone()),
        "date_gmt": wp_date_gmt(moment),
        "parent": 0,
        "slug": "",
    }


def items(
    kind: str, entry: Entry, rows: Sequence[Revision], context: str, *, preview: bool = False
) -> list[dict[str, Any]]:
    """Return revisions with WordPress's keys in their order."""
    zone = site_zone()
    return [item(kind, entry, row, context, zone, preview) for row in rows]


def item(
    kind: str, entry: Entry, row: Revision, context: str, zone: ZoneInfo, preview: bool
) -> dict[str, Any]:
    words, is_unsaved = words_of_revision(entry, row), is_autosave(row)
    html = with_whole_addresses(words["html"])
    excerpt = safe(words["excerpt"])
    guid = f"{settings.SITE_URL}/?p={row.pk}"
    answered: dict[str, Any] = {
        "author": row.user_id or 0,
        "date": wp_date(row.created_at, zone),
        "date_gmt": wp_date_gmt(row.created_at),
        "id": row.pk,
        "modified": wp_date(row.created_at, zone),
        "modified_gmt": wp_date_gmt(row.created_at),
        "parent": entry.pk,
        "slug": f"{entry.pk}-{'autosave' if is_unsaved else 'revision'}-v1",
        "guid": {"rendered": guid},
        "title": {"rendered": rendered_title(words["title"])},
        "content": {"rendered": html if html.endswith("\n") or not html else f"{html}\n"},
        "excerpt": {"rendered": f"<p>{excerpt}</p>\n" if excerpt else ""},
    }
    if context == "edit":
        answered["guid"]["raw"] = guid
        for name, raw in (("title", words["title"]), ("content", words["raw"]),
                          ("excerpt", words["excerpt"])):  # fmt: skip
            answered[name] = {"raw": raw, **answered[name]}
        if is_unsaved or preview:
            path = reverse("wagtailadmin_pages:revisions_view", args=[entry.pk, row.pk])
            answered["preview_link"] = f"{settings.SITE_URL}{path}"
    if context == "embed":
        kept = ("author", "date", "id", "parent", "slug", "title", "excerpt")
        answered = {name: answered[name] for name in kept}
    answered["_links"] = {"parent": [{"href": rest_url(f"/wp/v2/{kind}s/{entry.pk}")}]}
    return answered
