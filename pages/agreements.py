"""The page on which a signed-in person agrees, declines, withdraws and fetches receipts."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.errors import CMSError
from core.extensions.acceptance import Person, acceptance_gate
from pages.acceptances import ACTIONS, AFFIRMS, events_of, receipt_of, subjects_of
from pages.models import PolicyAcceptance
from pages.models.policies import Trigger


@never_cache
@login_required
def agreements(request: HttpRequest) -> HttpResponse:
    """List what waits for an answer and what was answered; take an answer."""
    person = Person(user_id=request.user.pk)
    if request.method == "POST":
        answer(request, person)
        return redirect("pages:agreements")
    events = list(events_of(person))
    latest = {event.version_id: event for event in reversed(events)}
    context = {
        "waiting": waiting_for(person),
        "events": events,
        "standing": {event.pk for event in latest.values() if event.action in AFFIRMS.values()},
    }
    return render(request, "pages/agreements.html", context)


def waiting_for(person: Person) -> list[Any]:
    """Return what any trigger asks a person for, each version once."""
    locale = get_language() or "en"
    gate = acceptance_gate.get()
    found = {}
    for trigger in Trigger.values:
        for version in gate.required(trigger, locale=locale, person=person):
            found[version.reference] = version
    return list(found.values())


def answer(request: HttpRequest, person: Person) -> None:
    slug, _at, number = request.POST.get("version", "").rpartition("@")
    action = request.POST.get("action", "")
    if action not in ACTIONS or not number.isdecimal() or len(number) > 9:
        messages.error(request, _("Choose one of the buttons below."))
        return
    try:
        with transaction.atomic():
            acceptance_gate.get().record(
                [(slug, int(number))], person=person, action=action,
                locale=get_language() or "en", surface="account",
            )  # fmt: skip
    except CMSError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your answer is recorded. You can fetch a receipt of it."))


@never_cache
@login_required
def receipt(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Send one's own receipt as a JSON file."""
    row = get_object_or_404(
        PolicyAcceptance.objects.select_related("version__document"), receipt=key
    )
    if row.subject not in subjects_of(Person(user_id=request.user.pk)):
        raise Http404
    return HttpResponse(
        json.dumps(receipt_of(row), ensure_ascii=False, indent=2),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="receipt-{row.receipt}.json"'},
    )
