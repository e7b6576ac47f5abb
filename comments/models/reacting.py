"""What readers do with a comment: reactions, and flags with a reason."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reaction(models.Model):
    """One reader's reaction. `voter` is a pseudonym of the account or of the visitor's token."""

    comment = models.ForeignKey(
        "comments.VisitorComment", models.CASCADE, related_name="given_reactions"
    )
    kind = models.CharField(max_length=20)
    voter = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "kind", "voter"], name="comment_one_reaction_a_voter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class FlagReason(models.TextChoices):
    """Why a reader flags a comment."""

    SPAM = "spam", _("It is spam or advertising")
    ABUSE = "abuse", _("It insults or threatens somebody")
    PRIVACY = "privacy", _("It shows somebody's personal data")
    OFF_TOPIC = "off-topic", _("It has nothing to do with the subject")
    OTHER = "other", _("Something else")


class Flag(models.Model):
    """One reader's flag. `voter` as in Reaction; settled when a moderator has looked."""

    comment = models.ForeignKey("comments.VisitorComment", models.CASCADE, related_name="flagged")
    reason = models.CharField(max_length=20, choices=FlagReason.choices)
    note = models.CharField(max_length=500, blank=True)
    voter = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "voter"], name="comment_one_flag_a_voter")
        ]
        indexes = [
            models.Index(
                fields=["comment"], name="comment_open_flags",
                condition=models.Q(settled_at__isnull=True),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.reason} {self.pk}"
