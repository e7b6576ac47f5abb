"""Addresses at which comments are reported and removals appealed against, in each language."""

from django.urls import path

from comments import views_rights

app_name = "comment_rights"

urlpatterns = [
    path("report/", views_rights.report, name="report"),
    path("appeal/", views_rights.appeal, name="appeal"),
]
