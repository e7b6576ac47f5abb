"""Who may see or change what, with WordPress's refusals."""

from typing import Any

from core.rest.declare import RestRequest
from core.rest.errors import RestError
from pages.models import PostPage
from pages.reading_rights import rights_for
from pages.statuses import with_status


def refused(code: str, message: str, user: Any) -> RestError:
    """Return a refusal: 401 to strangers, 403 to those who are signed in."""
    return RestError(code, message, 403 if user.is_authenticated else 401)


def may_not(code: str, deed: str, user: Any) -> RestError:
    """Return the refusal of a deed, as WordPress words it."""
    return refused(code, f"Sorry, you are not allowed to {deed}.", user)


def not_found() -> RestError:
    return RestError("rest_post_invalid_id", "Invalid post ID.", 404)


def require_list(kind: str, request: RestRequest) -> None:
    """Let everybody read lists; only those who may edit the kind read the edit context."""
    if request.context == "edit" and not rights_for(request.user, kind).may("edit"):
        raise refused(
            "rest_forbidden_context",
            "Sorry, you are not allowed to edit posts in this post type.",
            request.user,
        )


def require_post_of_terms(request: RestRequest) -> None:
    """Show the terms of a post only to who may read the post."""
    post_id = request.params.get("post")
    if not isinstance(post_id, int) or not post_id:
        return
    post = with_status(PostPage.objects.filter(pk=post_id))
    if not post.exists():
        raise RestError("rest_post_invalid_id", "Invalid post ID.", 400)
    may_read = rights_for(request.user, "post").readable("author_id", "status_before_trash")
    if not post.filter(may_read).exists():
        raise refused(
            "rest_forbidden_context",
            "Sorry, you are not allowed to view terms for this post.",
            request.user,
        )
