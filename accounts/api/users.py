"""wp/v2/users: the public authors, oneself, and accounts for those who look after them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from accounts.api.access import found_user, is_self_or, may, not_signed_in, refused
from accounts.errors import (
    AddressTakenError,
    HasWorksError,
    NameTakenError,
    SlugTakenError,
)
from accounts.masking import addresses_for
from accounts.models import User
from accounts.people import ROLE_CAPABILITIES, public_author
from accounts.roles import (
    ADMINISTRATOR,
    GROUP_OF_ROLE,
    ROLE_OF_GROUP,
    ROLES,
    SUBSCRIBER,
    groups_of_roles,
    roles_of,
)
from accounts.services import create_user, delete_user, refuse_taken, update_user
from core.alphabetical import Alphabetical
from core.errors import CMSError
from core.extensions.content_kinds import USER
from core.extensions.people import avatars, capabilities
from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    ArgumentError,
    check_value,
    id_arg,
    invalid_parameters,
    order_args,
    slug_arg,
)
from core.rest.collections import paginate, sort
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.meta import changed_meta, judge_meta, meta_of, meta_schema
from core.rest.schemas import in_context, read_json, write_args
from core.rest.urls import rest_url

SCHEMA = Path(__file__).with_name("data") / "user.json"
# PHP writes an object without properties as an empty array, here also one that has some.
SHOWN = {"meta": {"type": ["object", "array"], "properties": None}}
SIZES = (24, 48, 96)
ORDERINGS = {
    "id": "pk", "name": Alphabetical("display_name"), "registered_date": "date_joined",
    "slug": Alphabetical("public_slug"), "email": Alphabetical("email"),
    "url": Alphabetical("website"), "date": Alphabetical("display_name"),
    "include_slugs": "public_slug",
}  # fmt: skip
WRITTEN = {
    "name": "display_name", "first_name": "first_name", "last_name": "last_name",
    "email": "email", "url": "website", "description": "description", "nickname": "nickname",
    "slug": "public_slug",
}  # fmt: skip


def locale_of_site() -> str:
    """Return the site's language as WordPress writes it."""
    language, _, region = settings.LANGUAGE_CODE.partition("-")
    return f"{language}_{(region or {'en': 'us'}.get(language, language)).upper()}"


def user_item(user: User, context: str, *, email: str = "") -> dict[str, Any]:
    """Return an account with WordPress's keys in their order; edit shows what managers see.

    `email` is its address as the asker may see it.
    """
    author = public_author(user)
    item: dict[str, Any] = {
        "id": author.id,
        "username": user.username,
        "name": author.name,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": email,
        "url": user.website,
        "description": author.description,
        "link": author.link,
        "locale": locale_of_site(),
        "nickname": user.nickname or author.name,
        "slug": author.slug,
    }
    if context == "edit":
        roles = roles_of(user)
        given = dict.fromkeys(sorted(capabilities.get().of(user)), True)
        item |= {
            "roles": roles,
            "registered_date": user.date_joined.strftime("%Y-%m-%dT%H:%M:%S+00:00"),
            "capabilities": given | dict.fromkeys(roles, True),
            "extra_capabilities": dict.fromkeys(roles, True),
        }
    item |= {
        "avatar_urls": {str(size): avatars.get().url(author.name, size=size) for size in SIZES},
        "meta": shown_meta(user, context),
    }
    links = {
        "self": [{"href": rest_url(f"/wp/v2/users/{author.id}")}],
        "collection": [{"href": rest_url("/wp/v2/users")}],
    }
    return {**in_context(item, read_json(SCHEMA), context), "_links": links}


def shown_meta(user: User, context: str) -> dict[str, Any] | list[Any]:
    fields = meta_of(USER, USER, user.meta)
    if context != "edit":
        return fields
    return {"persisted_preferences": user.preferences or [], **dict(fields)}


def user_schema() -> dict[str, Any]:
    """Return the JSON schema of an account."""
    schema = read_json(SCHEMA)
    meta = schema["properties"]["meta"]
    own = {**meta["properties"], **dict(meta_schema(USER, USER)["properties"])}
    return {**schema, "properties": {**schema["properties"], "meta": {**meta, "properties": own}}}


def user_items(
    users: Sequence[User], request: RestRequest, context: str = ""
) -> list[dict[str, Any]]:
    """Return accounts as the asker may see them, in the context asked for or another."""
    context = context or request.context
    shown = addresses_for(request.user, users) if context == "edit" else {}
    return [user_item(user, context, email=shown.get(user.pk, "")) for user in users]


