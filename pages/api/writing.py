"""Writing posts and pages over wp/v2, with WordPress's checks in its order."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.images import get_image_model
from wagtail.models import Page

from core.extensions.content_kinds import POST
from core.extensions.people import capabilities
from core.rest.arguments import ID_ARG
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse
from core.rest.errors import RestError
from core.rest.meta import changed_meta
from core.rest.urls import rest_url
from pages.api.access import may_not, not_found, refused
from pages.api.content import item_of
from pages.api.entry_schema import MODELS, entry_args
from pages.errors import EntryHeldError, EntryInvalidError, EntryParentError, EntryTrashedError
from pages.models import Entry, HomePage, PolicyPage, PostIndexPage, StandardPage
from pages.rights import may, may_delete, may_edit, plural_of
from pages.services.writing import (
    Changes,
    create_entry,
    delete_entry,
    locked,
    read_ahead,
    trash_entry,
    update_entry,
)
from pages.statuses import PASSWORD, PENDING, PRIVATE, PUBLISH, status_of

LONGEST_PASSWORD = 255
FORCE_ARG = Arg(
    name="force", type="boolean", default=False,
    description="Whether to bypass Trash and force deletion.",
)  # fmt: skip


def collection_endpoint(kind: str) -> Endpoint:
    """Return what makes a new entry."""
    return Endpoint(methods=("POST",), handler=partial(create, kind), args=entry_args(kind),
                    permission=partial(require_create, kind), allow_batch=True,
                    answers=(201,))  # fmt: skip


def item_endpoints(kind: str) -> list[Endpoint]:
    """Return what changes and deletes an entry."""
    return [
        Endpoint(methods=("POST", "PUT", "PATCH"), handler=partial(update, kind),
                 args=(ID_ARG, *entry_args(kind)), permission=partial(require_update, kind),
                 allow_batch=True),
        Endpoint(methods=("DELETE",), handler=partial(delete, kind), args=(ID_ARG, FORCE_ARG),
                 permission=partial(require_delete, kind), allow_batch=True, refusals=(410,)),
    ]  # fmt: skip


def require_create(kind: str, request: RestRequest) -> None:
    """Raise what keeps the asker from making an entry with these parameters."""
    if request.params.get("id"):
        raise RestError("rest_post_exists", "Cannot create existing post.", 400)
    require_field_rights(kind, request, "create posts as this user")
    if not may(request.user, f"edit_{plural_of(MODELS[kind])}"):
        raise may_not("rest_cannot_create", "create posts as this user", request.user)


def require_update(kind: str, request: RestRequest) -> None:
    """Raise what keeps the asker from changing this entry to these parameters."""
    entry = None if is_found_by_stranger(request) else entry_of(kind, request.params["id"])
    if entry is None or not may_edit(request.user, entry, status_of(entry)):
        raise may_not("rest_cannot_edit", "edit this post", request.user)
    request.found = request.found or entry
    require_field_rights(kind, request, "update posts as this user")


def require_delete(kind: str, request: RestRequest) -> None:
    """Raise what keeps the asker from deleting this entry."""
    entry = None if is_found_by_stranger(request) else entry_of(kind, request.params["id"])
    if entry is None or not may_delete(request.user, entry, status_of(entry)):
        raise may_not("rest_cannot_delete", "delete this post", request.user)


def is_found_by_stranger(request: RestRequest) -> bool:
    """Tell whether an entry was read already by somebody who may write none at all."""
    return request.found is not None and not capabilities.get().of(request.user)


def require_field_rights(kind: str, request: RestRequest, deed: str) -> None:
    plural = plural_of(MODELS[kind])
    require_author_right(plural, request, deed)
    if (
        request.params.get("sticky")
        and not may(request.user, f"edit_others_{plural}")
        and not may(request.user, f"publish_{plural}")
    ):
        raise may_not("rest_cannot_assign_sticky", "make posts sticky", request.user)


def require_author_right(plural: str, request: RestRequest, deed: str) -> None:
    """Raise what keeps the asker from writing in another's name."""
    author = request.params.get("author")
    if author and author != request.user.pk and not may(request.user, f"edit_others_{plural}"):
        raise may_not("rest_cannot_edit_others", deed, request.user)


