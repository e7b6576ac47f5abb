"""What moderators and rules did to comments, where they may, and what must be kept."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models


class ModerationAct(models.Model):
    """One change of a comment's state, by a person or by a rule.

    Acts of one click share a `batch`, which is what undo takes back. `by` is the moderator, `agent`
    what acted where nobody did: author, flags, recheck, retention. It outlives the comment.
    """

    comment = models.ForeignKey(
        "comments.VisitorComment", models.SET_NULL, null=True, related_name="acts"
    )
    batch = models.UUIDField(db_index=True)
    old_status = models.CharField(max_length=10)
    new_status = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    agent = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.old_status} to {self.new_status}"


class ModeratorScope(models.Model):
    """A page below which a group moderates. A group without any moderates the whole site."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="comment_scopes")
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "page"], name="comment_one_scope")]

    def __str__(self) -> str:
        return f"scope {self.pk}"


class LegalHold(models.Model):
    """That a comment must be kept as evidence, on what basis and until when.

    While it is not released, nobody deletes the comment, neither retention nor an erasure; one
    that was asked for meanwhile is due when the last hold ends.
    """

    comment = models.ForeignKey(
        "comments.VisitorComment", models.PROTECT, related_name="legal_holds"
    )
    reason = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=200)
    until = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)
    erasure_due = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"legal hold {self.pk}"
