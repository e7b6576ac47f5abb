"""What readers and authors do with comments, on pages that need no script."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments import errors
from comments.author_tokens import edit_until
from comments.models import DiscussionSettings, FlagReason, VisitorComment
from comments.services import editing, is_open, reacting
from comments.threads import read_thread
from comments.views import as_key
from comments.views_mail import mail_page, target_of
from core.errors import CMSError
from core.origin import require_same_origin


@mail_page
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Show an author's own comment with its text; posted, change it or take it back."""
    comment = editing.own_comment(token)
    target = target_of(comment.target_id)
    with override(comment.language or None):
        context = {"comment": comment, "target": target, "until": edit_until(comment)}
        if request.method != "POST":
            return render(request, "comments/own.html", context | {"text": comment.comment})
        require_same_origin(request)
        if request.POST.get("decision") == "withdraw":
            editing.withdraw_comment(token)
            return render(request, "comments/own.html", context | {"outcome": "withdrawn"})
        text = request.POST.get("comment", "")
        try:
            comment = editing.edit_comment(token, text)
        except (errors.TextMissingError, errors.FieldTooLongError) as error:
            shown = context | {"text": text, "error": error}
            return render(request, "comments/own.html", shown, status=400)
        outcome = "published" if comment.is_public else "waiting"
        return render(request, "comments/own.html", context | {"outcome": outcome})


def shown_or_404(key: int) -> VisitorComment:
    try:
        return reacting.shown_comment(as_key(str(key)))
    except errors.CommentUnknownError:
        raise Http404 from None


# What breaks the law is no flag: it is reported on a page of its own and gets a decision.
ILLEGAL = "illegal"


# These forms stand in cached pages without a CSRF token: the origin is checked instead.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def flag(request: HttpRequest, key: int) -> HttpResponse:
    """Ask what is wrong; posted, note it or lead to the report of what is illegal."""
    comment = shown_or_404(key)
    target = target_of(comment.target_id)
    with override(comment.language or None):
        context = {"comment": comment, "target": target, "reasons": FlagReason.choices}
        if request.method != "POST":
            return render(request, "comments/flag.html", context)
        reason = request.POST.get("reason", "")
        if reason == ILLEGAL:
            return HttpResponseRedirect(f"{reverse('comment_rights:report')}?comment={key}")
        try:
            require_same_origin(request)
            reacting.flag(
                key, reason, request.POST.get("note", ""),
                user=request.user, ip_address=request.META.get("REMOTE_ADDR", ""),
            )  # fmt: skip
        except CMSError as error:
            return render(request, "comments/flag.html", context | {"error": error}, status=400)
        return render(request, "comments/flag.html", context | {"is_done": True})


@never_cache
@csrf_exempt
@require_POST
def react(request: HttpRequest) -> HttpResponse:
    """Give a reaction, or take it back where it was given already, and lead back to the comment.

    The button names both: the kind, and as its value the comment. Who asks for application/json
    is answered {counts, own}, or {code, message}.
    """
    offered = (kind for kind in reacting.offered_reactions() if kind in request.POST)
    kind = next(offered, "")
    comment = shown_or_404(as_key(request.POST.get(kind, "")))
    reader = {"user": request.user, "ip_address": request.META.get("REMOTE_ADDR", "")}
    wants_json = "application/json" in request.headers.get("Accept", "")
    with override(comment.language or None):
        try:
            require_same_origin(request)
            _counts, given = reacting.reactions_of(comment.pk, **reader)
            (reacting.take_back if kind in given else reacting.react)(comment.pk, kind, **reader)
        except CMSError as error:
            if wants_json:
                return JsonResponse({"code": error.code, "message": str(error)}, status=400)
            return render(request, "comments/link_unknown.html", {"error": error}, status=400)
    if wants_json:
        counts, own = reacting.reactions_of(comment.pk, **reader)
        return JsonResponse({"counts": counts, "own": own})
    target = target_of(comment.target_id)
    return HttpResponseRedirect(f"{target.link if target else '/'}#comment-{comment.pk}")


@require_safe
def thread(request: HttpRequest, target_id: int) -> HttpResponse:
    """Answer the thread alone, as the page of its target shows it, for scripts that look for news.

    It is a public answer like the page itself: mostly the read cache says that nothing changed.
    """
    target = target_of(as_key(str(target_id)))
    if target is None:
        raise Http404
    with override(target.language):
        shown = read_thread(target_id, can_reply=is_open(target, DiscussionSettings.current()))
        response = HttpResponse(shown.html)
    response["X-Robots-Tag"] = "noindex"
    return response
