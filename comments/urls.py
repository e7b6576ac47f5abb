"""Addresses of the comments room that are the same in every language."""

from django.urls import path

from comments import views
from comments.feeds import SiteCommentFeed

app_name = "comments"

urlpatterns = [
    path("wp-comments-post.php", views.post_comment, name="post"),
    path("comments/waiting/", views.waiting, name="waiting"),
    path("comments/feed/", SiteCommentFeed(), name="feed"),
]
