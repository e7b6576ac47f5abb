"""Addresses of the comments room that are the same in every language."""

from django.urls import path

from comments import views
from comments.feeds import SiteCommentFeed
from comments.moderation import mail_links

app_name = "comments"

urlpatterns = [
    path("wp-comments-post.php", views.post_comment, name="post"),
    path("comments/waiting/", views.waiting, name="waiting"),
    path("comments/decide/<str:token>/", mail_links.decide, name="decide"),
    path("comments/feed/", SiteCommentFeed(), name="feed"),
]
