"""Addresses of archives and posts; policies and pages are found by Wagtail."""

from django.urls import path

from pages import views
from pages.feeds import PostFeed

app_name = "pages"

urlpatterns = [
    path("feed/", PostFeed(), name="feed"),
    path("category/<str:slug>/", views.category, name="category"),
    path("tag/<str:slug>/", views.tag, name="tag"),
    path("author/<slug:slug>/", views.author, name="author"),
    path("<int:year>/<int:month>/<int:day>/<str:slug>/", views.dated_post, name="post"),
]
