"""Addresses below /wp-json."""

from core.extensions.site import site_provider

PREFIX = "/wp-json"


def rest_url(path: str = "/") -> str:
    """Return the whole address of a REST path such as /wp/v2/posts/7."""
    return f"{site_provider.get().identity().url}{PREFIX}{path}"


def api_discovery_link() -> str:
    """Return the Link header value by which clients find the API."""
    return f'<{rest_url("/")}>; rel="https://api.w.org/"'
