"""The register of breaches: its 72-hour clock, what was done, and the record for the authority."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from privacy import notifications
from privacy.clocks import officers
from privacy.errors import BreachOpenError, MailNotSentError
from privacy.inventory import controller
from privacy.models import Breach, BreachEvent
from privacy.register_models import TIME_TO_TELL, EventKind, Risk

# What ends the clock: the authority was told, or it is on record why nobody is.
STOPS_THE_CLOCK = (EventKind.AUTHORITY, EventKind.NOT_TOLD)


def record_breach(*, by: Any, **fields: Any) -> Breach:
    """Open an entry, with the fields of Breach. Its clock runs from `found_at`."""
    return Breach.objects.create(recorded_by=by, **fields)


def tell_better(pk: int, **fields: Any) -> None:
    """Change what an open entry says. BreachOpenError if it is closed."""
    if not Breach.objects.filter(pk=pk, closed_at=None).update(**fields):
        raise BreachOpenError(code="breach_closed")


@transaction.atomic
def add_event(pk: int, *, kind: str, at: datetime, text: str, by: Any) -> BreachEvent:
    """Write down what was done about an open breach, or who was told. BreachOpenError if closed."""
    breach = Breach.objects.select_for_update().get(pk=pk)
    if breach.closed_at is not None:
        raise BreachOpenError(code="breach_closed")
    return breach.events.create(kind=kind, at=at, text=text, recorded_by=by)


@transaction.atomic
def close(pk: int) -> None:
    """Close an entry. BreachOpenError while it does not say what the law asks for."""
    breach = Breach.objects.select_for_update().get(pk=pk)
    if missing := open_points(breach):
        raise BreachOpenError(points=missing)
    Breach.objects.filter(pk=pk, closed_at=None).update(closed_at=timezone.now())


def open_points(breach: Breach) -> list[str]:
    """Return what an entry does not say yet, as codes: risk, measure, authority, people, delay."""
    told = {event.kind: event.at for event in reversed(list(breach.events.all()))}
    found = []
    if breach.risk == Risk.UNKNOWN:
        found.append("risk")
    if EventKind.MEASURE not in told:
        found.append("measure")
    if not told.keys() & set(STOPS_THE_CLOCK) or (
        breach.risk in {Risk.RISK, Risk.HIGH} and EventKind.AUTHORITY not in told
    ):
        found.append("authority")
    if breach.risk == Risk.HIGH and EventKind.PEOPLE not in told:
        found.append("people")
    is_late = told.get(EventKind.AUTHORITY, breach.due_at) > breach.due_at
    if is_late and EventKind.DELAY not in told:
        found.append("delay")
    return found


def elapsed_percent(breach: Breach, now: datetime) -> int:
    """Return how much of the 72 hours is over, in per cent; more than 100 when late."""
    return int((now - breach.found_at) * 100 // TIME_TO_TELL)


def is_ticking(breach: Breach) -> bool:
    """Tell whether the clock runs: neither is the authority told nor is it said why not."""
    stopped = any(event.kind in STOPS_THE_CLOCK for event in breach.events.all())
    return breach.closed_at is None and not stopped


def escalate() -> int:
    """Mail officers about each breach whose clock reached a further stage; return how many.

    Safe to call at any moment and by several workers: a stage is claimed before its mails, and
    given back where the mail server does not take them.
    """
    now, told = timezone.now(), 0
    for breach in Breach.objects.filter(closed_at=None).prefetch_related("events"):
        elapsed = elapsed_percent(breach, now)
        stage = max([0, *(each for each in settings.PRIVACY_ESCALATE_PERCENT if elapsed >= each)])
        before = breach.escalated_percent
        if not is_ticking(breach) or (before is not None and stage <= before):
            continue
        rows = Breach.objects.filter(pk=breach.pk)
        if not rows.filter(escalated_percent=before).update(escalated_percent=stage):
            continue
        try:
            for officer in officers():
                notifications.mail_breach(breach, officer.email, elapsed)
        except MailNotSentError:
            rows.update(escalated_percent=before)
        else:
            told += 1
    return told


def forget_breaches() -> int:
    """Delete closed entries after their time; return how many. Safe to call twice."""
    limit = timezone.now() - timedelta(days=settings.PRIVACY_BREACH_DAYS)
    return int(Breach.objects.filter(closed_at__lte=limit).delete()[0])


def record_of(breach: Breach) -> dict[str, Any]:
    """Return all that is on record of a breach, JSON-ready, as GDPR, article 33(3), asks for it."""
    return {
        "reference": str(breach.uid),
        "controller": controller(),
        "found_at": breach.found_at.isoformat(),
        "due_at": breach.due_at.isoformat(),
        "closed_at": breach.closed_at.isoformat() if breach.closed_at else None,
        "what_happened": breach.what,
        "kinds_of_data": breach.kinds,
        "people": breach.people,
        "records": breach.records,
        "risk": breach.risk,
        "likely_consequences": breach.consequences,
        "open_points": open_points(breach),
        "events": [
            {"kind": event.kind, "at": event.at.isoformat(), "text": event.text}
            for event in breach.events.all()
        ],
    }
