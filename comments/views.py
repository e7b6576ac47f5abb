"""The classic form target: WordPress's wp-comments-post.php, for browsers and for scripts."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from comments import author_tokens, errors
from comments.form_tokens import age_of
from comments.forms import HONEYPOT, CommentForm, offers
from comments.models import DiscussionSettings, Status, VisitorComment
from comments.paging import comment_links
from comments.screening import proof_of_work
from comments.services import NewComment, following, submit_comment
from comments.threads import single
from core.errors import CMSError
from core.extensions.acceptance import (
    AcceptanceRequiredError,
    Person,
    RequiredVersion,
    acceptance_gate,
)
from core.extensions.commentables import CommentTarget, comment_targets
from core.extensions.people import AgreementAwaitedError
from core.origin import ForeignOriginError, require_same_origin

CONSENT = "wp-comment-cookies-consent"
REMEMBERED = {"comment_author": "author", "comment_author_email": "email",
              "comment_author_url": "url"}  # fmt: skip
STATUS_OF: dict[type[CMSError], int] = {
    errors.CommentsClosedError: 403,
    errors.TargetUnknownError: 404,
    errors.SignInRequiredError: 403,
    errors.SanctionedError: 403,
    errors.DuplicateCommentError: 409,
    errors.FloodError: 429,
    AcceptanceRequiredError: 403,
    AgreementAwaitedError: 403,
    ForeignOriginError: 403,
}
# WordPress shows the page that says what is missing as a page like others.
SHOWN_PLAINLY = (
    errors.AuthorMissingError, errors.AddressInvalidError, errors.TextMissingError,
    errors.FieldTooLongError,
)  # fmt: skip


# The form stands in cached pages without a token: the Origin header is checked instead.
@never_cache
@csrf_exempt
@require_POST
def post_comment(request: HttpRequest) -> HttpResponse:
    """Take a comment as WordPress's wp-comments-post.php does, and lead back to it.

    Who asks for application/json is answered the comment, or {code, message}, instead of a page.
    """
    posted = request.POST
    target_id = as_key(posted.get("comment_post_ID", ""))
    target = comment_targets.get().get_many([target_id]).get(target_id)
    wants_json = "application/json" in request.headers.get("Accept", "")
    is_remembered = CONSENT in posted and not request.user.is_authenticated
    secret = author_tokens.author_secret(request.COOKIES.get(author_tokens.AUTHOR_COOKIE, ""))
    if is_remembered and not secret:
        secret = author_tokens.new_author_secret()
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
                    referrer=author_tokens.without_token(request.headers.get("Referer", "")),
                    honeypot=posted.get(HONEYPOT, ""),
                    form_age_seconds=age_of(posted.get("form_token", ""), target_id),
                    has_proof_of_work=proof_of_work.check(
                        posted.get(proof_of_work.FIELD, ""), target_id
                    ),
                    agreements=given_agreements(posted),
                    author_key=author_tokens.author_key(secret),
                    is_remembered=is_remembered,
                    user=request.user,
                )
            )
        except errors.DiscardedError as dropped:
            return dropped_unseen(dropped, target, wants_json=wants_json)
        except errors.AddressUnconfirmedError as asked:
            return asked_to_confirm(request, asked, target, wants_json=wants_json)
        except CMSError as error:
            return refused(request, error, target, wants_json=wants_json)
        follow_if_asked(request, comment)
        address = address_after(comment, target)
        response: HttpResponse = (
            JsonResponse(told(comment, address), status=201)
            if wants_json
            else HttpResponseRedirect(address)
        )
    remember(response, request, secret if is_remembered else "")
    return response


def follow_if_asked(request: HttpRequest, comment: VisitorComment) -> None:
    """Have the author told of new comments, if that was ticked and their mailbox agrees."""
    if "follow" not in request.POST or not comment.user_email:
        return
    # The comment is stored: that following is not possible must not look like its failure.
    with suppress(errors.TargetUnknownError, errors.AddressInvalidError):
        following.follow(
            comment.target_id, comment.user_email, user=comment.user,
            is_verified=comment.is_address_verified,
        )  # fmt: skip


def dropped_unseen(
    dropped: CMSError, target: CommentTarget | None, *, wants_json: bool
) -> HttpResponse:
    """Answer as if nothing had happened, as WordPress does: a program learns nothing of it."""
    if wants_json:
        return JsonResponse({"code": dropped.code, "message": str(dropped)}, status=202)
    return HttpResponseRedirect(target.link if target else "/")


def asked_to_confirm(
    request: HttpRequest, asked: CMSError, target: CommentTarget | None, *, wants_json: bool
) -> HttpResponse:
    """Say that the comment waits for its author's mailbox."""
    if wants_json:
        return JsonResponse({"code": asked.code, "message": str(asked)}, status=202)
    context = {"asked": asked, "target": target}
    return render(request, "comments/asked.html", context, status=202)


