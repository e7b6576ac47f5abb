"""Addresses that are the same in every language."""

from django.urls import path
from django.views.generic import RedirectView

from accounts import views, wordpress_sign_in

urlpatterns = [
    path("avatars/<int:hue>/<int:sign>.svg", views.avatar, name="avatar"),
    path("wp-login.php", wordpress_sign_in.wp_login),
    path("wp-admin/admin-ajax.php", wordpress_sign_in.admin_ajax),
    path("wp-admin/", RedirectView.as_view(pattern_name="wagtailadmin_home")),
]
