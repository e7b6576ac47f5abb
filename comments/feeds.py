"""The feed of the newest comments."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.translation import gettext as _

from comments.models import VisitorComment
from comments.sanitising import to_html
from core.extensions.commentables import comment_targets
from core.extensions.site import site_provider
from core.generations import COMMENTS, depend_on

SHOWN = 20


class SiteCommentFeed(Feed):
    """The newest comments of the site."""

    description = ""

    def link(self) -> str:
        return f"{settings.SITE_URL}/"

    def feed_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('comments:feed')}"

    def title(self) -> str:
        return _("Comments on %(site)s") % {"site": site_provider.get().identity().name}

    def items(self) -> list[VisitorComment]:
        depend_on(COMMENTS)
        return with_targets(VisitorComment.objects.approved().order_by("-pk")[:SHOWN])

    def item_title(self, item: VisitorComment) -> str:
        name = item.user_name or _("Anonymous")
        return _("%(name)s on %(title)s") % {"name": name, "title": item.shown_target.title}

    def item_link(self, item: VisitorComment) -> str:
        return f"{item.shown_target.link}#comment-{item.pk}"

    def item_description(self, item: VisitorComment) -> str:
        return to_html(item.comment)

    def item_pubdate(self, item: VisitorComment) -> datetime:
        return item.submit_date


def with_targets(comments: object) -> list[VisitorComment]:
    rows = list(comments)  # type: ignore[call-overload]
    targets = comment_targets.get().get_many({row.target_id for row in rows})
    for row in rows:
        row.shown_target = targets.get(row.target_id)
    return [row for row in rows if row.shown_target is not None]
