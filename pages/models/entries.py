"""What posts, pages and items of other types have in common: what WordPress keeps of a post."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import PagePermissionTester
from wagtail.search import index

from core.extensions.pictures import pictures
from core.signals import author_published
from pages.block_editor.keeping import bring_up_to_date
from pages.block_editor.references import with_reused
from pages.block_editor.shortcodes import with_attached
from pages.models.public_pages import IMAGE_KEY, PublicPage
from pages.models.reusable_blocks import ReusableBlock
from pages.slugs import free_slug, has_none_yet, make_slug, slug_before_trash


class EntryForm(WagtailAdminPageForm):
    """Offers a slug where none is chosen yet, and knows a date that somebody chose."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields and has_none_yet(self.instance.slug):
            self.initial["slug"] = self.instance.own_slug()

    def clean(self) -> Any:
        cleaned = super().clean()
        shown, chosen = self.initial.get("published_at"), cleaned.get("published_at")
        # The form shows no seconds.
        if shown is None or chosen is None or abs(chosen - shown) >= timedelta(minutes=1):
            self.instance.date_floats = False
        return cleaned


class EntryPermissionTester(PagePermissionTester):
    """Lets those who may add but not change entries publish what is their own, as authors do."""

    def can_publish(self) -> bool:
        return bool(super().can_publish() and (self.is_theirs or self.may_change))

    def can_unpublish(self) -> bool:
        return bool(super().can_unpublish() and (self.is_theirs or self.may_change))

    @property
    def is_theirs(self) -> bool:
        return bool(self.page.owner_id == self.user.pk)

    @property
    def may_change(self) -> bool:
        return bool(
            self.user.is_superuser or "change" in self.permissions or "add" not in self.permissions
        )


class Entry(PublicPage):
    """A post, a page or an item of another type, with what WordPress keeps of one.

    WordPress's statuses are told by Wagtail's own means, so that its admin and queries know them:
    publish is live; future is a schedule (`go_live_at` with an approved revision); private and
    password-protected pages have a view restriction; draft and pending are not live.
    `is_pending` and `trashed_at` say what Wagtail has no word for; both end with publication,
    with which an entry also gets the slug and the date that it had none of before.

    `raw_content` is the body as block-editor or classic text, character by character as it was
    given where the body was not edited since; `raw_pieces` leads from the blocks of `body` back to
    their pieces of it (see pages.block_editor.keeping). `meta` holds registered and imported
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
    # Its author has named no date yet: it is the one of the publication to come.
    date_floats = models.BooleanField(default=False, editable=False)
    menu_order = models.IntegerField(_("order"), default=0)
    template_name = models.CharField(max_length=100, blank=True, editable=False)
    guid = models.CharField(max_length=255, blank=True, editable=False)
    meta = models.JSONField(default=dict, blank=True, editable=False)
    raw_content = models.TextField(blank=True, editable=False)
    raw_pieces = models.JSONField(default=dict, blank=True, editable=False)
    is_pending = models.BooleanField(default=False, editable=False)
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)
    status_before_trash = models.CharField(max_length=20, blank=True, editable=False)

    # Whether its place is in a tree, as that of WordPress's pages.
    is_hierarchical = False

    base_form_class = EntryForm
    search_fields = [
        *PublicPage.search_fields, index.SearchField("excerpt"),
        index.SearchField("rendered_body"),
    ]  # fmt: skip

    made_from_body = (*PublicPage.made_from_body, "raw_content", "raw_pieces")

    class Meta:
        abstract = True

    def render(self) -> None:
        bring_up_to_date(self)
        self.rendered_body = self.rendering.of(self.shown_text())

    def shown_text(self) -> str:
        """Return the text with reusable blocks and attached pictures where it refers to them."""
        text = with_reused(self.raw_content, ReusableBlock.texts_of)
        return with_attached(text, self.pk or 0, self.attached_pictures)

    def attached_pictures(self) -> Sequence[int]:
        return pictures.get().attached_to(self.pk) if self.pk else ()

    def save(self, *args: Any, **kwargs: Any) -> None:
        changed = self.settle() if self.live else set()
        if self.author_id and self.owner_id != self.author_id:
            # Wagtail asks for the owner where WordPress asks for the author.
            self.owner_id = self.author_id
            changed.add("owner")
        if changed and kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *changed}
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.live and self.author_id:
                author_published.send(type(self), author_id=self.author_id)

    def settle(self) -> set[str]:
        """End what only an unpublished entry can be; return the names of the fields changed."""
        changed = set()
        if self.is_pending or self.trashed_at:
            self.is_pending, self.trashed_at, self.status_before_trash = False, None, ""
            changed |= {"is_pending", "trashed_at", "status_before_trash"}
        if self.date_floats:
            self.published_at, self.date_floats = timezone.now(), False
            changed |= {"published_at", "date_floats"}
        slug = slug_before_trash(self.slug)
        if slug != self.slug or has_none_yet(slug):
            self.slug = self.own_slug("" if has_none_yet(slug) else slug)
            changed |= {"slug", "url_path"}
        return changed

    def own_slug(self, wanted: str = "") -> str:
        """Return a free slug: the one that is wanted, or made of the title, or else the number."""
        slug = wanted or make_slug(self.title) or str(self.pk)
        parent = self.get_parent()
        return free_slug(slug, parent, of=self, is_page=self.is_hierarchical)

    def minimal_clean(self) -> None:
        self._set_core_field_defaults()
        if self.title:
            self.title = self._meta.get_field("title").clean(self.title, self)
        self._check_slug_is_unique()

    def full_clean(self, exclude: Any = None, **kwargs: Any) -> None:
        # WordPress's entries may go without a title; the admin's form asks for one.
        left_out = {*(exclude or ()), *(() if self.title else ("title", "draft_title"))}
        super().full_clean(exclude=left_out, **kwargs)

    def get_admin_display_title(self) -> str:
        return super().get_admin_display_title() or str(_("(no title)"))

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return EntryPermissionTester(user, self)

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
