"""Addresses of the shop and the cart, below the plugin's prefix."""

from django.urls import path

from plugins.cart import views

app_name = "cart"

urlpatterns = [
    path("", views.cart, name="cart"),
    path("shop/", views.shop, name="shop"),
    path("shop/<slug:slug>/", views.product, name="product"),
    path("add/<slug:slug>/", views.add, name="add"),
    path("update/<slug:slug>/", views.update, name="update"),
]
