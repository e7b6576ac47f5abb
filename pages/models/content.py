"""Home page, posts and ordinary pages."""

import re
from typing import Any

from django.conf import settings
from django.db import models
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from core.extensions.commentables import commenting
from core.rest.urls import rest_url
from pages.addresses import keep_address
from pages.blocks import FeatureBlock
from pages.models.entries import Entry
from pages.models.public_pages import IMAGE_KEY, PublicPage
from pages.panels import BlockTextPanel

COMMENT_PAGE = re.compile(r"comment-page-(\d{1,9})", re.ASCII)


class HomePage(PublicPage):
    """The first page of the site in one language; it also gives the site its name there."""

    site_name = models.CharField(_("site name"), max_length=100, blank=True)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    hero_heading = models.CharField(_("heading"), max_length=200, blank=True)
    hero_text = models.TextField(_("text below the heading"), blank=True)
    hero_image = models.ForeignKey(verbose_name=_("large picture"), **IMAGE_KEY)
    hero_image_alt = models.CharField(_("its alternative text"), max_length=300, blank=True)
    features = StreamField([("feature", FeatureBlock())], blank=True, verbose_name=_("features"))

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("site_name"), FieldPanel("tagline")], _("Site")),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("hero_heading", "hero_text", "hero_image",
                                           "hero_image_alt")],
            _("Top of the page"),
        ),
        FieldPanel("features"),
        FieldPanel("body"),
    ]  # fmt: skip
    parent_page_types = ["wagtailcore.Page"]
    template = "pages/home_page.html"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from pages.permalinks import asked_by_number  # knows the models

        found = asked_by_number(request)
        return HttpResponsePermanentRedirect(found) if found else super().serve(request)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from pages.listings import feature_cards, hero_picture, latest_posts  # knows the models

        return super().get_context(request, *args, **kwargs) | {
            "hero_picture": hero_picture(self),
            "features": feature_cards(self),
            "posts": latest_posts(self.locale_id, 6),
        }


class PostIndexPage(PublicPage):
    """The journal: where posts live, and their list."""

    content_panels = [*Page.content_panels, FieldPanel("body")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.PostPage"]
    template = "pages/post_index_page.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from pages.listings import listing, posts_in  # knows the models

        shown = listing(posts_in(self.locale_id), request)
        return super().get_context(request, *args, **kwargs) | {"listing": shown}


def are_new_posts_open() -> bool:
    return commenting.get().are_new_targets_open()


class PostPage(Entry):
    """A post. Its one public address is /YYYY/MM/DD/slug/ below its language."""

    class Format(models.TextChoices):
        """WordPress's post formats."""

        STANDARD = "standard", _("Standard")
        ASIDE = "aside", _("Aside")
        CHAT = "chat", _("Chat")
        GALLERY = "gallery", _("Gallery")
        LINK = "link", _("Link")
        IMAGE = "image", _("Image")
        QUOTE = "quote", _("Quote")
        STATUS = "status", _("Status")
        VIDEO = "video", _("Video")
        AUDIO = "audio", _("Audio")

    categories = ParentalManyToManyField("pages.Category", blank=True, related_name="+",
                                         verbose_name=_("categories"))  # fmt: skip
    tags = ParentalManyToManyField("pages.Tag", blank=True, related_name="+",
                                   verbose_name=_("tags"))  # fmt: skip
    is_sticky = models.BooleanField(_("stays on top"), default=False)
    format = models.CharField(
        _("format"), max_length=20, choices=Format.choices, default=Format.STANDARD
    )
    comments_open = models.BooleanField(_("open to comments"), default=are_new_posts_open)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("published_at"), FieldPanel("author"), FieldPanel("excerpt")], _("Post")
        ),
        MultiFieldPanel([FieldPanel("featured_image"), FieldPanel("featured_alt")], _("Picture")),
        FieldPanel("body"),
        BlockTextPanel(heading=_("Block-editor text, as it is shown")),
        MultiFieldPanel([FieldPanel("categories"), FieldPanel("tags")], _("Filed under")),
    ]
    settings_panels = [
        *Page.settings_panels, FieldPanel("is_sticky"), FieldPanel("comments_open"),
    ]  # fmt: skip
    parent_page_types = ["pages.PostIndexPage"]
    subpage_types: list[str] = []
    template = "pages/post_page.html"

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        parts = super().get_url_parts(request)
        if parts is None:
            return None
        from pages.links import dated_path  # knows the site's time zone

        return parts[0], parts[1], dated_path(self.published_at, self.slug, self.locale_id)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = kwargs.get("comment_page")
        here = self.path_of_its_own + (f"comment-page-{number}/" if number else "")
        if not getattr(request, "is_preview", False) and request.path != here:
            return HttpResponsePermanentRedirect(here)
        response = super().serve(request, *args, **kwargs)
        own = rest_url(f"/wp/v2/posts/{self.pk}")
        response.headers["Link"] = (
            f'<{own}>; rel="alternate"; type="application/json", '
            f"<{settings.SITE_URL}/?p={self.pk}>; rel=shortlink"
        )
        return response

    @property
    def path_of_its_own(self) -> str:
        """Return the path of the post's one address."""
        from pages.links import dated_path  # knows the site's time zone

        return dated_path(self.published_at, self.slug, self.locale_id)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from pages.listings import kept_post_context, post_context  # knows the models

        is_draft = getattr(request, "is_preview", False)
        return {
            **super().get_context(request, *args, **kwargs),
            **(post_context(self) if is_draft else kept_post_context(self)),
            "address": f"{settings.SITE_URL}{self.path_of_its_own}",
            "comment_page": kwargs.get("comment_page") or 0,
        }


class StandardPage(Entry):
    """A page of its own, with sub-pages."""

    is_hierarchical = True
    comments_open = models.BooleanField(_("open to comments"), default=False)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("published_at"), FieldPanel("author"), FieldPanel("excerpt")], _("Page")
        ),
        MultiFieldPanel([FieldPanel("featured_image"), FieldPanel("featured_alt")], _("Picture")),
        FieldPanel("body"),
        BlockTextPanel(heading=_("Block-editor text, as it is shown")),
    ]
    settings_panels = [
        *Page.settings_panels, FieldPanel("menu_order"), FieldPanel("comments_open"),
    ]  # fmt: skip
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    template = "pages/standard_page.html"

    def clean(self) -> None:
        super().clean()
        keep_address(self)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        named = COMMENT_PAGE.fullmatch(path_components[0]) if len(path_components) == 1 else None
        if named is None:
            return super().route(request, path_components)
        number = int(named[1])
        super().route(request, [])
        if not commenting.get().has_page(self.pk, number):
            raise Http404
        return RouteResult(self, kwargs={"comment_page": number})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from pages.listings import page_context  # knows the models

        return {
            **super().get_context(request, *args, **kwargs),
            **page_context(self),
            "comment_page": kwargs.get("comment_page") or 0,
        }
