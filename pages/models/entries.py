"""What posts, pages and items of other types have in common: what WordPress keeps of a post."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from core.signals import author_published
from pages.models.public_pages import IMAGE_KEY, PublicPage


class Entry(PublicPage):
    """A post, a page or an item of another type, with what WordPress keeps of one.

    WordPress's statuses are told by Wagtail's own means, so that its admin and queries know them:
    publish is live; future is a schedule (`go_live_at` with an approved revision); private and
    password-protected pages have a view restriction; draft and pending are not live.
    `is_pending` and `trashed_at` say what Wagtail has no word for; both end with publication.

    `raw_content` is block-editor or classic text exactly as it was given, `raw_pieces` what leads
    from the blocks of `body` back to their pieces of it. `meta` holds registered and imported
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

    class Meta:
        abstract = True

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

    @property
    def is_to_come(self) -> bool:
        """Tell whether the date is not reached: until then nobody reads it, though it is live."""
        return self.published_at > timezone.now()

    def route(self, request: Any, path_components: list[str]) -> Any:
        if not path_components and self.is_to_come:
            raise Http404
        return super().route(request, path_components)

    def get_sitemap_urls(self, request: Any = None) -> list[dict[str, Any]]:
        from pages.visible import end_at_the_next_date  # knows the models

        end_at_the_next_date()
        return [] if self.is_to_come else super().get_sitemap_urls(request)
