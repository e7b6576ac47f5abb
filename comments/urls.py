"""Addresses of the comments room that are the same in every language."""

from django.urls import path

from comments import views, views_mail, views_reader
from comments.feeds import SiteCommentFeed

app_name = "comments"

urlpatterns = [
    path("wp-comments-post.php", views.post_comment, name="post"),
    path("comments/waiting/", views.waiting, name="waiting"),
    path("comments/own/<str:token>/", views_reader.own, name="own"),
    path("comments/<int:key>/flag/", views_reader.flag, name="flag"),
    path("comments/<int:key>/react/", views_reader.react, name="react"),
    path("comments/follow/<str:token>/", views_mail.follow, name="follow"),
    path("comments/unfollow/<str:token>/", views_mail.unfollow, name="unfollow"),
    path("comments/confirm/<str:token>/", views_mail.confirm, name="confirm"),
    path("comments/feed/", SiteCommentFeed(), name="feed"),
]
