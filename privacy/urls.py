"""Addresses of the privacy room."""

from django.urls import path

from privacy import views

urlpatterns = [
    path("requests/", views.requests, name="privacy_requests"),
    path("requests/sent/", views.sent, name="privacy_sent"),
    path("requests/confirm/", views.confirm, name="privacy_confirm"),
    # An erasure's page offers a copy first, before anybody has told it a token.
    path(
        "requests/confirm/erasure/",
        views.confirm,
        {"is_erasure": True},
        name="privacy_confirm_erasure",
    ),
    path("requests/download/", views.download, name="privacy_download"),
    path("requests/status/", views.status, name="privacy_status"),
]
