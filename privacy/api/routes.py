"""candour/v1/privacy: data requests and public registers over REST."""

from collections.abc import Callable
from typing import Any

from django.utils import translation

from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from privacy import reviewing, services
from privacy.api import account
from privacy.api.answers import NAMESPACE, PRIVATE, described, refuse_in_query, rest_error
from privacy.erasure import recipients_of, retained_items
from privacy.errors import PrivacyError
from privacy.inventory import processing_record
from privacy.models import Basis, DataRequest, Kind
from privacy.registers import cookie_register, kept_data, retention_register
from privacy.views import file_answer

TOKEN = Arg(
    name="token",
    required=True,
    description="The token from the link's fragment in the mail, or the code below it.",
)
LANG = Arg(name="lang", description="The language of mails and sentences.")

# A token is unknown, or was used, or has run out.
BY_TOKEN = (404, 410)


def create_request(request: RestRequest) -> RestResponse:
    """Take a request down; the answer is the same for every address."""
    for name in ("email", "contact", "note"):
        refuse_in_query(request, name)
    with translation.override(request.locale):
        try:
            services.receive_request(
                request.params["kind"],
                request.params["email"],
                request.locale,
                source=request.http.META.get("REMOTE_ADDR", ""),
                keeps_text=request.params["keep_text"],
                authority=services.Authority(
                    basis=request.params["basis"],
                    contact=request.params.get("contact") or "",
                    note=request.params.get("note") or "",
                ),
            )
        except PrivacyError as error:
            raise rest_error(error) from None
        message = translation.gettext(
            "If the address is yours, a mail is on its way to it. Follow the link in it to confirm."
        )
    return RestResponse({"status": "accepted", "message": message}, 202, dict(PRIVATE))


def confirm_request(request: RestRequest) -> RestResponse:
    """Confirm a request and return the token that follows it."""
    refuse_in_query(request, "token")
    try:
        confirmation = services.confirm(request.params["token"])
    except PrivacyError as error:
        raise rest_error(error) from None
    body = described(confirmation.request) | {"status_token": confirmation.status_token.token}
    return RestResponse(body, headers=dict(PRIVATE))


def request_status(request: RestRequest) -> RestResponse:
    """Answer where a request stands."""
    refuse_in_query(request, "token")
    try:
        found = services.status_of(request.params["token"])
    except PrivacyError as error:
        raise rest_error(error) from None
    body = described(found) | {
        "retained": retained_items(found),
        "recipients": recipients_of(found),
    }
    return RestResponse(body, headers=dict(PRIVATE))


def preview_request(request: RestRequest) -> RestResponse:
    """Answer what an erasure would erase and keep; its token stays unused."""
    refuse_in_query(request, "token")
    with translation.override(request.locale):
        try:
            found = services.preview_of(request.params["token"])
        except PrivacyError as error:
            raise rest_error(error) from None
        return RestResponse(found.to_json(), headers=dict(PRIVATE))


def cancel_request(request: RestRequest) -> RestResponse:
    """Cancel a request on which no work has begun."""
    return acted(request, services.cancel)


def lift_restriction(request: RestRequest) -> RestResponse:
    """Lift the restriction that a request asked for."""
    return acted(request, reviewing.lift_own_restriction)


def acted(request: RestRequest, act: Callable[[str], DataRequest]) -> RestResponse:
    refuse_in_query(request, "token")
    try:
        found = act(request.params["token"])
    except PrivacyError as error:
        raise rest_error(error) from None
    found.refresh_from_db()
    return RestResponse(described(found), headers=dict(PRIVATE))


def download_export(request: RestRequest) -> RestResponse:
    """Send an export's ZIP, once."""
    refuse_in_query(request, "token")
    try:
        exported = services.claim_download(request.params["token"])
    except PrivacyError as error:
        raise rest_error(error) from None
    return RestResponse(None, file=file_answer(exported))


def list_cookies(request: RestRequest) -> RestResponse:
    """Answer the register of cookies."""
    with translation.override(request.locale):
        return RestResponse(cookie_register())


