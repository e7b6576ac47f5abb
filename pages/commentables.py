"""What visitors may comment on: posts that everybody may read, and pages, which are closed."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from core.extensions.commentables import CommentTarget
from pages.links import language_of, post_url
from pages.models import PostPage


class PostTargets:
    """Answers core.extensions.commentables from posts."""

    def get_many(self, ids: Iterable[int]) -> Mapping[int, CommentTarget]:
        posts = (
            PostPage.objects.live()
            .public()
            .filter(pk__in=set(ids), published_at__lte=timezone.now())
            .only("title", "slug", "locale_id", "published_at", "comments_open", "author_id")
        )
        return {
            post.pk: CommentTarget(
                id=post.pk,
                content_type="pages.postpage",
                title=post.title,
                link=post_url(post.published_at, post.slug, post.locale_id),
                language=language_of(post.locale_id),
                is_open=post.comments_open,
                published_at=post.published_at,
                author_ids=(post.author_id,) if post.author_id else (),
            )
            for post in posts
        }
