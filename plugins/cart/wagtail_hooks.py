"""Hooks of the Wagtail admin."""

from wagtail import hooks

from plugins.cart.viewsets import ProductViewSet


@hooks.register("register_admin_viewset")
def register_products() -> ProductViewSet:
    """Put the products into the admin."""
    return ProductViewSet("products")
