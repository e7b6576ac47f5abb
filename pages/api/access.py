"""Who may see or change what, with WordPress's refusals."""

from typing import Any

from core.extensions.people import capabilities
from core.rest.declare import RestRequest
from core.rest.errors import RestError


def refused(code: str, message: str, user: Any) -> RestError:
    """Return a refusal: 401 to strangers, 403 to those who are signed in."""
    return RestError(code, message, 403 if user.is_authenticated else 401)


def require_view(request: RestRequest) -> None:
    """Let everybody read; only those who may edit read the edit context."""
    if request.context == "edit" and "edit_posts" not in capabilities.get().of(request.user):
        whose = "this post" if "id" in request.params else "posts in this post type"
        raise refused(
            "rest_forbidden_context", f"Sorry, you are not allowed to edit {whose}.", request.user
        )
