"""The feed of posts."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.translation import get_language

from core.extensions.people import public_authors
from core.extensions.site import site_provider
from pages.links import language_prefix, post_url
from pages.models import PostPage
from pages.rendering import with_whole_addresses
from pages.views import current_locale_id

SHOWN = 20


class PostFeed(Feed):
    """RSS 2.0 of the newest posts in the path's language."""

    def title(self) -> str:
        return str(self.frame()["site"]["name"])

    def description(self) -> str:
        return str(self.frame()["site"]["tagline"])

    def link(self) -> str:
        return f"{language_prefix(get_language() or '')}/"

    def frame(self) -> dict:
        return site_provider.get().frame(get_language() or "en")

    def get_object(self, request: HttpRequest) -> int:
        return current_locale_id()

    def items(self, locale_id: int) -> list[PostPage]:
        posts = list(
            PostPage.objects.live().public().filter(locale_id=locale_id)
            .order_by("-published_at")[:SHOWN]
        )  # fmt: skip
        authors = public_authors.get().get_many(p.author_id for p in posts if p.author_id)
        for post in posts:
            post.shown_author = authors.get(post.author_id or 0)
        return posts

    def item_title(self, item: PostPage) -> str:
        return item.title

    def item_link(self, item: PostPage) -> str:
        return post_url(item.published_at, item.slug, item.locale_id)

    def item_description(self, item: PostPage) -> str:
        return with_whole_addresses(item.rendered_body)

    def item_pubdate(self, item: PostPage) -> datetime:
        return item.published_at

    def item_author_name(self, item: PostPage) -> str | None:
        return item.shown_author.name if item.shown_author else None
