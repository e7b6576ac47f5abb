"""Addresses of the accounts room."""

from django.urls import URLPattern, include, path

urlpatterns = [path("", include("allauth.account.urls"))]
