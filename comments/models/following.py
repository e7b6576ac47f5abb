"""Mail about comments: followers, the mails they got, comments that wait for a mailbox."""

from django.conf import settings
from django.db import models


class Follower(models.Model):
    """Somebody who wants mail about new comments: on a whole target, or below one comment.

    Nothing is sent before `confirmed_at` (double opt-in; an account's verified address counts) nor
    after `ended_at`. Links in mails carry signed tokens of the row, never an address.
    """

    target_id = models.BigIntegerField()
    comment = models.ForeignKey(
        "comments.VisitorComment", models.CASCADE, null=True, related_name="followers"
    )
    email = models.CharField(max_length=254)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=16)
    asked_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["target_id"], name="comment_followers")]
        constraints = [
            models.UniqueConstraint(
                fields=["target_id", "email"], name="comment_one_following",
                condition=models.Q(comment__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["comment", "email"], name="comment_one_thread_following"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"follower {self.pk}"


class FollowUpMail(models.Model):
    """That a follower is told of a comment: one row, so one mail, ever."""

    follower = models.ForeignKey(Follower, models.CASCADE, related_name="mails")
    comment = models.ForeignKey("comments.VisitorComment", models.CASCADE, related_name="+")
    queued_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "comment"], name="comment_one_mail_a_follower"
            )
        ]

    def __str__(self) -> str:
        return f"follow-up mail {self.pk}"


class UnconfirmedComment(models.Model):
    """A comment that waits until its author's mailbox has answered; it goes when its time is over.

    `data` is what was received, with what screening said of it then; the mail holds the random
    token whose hash is here, and nothing else.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    target_id = models.BigIntegerField()
    email = models.CharField(max_length=254, db_index=True)
    data = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"unconfirmed comment {self.pk}"
