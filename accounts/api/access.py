"""Who may see and change accounts over wp/v2, with WordPress's refusals."""

from typing import Any

from accounts.models import User
from core.extensions.people import capabilities
from core.rest.declare import RestRequest
from core.rest.errors import RestError


def may(user: Any, capability: str) -> bool:
    return capability in capabilities.get().of(user)


def refused(code: str, words: str, request: RestRequest) -> RestError:
    """Return a refusal: 401 to strangers, 403 to those who are signed in."""
    status = 403 if request.user.is_authenticated else 401
    return RestError(code, f"Sorry, you are not allowed to {words}.", status)


def not_signed_in() -> RestError:
    return RestError("rest_not_logged_in", "You are not currently logged in.", 401)


def found_user(key: Any, request: RestRequest) -> User:
    """Return the account that a path names by its number or as `me`."""
    if key == "me":
        if not request.user.is_authenticated:
            raise not_signed_in()
        key = request.user.pk
    user = User.objects.prefetch_related("groups").filter(pk=key).first()
    if user is None:
        raise RestError("rest_user_invalid_id", "Invalid user ID.", 404)
    return user


def is_self_or(capability: str, user: User, request: RestRequest) -> bool:
    return user.pk == request.user.pk or may(request.user, capability)
