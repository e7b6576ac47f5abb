"""Feeds of posts and of changes to policies."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.extensions.people import public_authors
from core.extensions.site import site_provider
from core.generations import expire_at
from pages.links import language_prefix, policies_feed_url, post_url
from pages.models import PolicyPage, PolicyVersion, PostPage
from pages.notifications import moment_of
from pages.policies import public_documents
from pages.rendering import with_whole_addresses
from pages.views import current_locale_id
from pages.visible import readable

SHOWN = 20
POLICIES_SHOWN = 50


class PostFeed(Feed):
    """RSS 2.0 of the newest posts in the path's language."""

    def title(self) -> str:
        return str(self.frame()["site"]["name"])

    def description(self) -> str:
        return str(self.frame()["site"]["tagline"])

    def link(self) -> str:
        return f"{settings.SITE_URL}{language_prefix(get_language() or '')}/"

    def feed_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('pages:feed')}"

    def frame(self) -> dict:
        return site_provider.get().frame(get_language() or "en")

    def get_object(self, request: HttpRequest) -> int:
        return current_locale_id()

    def items(self, locale_id: int) -> list[PostPage]:
        posts = list(
            readable(PostPage.objects.filter(locale_id=locale_id))
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


class PolicyFeed(Feed):
    """Atom feed of the versions of every policy, announced ones included, corrections left out.

    An entry's id is the version's hash, so that it stays the same for ever, in every language.
    """

    feed_type = Atom1Feed
    title = gettext_lazy("Changes to our policies")

    def link(self) -> str:
        return f"{settings.SITE_URL}{language_prefix(current_language())}/"

    def feed_url(self) -> str:
        return policies_feed_url(current_language())

    def items(self) -> list[PolicyVersion]:
        coming = PolicyVersion.objects.coming_after(timezone.now()).first()
        if coming is not None:
            expire_at(coming.holds_from)
        language = current_language()
        pages = {
            page.translation_key: page
            for page in PolicyPage.objects.live().filter(
                locale__language_code=language, alias_of=None
            )
        }
        versions = list(
            PolicyVersion.objects.filter(is_correction=False, document__in=public_documents())
            .select_related("page", "document")
            .with_titles()
            .order_by("-published_at", "-pk")[:POLICIES_SHOWN]
        )
        for version in versions:
            version.page = pages.get(version.document.translation_key) or version.page
        return versions

    def item_title(self, item: PolicyVersion) -> str:
        return _("%(title)s, version %(number)s") % {
            "title": item.text_for(current_language()).title, "number": item.number,
        }  # fmt: skip

    def item_description(self, item: PolicyVersion) -> str:
        words = item.text_for(current_language()).summary
        if item.holds_from > timezone.now():
            words = _("Takes effect on %(moment)s.") % {"moment": moment_of(item)} + f" {words}"
        return words

    def item_link(self, item: PolicyVersion) -> str:
        return f"{settings.SITE_URL}{item.page.get_url()}versions/{item.number}/"

    def item_guid(self, item: PolicyVersion) -> str:
        return f"urn:sha256:{item.sha256}"

    def item_pubdate(self, item: PolicyVersion) -> datetime:
        return item.published_at

    item_updateddate = item_pubdate


def current_language() -> str:
    return get_language() or settings.LANGUAGE_CODE


policy_feed = PolicyFeed()
