"""What screening said and learnt, what was sent to others, and keys that are destroyed in time."""

from django.conf import settings
from django.db import models


class ScreeningRecord(models.Model):
    """One decision of screening on a comment, with the reasons that every screener gave.

    `evidence` is a list of {"screener", "code", "message", "data", "weight"}; a message is
    translated and filled with its data when it is shown. `source` says what asked: submission,
    recheck, edit. `reference` is the outside service's own name of the check (Akismet's guid).
    """

    comment = models.ForeignKey(
        "comments.VisitorComment", models.CASCADE, related_name="screenings"
    )
    source = models.CharField(max_length=60)
    outcome = models.CharField(max_length=20)
    score = models.FloatField(null=True)
    evidence = models.JSONField(default=list)
    reference = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.source}: {self.outcome}"


class OutgoingCopy(models.Model):
    """That a comment's data was sent to somebody else: to whom, when, which fields and what for."""

    comment = models.ForeignKey(
        "comments.VisitorComment", models.CASCADE, related_name="outgoing_copies"
    )
    processor = models.CharField(max_length=60)
    purpose = models.CharField(max_length=30, default="check")
    fields = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "outgoing copies"

    def __str__(self) -> str:
        return f"{self.processor} {self.pk}"


class ServiceState(models.Model):
    """How an outside screening service is doing: one row a service."""

    service = models.CharField(max_length=60, primary_key=True)
    failing_since = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    usage = models.JSONField(default=dict)
    next_try_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.service


class LocalModel(models.Model):
    """The local classifier of this site: one row, replaced whole.

    `weights` are the weights that differ from their prior, packed and compressed; `version` goes up
    with each change, so that a worker knows when to load it again. `needs_rebuild` says that
    lessons are gone from which it had learnt.
    """

    version = models.PositiveBigIntegerField(default=0)
    weights = models.BinaryField(default=bytes)
    checksum = models.CharField(max_length=64, blank=True)
    lessons = models.PositiveIntegerField(default=0)
    thresholds = models.JSONField(default=dict)
    trained_at = models.DateTimeField(null=True)
    needs_rebuild = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"local model {self.version}"


class Lesson(models.Model):
    """One explicit human decision from which the local model learnt, as hashed features.

    It outlives the comment (`comment_id` is no foreign key), so that the model can be built anew,
    and goes with it when its author is erased.
    """

    comment_id = models.BigIntegerField(db_index=True)
    features = models.BinaryField()
    is_spam = models.BooleanField()
    weight = models.FloatField(default=1.0)
    score_before = models.FloatField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"lesson {self.pk}"


class NetworkKey(models.Model):
    """The key of one day's network address hashes.

    Once it is deleted nobody can tell which address a hash of that day was.
    """

    day = models.DateField(primary_key=True)
    key = models.BinaryField()

    def __str__(self) -> str:
        return f"network key {self.day}"