def listed_users(request: RestRequest) -> QuerySet[User]:
    """Return the accounts that somebody may list: the public authors, or all of them."""
    params, users = request.params, User.objects.prefetch_related("groups")
    if not may(request.user, "list_users") or params.get("has_published_posts"):
        users = users.filter(is_public_author=True)
    if params.get("who") == "authors":
        users = users.filter(Q(is_superuser=True) | Q(groups__name__in=WRITERS)).distinct()
    if roles := params.get("roles"):
        users = users.filter(having_roles(roles)).distinct()
    if wanted := params.get("capabilities"):
        users = users.filter(having_capabilities(wanted)).distinct()
    return users


WRITERS = [GROUP_OF_ROLE[role] for role in ("editor", "author", "contributor")]


def having_roles(roles: list[str]) -> Q:
    condition = Q(groups__name__in=groups_of_roles(roles))
    if ADMINISTRATOR in roles:
        condition |= Q(is_superuser=True)
    if SUBSCRIBER in roles:
        condition |= Q(is_superuser=False) & ~Q(groups__name__in=list(ROLE_OF_GROUP))
    return condition


def having_capabilities(wanted: list[str]) -> Q:
    given = [group for group, names in ROLE_CAPABILITIES.items() if names & set(wanted)]
    return Q(is_superuser=True) | Q(groups__name__in=given)


def list_users(request: RestRequest) -> RestResponse:
    """Answer the accounts that the asker may know of."""
    params, users = request.params, listed_users(request)
    if params.get("search"):
        found = Q(display_name__icontains=params["search"])
        found |= Q(public_slug__icontains=params["search"])
        if may(request.user, "list_users"):
            found |= Q(username__icontains=params["search"]) | Q(email__iexact=params["search"])
        users = users.filter(found)
    if params.get("include"):
        users = users.filter(pk__in=params["include"])
    if params.get("exclude"):
        users = users.exclude(pk__in=params["exclude"])
    if params.get("slug"):
        users = users.filter(public_slug__in=params["slug"])
    total = users.count()
    offset, limit, pages = paginate(total, request, refuses_past_end=False)
    shown = sort(users, params, ORDERINGS)
    return RestResponse(
        user_items(list(shown[offset : offset + limit]), request),
        total=total,
        pages=pages,
    )


def require_list(request: RestRequest) -> None:
    """Let managers ask for what tells of accounts that are not public."""
    if may(request.user, "list_users"):
        return
    for name, capability in (("roles", "filter users by role"),
                             ("capabilities", "filter users by capability")):  # fmt: skip
        if request.params.get(name):
            raise refused("rest_user_cannot_view", capability, request)
    if request.context == "edit":
        raise refused("rest_forbidden_context", "edit users", request)
    orderby = request.params.get("orderby")
    if orderby in {"email", "registered_date"}:
        raise refused("rest_forbidden_orderby", "order users by this parameter", request)
    if request.params.get("who") == "authors" and not may(request.user, "edit_posts"):
        raise refused("rest_forbidden_who", "query users by this parameter", request)


def require_get(request: RestRequest) -> None:
    """Let everybody see public authors, people themselves, and managers everybody."""
    user = found_user(request.params["id"], request)
    if user.pk == request.user.pk:
        return
    if request.context == "edit" and not may(request.user, "list_users"):
        raise refused("rest_forbidden_context", "edit users", request)
    if not user.is_public_author and not may(request.user, "list_users"):
        raise refused("rest_user_cannot_view", "list users", request)


def get_user(request: RestRequest) -> RestResponse:
    """Answer one account."""
    return RestResponse(user_items([found_user(request.params["id"], request)], request)[0])


def get_me(request: RestRequest) -> RestResponse:
    """Answer oneself."""
    if not request.user.is_authenticated:
        raise not_signed_in()
    return RestResponse(user_items([request.user], request)[0])


def written_user(request: RestRequest) -> User:
    """Return the account that is written; to WordPress a stranger is account number 0."""
    return found_user(request.params.get("id") or request.user.pk or 0, request)


def require_create(request: RestRequest) -> None:
    if not may(request.user, "create_users"):
        raise refused("rest_cannot_create_user", "create new users", request)


def require_update(request: RestRequest) -> None:
    """Let people change themselves and managers everybody; roles are given by managers alone."""
    user = written_user(request)
    if request.params.get("roles") and not may(request.user, "promote_users"):
        raise refused("rest_cannot_edit_roles", "edit roles of this user", request)
    if not is_self_or("edit_users", user, request):
        raise refused("rest_cannot_edit", "edit this user", request)


