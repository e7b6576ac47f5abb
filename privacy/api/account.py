"""candour/v1/account/cancellation: what stands in the way, beginning, and taking it back."""

from typing import Any

from django.utils import translation

from core.rest.declare import RestRequest, RestResponse
from core.rest.errors import RestError
from privacy import cancellation
from privacy.api.answers import PRIVATE, described, refuse_in_query, rest_error
from privacy.errors import PrivacyError
from privacy.reauthentication import reauthenticate


def show(request: RestRequest) -> RestResponse:
    """Answer every condition for cancelling the account, with what blocks it and what to do."""
    with translation.override(request.locale):
        return RestResponse(state_of(request.user), headers=dict(PRIVATE))


def begin(request: RestRequest) -> RestResponse:
    """Begin the cancellation; it can be taken back until it begins."""
    refuse_in_query(request, "password")
    with translation.override(request.locale):
        try:
            reauthenticate(request.http, request.user, request.params["password"])
            begun = cancellation.begin(
                request.user, request.locale, erase_the_rest=request.params["erase_the_rest"]
            )
        except PrivacyError as error:
            raise rest_error(error) from None
        token = begun.status_token
        body = described(begun.request) | {"status_token": token.token if token else None}
        return RestResponse(body, 202, dict(PRIVATE))


def withdraw(request: RestRequest) -> RestResponse:
    """Take the cancellation back while it waits."""
    with translation.override(request.locale):
        try:
            ended = cancellation.withdraw(request.user)
        except PrivacyError as error:
            raise rest_error(error) from None
        return RestResponse(described(ended), headers=dict(PRIVATE))


def state_of(user: Any) -> dict[str, Any]:
    pending = cancellation.pending_of(user)
    conditions = cancellation.conditions_of(user)
    return {
        "conditions": [each.to_json() for each in conditions],
        "blockers": [blocker for each in conditions for blocker in each.to_json()["blockers"]],
        "is_blocked": any(not each.is_met for each in conditions),
        "pending": described(pending) if pending else None,
        "preview": cancellation.preview_of(user).to_json(),
    }


def for_owners(request: RestRequest) -> None:
    if not request.user.is_authenticated:
        raise RestError("rest_not_logged_in", "You are not currently logged in.", 401)
