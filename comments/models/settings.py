"""The site's discussion settings: WordPress's, with its meanings and defaults, and ours."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from comments.settings_form import DiscussionSettingsForm
from core.generations import DISCUSSION, Kept, raise_generations


def anonymous_rest_default() -> bool:
    return bool(settings.COMMENTS_ANONYMOUS_REST)


class Markup(models.TextChoices):
    """What visitors may write."""

    HTML = "html", _("safe HTML")
    MARKDOWN = "markdown", _("Markdown")


class Order(models.TextChoices):
    """Which top comments come first."""

    OLDEST = "asc", _("oldest first")
    NEWEST = "desc", _("newest first")


class DefaultPage(models.TextChoices):
    """Which page of comments a post shows first."""

    NEWEST = "newest", _("the last page")
    OLDEST = "oldest", _("the first page")


@register_setting(icon="comment", order=300)
class DiscussionSettings(BaseGenericSetting):
    """WordPress's discussion settings by their names there, then those of this site alone."""

    default_comment_status = models.BooleanField(_("new posts take comments"), default=True)
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
    thread_comments_depth = models.PositiveSmallIntegerField(
        _("levels shown"), default=5, validators=[MinValueValidator(2), MaxValueValidator(19)]
    )
    page_comments = models.BooleanField(_("part comments into pages"), default=False)
    comments_per_page = models.PositiveSmallIntegerField(
        _("top comments on a page"), default=50, validators=[MinValueValidator(1)]
    )
    default_comments_page = models.CharField(
        _("page shown first"), max_length=10, choices=DefaultPage.choices,
        default=DefaultPage.NEWEST,
    )  # fmt: skip
    comment_order = models.CharField(
        _("order"), max_length=4, choices=Order.choices, default=Order.OLDEST
    )
    comments_notify = models.BooleanField(
        _("mail a post's author about each comment"), default=True
    )
    moderation_notify = models.BooleanField(
        _("mail moderators about each held comment"), default=True
    )
    comment_moderation = models.BooleanField(_("hold every comment"), default=False)
    comment_previously_approved = models.BooleanField(
        _("hold until the author has an approved comment"), default=True
    )
    comment_max_links = models.PositiveSmallIntegerField(
        _("hold from this many links on"), default=2, help_text=_("0 switches this off.")
    )
    moderation_keys = models.TextField(
        _("words that hold a comment"), blank=True, help_text=_("One a line.")
    )
    moderation_keys_anywhere = models.BooleanField(
        _("these words also count inside other words, as in WordPress"), default=False
    )
    disallowed_keys = models.TextField(
        _("words that put a comment into the trash"), blank=True, help_text=_("One a line.")
    )
    disallowed_keys_anywhere = models.BooleanField(
        _("these words also count inside other words, as in WordPress"), default=False
    )
    show_avatars = models.BooleanField(_("show pictures of authors"), default=True)
    show_cookies_opt_in = models.BooleanField(_("offer to remember the author"), default=True)

    markup = models.CharField(
        _("visitors write"), max_length=10, choices=Markup.choices, default=Markup.HTML
    )
    edit_minutes = models.PositiveIntegerField(
        _("authors may change or withdraw a comment for minutes"), default=15,
        help_text=_("0 switches this off."),
    )  # fmt: skip
    confirm_address = models.BooleanField(
        _("a comment waits until its author's mailbox has answered"), default=False
    )
    offer_follow_up = models.BooleanField(_("offer mail about new comments"), default=True)
    reaction_kinds = models.CharField(
        _("reactions"), max_length=200, blank=True, default="like",
        help_text=_("Words separated by commas, such as like, thanks. Empty switches this off."),
    )  # fmt: skip
    flags_to_hide = models.PositiveSmallIntegerField(
        _("hide a comment from this many readers' flags on"), default=5,
        help_text=_("0 switches this off."),
    )  # fmt: skip
    imported_history_days = models.PositiveIntegerField(
        _("approvals brought in by an import count for days"), default=365,
        help_text=_("The address of such an author was never verified here. 0 switches this off."),
    )  # fmt: skip
    log_only_screeners = models.TextField(
        _("screeners that are only watched"), blank=True,
        help_text=_("One identifier a line: what they say is noted and decides nothing."),
    )  # fmt: skip
    proof_of_work = models.CharField(
        _("browsers do a sum before they send"), max_length=10, default="never",
        choices=[("never", _("never")), ("flood", _("while spam comes in floods")),
                 ("always", _("always"))],
    )  # fmt: skip
    akismet_discard = models.BooleanField(
        _("drop what Akismet calls blatant spam"), default=False,
        help_text=_("It is otherwise kept as spam. What members write is never dropped."),
    )  # fmt: skip
    akismet_sends_address = models.BooleanField(
        _("Akismet is sent the author's mail address"), default=True
    )
    akismet_sends_ip = models.BooleanField(
        _("Akismet is sent the network address"), default=True,
        help_text=_("Akismet needs one: without it, an address that means nobody is sent."),
    )  # fmt: skip
    akismet_teaches = models.BooleanField(
        _("the site's own model learns a little from Akismet"), default=False
    )
    admin_keyboard = models.BooleanField(_("single keys act in the queue"), default=True)

    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel(name) for name in (
                    "default_comment_status", "require_name_email", "comment_registration",
                    "anonymous_rest", "close_comments_for_old_posts", "close_comments_days_old",
                    "confirm_address", "markup", "edit_minutes",
                )],
                heading=_("Who may write, and what"),
            ),
            MultiFieldPanel(
                [FieldPanel(name) for name in (
                    "thread_comments", "thread_comments_depth", "page_comments",
                    "comments_per_page", "default_comments_page", "comment_order",
                    "show_avatars", "show_cookies_opt_in", "reaction_kinds",
                )],
                heading=_("How comments are shown"),
            ),
            MultiFieldPanel(
                [FieldPanel(name) for name in (
                    "comments_notify", "moderation_notify", "offer_follow_up", "admin_keyboard",
                )],
                heading=_("Who is told"),
            ),
            MultiFieldPanel(
                [FieldPanel(name) for name in (
                    "comment_moderation", "comment_previously_approved", "imported_history_days",
                    "comment_max_links", "moderation_keys", "moderation_keys_anywhere",
                    "disallowed_keys", "disallowed_keys_anywhere", "flags_to_hide",
                )],
                heading=_("What waits for a moderator"),
            ),
            MultiFieldPanel(
                [FieldPanel(name) for name in (
                    "log_only_screeners", "proof_of_work", "akismet_discard",
                    "akismet_sends_address", "akismet_sends_ip", "akismet_teaches",
                )],
                heading=_("Screening"),
            ),
            FieldPanel("save_anyway"),
        ],
        base_form_class=DiscussionSettingsForm,
    )  # fmt: skip

    class Meta:
        verbose_name = _("discussion")

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            raise_generations(DISCUSSION)

    @classmethod
    def current(cls) -> "DiscussionSettings":
        """Return the settings to be read: one object for everybody, read anew after each change.

        Who means to change them calls load(), whose object is the caller's own.
        """
        return kept_settings.get("own", cls.load)


kept_settings: Kept[DiscussionSettings] = Kept(DISCUSSION)
