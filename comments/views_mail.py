"""Pages that links in mails lead to: each shows a button, and acts when it is pressed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import errors
from comments.models import Follower, Status
from comments.services import confirming, following
from core.errors import CMSError
from core.extensions.commentables import CommentTarget, comment_targets
from core.origin import require_same_origin

View = Callable[..., HttpResponse]


def mail_page(view: View) -> View:
    """Serve a page whose address holds a token: kept by no cache, named to no other site."""

    def served(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except CMSError as error:
            status = 404 if isinstance(error, errors.LinkUnknownError) else 400
            response = render(
                request, "comments/link_unknown.html", {"error": error}, status=status
            )
        response["Referrer-Policy"] = "same-origin"
        return response

    return never_cache(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(served)))


def target_of(target_id: int) -> CommentTarget | None:
    return comment_targets.get().get_many([target_id]).get(target_id)


@mail_page
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether mail about a discussion is wanted; posted, begin to send it."""
    follower = following.to_confirm(token)
    with override(follower.language):
        if request.method == "POST":
            require_same_origin(request)
            follower = following.confirm(token)
        context = following_context(follower) | {"is_done": request.method == "POST"}
        return render(request, "comments/follow.html", context)


@mail_page
def unfollow(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the mails shall end; posted, end them.

    Mail programs post here without asking (RFC 8058), from no page of ours: what comes with the
    token alone may end the mails of this discussion.
    """
    follower = following.to_end(token)
    with override(follower.language):
        if request.method == "POST":
            follower = following.end(token, everywhere=bool(request.POST.get("everywhere")))
        context = following_context(follower) | {"is_done": request.method == "POST"}
        return render(request, "comments/unfollow.html", context)


def following_context(follower: Follower) -> dict[str, Any]:
    return {"target": target_of(follower.target_id), "follower": follower}


@mail_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a comment that waits for its author's mailbox; posted, take it or throw it away."""
    row = confirming.waiting(token)
    target = target_of(row.target_id)
    with override(target.language if target else None):
        context = {"target": target, "text": row.data["text"]}
        if request.method != "POST":
            return render(request, "comments/confirm.html", context)
        require_same_origin(request)
        if request.POST.get("decision") == "not-mine":
            confirming.throw_away(token)
            return render(request, "comments/confirm.html", context | {"outcome": "thrown-away"})
        comment = confirming.confirm(token)
        if comment.status == Status.APPROVED and target is not None:
            return HttpResponseRedirect(f"{target.link}#comment-{comment.pk}")
        return render(request, "comments/confirm.html", context | {"outcome": "waiting"})
