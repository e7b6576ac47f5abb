"""Writing items of custom types over wp/v2, with WordPress's checks in its order."""

from typing import Any, cast

from django.db import transaction

from core.extensions.content_kinds import POST, CustomType, taxonomies_of
from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.meta import changed_meta
from core.rest.urls import rest_url
from pages.api.access import may_not, not_found
from pages.api.writing import (
    author_of,
    dates_of,
    password_of,
    picture_of,
    refusals,
    require_author_right,
    require_status,
    words_of,
)
from pages.rights import may, may_delete, may_edit
from pages.statuses import PENDING, STATUSES
from wordpress.api.items import shown_items
from wordpress.importing.keeping import meta_of
from wordpress.models import KeptRecord
from wordpress.services.items import (
    Changes,
    create_item,
    delete_item,
    locked,
    trash_item,
    update_item,
)

PLURAL = "posts"


def require_create(kind: CustomType, request: RestRequest) -> None:
    """Raise what keeps the asker from making an item with these parameters."""
    if request.params.get("id"):
        raise RestError("rest_post_exists", "Cannot create existing post.", 400)
    require_author_right(PLURAL, request, "create posts as this user")
    if not may(request.user, f"edit_{PLURAL}"):
        raise may_not("rest_cannot_create", "create posts as this user", request.user)


def require_update(kind: CustomType, request: RestRequest) -> None:
    """Raise what keeps the asker from changing this item to these parameters."""
    record = asked_for(kind, request)
    if not (is_known(record) and may_edit(request.user, record, record.status)):
        raise may_not("rest_cannot_edit", "edit this post", request.user)
    require_author_right(PLURAL, request, "update posts as this user")


def require_delete(kind: CustomType, request: RestRequest) -> None:
    """Raise what keeps the asker from deleting this item."""
    record = asked_for(kind, request)
    if not (is_known(record) and may_delete(request.user, record, record.status)):
        raise may_not("rest_cannot_delete", "delete this post", request.user)


def asked_for(kind: CustomType, request: RestRequest) -> KeptRecord:
    """Return the item of a request, looked up where nobody has before."""
    if isinstance(request.found, KeptRecord):
        return request.found
    items = KeptRecord.objects.filter(is_term=False, type=kind.name)
    record = items.filter(number=request.params["id"]).first()
    if record is None:
        raise not_found()
    return record


def is_known(record: KeptRecord) -> bool:
    """Tell whether WordPress knows the item's status; another one's items are nobody's."""
    return record.status in STATUSES


def create(kind: CustomType, request: RestRequest) -> RestResponse:
    """Make an item."""
    with refusals(request.user), transaction.atomic():
        record = create_item(kind, user=request.user, **changes_of(kind, request, None))
    return RestResponse(
        answered(kind, request, record),
        status=201,
        headers={"Location": rest_url(f"/wp/v2/{kind.base}/{record.number}")},
    )


def update(kind: CustomType, request: RestRequest) -> RestResponse:
    """Change an item."""
    with refusals(request.user), transaction.atomic():
        record = taken(kind, request)
        # Another writer may have been before this one: what may be done is asked again.
        require_update(kind, request)
        changes = changes_of(kind, request, record)
        request.found = update_item(kind, record.number, user=request.user, **changes)
    return RestResponse(answered(kind, request, request.found))


def delete(kind: CustomType, request: RestRequest) -> RestResponse:
    """Trash an item, or delete it for good."""
    with refusals(request.user), transaction.atomic():
        record = taken(kind, request)
        require_delete(kind, request)
        if request.params["force"]:
            previous = answered(kind, request, record)
            previous.pop("_links", None)
            delete_item(kind, record.number, user=request.user)
            request.found = None
            return RestResponse({"deleted": True, "previous": previous})
        request.found = trash_item(kind, record.number, user=request.user)
    return RestResponse(answered(kind, request, request.found))


def taken(kind: CustomType, request: RestRequest) -> KeptRecord:
    """Return the item once it is this writer's turn."""
    try:
        request.found = locked(kind, request.params["id"])
    except KeptRecord.DoesNotExist:
        raise not_found() from None
    return cast(KeptRecord, request.found)


def answered(kind: CustomType, request: RestRequest, record: KeptRecord) -> dict[str, Any]:
    """Return an item as it is answered to whoever has written it."""
    request.params["context"] = "edit"
    return shown_items(kind, [record], request)[0]


def changes_of(kind: CustomType, request: RestRequest, stored: KeptRecord | None) -> Changes:
    """Return what checked parameters change, in WordPress's order of checks."""
    user, before = request.user, stored.status if stored else ""
    supported = {name for name, word in WRITTEN.items() if not word or word in kind.supports}
    params = {name: value for name, value in request.params.items() if name in supported}
    changes: dict[str, Any] = words_of(params)
    status = params.get("status")
    if status and status != before:
        require_status(KeptRecord, status, user)
        changes["status"] = status
    changes |= dates_of(request, stored)
    if params.get("slug") is not None:
        changes["slug"] = params["slug"]
    if author := params.get("author"):
        changes["author"] = author_of(author, user)
    if params.get("password") is not None:
        changes["password"] = password_of(params, stored)
    if kind.hierarchical and request.params.get("parent") is not None:
        changes["parent"] = request.params["parent"]
    if params.get("menu_order") is not None:
        changes["menu_order"] = params["menu_order"]
    changes |= picture_of(params.get("featured_media"))
    if given := params.get("meta"):
        fields = meta_of(stored.fields["meta"]) if stored else {}
        changes["meta"] = changed_meta(POST, kind.name, fields, given, user)
    changes["terms"] = {
        each.name: request.params[each.base]
        for each in taxonomies_of(kind)
        if request.params.get(each.base) is not None
    }
    if (
        stored is not None
        and changes.get("status", before) == PENDING
        and not may(user, f"publish_{PLURAL}")
    ):
        # Who may not publish does not choose the address of what waits for somebody who may.
        changes["slug"] = ""
    return cast(Changes, changes)


# The parameters of every type, and those of types that support a word of WordPress's.
WRITTEN = {
    "status": "", "slug": "", "password": "", "title": "title", "content": "editor",
    "excerpt": "excerpt", "author": "author", "featured_media": "thumbnail",
    "menu_order": "page-attributes", "meta": "custom-fields",
}  # fmt: skip
