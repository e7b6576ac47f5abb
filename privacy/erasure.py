"""Erasing a person's data: resolve once, write the plan down, then erase step by step."""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import uuid5

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation

from core.extensions.personal_data import (
    Anonymisable,
    Retained,
    Subject,
    contact_of,
    personal_data_providers,
)
from privacy import ledger
from privacy.identity import account_mark, subject_of_request
from privacy.models import (
    ENDED,
    RUNNABLE,
    DataRequest,
    LedgerEntry,
    PlanStep,
    State,
    StepState,
)

logger = logging.getLogger(__name__)

# Small enough for a step to hold SQLite's one writer for less than a tenth of a second.
KEYS_PER_STEP = 100
# Whoever waits for SQLite's writer sleeps a while, and longer the longer they wait: an erasure that
# began its next step at once would be ahead of them every time.
LEAST_PAUSE_SECONDS, PAUSE_SHARE = 0.03, 0.3
# What arrives while a person's data is being erased is found by resolving again, this often.
MOST_PASSES = 3


def resolve(
    subject: Subject, *, until: datetime | None = None
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the keys by provider, and the providers that raised. It writes nothing."""
    keys = {
        provider.identifier: found
        for provider, found in personal_data_providers.call_each(
            lambda each: list(each.identities(subject, until=until))
        )
    }
    known = [provider.identifier for provider in personal_data_providers]
    return keys, [identifier for identifier in known if identifier not in keys]


def erase_subject(request: DataRequest) -> None:
    """Erase everything that providers hold about a request's subject.

    The plan is written, then the ledger, a store apart, before anything is destroyed.
    Each step then erases and is marked done in one transaction of its own, so that a crash at
    any moment loses nothing: called again, it goes on and reaches the same end. A provider
    that raises is logged by its identifier and leaves the request partly failed; the others go
    on. Call it outside a transaction. At the end `request` holds the state that was reached.
    """
    subject = subject_of_request(request)
    until = request.cutoff_at
    if request.state == State.CONFIRMED:
        write_plan(request, *resolve(subject, until=until))
    # A store apart has no transaction with the plan: it is asked again after every crash.
    entries = [enter(request, {})]
    if request.cancels_account:
        entries.append(enter_account(request))
    ledger.record([in_ledger(entry) for entry in entries])
    if not take_up(request):
        return
    request.steps.filter(state=StepState.FAILED).update(state=StepState.PENDING)
    for _ in range(MOST_PASSES):
        for step in request.steps.filter(state=StepState.PENDING):
            since = time.monotonic()
            erase_step(step, request.locale, keeps_text=request.keeps_text)
            let_others_write(time.monotonic() - since)
        # What comes under the address after the first pass is of another time, or somebody who
        # goes on writing would keep the erasure from ever ending.
        until = until or timezone.now()
        # Another worker may have been quicker to the end.
        request.refresh_from_db(fields=["state"])
        if request.state in ENDED or not add_what_is_left(request, *resolve(subject, until=until)):
            break
    if request.state not in ENDED:
        finish(request)


def take_up(request: DataRequest) -> bool:
    """Note that the work goes on; tell whether there is any, which another worker may have done."""
    runnable = DataRequest.objects.filter(pk=request.pk, state__in=RUNNABLE)
    taken = runnable.update(state=State.RUNNING, touched_at=timezone.now())
    request.refresh_from_db(fields=["state"])
    return bool(taken)


def let_others_write(worked: float) -> None:
    """Leave SQLite's writer to others for a share of the seconds that a step has worked."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(max(LEAST_PAUSE_SECONDS, worked * PAUSE_SHARE))


@transaction.atomic
def write_plan(
    request: DataRequest, keys: Mapping[str, Sequence[str]], failed: Sequence[str]
) -> None:
    """Freeze what is to be erased, and put the erasure into the ledger."""
    locked = DataRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != State.CONFIRMED:
        return
    request.keeps_text = locked.keeps_text
    add_steps(request, keys, failed)
    enter(request, {provider: len(found) for provider, found in keys.items() if found})
    request.state = State.PLANNED
    request.save(update_fields=["state", "touched_at"])


def enter(request: DataRequest, counts: Mapping[str, int]) -> LedgerEntry:
    """Let this database know of an erasure; a crash after it finds the entry again."""
    now = timezone.now()
    entry, _made = LedgerEntry.objects.get_or_create(
        request_uid=request.uid,
        defaults={
            "subject": request.subject_hash,
            "kind": request.kind,
            "at": request.cutoff_at or now,
            "counts": counts,
            "expires_on": (now + timedelta(days=settings.PRIVACY_RECORD_DAYS)).date(),
        },
    )
    return entry


def enter_account(request: DataRequest) -> LedgerEntry:
    """Let this database know that an erasure ends the account as well, under a mark of its own."""
    now = timezone.now()
    entry, _made = LedgerEntry.objects.get_or_create(
        request_uid=uuid5(request.uid, "account"),
        defaults={
            "subject": account_mark(request.email),
            "kind": request.kind,
            "at": request.cutoff_at or now,
            "expires_on": (now + timedelta(days=settings.PRIVACY_RECORD_DAYS)).date(),
        },
    )
    return entry


def in_ledger(entry: LedgerEntry) -> ledger.Erasure:
    """Return an entry in the ledger's own form, under the mark of the running key."""
    return ledger.Erasure(
        entry.request_uid, entry.subject, ledger.key_id(), entry.at, entry.expires_on
    )


def add_steps(
    request: DataRequest, keys: Mapping[str, Sequence[str]], failed: Sequence[str]
) -> int:
    position = request.steps.count()
    steps: list[PlanStep] = []
    for provider, found in keys.items():
        remaining = iter(found)
        while batch := list(islice(remaining, KEYS_PER_STEP)):
            steps.append(
                PlanStep(
                    request=request, provider=provider, keys=batch, position=position + len(steps)
                )
            )
    pending = len(steps)
    for provider in failed:
        steps.append(
            PlanStep(
                request=request,
                provider=provider,
                position=position + len(steps),
                state=StepState.UNRESOLVED,
            )
        )
    PlanStep.objects.bulk_create(steps)
    return pending


def erase_step(step: PlanStep, locale: str, *, keeps_text: bool = False) -> None:
    provider = personal_data_providers.get(step.provider)
    try:
        if provider is None:
            raise LookupError(step.provider)
        with transaction.atomic(), translation.override(locale):
            # Another worker may have been quicker, and counted what it removed.
            pending = PlanStep.objects.select_for_update().filter(state=StepState.PENDING)
            if not pending.filter(pk=step.pk).exists():
                return
            if keeps_text and isinstance(provider, Anonymisable):
                erasure = provider.anonymise(step.keys)
            else:
                erasure = provider.erase(step.keys)
            step.state = StepState.DONE
            step.removed = erasure.removed
            step.retained = [described(kept) for kept in erasure.retained]
            step.recipients = list(erasure.recipients)
            step.save()
    except Exception as error:  # noqa: BLE001  the boundary to strangers' code
        # The exception's text may hold personal data: its type and the provider must do.
        logger.error("Provider %s failed to erase: %s", step.provider, type(error).__name__)
        step.refresh_from_db()
        step.state = StepState.FAILED
        step.save(update_fields=["state"])


def described(kept: Retained) -> dict[str, str | None]:
    """Return what is kept in the form in which plans store it."""
    return {
        "key": kept.key,
        "code": kept.code,
        "legal_basis": str(kept.legal_basis),
        "expires_on": kept.expires_on.isoformat() if kept.expires_on else None,
    }


@transaction.atomic
def add_what_is_left(
    request: DataRequest, keys: Mapping[str, Sequence[str]], failed: Sequence[str]
) -> int:
    """Plan what is still held although it is neither retained nor known to have failed.

    Returns how many steps wait, those of another worker too; none where that one was at the end.
    """
    request.state = DataRequest.objects.select_for_update().get(pk=request.pk).state
    if request.state in ENDED:
        return 0
    request.steps.filter(state=StepState.UNRESOLVED).delete()
    known: dict[str, set[str]] = {}
    for step in request.steps.all():
        kept = {item["key"] for item in step.retained}
        known.setdefault(step.provider, set()).update(kept)
        if step.state in {StepState.FAILED, StepState.PENDING}:
            known[step.provider].update(step.keys)
    left = {
        provider: [key for key in found if key not in known.get(provider, ())]
        for provider, found in keys.items()
    }
    waiting = request.steps.filter(state=StepState.PENDING).count()
    return waiting + add_steps(request, left, failed)


@transaction.atomic
def finish(request: DataRequest) -> None:
    # An eraser that says it is done while its data is still found has failed.
    request.steps.filter(state=StepState.PENDING).update(state=StepState.FAILED)
    steps = list(request.steps.all())
    failed = sorted({step.provider for step in steps if step.state != StepState.DONE})
    request.reasons = [f"failed:{provider}" for provider in failed]
    if failed:
        request.state = State.PARTLY_FAILED
        request.save(update_fields=["state", "reasons", "touched_at"])
        return
    is_kept = any(step.retained for step in steps)
    request.state = State.COMPLETE_WITH_EXCEPTIONS if is_kept else State.COMPLETE
    request.completed_at = timezone.now()
    request.save(update_fields=["state", "reasons", "completed_at", "touched_at"])
    # The keys have served; nothing that could lead back to a person stays in the plan.
    request.steps.update(keys=[])


def removed_by_provider(request: DataRequest) -> dict[str, int]:
    """Return how many things each provider removed for a request."""
    removed: dict[str, int] = {}
    for provider, count in request.steps.values_list("provider", "removed"):
        removed[provider] = removed.get(provider, 0) + count
    return removed


def retained_items(request: DataRequest) -> list[dict[str, str | None]]:
    """Return what an erasure left, each with its code, legal basis and expiry."""
    return [
        {**item, "provider": provider}
        for provider, items in request.steps.values_list("provider", "retained")
        for item in items
    ]


def recipients_of(request: DataRequest) -> list[dict[str, str]]:
    """Return who had been sent some of what was erased, each with the way to reach them."""
    names = {name for step in request.steps.values_list("recipients", flat=True) for name in step}
    return [{"name": name, "contact": contact_of(name)} for name in sorted(names)]
