"""Who agreed to which version of which policy, and when; and the seals that prove the record."""

import secrets
import uuid

from django.db import models
from django.utils import timezone


def make_salt() -> str:
    """Return 128 random bits: without them a commitment tells nothing about its row."""
    return secrets.token_hex(16)


class PolicyAcceptance(models.Model):
    """One event: rows are only ever added, and removed when they expire.

    The person is named by a keyed pseudonym of their account or mail address, so that the proof
    outlives the account without naming anybody (core.tokens.pseudonym, purpose "acceptance").
    `actor` is who acted where that was somebody else. `commitment` is what the seals hold.
    """

    version = models.ForeignKey("pages.PolicyVersion", models.PROTECT, related_name="acceptances")
    subject = models.CharField(max_length=64, db_index=True)
    actor = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=16)
    locale = models.CharField(max_length=16)
    text_sha256 = models.CharField(max_length=64)
    wording = models.TextField(blank=True)
    surface = models.CharField(max_length=40)
    receipt = models.UUIDField(default=uuid.uuid4, db_index=True)
    salt = models.CharField(max_length=32, default=make_salt)
    commitment = models.CharField(max_length=64, blank=True, db_index=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.action} of {self.version_id}"


class AcceptanceSeal(models.Model):
    """A link of the chain: the commitments of a batch of events and the link before it."""

    number = models.PositiveIntegerField(unique=True)
    sealed_at = models.DateTimeField()
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"seal {self.number}"


class SealedCommitment(models.Model):
    """One event's commitment in a seal; it stays when the event itself is removed."""

    seal = models.ForeignKey(AcceptanceSeal, models.PROTECT, related_name="commitments")
    position = models.PositiveIntegerField()
    commitment = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("seal", "position", name="sealed_commitment_position"),
        ]

    def __str__(self) -> str:
        return f"{self.seal_id}/{self.position}"
