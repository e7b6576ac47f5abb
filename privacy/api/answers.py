"""How the routes of this room answer: a request as its person may see it, and errors."""

from typing import Any

from core.rest.declare import RestRequest
from core.rest.errors import RestError
from privacy import reviewing, services
from privacy.errors import (
    AccountBlockedError,
    AlreadyInWorkError,
    PrivacyError,
    RequestClosedError,
    TokenError,
    TokenUnknownError,
    TooManyTriesError,
    WrongPasswordError,
)
from privacy.models import DataRequest
from privacy.reasons import said

NAMESPACE = "candour/v1"
PRIVATE = {"Cache-Control": "private, no-store"}


def refuse_in_query(request: RestRequest, name: str) -> None:
    """An address or token in a URL ends up in logs: it is taken from the body only."""
    if name in request.http.GET:
        raise RestError(
            "candour_body_only", f"Send {name} in the body of the request, not in its address.", 400
        )


def rest_error(error: PrivacyError) -> RestError:
    status = 400
    if isinstance(error, TokenUnknownError):
        status = 404
    elif isinstance(error, TokenError | RequestClosedError):
        status = 410
    elif isinstance(error, WrongPasswordError):
        status = 403
    elif isinstance(error, AccountBlockedError | AlreadyInWorkError):
        status = 409
    elif isinstance(error, TooManyTriesError):
        status = 429
    return RestError(f"candour_{error.code}", str(error), status, **error.data)


def described(found: DataRequest) -> dict[str, Any]:
    """Return a request as its person may see it; the address is not part of it."""
    return {
        "reference": str(found.uid),
        "kind": found.kind,
        "keep_text": found.keeps_text,
        "state": found.state,
        "asked_by": found.basis,
        "awaits_review": found.awaits_review,
        "reasons": found.reasons,
        "explanations": said(found.reasons),
        "cancels_account": found.cancels_account,
        "received_at": found.received_at.isoformat(),
        "confirmed_at": found.confirmed_at.isoformat() if found.confirmed_at else None,
        "begins_at": found.begins_at.isoformat() if found.begins_at else None,
        "due_at": found.due_at.isoformat(),
        "extended_at": found.extended_at.isoformat() if found.extended_at else None,
        "completed_at": found.completed_at.isoformat() if found.completed_at else None,
        "is_cancellable": services.is_cancellable(found),
        "is_restricting": reviewing.is_restricting(found),
    }
