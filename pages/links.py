"""Addresses of posts and the site's time zone."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import get_language_info
from wagtail.models import Locale

from core.extensions.site import site_provider
from core.rest.urls import page_url, rest_url


def site_zone() -> ZoneInfo:
    """Return the time zone in which the site's dates are meant."""
    return ZoneInfo(site_provider.get().identity().timezone)


def language_prefix(language: str) -> str:
    """Return the path's beginning in a language: nothing for the default one."""
    return "" if language == settings.LANGUAGE_CODE else f"/{language}"


def language_name(language: str) -> str:
    """Return a language's name in that language."""
    return str(get_language_info(language)["name_local"])


def policies_feed_url(language: str) -> str:
    """Return the whole address of the feed of changes to policies in a language."""
    query = "" if language == settings.LANGUAGE_CODE else f"?lang={language}"
    return f"{rest_url('/candour/v1/policies/feed')}{query}"


@lru_cache(maxsize=16)
def language_of(locale_id: int) -> str:
    """Return the language of a Wagtail locale, which never changes."""
    return str(Locale.objects.get(pk=locale_id).language_code)


def dated_path(
    published_at: datetime, slug: str, locale_id: int, zone: ZoneInfo | None = None
) -> str:
    """Return a post's path: /YYYY/MM/DD/slug/ below its language.

    Whoever has many to make gives the site's `zone`, which is asked for anew otherwise.
    """
    day = published_at.astimezone(zone or site_zone())
    return f"{language_prefix(language_of(locale_id))}/{day:%Y/%m/%d}/{slug}/"


def post_url(published_at: datetime, slug: str, locale_id: int) -> str:
    """Return a post's whole address."""
    return page_url(dated_path(published_at, slug, locale_id))


def page_path(url_path: str, locale_id: int) -> str:
    """Return a page's path from Wagtail's, whose first part is the home page of its language."""
    below = url_path.strip("/").partition("/")[2]
    return f"{language_prefix(language_of(locale_id))}/{below}".rstrip("/") + "/"
