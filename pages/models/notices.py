"""Who was told of which change of a policy, how it reached them, and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """Where one person's notice stands."""

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    BOUNCED = "bounced", _("bounced")
    FAILED = "failed", _("failed")
    SHOWN = "shown", _("shown on the site")


class NoticeCampaign(models.Model):
    """Telling everybody of one version.

    `total` is how many were to be told when it began. `cursor` is the account up to which
    notices are queued; `queued_at` says that all are, `finished_at` that none waits any more.
    """

    version = models.OneToOneField(
        "pages.PolicyVersion", models.PROTECT, related_name="notice_campaign"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    total = models.PositiveIntegerField()
    cursor = models.BigIntegerField(default=0)
    queued_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"notices of version {self.version_id}"


class NoticeDelivery(models.Model):
    """One person's notice of one version.

    `tried_at` is when a worker last took it up: whoever dies while sending leaves it in the state
    `sending`, and some time after that moment another worker takes it up again. The person is
    named by the number of their account, and the row goes with the account.
    """

    campaign = models.ForeignKey(NoticeCampaign, models.CASCADE, related_name="deliveries")
    user_id = models.BigIntegerField()
    state = models.CharField(
        max_length=16, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    soft_bounces = models.PositiveSmallIntegerField(default=0)
    bounced_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # The person first: sign-ins, bounces and erasures look rows up by them.
            models.UniqueConstraint("user_id", "campaign", name="notice_once_per_person"),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "attempts"], name="notice_by_state"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"