def entry_of(kind: str, key: int) -> Entry | None:
    """Return an entry; None for the home page and policies, which nobody writes over REST.

    Raises rest_post_invalid_id where there is no such item at all.
    """
    entry = MODELS[kind].objects.filter(pk=key).first()
    if entry is None and not (
        kind == "page" and Page.objects.type(HomePage, PolicyPage).filter(pk=key).exists()
    ):
        raise not_found()
    return entry


def create(kind: str, request: RestRequest) -> RestResponse:
    """Make an entry."""
    words = read_ahead(words_of(request.params))
    with refusals(request.user), transaction.atomic():
        changes = changes_of(kind, request, words, None, "")
        parent = changes.pop("parent", None) or parent_of_new(kind, request)
        entry = create_entry(MODELS[kind], parent, user=request.user, **changes)
    return RestResponse(
        answered(kind, request, entry.pk),
        status=201,
        headers={"Location": rest_url(f"/wp/v2/{kind}s/{entry.pk}")},
    )


def update(kind: str, request: RestRequest) -> RestResponse:
    """Change an entry."""
    before = request.found
    words = read_ahead(words_of(request.params), before)
    with refusals(request.user), transaction.atomic():
        entry = taken(kind, request)
        entry.rendering = before.rendering
        # Another writer may have been before this one: what may be done is asked again.
        require_update(kind, request)
        changes = changes_of(kind, request, words, entry, status_of(entry))
        update_entry(entry, user=request.user, **changes)
    return RestResponse(answered(kind, request, entry.pk))


def delete(kind: str, request: RestRequest) -> RestResponse:
    """Trash an entry, or delete it for good."""
    with refusals(request.user), transaction.atomic():
        entry = taken(kind, request)
        require_delete(kind, request)
        if request.params["force"]:
            previous = answered(kind, request, entry.pk)
            previous.pop("_links", None)
            delete_entry(entry, user=request.user)
            return RestResponse({"deleted": True, "previous": previous})
        trash_entry(entry, user=request.user)
    return RestResponse(answered(kind, request, entry.pk))


def taken(kind: str, request: RestRequest) -> Entry:
    """Return the entry once it is this writer's turn."""
    try:
        return locked(MODELS[kind], request.params["id"])
    except MODELS[kind].DoesNotExist:
        raise not_found() from None


def answered(kind: str, request: RestRequest, key: int) -> dict[str, Any]:
    """Return an entry as it is answered to whoever has written it."""
    request.params["context"] = "edit"
    return item_of(kind, key, request)


@contextmanager
def refusals(user: Any) -> Iterator[None]:
    """Answer what the services refuse in WordPress's form."""
    try:
        yield
    except EntryHeldError as error:
        raise refused(error.code, str(error), user) from error
    except EntryTrashedError as error:
        raise RestError(error.code, str(error), 410) from error
    except EntryInvalidError as error:
        fields = error.data["fields"]
        raise RestError(
            error.code, f"Invalid parameter(s): {', '.join(fields)}", 400, params=fields
        ) from error


def parent_of_new(kind: str, request: RestRequest) -> Page:
    model = PostIndexPage if kind == "post" else HomePage
    found = model.objects.filter(locale__language_code=request.locale).order_by("path").first()
    if found is None:
        raise RestError(
            "rest_cannot_create", "This site has no place for it in this language.", 400
        )
    return cast(Page, found)


def changes_of(
    kind: str, request: RestRequest, words: Changes, stored: Entry | None, before: str
) -> Changes:
    """Return `words` and what else checked parameters change, in WordPress's order of checks."""
    params, user = request.params, request.user
    changes: dict[str, Any] = {**words}
    status = params.get("status")
    if status and status != before:
        require_status(MODELS[kind], status, user)
        changes["status"] = status
    changes |= dates_of(request, stored)
    if params.get("slug") is not None:
        changes["slug"] = params["slug"]
    if author := params.get("author"):
        changes["author"] = author_of(author, user)
    if params.get("password") is not None:
        changes["password"] = password_of(params, stored)
    if params.get("sticky") and stored is not None and has_password(stored):
        raise RestError(
            "rest_invalid_field", "A password protected post can not be set to sticky.", 400
        )
    if kind == "page" and params.get("parent") is not None:
        changes["parent"] = parent_of(request, stored)
    for name, field in (("menu_order", "menu_order"), ("format", "format"),
                        ("template", "template_name"), ("sticky", "is_sticky"),
                        ("categories", "categories"), ("tags", "tags")):  # fmt: skip
        if params.get(name) is not None and name in PARAMETERS[kind]:
            changes[field] = params[name]
    for name, field in (("comment_status", "comments_open"), ("ping_status", "pings_open")):
        if params.get(name):
            changes[field] = params[name] == "open"
    changes |= picture_of(params.get("featured_media"))
    if given := params.get("meta"):
        changes["meta"] = changed_meta(POST, kind, stored.meta if stored else {}, given, user)
    if (
        stored is not None
        and changes.get("status", before) == PENDING
        and not may(user, f"publish_{plural_of(MODELS[kind])}")
    ):
        # Who may not publish does not choose the address of what waits for somebody who may.
        changes["slug"] = ""
    return cast(Changes, changes)


