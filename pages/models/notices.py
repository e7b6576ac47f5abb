"""Who was told of which change of a policy, how it reached them, and when."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """Where one person's notice stands."""

    QUEUED = "queued", _("queued")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    BOUNCED = "bounced", _("bounced")
    FAILED = "failed", _("failed")
    SHOWN = "shown", _("shown on the site")


class NoticeSubscriber(models.Model):
    """Somebody without an account who wants to be told of changes of policies.

    The address is in its one form (core.extensions.personal_data.normalise_address). Until its
    owner confirms it, the row is a wish that anybody may have typed: it causes one mail and is
    forgotten. `source_hash` is a pseudonym of the network address, for limits, and goes with the
    confirmation. A hard bounce ends the mails until the address is confirmed anew.
    """

    email = models.CharField(max_length=254, db_index=True)
    language = models.CharField(max_length=16)
    source_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    mailed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "email",
                condition=models.Q(confirmed_at__isnull=False),
                name="notice_subscriber_once",
            ),
        ]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class NoticeCampaign(models.Model):
    """Telling everybody of one version.

    `total` is how many were to be told when it began. `cursor` is the account up to which
    notices are queued, `subscriber_cursor` the same of subscribers, who come when
    `accounts_queued_at` says that all accounts are; `queued_at` says that everybody is,
    `finished_at` that nobody waits any more.
    """

    version = models.OneToOneField(
        "pages.PolicyVersion", models.PROTECT, related_name="notice_campaign"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    total = models.PositiveIntegerField()
    cursor = models.BigIntegerField(default=0)
    accounts_queued_at = models.DateTimeField(null=True)
    subscriber_cursor = models.BigIntegerField(default=0)
    queued_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"notices of version {self.version_id}"


class NoticeDelivery(models.Model):
    """One person's notice of one version.

    `tried_at` is when a worker last took it up: whoever dies while sending leaves it in the state
    `sending`, and some time after that moment another worker takes it up again. The person is
    named by the number of their account, and the row goes with the account; or by their
    subscription, and the row is nobody's when that ends.
    """

    campaign = models.ForeignKey(NoticeCampaign, models.CASCADE, related_name="deliveries")
    user_id = models.BigIntegerField(null=True)
    subscriber = models.ForeignKey(
        NoticeSubscriber, models.SET_NULL, null=True, related_name="deliveries"
    )
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
            models.UniqueConstraint("subscriber", "campaign", name="notice_once_per_subscriber"),
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "attempts"], name="notice_by_state"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"
