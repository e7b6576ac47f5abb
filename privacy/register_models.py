"""The officers' registers: what was handed to authorities, and breaches with what was done."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# GDPR, article 33(1): the authority is told within 72 hours after a breach became known.
TIME_TO_TELL = timedelta(hours=72)


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    """Named reads of the register of disclosures."""

    def tellable(self) -> "DisclosureQuerySet":
        """Leave out what the person must not be told of, for now."""
        today = timezone.localdate()
        return self.filter(models.Q(is_secret=False) | models.Q(secret_until__lt=today))


class Disclosure(models.Model):
    """That data of a person was handed to an authority, which one, and on what basis.

    The person is there as the keyed hash of their address, and as the address is shown masked:
    nothing is left to erase, and they are found again when they ask. Entries are not changed; an
    order of secrecy alone can be lifted.
    """

    uid = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    subject_hash = models.CharField(max_length=64, db_index=True)
    shown_as = models.CharField(_("whose data"), max_length=40)
    authority = models.CharField(_("authority"), max_length=200)
    file_number = models.CharField(_("the authority's file number"), max_length=100, blank=True)
    basis = models.CharField(_("legal basis"), max_length=300)
    what = models.TextField(
        _("what was handed over"), help_text=_("Kinds of data and of which period, not the data.")
    )
    disclosed_on = models.DateField(_("handed over on"))
    is_secret = models.BooleanField(
        _("secrecy was ordered"), default=False,
        help_text=_("The person is told neither in a copy of their data nor after an erasure."),
    )  # fmt: skip
    secret_until = models.DateField(
        _("last day of the secrecy"), null=True, blank=True,
        help_text=_("Empty: until it is lifted here."),
    )  # fmt: skip
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ("-disclosed_on", "-pk")

    def __str__(self) -> str:
        return f"disclosure {self.uid}"

    @property
    def is_kept_secret(self) -> bool:
        """Tell whether the person must not be told today."""
        return self.is_secret and (
            self.secret_until is None or self.secret_until >= timezone.localdate()
        )


class Risk(models.TextChoices):
    """What a breach may mean for the people whose data it is (GDPR, articles 33 and 34)."""

    UNKNOWN = "unknown", _("Not assessed yet")
    UNLIKELY = "unlikely", _("No risk is likely")
    RISK = "risk", _("A risk: the authority is told")
    HIGH = "high", _("A high risk: the people are told as well")


class Breach(models.Model):
    """A breach of personal data, with a clock from the moment it was found.

    What was done about it, and who was told, are its events; the texts name nobody.
    """

    uid = models.UUIDField(_("reference"), default=uuid.uuid4, unique=True, editable=False)
    what = models.TextField(_("what happened"), help_text=_("Name nobody."))
    found_at = models.DateTimeField(_("found at"))
    kinds = models.TextField(_("which kinds of data"))
    people = models.PositiveIntegerField(_("about how many people"), null=True, blank=True)
    records = models.PositiveIntegerField(_("about how many records"), null=True, blank=True)
    risk = models.CharField(_("risk"), max_length=10, choices=Risk, default=Risk.UNKNOWN)
    consequences = models.TextField(_("what may follow from it"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, db_index=True)
    # Of the 72 hours, the per cent that officers were told of last.
    escalated_percent = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        ordering = ("-found_at", "-pk")

    def __str__(self) -> str:
        return f"breach {self.uid}"

    @property
    def due_at(self):  # type: ignore[no-untyped-def]
        """When the authority is to be told at the latest."""
        return self.found_at + TIME_TO_TELL


class EventKind(models.TextChoices):
    """What is noted about a breach."""

    MEASURE = "measure", _("Measure")
    AUTHORITY = "authority", _("The authority was told")
    PEOPLE = "people", _("The people were told")
    OTHER = "other", _("Somebody else was told")
    DELAY = "delay", _("Reason for a delay")
    NOT_TOLD = "not_told", _("Reason for telling nobody")


class BreachEvent(models.Model):
    """One thing that was done about a breach, when and by whom; it is not changed afterwards."""

    breach = models.ForeignKey(Breach, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=10, choices=EventKind)
    at = models.DateTimeField(_("when"))
    text = models.TextField(_("in words"), help_text=_("Name nobody."))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.kind} of breach {self.breach_id}"
