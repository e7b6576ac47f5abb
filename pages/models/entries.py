"""What posts, pages and items of other types have in common: what WordPress keeps of a post."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from core.signals import author_published
from pages.block_editor.keeping import bring_up_to_date
from pages.models.public_pages import IMAGE_KEY, PublicPage
from pages.rendering import render_text


class Entry(PublicPage):
    """A post, a page or an item of another type, with what WordPress keeps of one.

    WordPress's statuses are told by Wagtail's own means, so that its admin and queries know them:
    publish is live; future is a schedule (`go_live_at` with an approved revision); private and
    password-protected pages have a view restriction; draft and pending are not live.
    `is_pending` and `trashed_at` say what Wagtail has no word for; both end with publication.

    `raw_content` is the body as block-editor or classic text, character by character as it was
    given where the body was not edited since; `raw_pieces` is what leads from the blocks of `body`
    back to their pieces of it (see pages.block_editor.keeping). `meta` holds registered and imported
    custom fields by name.
    """

    published_at = models.DateTimeField(_("date"), default=timezone.now, db_index=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("author"),
    )  # fmt: skip
    excerpt = models.TextField(_("excerpt"), blank=True)
    featured_image = models.ForeignKey(verbose_name=_("picture"), **IMAGE_KEY)
    featured_alt = models.CharField(_("its alternative text"), max_length=300, blank=True)
    pings_open = models.BooleanField(default=False, editable=False)
    menu_order = models.IntegerField(_("order"), default=0)
    template_name = models.CharField(max_length=100, blank=True, editable=False)
    guid = models.CharField(max_length=255, blank=True, editable=False)
    meta = models.JSONField(default=dict, blank=True, editable=False)
    raw_content = models.TextField(blank=True, editable=False)
    raw_pieces = models.JSONField(default=dict, blank=True, editable=False)
    is_pending = models.BooleanField(default=False, editable=False)
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)
    status_before_trash = models.CharField(max_length=20, blank=True, editable=False)

    search_fields = [
        *PublicPage.search_fields, index.SearchField("excerpt"),
        index.SearchField("rendered_body"),
    ]  # fmt: skip

    made_from_body = (*PublicPage.made_from_body, "raw_content", "raw_pieces")

    class Meta:
        abstract = True

    def render(self) -> None:
        bring_up_to_date(self)
        self.rendered_body = render_text(self.raw_content)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.live and (self.is_pending or self.trashed_at):
            self.is_pending, self.trashed_at, self.status_before_trash = False, None, ""
            if kwargs.get("update_fields") is not None:
                ended = {"is_pending", "trashed_at", "status_before_trash"}
                kwargs["update_fields"] = {*kwargs["update_fields"], *ended}
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.live and self.author_id:
                author_published.send(type(self), author_id=self.author_id)
