"""Addresses of the pages room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
