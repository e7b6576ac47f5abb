"""Sealing the record of agreements into a hash chain, in batches and after the fact.

A seal holds salted commitments and no event, so that writing an event never waits for the chain,
and an event that expired can be removed while the chain still verifies.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from pages.clauses import sha256_of
from pages.models.acceptances import AcceptanceSeal, PolicyAcceptance, SealedCommitment

BATCH = 500


def commitment_of(row: PolicyAcceptance) -> str:
    """Return the salted hash of an event's fields."""
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


def first_broken_seal() -> tuple[int, dict[str, Any] | None]:
    """Return how many seals were checked, and the first fault in chain or events, or None."""
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
    return checked, None
