"""The clock of each open request: officers hear of it when it waits, and as its time runs out."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from privacy import notifications
from privacy.errors import MailNotSentError
from privacy.models import AUTOMATIC, RUNNABLE, DataRequest, State

OFFICER = "privacy.change_datarequest"


def elapsed_percent(request: DataRequest, now: datetime) -> int:
    """Return how much of the time for an answer is over, in per cent; more than 100 when late."""
    whole = (request.due_at - request.received_at).total_seconds()
    return int((now - request.received_at).total_seconds() * 100 // whole) if whole > 0 else 100


def stage_of(request: DataRequest, now: datetime) -> int | None:
    """Return the stage that a request has reached: 0 when an officer has to act, or a per cent of
    PRIVACY_ESCALATE_PERCENT; None where nobody has to know."""
    elapsed = elapsed_percent(request, now)
    reached = [each for each in settings.PRIVACY_ESCALATE_PERCENT if elapsed >= each]
    if reached:
        return max(reached)
    is_for_officer = request.awaits_review or request.kind not in AUTOMATIC
    waits = is_for_officer or request.state == State.PARTLY_FAILED
    return 0 if waits else None


def officers() -> QuerySet:
    """Return the active accounts that answer data requests and have an address."""
    backend = "django.contrib.auth.backends.ModelBackend"
    found = get_user_model().objects.with_perm(OFFICER, backend=backend)
    return found.exclude(email="").order_by("pk")


def escalate() -> int:
    """Mail officers about each open request that reached a further stage; return how many.

    Safe to call at any moment and by several workers: a stage is claimed before its mails, and
    given back where the mail server does not take them.
    """
    now = timezone.now()
    told = 0
    for request in DataRequest.objects.filter(state__in=RUNNABLE).order_by("due_at"):
        stage = stage_of(request, now)
        before = request.escalated_percent
        if stage is None or (before is not None and stage <= before):
            continue
        rows = DataRequest.objects.filter(pk=request.pk)
        if not rows.filter(escalated_percent=before).update(escalated_percent=stage):
            continue
        try:
            for officer in officers():
                notifications.mail_officer(request, officer.email, stage)
        except MailNotSentError:
            rows.update(escalated_percent=before)
        else:
            told += 1
    return told
