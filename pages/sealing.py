"""Sealing the record of agreements into a hash chain, in batches and after the fact.

A seal holds salted commitments and no event, so that writing an event never waits for the chain,
and an event that expired, or must be removed, can go while the chain still verifies. The database
lets an event go only when its removal is on record.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from pages.clauses import sha256_of
from pages.models.acceptances import (
    AcceptanceExpiry,
    AcceptanceRemoval,
    AcceptanceSeal,
    PolicyAcceptance,
    SealedCommitment,
)

BATCH = 500


def commitment_of(row: PolicyAcceptance) -> str:
    """Return the salted hash of an event's fields."""
    # Answers to a version itself name no purpose, nor do those from before there were any.
    purpose = getattr(row, "purpose", "")
    return sha256_of(
        {
            "salt": row.salt,
            "receipt": str(row.receipt),
            "version": row.version_id,
            "subject": row.subject,
            "actor": row.actor,
            "action": row.action,
            "locale": row.locale,
            "text_sha256": row.text_sha256,
            "wording": row.wording,
            "surface": row.surface,
            "at": int(row.at.timestamp() * 1_000_000),
        }
        | ({"purpose": purpose} if purpose else {})
    )


def seal_hash(number: int, sealed_at: Any, previous: str, commitments: list[str]) -> str:
    return sha256_of(
        {
            "number": number,
            "sealed_at": int(sealed_at.timestamp() * 1_000_000),
            "previous": previous,
            "commitments": commitments,
        }
    )


def seal_batch(limit: int = BATCH) -> int:
    """Seal events that are in no seal yet and return how many; 0 when another process was first."""
    sealed = SealedCommitment.objects.filter(commitment=OuterRef("commitment"))
    commitments = list(
        PolicyAcceptance.objects.filter(~Exists(sealed))
        .order_by("pk")
        .values_list("commitment", flat=True)[:limit]
    )
    # A row that was copied behind the guards must not keep the others from their seal.
    commitments = list(dict.fromkeys(commitments))
    if not commitments:
        return 0
    try:
        with transaction.atomic():
            last = AcceptanceSeal.objects.order_by("-number").first()
            number, previous = (last.number + 1, last.sha256) if last else (1, "")
            now = timezone.now()
            seal = AcceptanceSeal.objects.create(
                number=number,
                sealed_at=now,
                previous_sha256=previous,
                sha256=seal_hash(number, now, previous, commitments),
            )
            SealedCommitment.objects.bulk_create(
                SealedCommitment(seal=seal, position=position, commitment=commitment)
                for position, commitment in enumerate(commitments)
            )
    except IntegrityError:
        return 0
    return len(commitments)


def remove_events(keys: Iterable[int], reason: str) -> int:
    """Remove events for good and record why; return how many. Safe to call twice.

    What is removed was sealed before, so that its commitment stays in the chain.
    """
    wanted = set(keys)
    unsealed = ~Exists(SealedCommitment.objects.filter(commitment=OuterRef("commitment")))
    while PolicyAcceptance.objects.filter(unsealed, pk__in=wanted).exists():
        seal_batch()
    with transaction.atomic():
        rows = PolicyAcceptance.objects.select_for_update().filter(pk__in=wanted)
        now = timezone.now()
        AcceptanceRemoval.objects.bulk_create(
            [
                AcceptanceRemoval(commitment=commitment, reason=reason, removed_at=now)
                for commitment in rows.values_list("commitment", flat=True)
            ],
            ignore_conflicts=True,
        )
        AcceptanceExpiry.objects.filter(event__in=wanted).delete()
        return rows.delete()[0]


def remove_expired(today: date, limit: int = BATCH) -> int:
    """Remove the next events whose day has come; return how many, 0 when none is left."""
    due = AcceptanceExpiry.objects.filter(expires_on__lte=today).order_by("expires_on", "pk")
    keys = list(due.values_list("event_id", flat=True)[:limit])
    return remove_events(keys, AcceptanceRemoval.Reason.EXPIRED) if keys else 0


def unsealed_count() -> int:
    """Return how many events wait for their seal."""
    sealed = SealedCommitment.objects.filter(commitment=OuterRef("commitment"))
    return PolicyAcceptance.objects.filter(~Exists(sealed)).count()


def first_broken_seal() -> tuple[int, dict[str, Any] | None]:
    """Return how many seals were checked, and the first fault in chain or events, or None.

    A commitment whose event is gone is no fault where its removal is on record.
    """
    checked, previous, number = 0, "", 0
    for number, seal in enumerate(AcceptanceSeal.objects.order_by("number").iterator(), start=1):
        checked += 1
        commitments = list(
            seal.commitments.order_by("position").values_list("commitment", flat=True)
        )
        expected = seal_hash(seal.number, seal.sealed_at, seal.previous_sha256, commitments)
        if seal.number != number:
            return checked, {"seal": number, "reason": "it is missing"}
        if seal.previous_sha256 != previous:
            return checked, {"seal": number, "reason": "it does not follow from the one before it"}
        if seal.sha256 != expected:
            return checked, {"seal": number, "reason": "its commitments are not what was sealed"}
        previous = seal.sha256
    for row in PolicyAcceptance.objects.order_by("pk").iterator(chunk_size=BATCH):
        if row.commitment != commitment_of(row):
            return checked, {"event": row.pk, "reason": "it is not what was recorded"}
    same = {"commitment": OuterRef("commitment")}
    missing = SealedCommitment.objects.filter(
        ~Exists(PolicyAcceptance.objects.filter(**same)),
        ~Exists(AcceptanceRemoval.objects.filter(**same)),
    )
    lost = missing.order_by("pk").select_related("seal").first()
    if lost is not None:
        return checked, {
            "seal": lost.seal.number,
            "position": lost.position,
            "reason": "its event is gone and nobody recorded why",
        }
    return checked, None
