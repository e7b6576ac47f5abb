"""Addresses of one's account; sign-in and registration are allauth's."""

from django.urls import include, path

from accounts import age_views, views

urlpatterns = [
    path("", views.account, name="account"),
    path("application-passwords/", views.application_passwords, name="application-passwords"),
    path(
        "application-passwords/<int:key>/revoke/",
        views.revoke_application_password,
        name="application-password-revoke",
    ),
    path("age/", age_views.age, name="age"),
    path("age/guardian/", age_views.name_guardian, name="name-guardian"),
    path("age/agreement/", age_views.agree_oneself, name="agree-oneself"),
    path("guardian/", age_views.guardian, name="guardian"),
    path("guardian/withdraw/", age_views.withdraw, name="guardian-withdraw"),
    path("admin-sign-in/", views.admin_sign_in, name="admin-sign-in"),
    path("", include("allauth.account.urls")),
]
