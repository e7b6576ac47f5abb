"""Addresses that are the same in every language."""

from django.urls import path

from accounts import views

urlpatterns = [path("avatars/<int:hue>/<int:sign>.svg", views.avatar, name="avatar")]
