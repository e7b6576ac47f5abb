"""Addresses of one's account; sign-in and registration are allauth's."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("application-passwords/", views.application_passwords, name="application-passwords"),
    path(
        "application-passwords/<int:key>/revoke/",
        views.revoke_application_password,
        name="application-password-revoke",
    ),
    path("admin-sign-in/", views.admin_sign_in, name="admin-sign-in"),
    path("", include("allauth.account.urls")),
]
