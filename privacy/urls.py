"""Addresses of the privacy room."""

from django.urls import path

from privacy import views

app_name = "privacy"
urlpatterns = [
    path("data/", views.kept, name="kept"),
    path("requests/", views.requests, name="request"),
    path("requests/sent/", views.sent, name="sent"),
    path("requests/without-mailbox/", views.without_mailbox, name="without_mailbox"),
    path("requests/confirm/", views.confirm, name="confirm"),
    # An erasure's page offers a copy first, before anybody has told it a token.
    path(
        "requests/confirm/erasure/",
        views.confirm,
        {"is_erasure": True},
        name="confirm_erasure",
    ),
    path("requests/download/", views.download, name="download"),
    path("requests/status/", views.status, name="status"),
    path("requests/cancel/", views.cancel, name="cancel"),
]
