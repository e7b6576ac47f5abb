"""wp/v2/users: the public authors, and oneself."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from accounts.masking import addresses_for
from accounts.models import User
from accounts.people import public_author
from core.extensions.people import avatars, capabilities
from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    id_arg,
    order_args,
    slug_arg,
)
from core.rest.collections import paginate
from core.rest.declare import Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.urls import rest_url

ORDERINGS = {"id": "pk", "name": "display_name", "registered_date": "date_joined", "slug":
             "public_slug", "include": "pk", "include_slugs": "public_slug", "email": "pk",
             "url": "pk"}  # fmt: skip


def user_item(user: User, context: str, *, email: str = "") -> dict[str, Any]:
    """Return an account with WordPress's keys; `email` is its address as it may be shown."""
    author = public_author(user)
    address = {"email": email} if context == "edit" else {}
    item: dict[str, Any] = {
        "id": author.id,
        "name": author.name,
        **address,
        "url": "",
        "description": author.description,
        "link": author.link,
        "slug": author.slug,
        "avatar_urls": {
            str(size): avatars.get().url(author.name, size=size) for size in (24, 48, 96)
        },
    }
    if context != "embed":
        item["meta"] = []
    return item | {
        "_links": {
            "self": [{"href": rest_url(f"/wp/v2/users/{author.id}")}],
            "collection": [{"href": rest_url("/wp/v2/users")}],
        }
    }


def user_items(users: Sequence[User], request: RestRequest) -> list[dict[str, Any]]:
    """Return accounts as the asker may see them."""
    shown = addresses_for(request.user, users) if request.context == "edit" else {}
    return [user_item(user, request.context, email=shown.get(user.pk, "")) for user in users]


def list_users(request: RestRequest) -> RestResponse:
    """Answer the accounts that have published."""
    params, users = request.params, User.objects.with_public_posts()
    if params.get("search"):
        users = users.filter(
            Q(display_name__icontains=params["search"]) | Q(public_slug__icontains=params["search"])
        )
    if params.get("include"):
        users = users.filter(pk__in=params["include"])
    if params.get("exclude"):
        users = users.exclude(pk__in=params["exclude"])
    if params.get("slug"):
        users = users.filter(public_slug__in=params["slug"])
    total = users.count()
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    direction = "" if params["order"] == "asc" else "-"
    shown = users.order_by(f"{direction}{ORDERINGS[params['orderby']]}", "pk")
    items = user_items(shown[offset : offset + limit], request)
    return RestResponse(items, total=total, pages=pages)


def get_user(request: RestRequest) -> RestResponse:
    """Answer one account, if it has published or is one's own."""
    user = User.objects.filter(pk=request.params["id"]).first()
    if user is None:
        raise RestError("rest_user_invalid_id", "Invalid user ID.", 404)
    if not user.is_public_author and user.pk != request.user.pk:
        raise RestError(
            "rest_user_cannot_view",
            "Sorry, you are not allowed to list users.",
            403 if request.user.is_authenticated else 401,
        )
    return RestResponse(user_items([user], request)[0])


def get_me(request: RestRequest) -> RestResponse:
    """Answer oneself."""
    if not request.user.is_authenticated:
        raise RestError("rest_not_logged_in", "You are not currently logged in.", 401)
    return RestResponse(user_items([request.user], request)[0])


def require_view(request: RestRequest) -> None:
    """Only those who may list users see the edit context."""
    if request.context == "edit" and "list_users" not in capabilities.get().of(request.user):
        raise RestError(
            "rest_forbidden_context",
            "Sorry, you are not allowed to list users.",
            403 if request.user.is_authenticated else 401,
        )


LIST_ARGS = (
    *COLLECTION_ARGS,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    *order_args("id", "include", "name", "registered_date", "slug", "include_slugs", "email", "url",
                default="name", order="asc", of="user"),
    slug_arg("users"),
)  # fmt: skip
ROUTES = [
    Route(
        pattern="/wp/v2/users",
        namespace="wp/v2",
        endpoints=[
            Endpoint(methods=("GET",), handler=list_users, args=LIST_ARGS, permission=require_view)
        ],
    ),
    Route(
        pattern=r"/wp/v2/users/(?P<id>[\d]+)",
        namespace="wp/v2",
        endpoints=[
            Endpoint(
                methods=("GET",),
                handler=get_user,
                args=(id_arg("user"), CONTEXT_ARG),
                permission=require_view,
            )
        ],
    ),
    Route(
        pattern="/wp/v2/users/me",
        namespace="wp/v2",
        endpoints=[Endpoint(methods=("GET",), handler=get_me, args=(CONTEXT_ARG,))],
    ),
]
