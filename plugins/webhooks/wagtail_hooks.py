"""Hooks of the Wagtail admin."""

from wagtail import hooks

from plugins.webhooks.viewsets import EndpointViewSet


@hooks.register("register_admin_viewset")
def register_endpoints() -> EndpointViewSet:
    """Put the endpoints into the settings menu."""
    return EndpointViewSet("webhooks")
