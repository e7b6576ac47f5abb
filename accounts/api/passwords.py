"""wp/v2/users/…/application-passwords: seen, made and revoked by their owner or a manager."""

import uuid
from typing import Any

from accounts.api.access import found_user, is_self_or, refused
from accounts.errors import ApplicationPasswordNameError
from accounts.models import ApplicationPassword
from accounts.services import (
    create_application_password,
    rename_application_password,
    revoke_application_passwords,
)
from core.rest.arguments import CONTEXT_ARG
from core.rest.dates import wp_date_gmt
from core.rest.declare import Arg, Endpoint, Permission, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.urls import rest_url

BASE = r"/wp/v2/users/(?P<user_id>(?:[\d]+|me))/application-passwords"


def password_item(row: ApplicationPassword) -> dict[str, Any]:
    """Return a password without its secret; no network address of a client is kept."""
    address = rest_url(f"/wp/v2/users/{row.user_id}/application-passwords/{row.uuid}")
    return {
        "uuid": str(row.uuid),
        "app_id": row.app_id,
        "name": row.name,
        "created": wp_date_gmt(row.created_at),
        "last_used": wp_date_gmt(row.last_used_at) if row.last_used_at else None,
        "last_ip": None,
        "_links": {"self": [{"href": address}]},
    }


def owner(request: RestRequest) -> Any:
    return found_user(request.in_path["user_id"], request)


def found_password(request: RestRequest) -> ApplicationPassword:
    try:
        key = uuid.UUID(request.in_path["uuid"])
    except ValueError:
        key = uuid.UUID(int=0)
    row = ApplicationPassword.objects.filter(user=owner(request), uuid=key).first()
    if row is None:
        raise RestError(
            "rest_application_password_not_found", "Application password not found.", 404
        )
    return row


def requires(verb: str, *, of_one: bool) -> Permission:
    """Return the permission to do something with one or with all of an account's passwords."""
    name = f"rest_cannot_{verb}_application_password{'' if of_one else 's'}"
    words = (
        f"{verb} this application password"
        if of_one
        else (f"{verb} application passwords for this user")
    )

    def permission(request: RestRequest) -> None:
        if not is_self_or("edit_users", owner(request), request):
            raise refused(name, words, request)

    return permission


def list_passwords(request: RestRequest) -> RestResponse:
    """Answer the passwords of an account."""
    rows = ApplicationPassword.objects.filter(user=owner(request)).order_by("pk")
    return RestResponse([password_item(row) for row in rows])


def create_password(request: RestRequest) -> RestResponse:
    """Make a password; its secret is in this answer and never again."""
    try:
        row, secret = create_application_password(
            owner(request), request.params["name"], app_id=app_id_of(request)
        )
    except ApplicationPasswordNameError as error:
        raise nameless() from error
    item = password_item(row)
    links = item.pop("_links")
    location = links["self"][0]["href"]
    return RestResponse(
        {**item, "password": secret, "_links": links}, status=201,
        headers={"Location": location},
    )  # fmt: skip


def app_id_of(request: RestRequest) -> str:
    given = request.params.get("app_id") or ""
    try:
        return str(uuid.UUID(given)) if given else ""
    except ValueError:
        raise RestError(
            "rest_invalid_param", "Invalid parameter(s): app_id", 400,
            params={"app_id": "app_id is not a valid UUID."},
        ) from None  # fmt: skip


def nameless() -> RestError:
    sentence = "An application name is required to create an application password."
    return RestError("application_password_empty_name", sentence, 400)


def get_password(request: RestRequest) -> RestResponse:
    """Answer one password."""
    return RestResponse(password_item(found_password(request)))


def update_password(request: RestRequest) -> RestResponse:
    """Give a password another name."""
    row = found_password(request)
    if "name" in request.given:
        try:
            rename_application_password(row, request.params["name"])
        except ApplicationPasswordNameError as error:
            raise nameless() from error
    return RestResponse(password_item(row))


def delete_password(request: RestRequest) -> RestResponse:
    """Revoke one password."""
    row = found_password(request)
    previous = password_item(row)
    del previous["_links"]
    revoke_application_passwords(row.user, row.pk)
    return RestResponse({"deleted": True, "previous": previous})


def delete_passwords(request: RestRequest) -> RestResponse:
    """Revoke all passwords of an account."""
    return RestResponse({"deleted": True, "count": revoke_application_passwords(owner(request))})


def introspect(request: RestRequest) -> RestResponse:
    """Answer the password with which this request was made."""
    user = owner(request)
    row = getattr(request.user, "application_password", None)
    if row is None or row.user_id != user.pk:
        raise RestError(
            "rest_no_authenticated_app_password",
            "Cannot introspect application password.",
            404,
        )
    return RestResponse(password_item(row))


APP_ID_ARG = Arg(
    name="app_id", format="uuid",
    description="A UUID provided by the application to uniquely identify it. It is recommended to "
    "use an UUID v5 with the URL or DNS namespace.",
)  # fmt: skip


def name_arg(*, required: bool) -> Arg:
    return Arg(name="name", description="The name of the application password.", min_length=1,
               pattern=r".*\S.*", required=required)  # fmt: skip


def require_own(request: RestRequest) -> None:
    """Show with which password a request was made to the one who made it."""
    if owner(request).pk != request.user.pk:
        raise refused(
            "rest_cannot_introspect_app_password_for_non_authenticated_user",
            "introspect application passwords for other users", request,
        )  # fmt: skip


ROUTES = [
    Route(
        pattern=BASE,
        namespace="wp/v2",
        endpoints=[
            Endpoint(methods=("GET",), handler=list_passwords, args=(CONTEXT_ARG,),
                     permission=requires("list", of_one=False)),
            Endpoint(methods=("POST",), handler=create_password,
                     args=(APP_ID_ARG, name_arg(required=True)), answers=(201,),
                     permission=requires("create", of_one=False)),
            Endpoint(methods=("DELETE",), handler=delete_passwords,
                     permission=requires("delete", of_one=False)),
        ],
    ),
    Route(
        pattern=f"{BASE}/introspect",
        namespace="wp/v2",
        endpoints=[
            Endpoint(methods=("GET",), handler=introspect, args=(CONTEXT_ARG,),
                     permission=require_own),
        ],
    ),
    Route(
        pattern=BASE + r"/(?P<uuid>[\w\-]+)",
        namespace="wp/v2",
        endpoints=[
            Endpoint(methods=("GET",), handler=get_password, args=(CONTEXT_ARG,),
                     permission=requires("read", of_one=True)),
            Endpoint(methods=("POST", "PUT", "PATCH"), handler=update_password,
                     args=(APP_ID_ARG, name_arg(required=False)),
                     permission=requires("edit", of_one=True)),
            Endpoint(methods=("DELETE",), handler=delete_password,
                     permission=requires("delete", of_one=True)),
        ],
    ),
]  # fmt: skip
