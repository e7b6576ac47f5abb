"""Data requests, their tokens and plans, and the ledger of what was done."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Django looks for a room's tables here.
from privacy.register_models import Breach as Breach
from privacy.register_models import BreachEvent as BreachEvent
from privacy.register_models import Disclosure as Disclosure


class Kind(models.TextChoices):
    """What a person may ask for."""

    EXPORT = "export", _("Copy of my data")
    ERASURE = "erasure", _("Erasure")
    CORRECTION = "correction", _("Correction")
    RESTRICTION = "restriction", _("Restriction of use")
    OBJECTION = "objection", _("Objection")


# The software answers these by itself; the others wait for an officer.
AUTOMATIC = frozenset({Kind.EXPORT, Kind.ERASURE, Kind.RESTRICTION})


class Basis(models.TextChoices):
    """By what somebody may ask; all but the first are for an officer to examine."""

    MAILBOX = "mailbox", _("The mailbox itself")
    NO_MAILBOX = "no_mailbox", _("A mailbox that cannot be reached any more")
    GUARDIAN = "guardian", _("As a guardian")
    ESTATE = "estate", _("For somebody who has died")
    OTHER = "other", _("By another authority")


class State(models.TextChoices):
    """Where a request stands."""

    RECEIVED = "received", _("Waiting for confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("In progress")
    COMPLETE = "complete", _("Complete")
    COMPLETE_WITH_EXCEPTIONS = "complete_with_exceptions", _("Complete, with exceptions")
    PARTLY_FAILED = "partly_failed", _("Partly failed")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")


IN_WORK = (State.CONFIRMED, State.PLANNED, State.RUNNING)
ENDED = (
    State.COMPLETE,
    State.COMPLETE_WITH_EXCEPTIONS,
    State.REFUSED,
    State.EXPIRED,
    State.CANCELLED,
)
RUNNABLE = (*IN_WORK, State.PARTLY_FAILED)


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    """Named reads."""

    def in_work(self) -> "DataRequestQuerySet":
        """Return those that are confirmed and not ended; one at a time of each kind and person."""
        return self.filter(state__in=IN_WORK, awaits_review=False)

    def runnable(self) -> "DataRequestQuerySet":
        """Return those on which the software may work by itself, now."""
        is_due = models.Q(begins_at=None) | models.Q(begins_at__lte=timezone.now())
        return self.filter(is_due, kind__in=AUTOMATIC, state__in=RUNNABLE, awaits_review=False)


class DataRequest(models.Model):
    """A person's request about their own data.

    `email` is normalised, and blank as soon as the request has ended and the person was told;
    `subject_hash` is the keyed pseudonym that stays. `reasons` holds codes (privacy.reasons), never
    personal data. Who asks by another `basis` than the mailbox is reached under `contact`, whose
    pseudonym `contact_hash` stays as well, and `awaits_review` until an officer has accepted it.

    An erasure begins at `begins_at` and can be cancelled until then. `account` is the account that
    had the address when that was proven: the erasure follows it to another address. Where it
    `cancels_account`, the account goes as well.
    """

    uid = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    email = models.CharField(_("address"), max_length=320, blank=True)
    subject_hash = models.CharField(max_length=64, db_index=True)
    source_hash = models.CharField(max_length=64, blank=True, db_index=True)
    basis = models.CharField(_("asked by"), max_length=10, choices=Basis, default=Basis.MAILBOX)
    contact = models.CharField(_("answered to"), max_length=320, blank=True)
    contact_hash = models.CharField(max_length=64, blank=True, db_index=True)
    note = models.TextField(_("note"), blank=True)
    awaits_review = models.BooleanField(_("waits for an officer's review"), default=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    cancels_account = models.BooleanField(_("cancels the account"), default=False)
    state = models.CharField(_("state"), max_length=24, choices=State, default=State.RECEIVED)
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    keeps_text = models.BooleanField(_("texts stay, under nobody's name"), default=False)
    is_silent = models.BooleanField(_("no mail is sent"), default=False)
    received_at = models.DateTimeField(_("received at"), db_index=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    begins_at = models.DateTimeField(_("begins at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"))
    extended_at = models.DateTimeField(_("extended at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    # Of the time for an answer, the per cent that officers were told of last.
    escalated_percent = models.PositiveSmallIntegerField(null=True, editable=False)
    touched_at = models.DateTimeField(auto_now=True)
    # Of an erasure that is made again after a restore: what is newer is left alone.
    cutoff_at = models.DateTimeField(null=True, editable=False)
    locale = models.CharField(_("language"), max_length=20)
    scrub = models.JSONField(_("what was done to the database file"), default=dict, blank=True)
    is_scrubbed = models.BooleanField(default=False)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        ordering = ("-received_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject_hash"],
                condition=models.Q(
                    state__in=["confirmed", "planned", "running"], awaits_review=False
                ),
                name="privacy_one_request_in_work",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} request {self.uid}"

    @property
    def mailbox(self) -> str:
        """Return the address to which answers go."""
        return self.contact or self.email


class Step(models.TextChoices):
    """What a person decided about a request, or an officer for them."""

    OPENED = "opened", _("Opened by an officer")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    ANSWERED = "answered", _("Answered")
    EXTENDED = "extended", _("Time extended")
    HURRIED = "hurried", _("Begun before the waiting time was over")
    CORRECTED = "corrected", _("Corrected")
    LIFTED = "lifted", _("Restriction lifted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RequestDecision(models.Model):
    """One decision about a request: what, on which ground, by whom and when; no words of anybody.

    `by` is None where the person decided, or the account of the officer is gone. `ground` is a code
    of privacy.reasons, `fields` are the names of what was corrected.
    """

    request = models.ForeignKey(DataRequest, models.CASCADE, related_name="decisions")
    step = models.CharField(max_length=10, choices=Step)
    ground = models.CharField(max_length=40, blank=True)
    fields = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"


class Restriction(models.Model):
    """A restriction that stands until its person, or an officer with notice to them, lifts it.

    `email` is where its person is told, and blank once it is lifted. What it covers are the keys in
    the steps of its request, which stay for as long.
    """

    request = models.OneToOneField(DataRequest, models.CASCADE, related_name="restriction")
    email = models.CharField(max_length=320, blank=True)
    begun_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"restriction {self.pk}"


class Purpose(models.TextChoices):
    """What a token is good for; it opens nothing else."""

    CONFIRM = "confirm", _("Confirm")
    DOWNLOAD = "download", _("Download")
    STATUS = "status", _("Status")
    CANCEL = "cancel", _("Cancel")


class RequestToken(models.Model):
    """A random token and a short code that prove the mailbox; only their hashes are stored."""

    request = models.ForeignKey(DataRequest, on_delete=models.CASCADE, related_name="tokens")
    purpose = models.CharField(max_length=10, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} token {self.pk}"


class StepState(models.TextChoices):
    """Where a step of a plan stands; an unresolved one has no keys because its provider failed."""

    PENDING = "pending", _("Pending")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    UNRESOLVED = "unresolved", _("Unresolved")


class PlanStep(models.Model):
    """Keys of one provider that are erased in one transaction, written down before any is."""

    request = models.ForeignKey(DataRequest, on_delete=models.CASCADE, related_name="steps")
    provider = models.CharField(max_length=100)
    keys = models.JSONField(default=list)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=StepState, default=StepState.PENDING)
    removed = models.PositiveIntegerField(default=0)
    retained = models.JSONField(default=list)
    recipients = models.JSONField(default=list)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "position"], name="privacy_step_position")
        ]

    def __str__(self) -> str:
        return f"step {self.position} ({self.provider})"


class LedgerEntry(models.Model):
    """That this database knows of an erasure, written before it was made; it names nobody.

    It has no link to the request, so that it outlives it until `expires_on`. The ledger itself is
    a store apart (privacy.ledger): what stands there and not here was undone by a restore.
    """

    request_uid = models.UUIDField(unique=True)
    subject = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    counts = models.JSONField(default=dict)
    expires_on = models.DateField()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")

    def __str__(self) -> str:
        return f"{self.kind} {self.request_uid}"


class ExportFile(models.Model):
    """An export in the private storage; the row goes together with the file."""

    request = models.ForeignKey(DataRequest, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"export file {self.pk}"


class PersonalTable(models.Model):
    """A table that held personal data when the database was last migrated.

    It outlives the app it came with: a plugin that is switched off leaves its data behind, and
    nobody would answer for it. `providers` are the identifiers of those that did.
    """

    table = models.CharField(max_length=120, primary_key=True)
    app_label = models.CharField(max_length=100)
    providers = models.JSONField(default=list)
    recorded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.table
