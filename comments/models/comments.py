"""Visitor comments and the texts they had before."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import XtdComment

from comments.repeats import author_ref, repeat_key


class Status(models.TextChoices):
    """WordPress's four states."""

    APPROVED = "approved", _("approved")
    HOLD = "hold", _("waiting")
    SPAM = "spam", _("spam")
    TRASH = "trash", _("trash")


class VisitorCommentQuerySet(models.QuerySet["VisitorComment"]):
    """Named reads."""

    def approved(self) -> "VisitorCommentQuerySet":
        return self.filter(status=Status.APPROVED)

    def on(self, target_id: int) -> "VisitorCommentQuerySet":
        return self.filter(target_id=target_id)

    def unrestricted(self) -> "VisitorCommentQuerySet":
        """Leave out what its author asked to keep and not to use."""
        # The table of limitations points here. Few are there: they are read once, not per comment.
        from comments.models.limiting import Limitation

        restricted = Limitation.objects.filter(is_restricted=True)
        return self.exclude(pk__in=restricted.values("comment_id"))

    def in_thread_order(self) -> "VisitorCommentQuerySet":
        return self.order_by("path")


class VisitorComment(XtdComment):
    """A comment.

    `path` is the parent's path and the own id as ten digits, so that ORDER BY path is thread
    order and writing never moves another row. `depth` is the level and `posted_at` the submit_date,
    on this table so that top comments and newest comments are found by an index. `comment` is what
    the author wrote, sanitised, in `markup`; `rendered` is its HTML and `html` the stored head
    above it, which pages join: both are made again when `fragment_version` is not what
    comments.fragments.current_version() says. xtd's and contrib's own flags (is_public, is_removed)
    follow from `status`.

    Who wrote it is proven by `user`, by `is_address_verified` (a mailbox answered) or by
    `author_key` (the hash of the signed cookie that came along); a typed address proves nothing.
    `ip_hash` is keyed with the NetworkKey of the day, which is destroyed later. `author_ref` and
    `repeat_key` (comments.repeats) tell the same author and the same words again by an index.
    `kind` tells a visitor's comment from what other sites sent of themselves.
    `meta` holds registered custom fields by name, each with its values as text.
    `recheck_at` is when a screener that could not tell is asked again, until `recheck_until`.
    """

    class Kind(models.TextChoices):
        """WordPress's types of comments."""

        COMMENT = "comment", _("comment")
        PINGBACK = "pingback", _("pingback")
        TRACKBACK = "trackback", _("trackback")

    target_id = models.BigIntegerField(db_default=0)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.COMMENT,
                            db_default=Kind.COMMENT)  # fmt: skip
    status = models.CharField(max_length=10, choices=Status.choices, db_default=Status.HOLD)
    path = models.CharField(max_length=200, db_default="")
    depth = models.PositiveSmallIntegerField(db_default=0)
    posted_at = models.DateTimeField(null=True)
    html = models.TextField(db_default="")
    rendered = models.TextField(db_default="")
    fragment_version = models.PositiveSmallIntegerField(db_default=0)
    markup = models.CharField(max_length=10, default="html", db_default="html")
    edited_at = models.DateTimeField(null=True)
    user_agent = models.CharField(max_length=254, db_default="")
    referrer = models.CharField(max_length=500, db_default="")
    language = models.CharField(max_length=16, default="", db_default="")
    channel = models.CharField(max_length=10, db_default="")
    ip_hash = models.CharField(max_length=64, db_default="")
    author_key = models.CharField(max_length=64, db_default="")
    is_address_verified = models.BooleanField(db_default=False)
    imported_at = models.DateTimeField(null=True)
    author_ref = models.BigIntegerField(null=True)
    repeat_key = models.BigIntegerField(null=True)
    fingerprint = models.BigIntegerField(db_default=0)
    score = models.FloatField(null=True)
    main_reason = models.CharField(max_length=40, db_default="")
    recheck_at = models.DateTimeField(null=True)
    recheck_until = models.DateTimeField(null=True)
    reactions = models.JSONField(default=dict, db_default={})
    meta = models.JSONField(default=dict, db_default={})

    objects = VisitorCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("visitor comment")
        verbose_name_plural = _("visitor comments")
        # contrib's default order is by date over the base table.
        ordering = ["path"]
        indexes = [
            models.Index(fields=["target_id", "status", "path"], name="comment_thread"),
            models.Index(
                fields=["target_id", "status", "path"],
                name="comment_roots",
                condition=models.Q(depth=0),
            ),
            models.Index(
                fields=["target_id", "status", "posted_at", "xtdcomment_ptr"],
                name="comment_by_date",
            ),
            models.Index(fields=["status", "posted_at", "xtdcomment_ptr"], name="comment_newest"),
            models.Index(fields=["ip_hash", "xtdcomment_ptr"], name="comment_flood"),
            models.Index(
                fields=["author_ref", "xtdcomment_ptr"],
                name="comment_author",
                condition=models.Q(author_ref__isnull=False),
            ),
            models.Index(
                fields=["author_ref"],
                name="comment_imported",
                condition=models.Q(imported_at__isnull=False),
            ),
            models.Index(
                fields=["repeat_key"],
                name="comment_repeat",
                condition=models.Q(repeat_key__isnull=False),
            ),
            models.Index(fields=["status", "xtdcomment_ptr"], name="comment_queue"),
            models.Index(
                fields=["status", "main_reason", "xtdcomment_ptr"], name="comment_by_reason"
            ),
            models.Index(fields=["status", "score", "xtdcomment_ptr"], name="comment_by_score"),
            models.Index(
                fields=["author_key"],
                name="comment_author_key",
                condition=~models.Q(author_key=""),
            ),
            models.Index(
                fields=["recheck_at"],
                name="comment_recheck",
                condition=models.Q(recheck_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    # xtd's save() shifts other rows and saves twice, and races; ours are placed by `path`.
    def save(self, *args: Any, **kwargs: Any) -> None:
        named = kwargs.get("update_fields")
        followed = self.follow(None if named is None else set(named))
        if named is not None:
            kwargs["update_fields"] = {*named, *followed}
        models.Model.save(self, *args, **kwargs)

    def follow(self, changed: set[str] | None = None) -> list[str]:
        """Set the columns that follow from the changed ones, or from all; return their names."""
        followed = [
            name
            for name, (sources, _) in FOLLOWING.items()
            if changed is None or not sources.isdisjoint(changed)
        ]
        for name in followed:
            setattr(self, name, FOLLOWING[name][1](self))
        return followed


def repeat_key_of(comment: VisitorComment) -> int | None:
    return repeat_key(
        target_id=comment.target_id,
        parent_id=comment.parent_id if comment.depth else 0,
        author=comment.user_email or comment.user_name,
        text=comment.comment,
    )


# Columns by which comments are found: never older than what they are made from.
FOLLOWING: dict[str, tuple[set[str], Callable[[VisitorComment], Any]]] = {
    "posted_at": ({"submit_date"}, lambda comment: comment.submit_date),
    "is_public": ({"status"}, lambda comment: comment.status == Status.APPROVED),
    "is_removed": ({"status"}, lambda comment: comment.status in {Status.SPAM, Status.TRASH}),
    "author_ref": ({"user_email"}, lambda comment: author_ref(comment.user_email)),
    "repeat_key": ({"user_email", "user_name", "comment"}, repeat_key_of),
}


class EarlierText(models.Model):
    """What a comment said before its author changed it; for moderators, export and erasure."""

    comment = models.ForeignKey(VisitorComment, models.CASCADE, related_name="earlier_texts")
    text = models.TextField()
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"earlier text {self.pk}"
