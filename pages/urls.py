"""Addresses of archives and posts; policies and pages are found by Wagtail."""

from django.urls import path, re_path
from wagtail.views import serve

from pages import agreements, views, views_notices
from pages.feeds import PostFeed

app_name = "pages"

urlpatterns = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/<uuid:key>.json", agreements.receipt, name="receipt"),
    path("feed/", PostFeed(), name="feed"),
    path("policy-notices/", views_notices.subscribe, name="subscribe"),
    path("policy-notices/sent/", views_notices.subscription_sent, name="subscription_sent"),
    path(
        "policy-notices/confirm/<str:token>/",
        views_notices.confirm_subscription,
        name="confirm_subscription",
    ),
    path(
        "policy-notices/end/<str:token>/",
        views_notices.end_subscription,
        name="end_subscription",
    ),
    path("policy-notices/dismiss/", views_notices.dismiss_notices, name="dismiss_notices"),
    path("category/<str:slug>/", views.category, name="category"),
    path("category/<path:above>/<str:slug>/", views.nested_category),
    path("tag/<str:slug>/", views.tag, name="tag"),
    path("author/<slug:slug>/", views.author, name="author"),
    path("<int:year>/<int:month>/<int:day>/<str:slug>/", views.dated_post, name="post"),
    path(
        "<int:year>/<int:month>/<int:day>/<str:slug>/comment-page-<int:comment_page>/",
        views.dated_post,
        name="post_comment_page",
    ),
    # Wagtail's own pattern takes no dots, so it is told of this address by itself.
    re_path(r"^((?:[\w\-]+/)+compare/\d{1,9}\.\.\.\d{1,9}/)$", serve, name="compare"),
]
