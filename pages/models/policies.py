"""Policy documents, their frozen versions and the texts of each version."""

from datetime import datetime
from typing import Optional

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PolicyKind(models.TextChoices):
    """What a policy is about."""

    PRIVACY = "privacy", _("Privacy policy")
    TERMS = "terms", _("Terms of service")
    TRANSACTION = "transaction", _("Transaction terms")
    ACCOUNT_CANCELLATION = "account-cancellation", _("Account cancellation notice")
    COOKIES = "cookies", _("Cookie policy")
    COMMENTS = "comments", _("Comment rules")
    OTHER = "other", _("Other policy")


class MaterialChange(models.TextChoices):
    """The six kinds of change of which people are told prominently."""

    SERVICE = "service", _("what the service is, its purpose, the data it needs or its use")
    OWNERSHIP = "ownership", _("who owns or runs the service")
    RECIPIENTS = "recipients", _("who receives personal data")
    RIGHTS = "rights", _("the rights of people, or how to use them")
    CONTACT = "contact", _("who answers for personal data, and how to reach or complain to them")
    RISK = "risk", _("an assessment found a high risk")


class Acceptance(models.TextChoices):
    """What a version asks of people."""

    NONE = "none", _("nothing")
    ACKNOWLEDGEMENT = "acknowledgement", _("to take note")
    ACCEPTANCE = "acceptance", _("to agree")


class PolicyDocument(models.Model):
    """One legal document across its languages; pages that translate each other share its key."""

    translation_key = models.UUIDField(unique=True)
    kind = models.CharField(max_length=24, choices=PolicyKind.choices)
    slug = models.SlugField(max_length=255, unique=True, allow_unicode=True)
    authoritative_locale = models.CharField(max_length=16)

    def __str__(self) -> str:
        return self.slug

    def in_force(self, at: datetime | None = None) -> Optional["PolicyVersion"]:
        """Return the version in force at a moment, by default this one; decided when read."""
        return self.versions.reached_at(at or timezone.now()).latest_first().first()

    def announced(self) -> Optional["PolicyVersion"]:
        """Return the next version that is published and not in force yet."""
        return self.versions.coming_after(timezone.now()).order_by("moment", "number").first()


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Named reads of versions. `moment` is when a version's text began or begins to hold."""

    def with_moment(self) -> "PolicyVersionQuerySet":
        return self.annotate(moment=Coalesce("effective_at", "published_at"))

    def reached_at(self, at: datetime) -> "PolicyVersionQuerySet":
        """Versions that were published and whose moment was reached at `at`.

        A version recorded later holds from its past moment on: it tells what was in force.
        """
        published = models.Q(published_at__lte=at) | models.Q(is_recorded_later=True)
        return self.with_moment().filter(published, moment__lte=at)

    def coming_after(self, at: datetime) -> "PolicyVersionQuerySet":
        return self.with_moment().filter(moment__gt=at)

    def latest_first(self) -> "PolicyVersionQuerySet":
        return self.order_by("-moment", "-number")


class PolicyVersion(models.Model):
    """A published version of a document. The database refuses to change or delete its row.

    `effective_at` is empty only for a text recorded later whose date is not known: it counts from
    `published_at`. `sha256` covers the row, its authoritative text and `previous_sha256`, so that
    the versions of a document form a chain.
    """

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="versions")
    page = models.ForeignKey("wagtailcore.Page", models.PROTECT, related_name="+")
    revision_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    updated_on = models.DateField(null=True)
    effective_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    is_recorded_later = models.BooleanField(default=False)
    material = models.JSONField(default=list)
    reduces_rights = models.BooleanField(default=False)
    acceptance = models.CharField(max_length=16, choices=Acceptance.choices)
    published_by = models.CharField(max_length=64, blank=True)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("document", "number", name="policy_version_number_unique"),
            models.UniqueConstraint("page", "revision_id", name="policy_version_per_revision"),
        ]
        ordering = ["document", "-number"]

    def __str__(self) -> str:
        return f"{self.document_id} version {self.number}"

    @property
    def holds_from(self) -> datetime:
        """The moment from which the version's text holds."""
        return self.effective_at or self.published_at

    def text_for(self, locale: str) -> "PolicyText":
        """Return the text in a language, or the authoritative one where there is none."""
        texts = {text.locale: text for text in self.texts.all()}
        return texts.get(locale) or next(text for text in texts.values() if text.is_authoritative)


class PolicyText(models.Model):
    """The words of a version in one language; frozen like the version."""

    version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="texts")
    locale = models.CharField(max_length=16)
    is_authoritative = models.BooleanField()
    title = models.CharField(max_length=255)
    summary = models.TextField()
    clauses = models.JSONField()
    html = models.TextField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint("version", "locale", name="policy_text_per_locale"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.locale}"
