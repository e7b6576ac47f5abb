"""candour/v1: what a mail system reports of notices, and being told of changes by mail."""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.rest.declare import Arg, Endpoint, Handler, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from pages import subscriptions
from pages.errors import SubscriptionLinkError
from pages.notices import BOUNCE_KINDS, record_bounce

SIGNATURE_HEADER = "X-Candour-Signature"


def require_signature(request: RestRequest) -> None:
    """Raise 404 where no key is set, and 401 unless the body is signed with it."""
    if not settings.BOUNCE_SECRET:
        raise RestError(
            "rest_no_route", "No route was found matching the URL and request method.", 404
        )
    digest = hmac.new(settings.BOUNCE_SECRET.encode(), request.http.body, hashlib.sha256)
    given = request.http.headers.get(SIGNATURE_HEADER, "")
    # As bytes: compare_digest refuses text that is not ASCII.
    if not hmac.compare_digest(f"sha256={digest.hexdigest()}".encode(), given.encode()):
        raise RestError(
            "candour_signature_wrong",
            f"Sign the body with HMAC-SHA256 and the site's key, and send the hexadecimal "
            f"signature as {SIGNATURE_HEADER}: sha256=….",
            401,
        )


def report_bounce(request: RestRequest) -> RestResponse:
    """Note a bounce, whether or not a notice was sent to the address."""
    # Only the body is signed, and an address in a URL ends up in logs.
    if {"email", "kind"} & set(request.http.GET):
        raise RestError("candour_body_only", "Send email and kind in the body of the request.", 400)
    email, kind = request.params.get("email"), request.params.get("kind")
    if not email or kind not in BOUNCE_KINDS:
        raise RestError(
            "rest_invalid_param", f"Send email, and kind as one of {', '.join(BOUNCE_KINDS)}.", 400
        )
    return RestResponse(
        {"kind": kind, "notices": record_bounce(email, kind)},
        headers=NO_STORE,
    )


def subscribe(request: RestRequest) -> RestResponse:
    """Take a wish down; the answer depends on the text alone, whoever owns the address."""
    subscriptions.subscribe(
        request.params["email"], request.locale, source=request.http.META.get("REMOTE_ADDR", "")
    )
    return RestResponse(
        {"message": _("A mail is on its way to you. Follow the link in it to confirm that the "
                      "address is yours.")},
        status=202,
        headers=NO_STORE,
    )  # fmt: skip


def confirm_subscription(request: RestRequest) -> RestResponse:
    """Subscribe the address that a mail's token names."""
    with token_errors():
        subscriptions.confirm(request.params["token"])
    return RestResponse({"subscribed": True}, headers=NO_STORE)


def end_subscription(request: RestRequest) -> RestResponse:
    """End the mails to the address that a mail's token names."""
    with token_errors():
        subscriptions.end(request.params["token"])
    return RestResponse({"subscribed": False}, headers=NO_STORE)


@contextmanager
def token_errors() -> Iterator[None]:
    try:
        yield
    except SubscriptionLinkError as error:
        raise RestError(error.code, str(error), 404) from error


NO_STORE = {"Cache-Control": "private, no-store"}
EMAIL = Arg(name="email", required=True, description="The address that is to be told of changes.")
TOKEN = Arg(name="token", required=True, description="The token of a mail's link.")


def subscription_route(path: str, handler: Handler, *args: Arg, **more: Any) -> Route:
    language = Arg(name="lang", description="The language of mails and answers.")
    return Route(
        pattern=f"/candour/v1/policies/subscriptions{path}",
        namespace="candour/v1",
        endpoints=[Endpoint(methods=("POST",), handler=handler, args=(*args, language), **more)],
    )


NOTICE_ROUTES = [
    subscription_route("", subscribe, EMAIL, answers=(202,)),
    subscription_route("/confirm", confirm_subscription, TOKEN, refusals=(404,)),
    subscription_route("/end", end_subscription, TOKEN, refusals=(404,)),
    Route(
        pattern="/candour/v1/policies/bounces",
        namespace="candour/v1",
        endpoints=[
            Endpoint(
                methods=("POST",),
                handler=report_bounce,
                permission=require_signature,
                # Without a key of the site's there is no such route.
                refusals=(404,),
                # Checked by the handler, after the signature: a stranger learns of no rule.
                args=(
                    Arg(name="email", description="The address that a mail bounced from."),
                    Arg(name="kind", description="hard (for good) or soft (for now)."),
                ),
            )
        ],
    ),
]