def given_agreements(posted: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return the policy versions whose boxes were ticked."""
    names = [name.removeprefix("agree-").rpartition("-") for name in posted
             if name.startswith("agree-")]  # fmt: skip
    return [(slug, as_key(number)) for slug, _, number in names]


def as_key(value: str) -> int:
    """Return a number that a database can look for; 0, which is nothing's, for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0


def address_after(comment: VisitorComment, target: CommentTarget | None) -> str:
    """Return where the author sees the comment; one that waits is shown by a token, as there."""
    if target is None:
        return "/"
    if comment.status == Status.APPROVED:
        return comment_links([(comment.pk, comment.path, target.id)], {target.id: target})[
            comment.pk
        ]
    return f"{target.link}?{author_tokens.held_query(comment)}#comment-{comment.pk}"


def told(comment: VisitorComment, address: str) -> dict[str, Any]:
    """Return what a script is answered; whoever sends spam is not told that it was seen."""
    is_shown = comment.status == Status.APPROVED
    token, until = author_tokens.edit_token(comment)
    return {
        "id": comment.pk,
        "status": Status.APPROVED.value if is_shown else Status.HOLD.value,
        "parent": comment.parent_id if comment.depth else 0,
        "html": single(comment, is_waiting=not is_shown),
        "edit_token": token,
        "edit_until": until.isoformat() if until else None,
        "url": address,
        "waiting_url": "" if is_shown else address,
        "message": _("Thank you. Your comment is published.")
        if is_shown
        else _("Thank you. Your comment is waiting to be read by a moderator."),
    }


def refused(
    request: HttpRequest, error: CMSError, target: CommentTarget | None, *, wants_json: bool
) -> HttpResponse:
    """Show the form again with everything that was written, and what to do about it."""
    status = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 400)
    if wants_json:
        return JsonResponse({"code": error.code, "message": str(error)}, status=status)
    if isinstance(error, SHOWN_PLAINLY):
        status = 200
    form = CommentForm(
        initial={name: request.POST.get(name, "") for name in CommentForm.base_fields}
    )
    context = {
        **offers(DiscussionSettings.current()),
        "form": form,
        "error": error,
        "target": target,
        # A parent that is gone leaves a new comment to be sent.
        "parent": parent_of(request.POST.get("comment_parent", ""), target.id) if target else None,
        "remembers": CONSENT in request.POST,
        "follows": "follow" in request.POST,
        "offered": offered_in(target.language if target else "en", request.user),
        "can_retry": not isinstance(error, errors.CommentsClosedError | errors.TargetUnknownError),
    }
    return render(request, "comments/refused.html", context, status=status)


def offered_in(locale: str, user: Any = None) -> Sequence[RequiredVersion]:
    """Return the policy versions that a comment needs agreement to, for the form's boxes.

    A guest has every one of them, an account those that it has not affirmed.
    """
    person = Person.of(user) if user is not None and user.is_authenticated else None
    return acceptance_gate.get().required("comment", locale=locale, person=person)


def parent_of(value: str, target_id: int) -> VisitorComment | None:
    """Return the comment that is replied to, None where it is not there for everybody to see."""
    key = as_key(value)
    approved = VisitorComment.objects.approved().on(target_id)
    return approved.filter(pk=key).first() if key else None


def remember(response: HttpResponse, request: HttpRequest, secret: str) -> None:
    """Set the cookies for a year if that was asked for, and expire them if not.

    The browser's own script reads three of them to fill in the form; no answer of the site shows
    them. The fourth tells the author again, and no script can read it.
    """
    if request.user.is_authenticated:
        return
    # A sign that cookies quote, such as a slash, would come with its quotes to the script.
    values = {cookie: quote(request.POST.get(field, "").strip(), safe="") if secret else ""
              for cookie, field in REMEMBERED.items()}  # fmt: skip
    values[author_tokens.AUTHOR_COOKIE] = author_tokens.author_cookie(secret) if secret else ""
    for cookie, value in values.items():
        if value:
            response.set_cookie(
                cookie, value, max_age=author_tokens.REMEMBERED_SECONDS, samesite="Lax",
                secure=settings.SECURE, httponly=cookie == author_tokens.AUTHOR_COOKIE,
            )  # fmt: skip
        elif cookie in request.COOKIES:
            response.delete_cookie(cookie, samesite="Lax")
