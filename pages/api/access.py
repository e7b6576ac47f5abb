"""Who may see or change what, with WordPress's refusals."""

from typing import Any

from core.extensions.people import capabilities
from core.rest.declare import RestRequest
from core.rest.errors import RestError
from pages.models import PostPage
from pages.reading_rights import rights_for
from pages.statuses import with_status


def refused(code: str, message: str, user: Any) -> RestError:
    """Return a refusal: 401 to strangers, 403 to those who are signed in."""
    return RestError(code, message, 403 if user.is_authenticated else 401)


def require_list(kind: str, request: RestRequest) -> None:
    """Let everybody read lists; only those who may edit the kind read the edit context."""
    if request.context == "edit" and not rights_for(request.user, kind).may("edit"):
        raise refused(
            "rest_forbidden_context",
            "Sorry, you are not allowed to edit posts in this post type.",
            request.user,
        )


def require_term_view(request: RestRequest) -> None:
    """Let everybody read terms, but those of a post only to who may read the post."""
    post_id = request.params.get("post")
    if isinstance(post_id, int) and post_id:
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
    if request.context == "edit" and "manage_categories" not in capabilities.get().of(request.user):
        raise refused(
            "rest_forbidden_context",
            "Sorry, you are not allowed to edit terms in this taxonomy.",
            request.user,
        )


def refuse_writing(request: RestRequest) -> None:
    """Refuse every write: posts are written in the admin, and WordPress's own words say so."""
    verb, what = {
        "DELETE": ("delete", "this post"),
        "POST": ("create", "posts as this user")
        if "id" not in request.params
        else ("edit", "this post"),
    }.get(request.method, ("edit", "this post"))
    raise refused(
        f"rest_cannot_{verb}", f"Sorry, you are not allowed to {verb} {what}.", request.user
    )


def refuse_writing_terms(request: RestRequest) -> None:
    """The same for terms."""
    if "id" in request.params:
        verb = "delete" if request.method == "DELETE" else "edit"
        raise refused(
            f"rest_cannot_{verb}", f"Sorry, you are not allowed to {verb} this term.", request.user
        )
    raise refused(
        "rest_cannot_create",
        "Sorry, you are not allowed to create terms in this taxonomy.",
        request.user,
    )