def require_delete(request: RestRequest) -> None:
    written_user(request)
    if not may(request.user, "delete_users"):
        raise refused("rest_user_cannot_delete", "delete this user", request)


def written_fields(request: RestRequest, stored: User | None = None) -> dict[str, Any]:
    """Return the columns of an account that a request sets, each checked."""
    params = request.params
    changes: dict[str, Any] = {}
    for name, column in WRITTEN.items():
        if name not in request.given or params.get(name) is None:
            continue
        field = User._meta.get_field(column)
        try:
            changes[column] = field.clean(params[name], None)
        except ValidationError as error:
            wrong = ArgumentError("rest_invalid_param", " ".join(error.messages))
            raise invalid_parameters({name: wrong}) from error
    if changes.get("email") == "":
        wrong = ArgumentError("rest_invalid_email", "Invalid email address.")
        raise invalid_parameters({"email": wrong})
    if given := params.get("meta"):
        kept = given.get("persisted_preferences")
        if isinstance(kept, dict):
            changes["preferences"] = kept
        before = stored.meta if stored is not None else {}
        fields = changed_meta(USER, USER, before, given, request.user)
        if fields != before:
            changes["meta"] = fields
    # As in WordPress no role at all is no change: who may not give roles takes none away either.
    if "roles" in request.given and params.get("roles"):
        for role in params["roles"]:
            if role not in ROLES:
                raise RestError("rest_user_invalid_role", f"The role {role} does not exist.", 400)
        changes["groups"] = groups_of_roles(params["roles"])
        changes["is_superuser"] = changes["is_staff"] = ADMINISTRATOR in params["roles"]
    return changes


