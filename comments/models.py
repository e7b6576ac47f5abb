"""Visitor comments, what screening said of them, and the site's discussion settings."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_comments_xtd.models import XtdComment
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from comments.settings_form import DiscussionSettingsForm


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

    def in_thread_order(self) -> "VisitorCommentQuerySet":
        return self.order_by("path")


class VisitorComment(XtdComment):
    """A comment.

    `path` is the parent's path and the own id as ten digits, so that ORDER BY path is thread
    order and writing never moves another row. `html` is the stored fragment that pages join; it
    is rendered again when `fragment_version` is not comments.fragments.VERSION. xtd's and
    contrib's own flags (is_public, is_removed) follow from `status`.
    """

    target_id = models.BigIntegerField(db_default=0)
    status = models.CharField(max_length=10, choices=Status.choices, db_default=Status.HOLD)
    path = models.CharField(max_length=200, db_default="")
    html = models.TextField(db_default="")
    fragment_version = models.PositiveSmallIntegerField(db_default=0)
    user_agent = models.CharField(max_length=254, db_default="")
    referrer = models.CharField(max_length=500, db_default="")
    language = models.CharField(max_length=16, db_default="")
    channel = models.CharField(max_length=10, db_default="")
    ip_hash = models.CharField(max_length=64, db_default="")
    is_address_verified = models.BooleanField(db_default=False)
    needs_recheck = models.BooleanField(db_default=False)

    objects = VisitorCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("visitor comment")
        verbose_name_plural = _("visitor comments")
        # contrib's default order is by date over the base table.
        ordering = ["path"]
        indexes = [
            models.Index(fields=["target_id", "status", "path"], name="comment_thread"),
            models.Index(fields=["ip_hash", "xtdcomment_ptr"], name="comment_flood"),
            models.Index(fields=["status", "xtdcomment_ptr"], name="comment_queue"),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    # xtd's save() shifts other rows and saves twice, and races; ours are placed by `path`.
    def save(self, *args: object, **kwargs: object) -> None:
        models.Model.save(self, *args, **kwargs)  # type: ignore[arg-type]


class ScreeningRecord(models.Model):
    """What one screener or moderator said of a comment, for moderators and for the person."""

    comment = models.ForeignKey(VisitorComment, models.CASCADE, related_name="screenings")
    source = models.CharField(max_length=60)
    outcome = models.CharField(max_length=20)
    score = models.FloatField(null=True)
    evidence = models.JSONField(default=list)
    reference = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.source}: {self.outcome}"


class OutgoingCopy(models.Model):
    """That a comment's data was sent to somebody else: to whom, when, and which fields."""

    comment = models.ForeignKey(VisitorComment, models.CASCADE, related_name="outgoing_copies")
    processor = models.CharField(max_length=60)
    fields = models.JSONField(default=list)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "outgoing copies"

    def __str__(self) -> str:
        return f"{self.processor} {self.pk}"


def anonymous_rest_default() -> bool:
    return bool(settings.COMMENTS_ANONYMOUS_REST)


@register_setting(icon="comment", order=300)
class DiscussionSettings(BaseGenericSetting):
    """WordPress's discussion settings, with its meanings and defaults."""

    require_name_email = models.BooleanField(_("name and address are needed"), default=True)
    comment_registration = models.BooleanField(_("only members may comment"), default=False)
    anonymous_rest = models.BooleanField(
        _("visitors may comment over REST"), default=anonymous_rest_default
    )
    close_comments_for_old_posts = models.BooleanField(
        _("close comments on old posts"), default=False
    )
    close_comments_days_old = models.PositiveIntegerField(_("old after days"), default=14)
    thread_comments = models.BooleanField(_("show replies as threads"), default=True)
    thread_comments_depth = models.PositiveSmallIntegerField(_("levels shown"), default=5)
    comment_moderation = models.BooleanField(_("hold every comment"), default=False)
    comment_previously_approved = models.BooleanField(
        _("hold until the author has an approved comment"), default=True
    )
    comment_max_links = models.PositiveSmallIntegerField(
        _("hold from this many links on"), default=2, help_text=_("0 switches this off.")
    )
    moderation_keys = models.TextField(
        _("words that hold a comment"), blank=True, help_text=_("One a line; whole words.")
    )
    disallowed_keys = models.TextField(
        _("words that put a comment into the trash"), blank=True,
        help_text=_("One a line; whole words."),
    )  # fmt: skip
    show_cookies_opt_in = models.BooleanField(_("offer to remember the author"), default=True)

    edit_handler = ObjectList(
        [FieldPanel(name) for name in (
            "require_name_email", "comment_registration", "anonymous_rest",
            "close_comments_for_old_posts", "close_comments_days_old", "thread_comments",
            "thread_comments_depth", "comment_moderation", "comment_previously_approved",
            "comment_max_links", "moderation_keys", "disallowed_keys", "show_cookies_opt_in",
            "save_anyway",
        )],
        base_form_class=DiscussionSettingsForm,
    )  # fmt: skip

    class Meta:
        verbose_name = _("discussion")
