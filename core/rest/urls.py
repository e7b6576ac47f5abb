"""Whole addresses: below /wp-json, and of the pages that answers link to."""

from django.conf import settings

PREFIX = "/wp-json"


def rest_url(path: str = "/") -> str:
    """Return the whole address of a REST path such as /wp/v2/posts/7.

    It is this site's own, also where pages are shown by a front end at FRONTEND_URL.
    """
    return f"{settings.SITE_URL}{PREFIX}{path}"


def page_url(path: str) -> str:
    """Return the whole address at which people read a path: the front end's, where one is set."""
    return f"{settings.FRONTEND_URL or settings.SITE_URL}{path}"


def api_discovery_link() -> str:
    """Return the Link header value by which clients find the API."""
    return f'<{rest_url("/")}>; rel="https://api.w.org/"'
