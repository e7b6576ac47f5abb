"""Addresses of the comments room that are the same in every language."""

from django.urls import path, re_path

from comments import views
from comments.feeds import SiteCommentFeed, TargetCommentFeed

app_name = "comments"

urlpatterns = [
    path("wp-comments-post.php", views.post_comment, name="post"),
    path("comments/feed/", SiteCommentFeed(), name="feed"),
    # Whose path this is, with or without a language before it, is asked of the target's room.
    re_path(
        r"^(?P<target>(?:[\w-]+/)*\d{4}/\d\d/\d\d/[^/]+/)feed/$",
        TargetCommentFeed(),
        name="target_feed",
    ),
]