def list_retention(request: RestRequest) -> RestResponse:
    """Answer the promised periods."""
    with translation.override(request.locale):
        return RestResponse(retention_register())


def list_activities(request: RestRequest) -> RestResponse:
    """Answer what is kept, what for, by what right and for how long."""
    with translation.override(request.locale):
        return RestResponse(kept_data())


def show_processing_record(request: RestRequest) -> RestResponse:
    """Answer the record of processing, to officers."""
    with translation.override(request.locale):
        return RestResponse(processing_record(), headers=dict(PRIVATE))


def for_officers(request: RestRequest) -> None:
    if not request.user.has_perm("privacy.view_datarequest"):
        raise RestError(
            "rest_forbidden",
            "The record of processing is for data officers.",
            403 if request.user.is_authenticated else 401,
        )


def route(path: str, method: str, handler: Any, *args: Arg, **more: Any) -> Route:
    endpoint = Endpoint(methods=(method,), handler=handler, args=args, **more)
    return Route(pattern=f"/{NAMESPACE}/{path}", namespace=NAMESPACE, endpoints=[endpoint])


ROUTES = (
    Route(
        pattern=f"/{NAMESPACE}/account/cancellation",
        namespace=NAMESPACE,
        endpoints=[
            Endpoint(
                methods=("GET",), handler=account.show, args=(LANG,), permission=account.for_owners
            ),
            Endpoint(
                methods=("POST",),
                handler=account.begin,
                args=(
                    Arg(name="password", required=True, description="The account's own password."),
                    Arg(
                        name="erase_the_rest",
                        type="boolean",
                        default=False,
                        has_default=True,
                        description="Erase everything else now, and the account when nothing "
                        "stands in its way any more.",
                    ),
                    LANG,
                ),
                permission=account.for_owners,
                answers=(202,),
                refusals=(409, 429),
            ),
            Endpoint(
                methods=("DELETE",),
                handler=account.withdraw,
                args=(LANG,),
                permission=account.for_owners,
                refusals=(410,),
            ),
        ],
    ),
    route(
        "privacy/requests",
        "POST",
        create_request,
        Arg(name="kind", required=True, enum=tuple(Kind.values), description="What is asked for."),
        Arg(name="email", required=True, description="The address whose data it is about."),
        Arg(
            name="keep_text",
            type="boolean",
            default=False,
            has_default=True,
            description="Of an erasure: leave the text of comments under “Anonymous”. A text may "
            "still tell who wrote it.",
        ),
        Arg(
            name="basis",
            enum=tuple(Basis.values),
            default=str(Basis.MAILBOX),
            has_default=True,
            description="By what is asked; all but mailbox are for an officer to examine.",
        ),
        Arg(name="contact", description="Where who does not have the mailbox is reached."),
        Arg(name="note", description="How it can be seen that they may ask."),
        LANG,
        answers=(202,),
    ),
    route("privacy/requests/confirm", "POST", confirm_request, TOKEN, LANG, refusals=BY_TOKEN),
    route("privacy/requests/status", "POST", request_status, TOKEN, LANG, refusals=BY_TOKEN),
    route("privacy/requests/preview", "POST", preview_request, TOKEN, LANG, refusals=BY_TOKEN),
    route("privacy/requests/cancel", "POST", cancel_request, TOKEN, LANG, refusals=BY_TOKEN),
    route("privacy/requests/lift", "POST", lift_restriction, TOKEN, LANG, refusals=BY_TOKEN),
    route(
        "privacy/exports/download", "POST", download_export, TOKEN, LANG,
        refusals=BY_TOKEN, media_types=("application/zip",),
    ),
    route("privacy/cookies", "GET", list_cookies, LANG),
    route("privacy/retention", "GET", list_retention, LANG),
    route("privacy/activities", "GET", list_activities, LANG),
    route(
        "privacy/processing-record", "GET", show_processing_record, LANG, permission=for_officers
    ),
)  # fmt: skip
