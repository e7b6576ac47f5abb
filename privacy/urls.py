"""Addresses of the privacy room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
