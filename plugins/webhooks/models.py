"""Endpoints that are told, and what each was told."""

import base64
import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What an endpoint can ask for."""

    COMMENT_CREATED = "comment.created", _("a comment was received")
    COMMENT_APPROVED = "comment.approved", _("a comment became visible")
    COMMENT_HIDDEN = "comment.hidden", _("a visible comment was taken away")
    COMMENT_ERASED = "comment.erased", _("a comment was erased")
    ENTRY_PUBLISHED = "entry.published", _("a post or page was published")
    ENTRY_UPDATED = "entry.updated", _("a published post or page was changed")
    ENTRY_UNPUBLISHED = "entry.unpublished", _("a post or page is public no longer")
    ENTRY_DELETED = "entry.deleted", _("a post or page was deleted")


def make_secret() -> str:
    """Return a signing secret of 192 bits in the form of the Standard Webhooks specification."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


class Endpoint(models.Model):
    """An address that is told. Deliveries are signed with `secret`, which its owner holds too."""

    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=500)
    secret = models.CharField(
        _("signing secret"), max_length=100, default=make_secret,
        help_text=_("Give it to the receiver: it proves that a message comes from here."),
    )  # fmt: skip
    events = models.JSONField(_("is told when"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class State(models.TextChoices):
    """How a delivery stands."""

    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("given up")


class Delivery(models.Model):
    """One message to one endpoint. `payload` names things by id and link, never a person.

    `error` is a code of plugins.webhooks.sending, "" where the endpoint answered at all.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(
                fields=["next_at"], name="webhooks_due", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["endpoint", "-made_at"], name="webhooks_log"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.key}"
