"""Queueing messages inside the write that caused them, and delivering them afterwards."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from core.statements import fetch_all
from plugins.webhooks.models import Delivery, Endpoint, State
from plugins.webhooks.sending import Outcome, send

MOST_ATTEMPTS = 8
FIRST_PAUSE_SECONDS = 10
# While a worker delivers a message, no other takes it up; a dead worker's is taken up after this.
CLAIM = timedelta(minutes=2)
BATCH = 50
KEEP = timedelta(days=30)


def tell(event: str, data: Mapping[str, Any]) -> int:
    """Queue a message for every active endpoint that asked for the event; return how many.

    It is a part of the caller's transaction: a message goes out exactly if the write stays.
    `data` holds ids and links, never a person's words, name or address.
    """
    return tell_all([(event, data)])


def tell_all(messages: Sequence[tuple[str, Mapping[str, Any]]]) -> int:
    """Queue messages as `tell` does, in a number of statements that does not grow with them."""
    from plugins.webhooks.tasks import deliver_due  # the task's module imports these services

    if not messages or not is_anybody_told():
        return 0
    now = timezone.now()
    endpoints = list(Endpoint.objects.filter(is_active=True))
    queued = [
        Delivery(
            endpoint=endpoint,
            event=event,
            payload={"type": event, "timestamp": now.isoformat(), "data": dict(data)},
            next_at=now,
        )
        for event, data in messages
        for endpoint in endpoints
        if event in endpoint.events
    ]
    if queued:
        Delivery.objects.bulk_create(queued)
        transaction.on_commit(partial(deliver_due.enqueue))
    return len(queued)


def is_anybody_told() -> bool:
    """Tell whether there is an active endpoint.

    Most sites have none and every comment asks: the ORM would take ten times as long.
    """
    table = Endpoint._meta.db_table
    return bool(fetch_all(f"SELECT 1 FROM {table} WHERE is_active LIMIT 1"))  # noqa: S608


def due(now: datetime) -> list[Delivery]:
    """Claim the messages whose time has come; no two workers get the same."""
    waiting = Delivery.objects.filter(
        state=State.WAITING, next_at__lte=now, endpoint__is_active=True
    )
    claimed = []
    for delivery in waiting.select_related("endpoint").order_by("next_at")[:BATCH]:
        is_ours = Delivery.objects.filter(
            pk=delivery.pk, state=State.WAITING, next_at=delivery.next_at
        ).update(next_at=now + CLAIM)
        if is_ours:
            claimed.append(delivery)
    return claimed


def deliver(delivery: Delivery) -> Outcome:
    """Send a claimed message once and settle what becomes of it. Safe to call twice."""
    now = timezone.now()
    outcome = send(
        delivery.endpoint.url, delivery.endpoint.secret, str(delivery.key),
        orjson.dumps(delivery.payload), at=now,
    )  # fmt: skip
    delivery.attempts += 1
    delivery.status_code, delivery.error = outcome.status_code, outcome.error
    if outcome.is_delivered:
        delivery.state = State.DELIVERED
    elif outcome.is_final or delivery.attempts >= MOST_ATTEMPTS:
        delivery.state = State.FAILED
    ends = delivery.state != State.WAITING
    delivery.ended_at = timezone.now() if ends else None
    delivery.next_at = None if ends else now + pause_after(delivery.attempts)
    delivery.save(
        update_fields=["attempts", "status_code", "error", "state", "ended_at", "next_at"]
    )
    return outcome


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: 10 s, then fourfold, a day at most."""
    return min(timedelta(seconds=FIRST_PAUSE_SECONDS * 4 ** (attempts - 1)), timedelta(days=1))


def send_again(delivery: Delivery) -> None:
    """Put a message that ended back into the queue, under its own key, as a receiver expects."""
    from plugins.webhooks.tasks import deliver_due  # the task's module imports these services

    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).exclude(state=State.WAITING).update(
            state=State.WAITING, attempts=0, next_at=timezone.now(), ended_at=None
        )
        transaction.on_commit(partial(deliver_due.enqueue))


def forget_old() -> int:
    """Delete the log of messages that ended long ago; return how many. Safe to call twice."""
    return Delivery.objects.filter(ended_at__lt=timezone.now() - KEEP).delete()[0]
