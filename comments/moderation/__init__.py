"""The moderators' queue in the Wagtail admin."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from comments import services
from comments.models import Status, VisitorComment
from core.extensions.commentables import comment_targets

PER_PAGE = 25
DELETE = "delete"


def require_moderator(request: HttpRequest) -> None:
    if not request.user.has_perm("comments.change_visitorcomment"):
        raise PermissionDenied


def queue(request: HttpRequest) -> HttpResponse:
    """Show the comments of one state, newest first, with why they are there."""
    require_moderator(request)
    status = request.GET.get("status", Status.HOLD)
    if status not in Status.values:
        status = Status.HOLD
    words = request.GET.get("q", "").strip()
    comments = VisitorComment.objects.filter(status=status).prefetch_related("screenings")
    if words:
        comments = comments.filter(comment__icontains=words)
    page = Paginator(comments.order_by("-pk"), PER_PAGE).get_page(request.GET.get("p"))
    targets = comment_targets.get().get_many({comment.target_id for comment in page})
    context = {
        "page": page,
        "rows": [(comment, targets.get(comment.target_id), reasons(comment)) for comment in page],
        "states": states(),
        "status": status,
        "words": words,
        "actions": actions_for(status),
    }
    return render(request, "comments/admin/queue.html", context)


def states() -> list[dict[str, Any]]:
    counts = dict(
        VisitorComment.objects.order_by().values_list("status").annotate(count=Count("pk"))
    )
    return [
        {"value": value, "label": label, "count": counts.get(value, 0)}
        for value, label in Status.choices
    ]


def reasons(comment: VisitorComment) -> list[str]:
    """Return why a comment is where it is, in a moderator's words."""
    found = [
        _(item["message"]) % item["data"] if item["data"] else _(item["message"])
        for record in comment.screenings.all()
        for item in record.evidence
    ]
    if comment.recheck_at:
        found.append(_("A screener did not answer; it is asked again."))
    return found


def actions_for(status: str) -> list[tuple[str, str]]:
    labels = {
        Status.APPROVED: _("Approve"),
        Status.HOLD: _("Hold"),
        Status.SPAM: _("Spam"),
        Status.TRASH: _("Trash"),
    }
    actions = [(value, str(label)) for value, label in labels.items() if value != status]
    if status in {Status.SPAM, Status.TRASH}:
        actions.append((DELETE, _("Delete for good")))
    return actions


@require_POST
def moderate(request: HttpRequest) -> HttpResponse:
    """Apply an action to the chosen comments."""
    require_moderator(request)
    keys = [int(key) for key in request.POST.getlist("comment") if key.isdigit()]
    action = request.POST.get("action", "")
    if action in Status.values:
        changed = services.change_status(keys, action, by=request.user)
    elif action == DELETE and request.user.has_perm("comments.delete_visitorcomment"):
        changed = services.delete_comments(keys)
    else:
        raise PermissionDenied
    if changed:
        messages.success(
            request,
            ngettext("%(count)d comment changed.", "%(count)d comments changed.", changed)
            % {"count": changed},
        )
    else:
        messages.warning(request, _("Choose at least one comment first."))
    status = request.POST.get("status", Status.HOLD)
    return redirect(f"{reverse('visitor_comments:queue')}?status={status}")


def single(request: HttpRequest, key: int) -> HttpResponse:
    """Show one comment with everything that was said of it."""
    require_moderator(request)
    comment = get_object_or_404(VisitorComment, pk=key)
    context = {
        "comment": comment,
        "target": comment_targets.get().get_many([comment.target_id]).get(comment.target_id),
        "records": comment.screenings.all(),
        "copies": comment.outgoing_copies.all(),
        "actions": actions_for(comment.status),
    }
    return render(request, "comments/admin/single.html", context)


urlpatterns = [
    path("", queue, name="queue"),
    path("moderate/", moderate, name="moderate"),
    path("<int:key>/", single, name="single"),
]
