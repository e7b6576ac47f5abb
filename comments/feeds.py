"""RSS of the newest comments, of the site and below one post, as WordPress writes it."""

from collections.abc import Iterable
from datetime import datetime
from html import unescape
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import override

from comments.models import VisitorComment
from comments.paging import comment_links
from comments.sanitising import render
from core.extensions.commentables import CommentTarget, comment_targets
from core.extensions.site import site_provider
from core.generations import COMMENTS, comments_of, depend_on

SHOWN = 20
EXCERPT_WORDS = 55


class CommentRss(Rss201rev2Feed):
    """RSS 2.0 with the whole text and the author's name in the modules that readers know."""

    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:creator", item["creator"])
        handler.addQuickElement("content:encoded", item["whole"])


class SiteCommentFeed(Feed):
    """The newest comments of the site."""

    feed_type = CommentRss
    description = ""

    def link(self) -> str:
        return f"{settings.SITE_URL}/"

    def feed_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('comments:feed')}"

    def title(self) -> str:
        return _("Comments on %(site)s") % {"site": site_provider.get().identity().name}

    def items(self) -> list[VisitorComment]:
        depend_on(COMMENTS)
        approved = VisitorComment.objects.approved()
        return with_links(approved.order_by("-posted_at", "-xtdcomment_ptr")[:SHOWN])

    def item_title(self, item: Any) -> str:
        return _("%(name)s on %(title)s") % {"name": named(item), "title": item.shown_target.title}

    def item_link(self, item: Any) -> str:
        return str(item.shown_link)

    def item_guid(self, item: Any) -> str:
        # It stays the same when a comment moves to another page.
        return f"{item.shown_target.link}#comment-{item.pk}"

    item_guid_is_permalink = False

    def item_description(self, item: Any) -> str:
        words = unescape(strip_tags(text_of(item))).split()
        return " ".join(words[:EXCERPT_WORDS]) + (" …" if len(words) > EXCERPT_WORDS else "")

    def item_pubdate(self, item: Any) -> datetime:
        return item.submit_date

    def item_extra_kwargs(self, item: Any) -> dict[str, Any]:
        return {"creator": named(item), "whole": text_of(item)}


class TargetCommentFeed(SiteCommentFeed):
    """The newest comments below one post."""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        target = comment_targets.get().at(f"/{kwargs['target']}")
        if target is None:
            raise Http404
        with override(target.language):
            return super().__call__(request, found=target)

    def get_object(self, request: HttpRequest, found: CommentTarget) -> CommentTarget:
        depend_on(comments_of(found.id))
        return found

    def title(self, target: CommentTarget) -> str:
        return _("Comments on %(title)s") % {"title": target.title}

    def link(self, target: CommentTarget) -> str:
        return target.link

    def feed_url(self, target: CommentTarget) -> str:
        return f"{target.link}feed/"

    def items(self, target: CommentTarget) -> list[VisitorComment]:
        approved = VisitorComment.objects.on(target.id).approved()
        return with_links(approved.order_by("-posted_at", "-xtdcomment_ptr")[:SHOWN])

    def item_title(self, item: Any) -> str:
        return _("By %(name)s") % {"name": named(item)}


def with_links(comments: Iterable[VisitorComment]) -> list[Any]:
    """Return comments whose target the public may read, with target and address; two queries."""
    rows: list[Any] = list(comments)
    targets = comment_targets.get().get_many({row.target_id for row in rows})
    links = comment_links([(row.pk, row.path, row.target_id) for row in rows], targets)
    for row in rows:
        row.shown_target, row.shown_link = targets.get(row.target_id), links.get(row.pk)
    return [row for row in rows if row.shown_target is not None]


def named(item: VisitorComment) -> str:
    return item.user_name or _("Anonymous")


def text_of(item: VisitorComment) -> str:
    return item.rendered or render(item.comment, item.markup)
