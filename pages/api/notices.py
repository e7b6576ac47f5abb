"""candour/v1: what a mail system reports of notices that it could not deliver."""

import hashlib
import hmac

from django.conf import settings

from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
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
        headers={"Cache-Control": "private, no-store"},
    )


NOTICE_ROUTES = [
    Route(
        pattern="/candour/v1/policies/bounces",
        namespace="candour/v1",
        endpoints=[
            Endpoint(
                methods=("POST",),
                handler=report_bounce,
                permission=require_signature,
                # Checked by the handler, after the signature: a stranger learns of no rule.
                args=(
                    Arg(name="email", description="The address that a mail bounced from."),
                    Arg(name="kind", description="hard (for good) or soft (for now)."),
                ),
            )
        ],
    )
]