PARAMETERS = {kind: frozenset(arg.name for arg in entry_args(kind)) for kind in MODELS}


def words_of(params: dict[str, Any]) -> Changes:
    """Return title, content and excerpt as far as they are given, each raw or as an object."""
    found: dict[str, Any] = {}
    for name in ("title", "content", "excerpt"):
        value = params.get(name)
        if isinstance(value, dict):
            value = value.get("raw")
            if name == "title" and not value:
                continue
        if isinstance(value, str):
            # PostgreSQL stores no NUL.
            found[name] = value.replace("\0", "")
    return cast(Changes, found)


def require_status(model: type, status: str, user: Any) -> None:
    """Raise what keeps an account from giving an entry or item a status."""
    if status in (PUBLISH, "future", PRIVATE) and not may(user, f"publish_{plural_of(model)}"):
        deed = "create private posts" if status == PRIVATE else "publish posts"
        raise may_not("rest_cannot_publish", f"{deed} in this post type", user)


def dates_of(request: RestRequest, stored: Any) -> dict[str, Any]:
    """Return the change of date; `stored` is what is changed, None where it is new."""
    for name in ("date", "date_gmt"):
        if chosen := request.params.get(name):
            # The date that an answer showed, sent back, does not become a chosen one.
            if stored is not None and stored.published_at.replace(microsecond=0) == chosen:
                return {}
            return {"date": chosen}
    is_reset = any(
        name in request.given and name not in request.params for name in ("date", "date_gmt")
    )
    return {"date": None} if is_reset else {}


def author_of(key: int, user: Any) -> Any:
    """Return the account that is named as author."""
    if key == user.pk:
        return user
    author = get_user_model().objects.filter(pk=key).first()
    if author is None:
        raise RestError("rest_invalid_author", "Invalid author ID.", 400)
    return author


def password_of(params: dict[str, Any], stored: Any) -> str:
    """Return the password that is given; `stored` is what is changed, None where it is new."""
    password = str(params["password"]).replace("\0", "")
    if password and params.get("sticky"):
        raise RestError("rest_invalid_field", "A post can not be sticky and have a password.", 400)
    if password and getattr(stored, "is_sticky", False):
        raise RestError("rest_invalid_field", "A sticky post can not be password protected.", 400)
    if len(password) > LONGEST_PASSWORD:
        raise RestError(
            "rest_invalid_param", "Invalid parameter(s): password", 400,
            params={"password": f"password must be at most {LONGEST_PASSWORD} characters long."},
        )  # fmt: skip
    return password


def has_password(entry: Entry) -> bool:
    return bool(entry.view_restrictions.filter(restriction_type__in=PASSWORD).exists())


def parent_of(request: RestRequest, stored: Entry | None) -> Page:
    key = request.params["parent"]
    if key == 0:
        if stored is None:
            return parent_of_new("page", request)
        return cast(Page, stored.get_ancestors().type(HomePage).last())
    parent = StandardPage.objects.filter(pk=key).first()
    if parent is None:
        raise EntryParentError
    return cast(Page, parent)


def picture_of(key: int | None) -> dict[str, Any]:
    """Return the change of picture; a picture that is not there changes none, as in WordPress."""
    if key == 0:
        return {"featured_image_id": None}
    if key and get_image_model().objects.filter(pk=key).exists():
        return {"featured_image_id": key}
    return {}