def checked_password(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        wrong = ArgumentError("rest_user_invalid_password", " ".join(error.messages))
        raise invalid_parameters({"password": wrong}) from error
    return password


def checked_username(username: str) -> str:
    try:
        UnicodeUsernameValidator()(username)
        if len(username) > 150:
            raise ValidationError("")
    except ValidationError as error:
        sentence = (
            "This username is invalid because it uses illegal characters. Please enter a valid "
            "username."
        )
        wrong = ArgumentError("rest_user_invalid_username", sentence)
        raise invalid_parameters({"username": wrong}) from error
    return username


def saved(save: Callable[[], Any], *, creating: bool) -> Any:
    """Return what a service answers; its errors are told in WordPress's words and statuses."""
    try:
        return save()
    except NameTakenError as error:
        message = "Sorry, that username already exists!"
        raise RestError.without_data("existing_user_login", message) from error
    except AddressTakenError as error:
        if creating:
            message = "Sorry, that email address is already used!"
            raise RestError.without_data("existing_user_email", message) from error
        raise RestError("rest_user_invalid_email", "Invalid email address.", 400) from error
    except SlugTakenError as error:
        raise RestError("rest_user_invalid_slug", "Invalid slug.", 400) from error


def create(request: RestRequest) -> RestResponse:
    """Make an account."""
    fields = written_fields(request)
    username = checked_username(request.params["username"])
    saved(lambda: refuse_taken(username, fields["email"]), creating=True)
    password = checked_password(
        request.params["password"], User(username=username, email=fields["email"])
    )
    # The sign-in name stays private: the name that the public sees is only one that was given.
    user = saved(lambda: create_user(username=username, password=password, **fields), creating=True)
    location = rest_url(f"/wp/v2/users/{user.pk}")
    return RestResponse(
        user_items([found_user(user.pk, request)], request, "edit")[0], status=201,
        headers={"Location": location},
    )  # fmt: skip


def update(request: RestRequest) -> RestResponse:
    """Change an account."""
    user = written_user(request)
    changes = written_fields(request, user)
    wanted = request.params.get("username")
    if wanted is not None and "username" in request.given and wanted != user.username:
        raise RestError("rest_user_invalid_argument", "Username isn't editable.", 400)
    if changes.get("email", user.email) != user.email and not may(request.user, "edit_users"):
        # Who holds a password of a program cannot carry the account off to another mailbox.
        sentence = "Change your address on your account page: the new mailbox has to answer first."
        raise RestError("rest_user_invalid_email", sentence, 403)
    is_own_role = user.pk == request.user.pk and "is_superuser" in changes
    if is_own_role and user.is_superuser and not changes["is_superuser"]:
        raise refused("rest_user_invalid_role", "give users that role", request)
    if request.params.get("password") and "password" in request.given:
        changes["password"] = checked_password(request.params["password"], user)
    saved(lambda: update_user(user, **changes), creating=False)
    return RestResponse(user_items([found_user(user.pk, request)], request, "edit")[0])


def delete(request: RestRequest) -> RestResponse:
    """Delete an account for good; another one takes its works over."""
    user = written_user(request)
    if not request.params["force"]:
        raise RestError(
            "rest_trash_not_supported",
            "Users do not support trashing. Set 'force=true' to delete.",
            501,
        )
    previous = user_items([user], request, "edit")[0]
    del previous["_links"]
    try:
        delete_user(user, heir_id=request.params["reassign"])
    except HasWorksError as error:
        raise RestError(
            "rest_user_invalid_reassign", "Invalid user ID for reassignment.", 400
        ) from error
    except CMSError as error:
        raise RestError("rest_cannot_delete", str(error), 500) from error
    return RestResponse({"deleted": True, "previous": previous})


def names(name: str, words: str, **more: Any) -> Arg:
    return Arg(name=name, type="array", items={"type": "string"}, description=words, **more)


TYPES = ("post", "page", "attachment", "nav_menu_item", "wp_block", "wp_template",
         "wp_template_part", "wp_navigation")  # fmt: skip
BY = "Limit result set to users matching at least one specific"
LIST_ARGS = (
    *COLLECTION_ARGS,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    *order_args("id", "include", "name", "registered_date", "slug", "include_slugs", "email", "url",
                default="name", order="asc", of="user"),
    slug_arg("users"),
    names("roles", f"{BY} role provided. Accepts csv list or single role."),
    names("capabilities", f"{BY} capability provided. Accepts csv list or single capability."),
    Arg(name="who", enum=("authors",),
        description="Limit result set to users who are considered authors."),
    Arg(name="has_published_posts", type=("boolean", "array"),
        items={"type": "string", "enum": {name: name for name in TYPES}},
        description="Limit result set to users who have published posts."),
)  # fmt: skip
FORCE_ARG = Arg(
    name="force", type="boolean", default=False, has_default=True,
    description="Required to be true, as users do not support trashing.",
)  # fmt: skip


def heir(value: Any, request: RestRequest) -> int | None:
    """Judge who takes works over: an account's number, or nobody."""
    if value in ("", "false", False):
        return None
    return int(check_value(value, {"type": "integer"}, "reassign"))


REASSIGN_ARG = Arg(
    name="reassign", type="integer", required=True, judge=heir,
    description="Reassign the deleted user's posts and links to this user ID.",
)  # fmt: skip
CHANGES = ("POST", "PUT", "PATCH")


def judge_user_meta(value: Any, request: RestRequest) -> Any:
    given = judge_meta(value, request)
    own = read_json(SCHEMA)["properties"]["meta"]["properties"]
    checked = check_value(dict(given), {"type": "object", "properties": own}, "meta")
    # Checking makes moments of dates; these are kept as they were written.
    kept = given.get("persisted_preferences")
    return {**checked, "persisted_preferences": kept} if isinstance(kept, dict) else checked


JUDGES = {"meta": judge_user_meta}


def account_route(pattern: str, getter: Any, permission: Any, *path: Arg) -> Route:
    """Return the route of one account, named by its number or as oneself."""
    changing = write_args(read_json(SCHEMA), creating=False, judges=JUDGES)
    return Route(
        pattern=pattern,
        namespace="wp/v2",
        schema=user_schema,
        corrects=SHOWN,
        endpoints=[
            Endpoint(methods=("GET",), handler=getter, args=(*path, CONTEXT_ARG),
                     permission=permission, refusals=(401,)),
            Endpoint(methods=CHANGES, handler=update, args=(*path, *changing),
                     permission=require_update, refusals=(404,)),
            Endpoint(methods=("DELETE",), handler=delete, args=(*path, FORCE_ARG, REASSIGN_ARG),
                     permission=require_delete, refusals=(404, 500, 501)),
        ],
    )  # fmt: skip


ROUTES = [
    Route(
        pattern="/wp/v2/users",
        namespace="wp/v2",
        schema=user_schema,
        corrects=SHOWN,
        endpoints=[
            Endpoint(methods=("GET",), handler=list_users, args=LIST_ARGS, permission=require_list),
            Endpoint(methods=("POST",), handler=create, permission=require_create,
                     answers=(201,), refusals=(500,),
                     args=write_args(read_json(SCHEMA), creating=True, judges=JUDGES)),
        ],
    ),
    account_route(r"/wp/v2/users/(?P<id>[\d]+)", get_user, require_get, id_arg("user")),
    account_route("/wp/v2/users/me", get_me, None),
]  # fmt: skip
