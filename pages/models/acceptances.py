"""Who agreed to which version of which policy, and when; and the seals that prove the record."""

import secrets
import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def make_salt() -> str:
    """Return 128 random bits: without them a commitment tells nothing about its row."""
    return secrets.token_hex(16)


class PolicyAcceptance(models.Model):
    """One event: rows are only ever added, and removed when they expire.

    The person is named by a keyed pseudonym of their account or mail address, so that the proof
    outlives the account without naming anybody (core.tokens.pseudonym, purpose "acceptance").
    `actor` is who acted where that was somebody else. `purpose` is what a consent is for, empty
    where the answer is to the version itself; a consent names the privacy notice of its moment,
    if there was one. `commitment` is what the seals hold.
    """

    version = models.ForeignKey(
        "pages.PolicyVersion", models.PROTECT, null=True, related_name="acceptances"
    )
    purpose = models.CharField(max_length=120, blank=True)
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
        return f"{self.action} of {self.version_id or self.purpose}"


class AcceptanceExpiry(models.Model):
    """When an event goes. While an account is open, what its owner answered has no such day."""

    event = models.OneToOneField(PolicyAcceptance, models.CASCADE, related_name="expiry")
    expires_on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"end of {self.event_id}"


class AcceptanceRemoval(models.Model):
    """Why an event is no longer there: without such a row the database lets none go."""

    class Reason(models.TextChoices):
        """Why an event was removed."""

        EXPIRED = "expired", _("its time was over")
        REDACTED = "redacted", _("it had to be removed")

    commitment = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    removed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"removal {self.pk}"


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
