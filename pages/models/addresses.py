"""A page is read below SITE_URL, whatever Wagtail's own table of sites says."""

from django.conf import settings
from django.http import HttpRequest


class AtSiteAddress:
    """A page whose whole address begins with SITE_URL, as everything else on the site does."""

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        parts = super().get_url_parts(request)  # type: ignore[misc]
        return parts and (parts[0], settings.SITE_URL, parts[2])
