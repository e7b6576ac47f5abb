"""Addresses of the comments room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
