"""Addresses of the cart room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
