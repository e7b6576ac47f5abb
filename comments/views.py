"""The classic form target, and the page that shows a held comment to its author."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from comments import errors
from comments.form_tokens import age_of
from comments.forms import HONEYPOT, CommentForm
from comments.models import DiscussionSettings, Status, VisitorComment
from comments.screening import proof_of_work
from comments.services import NewComment, submit_comment
from comments.threads import held_fragment
from core.errors import CMSError
from core.extensions.acceptance import (
    AcceptanceRequiredError,
    RequiredVersion,
    acceptance_gate,
)
from core.extensions.commentables import comment_targets
from core.origin import require_same_origin
from core.tokens import sign, unsign

REMEMBERED_SECONDS = 365 * 24 * 60 * 60
REMEMBERED = {"comment_author": "author", "comment_author_email": "email",
              "comment_author_url": "url"}  # fmt: skip
HELD_PURPOSE, HELD_SECONDS = "held-comment", 600
STATUS_OF: dict[type[CMSError], int] = {
    errors.CommentsClosedError: 403,
    errors.TargetUnknownError: 404,
    errors.SignInRequiredError: 403,
    errors.DuplicateCommentError: 409,
    errors.FloodError: 429,
    AcceptanceRequiredError: 403,
}


# The form stands in cached pages without a token: the Origin header is checked instead.
@never_cache
@csrf_exempt
@require_POST
def post_comment(request: HttpRequest) -> HttpResponse:
    """Take a comment as WordPress's wp-comments-post.php does, and lead back to it."""
    posted = request.POST
    target_id = as_key(posted.get("comment_post_ID", ""))
    target = comment_targets.get().get_many([target_id]).get(target_id)
    with override(target.language if target else None):
        try:
            require_same_origin(request)
            comment = submit_comment(
                NewComment(
                    target_id=target_id,
                    parent_id=as_key(posted.get("comment_parent", "")),
                    text=posted.get("comment", ""),
                    author_name=posted.get("author", ""),
                    author_email=posted.get("email", ""),
                    author_url=posted.get("url", ""),
                    ip_address=request.META.get("REMOTE_ADDR", ""),
                    user_agent=request.headers.get("User-Agent", ""),
                    referrer=request.headers.get("Referer", ""),
                    honeypot=posted.get(HONEYPOT, ""),
                    form_age_seconds=age_of(posted.get("form_token", ""), target_id),
                    has_proof_of_work=proof_of_work.check(
                        posted.get(proof_of_work.FIELD, ""), target_id
                    ),
                    agreements=given_agreements(posted),
                    user=request.user,
                )
            )
        except CMSError as error:
            return refused(request, error, target)
    response = HttpResponseRedirect(address_after(comment, target.link if target else "/"))
    remember(response, request)
    return response


def given_agreements(posted: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return the policy versions whose boxes were ticked."""
    names = [name.removeprefix("agree-").rpartition("-") for name in posted
             if name.startswith("agree-")]  # fmt: skip
    return [(slug, as_key(number)) for slug, _, number in names]


def as_key(value: str) -> int:
    return int(value) if value.isdigit() and len(value) < 19 else 0


def address_after(comment: VisitorComment, link: str) -> str:
    if comment.status == Status.APPROVED:
        return f"{link}#comment-{comment.pk}"
    token = sign(HELD_PURPOSE, comment.pk)
    return f"{settings.SITE_URL}/comments/waiting/?unapproved={comment.pk}&moderation-hash={token}"


def refused(request: HttpRequest, error: CMSError, target: Any) -> HttpResponse:
    """Show the form again with everything that was written, and what to do about it."""
    form = CommentForm(
        initial={name: request.POST.get(name, "") for name in CommentForm.base_fields}
    )
    context = {
        "form": form,
        "error": error,
        "target": target,
        "target_id": target.id if target else 0,
        "parent_id": as_key(request.POST.get("comment_parent", "")),
        "remembers": bool(request.POST.get("wp-comment-cookies-consent")),
        "honeypot": HONEYPOT,
        "offers_memory": DiscussionSettings.load().show_cookies_opt_in,
        "offered": offered_in(target.language if target else "en"),
        "can_retry": not isinstance(error, errors.CommentsClosedError | errors.TargetUnknownError),
    }
    status = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 400)
    return render(request, "comments/refused.html", context, status=status)


def offered_in(locale: str) -> Sequence[RequiredVersion]:
    """Return the policy versions that a comment needs agreement to, for the form's boxes."""
    return acceptance_gate.get().required("comment", locale=locale)


def remember(response: HttpResponse, request: HttpRequest) -> None:
    """Set the three cookies for a year if asked to, and expire them if not.

    The browser's own script reads them to fill in the form; no answer of the site shows them.
    """
    if request.user.is_authenticated:
        return
    wanted = bool(request.POST.get("wp-comment-cookies-consent"))
    for cookie, field in REMEMBERED.items():
        value = request.POST.get(field, "").strip() if wanted else ""
        if value:
            response.set_cookie(
                cookie, quote(value), max_age=REMEMBERED_SECONDS, samesite="Lax",
                secure=settings.SECURE,
            )  # fmt: skip
        elif cookie in request.COOKIES:
            response.delete_cookie(cookie, samesite="Lax")


@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """Show a held comment to its author, for ten minutes after it was sent."""
    try:
        key = unsign(
            HELD_PURPOSE, request.GET.get("moderation-hash", ""), max_age_seconds=HELD_SECONDS
        )
    except BadSignature:
        key = None
    comment = VisitorComment.objects.filter(pk=key).first() if key else None
    if comment is None or str(comment.pk) != request.GET.get("unapproved"):
        raise Http404
    target = comment_targets.get().get_many([comment.target_id]).get(comment.target_id)
    with override(comment.language or None):
        context = {"fragment": held_fragment(comment), "target": target}
        response = render(request, "comments/waiting.html", context)
        response["Referrer-Policy"] = "no-referrer"
        return response
