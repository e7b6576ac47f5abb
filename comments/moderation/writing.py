"""Words of moderators: a reply in place, and a correction of a comment's text."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from comments import services
from comments.models import Status, VisitorComment
from comments.moderation.access import comment_or_404, moderators_only, wants_json
from comments.moderation.acting import for_script, way_back
from comments.moderation.outcomes import with_outcome
from comments.moderation.rows import html_of, rows_of
from core.errors import CMSError


@moderators_only
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Change a comment's words; what its author wrote is kept."""
    comment = comment_or_404(request, key)
    text, error = request.POST.get("text", comment.comment), ""
    if request.method == "POST":
        try:
            comment = services.correct_text(key, text, by=request.user)
        except CMSError as refused:
            error = str(refused)
        else:
            if wants_json(request):
                sentence = _("The words are changed; the author's own are kept in the history.")
                return JsonResponse({"html": html_of(comment), "sentence": sentence})
            messages.success(request, _("The words are changed."))
            return redirect(way_back(request))
    return form(request, comment, "edit", text=text, error=error)


@moderators_only
def reply(request: HttpRequest, key: int) -> HttpResponse:
    """Reply to a comment as the moderator; a comment that waits is approved with it."""
    comment = comment_or_404(request, key)
    text, error = request.POST.get("text", ""), ""
    if request.method == "POST":
        try:
            _answer, decided = services.reply_as_moderator(
                comment, text, by=request.user, ip_address=request.META.get("REMOTE_ADDR", "")
            )
        except CMSError as refused:
            error = str(refused)
        else:
            sentence = (
                _("Your reply is published, and the comment with it.")
                if decided.changed
                else _("Your reply is published.")
            )
            if wants_json(request):
                return JsonResponse(for_script(request, decided, sentence))
            messages.success(request, sentence)
            back = way_back(request)
            return redirect(with_outcome(back, decided.batch) if decided.changed else back)
    return form(request, comment, "reply", text=text, error=error)


def form(
    request: HttpRequest, comment: VisitorComment, kind: str, *, text: str, error: str
) -> HttpResponse:
    if error and wants_json(request):
        return JsonResponse({"sentence": error}, status=409)
    context = {
        "row": rows_of([comment])[0],
        "comment": comment,
        "kind": kind,
        "text": text,
        "error": error,
        "approves": comment.status == Status.HOLD,
        "back": way_back(request),
    }
    return render(request, "comments/admin/write.html", context, status=400 if error else 200)
