"""Policy documents, their frozen versions and the texts of each version."""

from datetime import datetime
from typing import Optional

from django.db import models
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


# These inform: they are taken note of, and never agreed to.
NOTICES = (PolicyKind.PRIVACY, PolicyKind.COOKIES)


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


class Trigger(models.TextChoices):
    """What a person does that may ask for agreement first."""

    REGISTER = "register", _("registering")
    COMMENT = "comment", _("commenting")
    CHECKOUT = "checkout", _("ordering")
    CANCEL_ACCOUNT = "cancel-account", _("cancelling an account")


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
        return self.versions.coming_after(timezone.now()).first()

    def newest(self) -> Optional["PolicyVersion"]:
        """Return the version with the greatest number."""
        return self.versions.order_by("-number").first()


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    """Named reads of versions."""

    def reached_at(self, at: datetime) -> "PolicyVersionQuerySet":
        """Versions that were published and whose moment was reached at `at`.

        A version recorded later holds from its past moment on: it tells what was in force.
        """
        published = models.Q(published_at__lte=at) | models.Q(is_recorded_later=True)
        return self.filter(published, holds_from__lte=at)

    def coming_after(self, at: datetime) -> "PolicyVersionQuerySet":
        return self.filter(holds_from__gt=at).order_by("holds_from", "number")

    def latest_first(self) -> "PolicyVersionQuerySet":
        return self.order_by("-holds_from", "-number")

    def with_texts(self) -> "PolicyVersionQuerySet":
        """With the texts whole, for a few versions."""
        return self.prefetch_related("texts")

    def with_titles(self) -> "PolicyVersionQuerySet":
        """With the texts but for their words, which may be long, for lists."""
        return self.prefetch_related(
            models.Prefetch("texts", PolicyText.objects.defer("clauses", "html", "text"))
        )


class PolicyVersion(models.Model):
    """A published version of a document. The database refuses to change or delete its row.

    `effective_at` is empty only for a text recorded later whose date is not known: it counts from
    `published_at`. `holds_from` is the moment from which the text holds, the one or the other.
    `triggers` name what asks for agreement, `new_functions` what only this version brought,
    `entity` who answered for the text, `findings` what the linter said of it, `suggestions` the
    hashes of what parts of the site suggested then. A correction mends typing errors of the
    version before it and asks nobody again. `sha256` covers the row, its authoritative text and
    `previous_sha256`: the versions of a document are a chain.
    """

    document = models.ForeignKey(PolicyDocument, models.PROTECT, related_name="versions")
    page = models.ForeignKey("wagtailcore.Page", models.PROTECT, related_name="+")
    revision_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=60, blank=True)
    updated_on = models.DateField(null=True)
    effective_at = models.DateTimeField(null=True)
    effective_zone = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField()
    holds_from = models.DateTimeField()
    is_recorded_later = models.BooleanField(default=False)
    is_correction = models.BooleanField(default=False)
    material = models.JSONField(default=list)
    reduces_rights = models.BooleanField(default=False)
    acceptance = models.CharField(max_length=16, choices=Acceptance.choices)
    triggers = models.JSONField(default=list)
    new_functions = models.JSONField(default=list)
    entity = models.JSONField(default=dict)
    suggestions = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    published_by = models.CharField(max_length=64, blank=True)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("document", "number", name="policy_version_number_unique"),
            models.UniqueConstraint("page", "revision_id", name="policy_version_per_revision"),
        ]
        indexes = [
            models.Index(fields=["document", "holds_from", "number"], name="policy_version_holds"),
        ]
        ordering = ["document", "-number"]

    def __str__(self) -> str:
        return f"{self.document_id} version {self.number}"

    def text_for(self, locale: str) -> "PolicyText":
        """Return the text in a language, or the authoritative one where there is none."""
        texts = {text.locale: text for text in self.texts.all()}
        return texts.get(locale) or self.authoritative_text

    @property
    def authoritative_text(self) -> "PolicyText":
        """The text that counts where languages differ."""
        return next(text for text in self.texts.all() if text.is_authoritative)


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
