"""What visitors may comment on: posts that everybody may read, and pages, which are closed."""

import re
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from wagtail.models import PageViewRestriction

from core.extensions.commentables import CommentTarget
from core.generations import PAGES, Kept
from pages.links import dated_path, language_of, post_url
from pages.models import PostPage
from pages.statuses import PUBLISH, with_status

SLUG_IN_PATH = re.compile(r"/(?:[\w-]+/)?\d{4}/\d\d/\d\d/([^/]+)/")
MOST_KEPT = 10_000


class PostTargets:
    """Answers core.extensions.commentables from posts.

    A post that was found is kept in memory while no page changes: each comment asks for its
    target more than once.
    """

    def __init__(self) -> None:
        self._kept: Kept[CommentTarget] = Kept(PAGES, most=MOST_KEPT)

    def get_many(self, ids: Iterable[int]) -> Mapping[int, CommentTarget]:
        kept = self._kept.current()
        wanted = set(ids)
        found = {key: kept[key] for key in wanted if key in kept}
        missing = wanted - found.keys()
        if missing:
            read = {post.pk: target_of(post) for post in readable_posts(missing)}
            self._kept.keep(kept, read)
            found |= read
        return found

    def at(self, path: str) -> CommentTarget | None:
        found = SLUG_IN_PATH.fullmatch(path)
        if found is None:
            return None
        for post in PostPage.objects.live().filter(slug=found[1]).only(*SHOWN):
            if dated_path(post.published_at, post.slug, post.locale_id) == path:
                return self.get_many([post.pk]).get(post.pk)
        return None

    def opened(self, ids: Iterable[int], password: str) -> Mapping[int, CommentTarget]:
        if not password:
            return {}
        restrictions = PageViewRestriction.objects.filter(
            page__in=ids, restriction_type=PageViewRestriction.PASSWORD
        )
        keys = [
            restriction.page_id
            for restriction in restrictions
            if constant_time_compare(restriction.password, password)
        ]
        posts = PostPage.objects.live().filter(pk__in=keys, published_at__lte=timezone.now())
        return {post.pk: target_of(post) for post in posts.only(*SHOWN)}

    def status_of(self, target_id: int) -> str | None:
        post = with_status(PostPage.objects.filter(pk=target_id)).first()
        if post is None:
            return None
        return "protected" if post.status == PUBLISH and post.is_protected else str(post.status)


SHOWN = ("title", "slug", "locale_id", "published_at", "comments_open", "author_id")


def readable_posts(ids: Iterable[int]) -> QuerySet[PostPage]:
    # What is not yet published is not kept: time alone publishes it.
    return (
        PostPage.objects.live()
        .public()
        .filter(pk__in=ids, published_at__lte=timezone.now())
        .only(*SHOWN)
    )


def target_of(post: PostPage) -> CommentTarget:
    return CommentTarget(
        id=post.pk,
        content_type="pages.postpage",
        title=post.title,
        link=post_url(post.published_at, post.slug, post.locale_id),
        language=language_of(post.locale_id),
        is_open=post.comments_open,
        published_at=post.published_at,
        author_ids=(post.author_id,) if post.author_id else (),
    )
