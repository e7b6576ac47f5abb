"""Sanctions after a code of conduct: warn, limit, ban."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SanctionKind(models.TextChoices):
    """Mildest first."""

    WARN = "warn", _("warning")
    LIMIT = "limit", _("every comment is held")
    BAN = "ban", _("no comments")


class Sanction(models.Model):
    """A sanction on an account, on a mail address, or on both.

    `address` is a pseudonym (core.tokens) of the normalised address. The person is told
    by mail when it is made: reason, end and how to appeal. It outlives the account, so that
    nobody ends a sanction by cancelling one.
    """

    kind = models.CharField(max_length=10, choices=SanctionKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    address = models.CharField(max_length=64, blank=True, db_index=True)
    comment = models.ForeignKey(
        "comments.VisitorComment", models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    starts_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
