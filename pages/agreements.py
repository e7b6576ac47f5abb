"""The page on which a signed-in person agrees, declines, withdraws and fetches receipts."""

import json
import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.errors import CMSError
from core.extensions.acceptance import ConsentPurpose, Person, acceptance_gate, consent_purposes
from pages.acceptances import ACTIONS, GATE, events_of, subject_of
from pages.models import PolicyAcceptance
from pages.receipts import receipt_of


@never_cache
@login_required
def agreements(request: HttpRequest) -> HttpResponse:
    """List what waits for an answer and what was answered; take an answer.

    Whoever is led here when they sign in brings the address they wanted as `next`, and may go on
    to it without any answer.
    """
    person = Person.of(request.user)
    goes_on = next_of(request)
    if request.method == "POST":
        answer(request, person, surface="interstitial" if goes_on else "account")
        return redirect(address_after(person, goes_on))
    events = list(events_of(person))
    latest = {(event.version_id, event.purpose): event for event in reversed(events)}
    given = acceptance_gate.get().consents(person)
    context = {
        "waiting": GATE.open_questions(person, locale=get_language() or "en"),
        "purposes": [
            {"purpose": each, "is_given": each.identifier in given} for each in offered_purposes()
        ],
        "events": events,
        "standing": {each.pk for each in latest.values() if each.action in {"accept", "consent"}},
        "next": goes_on,
    }
    return render(request, "pages/agreements.html", context)


def offered_purposes() -> list[ConsentPurpose]:
    """Return the purposes for which an account is asked to consent."""
    return [each for each in consent_purposes if each.is_for_accounts]


def next_of(request: HttpRequest) -> str:
    """Return where a person was going, if that is on this site."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else ""


def address_after(person: Person, goes_on: str) -> str:
    """Return where an answer leads: on, once nothing waits any more."""
    path = reverse("pages:agreements")
    if not goes_on:
        return path
    if acceptance_gate.get().waiting(person, locale=get_language() or "en"):
        return f"{path}?{urlencode({'next': goes_on})}"
    return goes_on


def answer(request: HttpRequest, person: Person, surface: str) -> None:
    slug, _at, number = request.POST.get("version", "").rpartition("@")
    purpose = consent_purposes.get(request.POST.get("purpose", ""))
    action = request.POST.get("action", "")
    is_version = number.isdecimal() and len(number) <= 9
    if action not in ACTIONS or not (is_version or (purpose and purpose.is_for_accounts)):
        messages.error(request, _("Choose one of the buttons below."))
        return
    said: dict[str, Any] = {
        "person": person, "action": action, "locale": get_language() or "en", "surface": surface,
    }  # fmt: skip
    try:
        with transaction.atomic():
            if purpose:
                acceptance_gate.get().consent(purpose, **said)
            else:
                acceptance_gate.get().record([(slug, int(number))], **said)
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
    if row.subject != subject_of(Person.of(request.user)):
        raise Http404
    return HttpResponse(
        json.dumps(receipt_of(row), ensure_ascii=False, indent=2),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="receipt-{row.receipt}.json"'},
    )
