"""Addresses of the comments room that are the same in every language."""

from django.urls import path, re_path

from comments import views, views_mail, views_reader
from comments.feeds import SiteCommentFeed, TargetCommentFeed
from comments.moderation import mail_links

app_name = "comments"

urlpatterns = [
    path("wp-comments-post.php", views.post_comment, name="post"),
    path("comments/own/<str:token>/", views_reader.own, name="own"),
    path("comments/thread/<int:target_id>/", views_reader.thread, name="thread"),
    path("comments/<int:key>/flag/", views_reader.flag, name="flag"),
    path("comments/react/", views_reader.react, name="react"),
    path("comments/follow/<str:token>/", views_mail.follow, name="follow"),
    path("comments/unfollow/<str:token>/", views_mail.unfollow, name="unfollow"),
    path("comments/confirm/<str:token>/", views_mail.confirm, name="confirm"),
    path("comments/decide/<str:token>/", mail_links.decide, name="decide"),
    path("comments/feed/", SiteCommentFeed(), name="feed"),
    # Whose path this is, with or without a language before it, is asked of the target's room.
    re_path(
        r"^(?P<target>(?:[\w-]+/)*\d{4}/\d\d/\d\d/[^/]+/)feed/$",
        TargetCommentFeed(),
        name="target_feed",
    ),
]
