"""What moderators and rules did to comments, where they may, and what must be kept."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _


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
    """A page below which a group moderates. A group without any moderates the whole site.

    The row stays without its page when that is deleted: it must not widen the group's rights.
    """

    group = models.ForeignKey(Group, models.CASCADE, related_name="comment_scopes")
    page = models.ForeignKey("wagtailcore.Page", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "page"], name="comment_one_scope")]

    def __str__(self) -> str:
        return f"scope {self.pk}"


class TrustedAuthor(models.Model):
    """An author whose comments no longer wait for a moderator, until `ended_at`.

    Trust stands on what can be proven and on one thing only: an account, a verified mail address
    (as the pseudonym of its one form) or the key of the signed cookie. A typed address proves
    nothing, so nobody can be trusted by it. `batch` is the decision that undo takes back.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    address = models.CharField(max_length=64, blank=True)
    author_key = models.CharField(max_length=64, blank=True)
    batch = models.UUIDField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["address"], name="comment_trusted_address"),
            models.Index(fields=["author_key"], name="comment_trusted_key"),
        ]

    def __str__(self) -> str:
        return f"trusted author {self.pk}"


class BlockedKey(models.Model):
    """A line that a moderator's decision put into the disallowed keys; undo takes it out again."""

    key = models.CharField(max_length=300)
    batch = models.UUIDField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"blocked key {self.pk}"


class MassDecision(models.Model):
    """A decision on every comment that a search found, carried out by a task in small steps.

    `criteria` are the search's, without anything personal once it is finished; `until_id` is the
    newest comment when the moderator decided, so that what came later is left alone; `done_id` is
    how far the task has come. `batch` is that of its acts, which undo takes back as one.
    """

    batch = models.UUIDField(primary_key=True)
    action = models.CharField(max_length=10)
    criteria = models.JSONField(default=dict)
    until_id = models.BigIntegerField()
    done_id = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField()
    changed = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"mass decision {self.batch}"


class MailCursor(models.Model):
    """Up to which comment and which act one kind of mail has been written, and when."""

    kind = models.CharField(max_length=20, primary_key=True)
    comment_id = models.BigIntegerField(default=0)
    act_id = models.BigIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"mail cursor {self.kind}"


class MailChoice(models.Model):
    """Which mails about comments a moderator or an author does not want."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    wants_held = models.BooleanField(_("mail me about comments that wait"), default=True)
    wants_own = models.BooleanField(_("mail me about comments on my posts"), default=True)

    def __str__(self) -> str:
        return f"mail choice {self.pk}"


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
