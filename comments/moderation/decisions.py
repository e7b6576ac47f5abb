"""Who decided what: the batches of the last weeks, each with the way back."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from comments.models import ModerationAct
from comments.moderation.access import moderators_only
from comments.moderation.histories import actor_of, names_of
from comments.moderation.outcomes import sentence_for
from comments.scopes import scope_of
from comments.services.moderating import DELETED, TEXT, UNDO

DAYS, MOST = 30, 100


@moderators_only
def show(request: HttpRequest) -> HttpResponse:
    """Show the newest batches of decisions, by people and by rules."""
    since = timezone.now() - timedelta(days=DAYS)
    acts = ModerationAct.objects.filter(at__gte=since).exclude(note=TEXT)
    scope = scope_of(request.user)
    if scope.paths is not None:
        acts = acts.filter(comment__target_id__in=scope.pages().order_by().values("pk"))
    batches = (
        acts.order_by()
        .values("batch", "new_status", "note")
        .annotate(count=Count("pk"), open=Count("pk", filter=Q(undone_at=None)),
                  last=Max("pk"), comment=Max("comment"))
        .order_by("-last")[:MOST]
    )  # fmt: skip
    return render(request, "comments/admin/decisions.html", {"decisions": described(list(batches))})


def described(batches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lasts = ModerationAct.objects.in_bulk([each["last"] for each in batches])
    names = names_of(lasts.values())
    return [
        {
            "batch": each["batch"],
            "at": lasts[each["last"]].at,
            "who": actor_of(lasts[each["last"]], names),
            "what": sentence_for(each["new_status"], each["count"]),
            "is_undo": each["note"] == UNDO,
            "was_undone": not each["open"],
            "can_undo": bool(each["open"]) and each["new_status"] != DELETED,
            "comment": each["comment"] if each["count"] == 1 else None,
        }
        for each in batches
        if each["last"] in lasts
    ]
