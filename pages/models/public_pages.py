"""What all pages that visitors read have in common."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Page

from core.generations import PAGES, raise_generations
from pages.block_editor.keeping import text_of
from pages.blocks import BodyBlock
from pages.models.addresses import AtSiteAddress
from pages.rendering import Rendering

IMAGE_KEY = {
    "to": settings.WAGTAILIMAGES_IMAGE_MODEL,
    "on_delete": models.SET_NULL,
    "null": True,
    "blank": True,
    "related_name": "+",
}


class PublicPage(AtSiteAddress, Page):
    """A page that visitors read: its body is rendered when it is saved, and caches are told."""

    body = StreamField(BodyBlock(), blank=True, verbose_name=_("text"))
    rendered_body = models.TextField(editable=False, default="", blank=True)

    class Meta:
        abstract = True

    # What is stored of the body beside it.
    made_from_body: tuple[str, ...] = ("rendered_body",)

    def save(self, *args: Any, **kwargs: Any) -> None:
        update_fields = kwargs.get("update_fields")
        if update_fields is None or "body" in update_fields:
            self.render()
            if update_fields is not None:
                kwargs["update_fields"] = {*update_fields, *self.made_from_body}
        # Page.save is atomic of its own; the receiver in signal_handlers raises the generation
        # inside that transaction, for these pages and every other kind.
        super().save(*args, **kwargs)

    @cached_property
    def rendering(self) -> Rendering:
        """What the objects of one write share, so that they render a text once."""
        return Rendering()

    def with_content_json(self, content: dict[str, Any]) -> "PublicPage":
        page: PublicPage = super().with_content_json(content)
        page.rendering = self.rendering
        return page

    def render(self) -> None:
        """Set what is made from the body."""
        self.rendered_body = self.rendering.of(text_of(self.body))

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            revision = super().save_revision(*args, **kwargs)
            if not self.live:
                # Only editors read what is not public, and they mean the newest revision.
                self.save(clean=False)
        return revision

    def render_again(self) -> None:
        """Render the live body anew, after a picture in it changed. Safe to call twice."""
        rendered = self.rendered_body
        self.render()
        if rendered != self.rendered_body:
            made = {name: getattr(self, name) for name in self.made_from_body}
            type(self).objects.filter(pk=self.pk).update(**made)
            raise_generations(PAGES)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        self.render()
        return super().serve_preview(request, mode_name)
