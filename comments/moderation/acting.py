"""Deciding on comments from the screens: one, the chosen ones, or all that a search found."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comments import services
from comments.errors import ModerationError
from comments.models import ModerationAct, Status
from comments.moderation.access import may_delete, moderators_only, wants_json
from comments.moderation.outcomes import outcome_of, overtaken_sentence, with_outcome
from comments.moderation.queue import counts_in
from comments.moderation.searches import search_of
from comments.moderation.tasks import carry_on
from comments.scopes import scope_of, visible
from comments.searching import matching
from comments.services import Decided
from comments.services.moderating import DELETED

TRUST = "trust"
# So many are decided on at once; more is a task's work, so that nobody waits for a page.
MOST_AT_ONCE = 200


@require_POST
@moderators_only
def act(request: HttpRequest) -> HttpResponse:
    """Carry out an action on one comment, on the chosen ones, or on all that match."""
    action = request.POST.get("action", "")
    if action not in {*Status.values, DELETED, TRUST}:
        raise PermissionDenied
    if action == DELETED and not may_delete(request.user):
        raise PermissionDenied
    if request.POST.get("all") and action != TRUST:
        return act_on_all(request, action)
    chosen = request.POST.getlist("comment")[:MOST_AT_ONCE]
    keys = [int(key) for key in chosen if key.isdecimal() and len(key) < 19]
    if not keys:
        messages.warning(request, _("Choose at least one comment first."))
        return redirect(way_back(request))
    if action == DELETED and not request.POST.get("sure"):
        return ask_before_deleting(request, len(keys), {"comment": keys})
    try:
        decided = carry_out(keys, action, request)
    except ModerationError as error:
        return told(request, str(error))
    return answered(request, decided)


def carry_out(keys: list[int], action: str, request: HttpRequest) -> Decided:
    seen = request.POST.get("seen", "")
    if action == DELETED:
        return services.delete_for_good(keys, by=request.user)
    if action == TRUST:
        return services.approve_and_trust(keys[0], by=request.user, seen=seen)
    return services.decide_on(keys, action, by=request.user, seen=seen)


def act_on_all(request: HttpRequest, action: str) -> HttpResponse:
    search = search_of(request.POST)
    found = matching(search.criteria, visible(request.user))
    if action == DELETED and not request.POST.get("sure"):
        fields = {name: values for name, values in request.POST.lists() if name in FORM_FIELDS}
        return ask_before_deleting(request, found.count(), {"all": ["1"], **fields})
    decision = services.decide_on_all(search.criteria, action, by=request.user)
    if decision.total <= MOST_AT_ONCE:
        services.carry_on(decision.batch)
    else:
        carry_on.enqueue(str(decision.batch))
    return redirect(with_outcome(way_back(request), decision.batch))


FORM_FIELDS = {"status", "words", "author", "post", "reason", "score_from", "score_to", "since",
               "until", "by", "next"}  # fmt: skip


def ask_before_deleting(request: HttpRequest, count: int, fields: dict[str, Any]) -> HttpResponse:
    """Nothing brings a deleted comment back: so a page asks first."""
    context = {
        "count": count,
        "fields": [(name, value) for name, values in fields.items() for value in values],
        "back": way_back(request),
    }
    return render(request, "comments/admin/delete.html", context)


def way_back(request: HttpRequest) -> str:
    """Return where the moderator came from among these screens, and never anywhere else."""
    queue = reverse("visitor_comments:queue")
    back = request.POST.get("next") or request.GET.get("next") or ""
    return back if back.startswith(queue) and "\\" not in back else queue


def answered(request: HttpRequest, decided: Decided, sentence: str = "") -> HttpResponse:
    """Tell what came of a decision: on the page, or to its script."""
    outcome = outcome_of(decided.batch)
    if outcome is not None:
        sentence = outcome.sentence
    if decided.overtaken:
        sentence = f"{sentence} {overtaken_sentence(decided.overtaken)}".strip()
    if wants_json(request):
        return JsonResponse(for_script(request, decided, sentence or _("Nothing has changed.")))
    if outcome is None or decided.overtaken:
        messages.info(request, sentence or _("Nothing has changed."))
    back = way_back(request)
    return redirect(with_outcome(back, decided.batch) if outcome else back)


def for_script(request: HttpRequest, decided: Decided, sentence: str) -> dict[str, Any]:
    """Return what the page's script needs to show a decision in place."""
    outcome = outcome_of(decided.batch)
    counts = counts_in(scope_of(request.user))
    return {
        "batch": str(decided.batch),
        "changed": decided.changed,
        "overtaken": decided.overtaken,
        "sentence": sentence,
        "undo_url": outcome.undo_url if outcome else "",
        "counts": {value: counts.get(value, 0) for value in Status.values},
    }


def told(request: HttpRequest, sentence: str) -> HttpResponse:
    """Tell why nothing was done."""
    if wants_json(request):
        return JsonResponse({"sentence": sentence}, status=409)
    messages.error(request, sentence)
    return redirect(way_back(request))


@moderators_only
def undo(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Show what a batch did; posted, take it back."""
    if request.method != "POST":
        context = {"outcome": outcome_of(batch), "batch": batch, "back": way_back(request)}
        return render(request, "comments/admin/undo.html", context)
    if ModerationAct.objects.filter(batch=batch, undone_at=None).count() > MOST_AT_ONCE:
        decision = services.undo_all(batch, by=request.user)
        carry_on.enqueue(str(decision.batch))
        return redirect(with_outcome(way_back(request), decision.batch))
    outcome = outcome_of(batch)
    decided = services.undo(batch, by=request.user)
    # Trust and blocked keys are taken back without any comment's changing.
    return answered(request, decided, _("Taken back.") if outcome and outcome.can_undo else "")
