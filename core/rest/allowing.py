"""The Allow header: which methods the asker may use at a path."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.rest.declare import Endpoint, RestRequest
from core.rest.errors import RestError

logger = logging.getLogger(__name__)

# WordPress looks these up while it asks for permission, so that reading is not allowed either.
FOUND_BY_PERMISSION = {
    "rest_post_invalid_id", "rest_comment_invalid_id", "rest_user_invalid_id", "rest_term_invalid",
    "rest_status_invalid", "rest_forbidden", "rest_cannot_read", "rest_cannot_read_post",
    "rest_user_cannot_view", "rest_forbidden_context", "rest_cannot_view", "rest_forbidden_param",
    "rest_post_incorrect_password",
}  # fmt: skip
WRITING = {"POST", "PUT", "PATCH"}
NEVER_LISTED = {"rest_no_route", "rest_cookie_invalid_nonce"}


def allowed_methods(asked: RestRequest, *, error: RestError | None = None) -> str:
    """Return the methods that the asker may use here, as WordPress lists them, or nothing.

    A method that was answered without an error is allowed, and so is reading after one that does
    not forbid it; the permissions of the others are asked with what the path says, since the
    query was written for this one. What POST, PUT and PATCH of an endpoint do is one thing, whose
    permission is asked once.
    """
    if error is not None and error.code in NEVER_LISTED:
        return ""
    is_reading = asked.method == "GET"
    if error is not None and is_reading and error.code in FOUND_BY_PERMISSION:
        return ""
    allowed = []
    for endpoint in asked.route.endpoints:
        may_write: bool | None = None
        for method in endpoint.methods:
            params: dict[str, Any] = {"context": "view", **probe_params(asked.in_path)}
            if method == asked.method:
                # What was deleted is not there to be deleted again: its permission is asked anew.
                if is_reading or (error is None and method != "DELETE"):
                    allowed.append(method)
                    continue
                if error is not None:
                    params = {**asked.params, **params}
            is_usual = method in WRITING and method != asked.method
            if is_usual and may_write is not None:
                may = may_write
            else:
                may = is_permitted(endpoint, replace(asked, method=method, params=params))
                may_write = may if is_usual else may_write
            if may:
                allowed.append(method)
            elif method == asked.method and error is None:
                # What was deleted for good is nothing that could be read either.
                return ""
    return ", ".join(allowed)


def is_permitted(endpoint: Endpoint, asked: RestRequest) -> bool:
    try:
        if endpoint.permission is not None:
            endpoint.permission(asked)
    except RestError:
        return False
    except Exception as error:  # noqa: BLE001  parameters are unchecked here, permissions strangers'
        logger.error("Permission of %s failed: %s", asked.route.pattern, type(error).__name__)
        return False
    return True


def probe_params(in_path: Mapping[str, str]) -> dict[str, Any]:
    return {name: int(value) if value.isdigit() and len(value) < 19 else value
            for name, value in in_path.items()}  # fmt: skip
