"""The site's identity and the frame around every page, kept in memory until a page changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Locale

from core.extensions.site import SiteIdentity
from core.generations import PAGES, current_generation, expire_at
from pages.links import language_name, language_prefix
from pages.models import (
    HomePage,
    MenuItem,
    PolicyPage,
    PolicyVersion,
    SiteIdentitySettings,
)
from pages.models.menus import main_slug
from pages.notifications import text_path
from pages.policies import public_documents, timelines_of

Frame = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """A frame in one language, until a page changes or the next version of a policy holds."""

    generation: int
    ends_at: datetime | None
    frame: Frame

    @property
    def has_ended(self) -> bool:
        return self.ends_at is not None and self.ends_at <= timezone.now()


class WagtailSite:
    """Answers core.extensions.site from home pages, menu, policies and the site's settings."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Drop what is kept in memory."""
        self._identity: tuple[int, SiteIdentity] | None = None
        self._frames: dict[str, Kept] = {}

    def identity(self) -> SiteIdentity:
        generation = current_generation(PAGES)
        if self._identity is None or self._identity[0] != generation:
            self._identity = (generation, make_identity())
        return self._identity[1]

    def frame(self, language: str) -> Frame:
        generation = current_generation(PAGES)
        kept = self._frames.get(language)
        if kept is None or kept.generation != generation or kept.has_ended:
            ends_at = next_switch()
            kept = self._frames[language] = Kept(generation, ends_at, make_frame(language))
        if kept.ends_at is not None:
            expire_at(kept.ends_at)
        return kept.frame


def next_switch() -> datetime | None:
    """Return the moment from which the next version of any policy holds."""
    coming = PolicyVersion.objects.coming_after(timezone.now()).values_list("holds_from", flat=True)
    return coming.first()


def home_in(language: str) -> HomePage | None:
    return (
        HomePage.objects.live()
        .filter(locale__language_code=language)
        .only("title", "site_name", "tagline", "locale_id", "path", "url_path")
        .order_by("path")
        .first()
    )


def make_identity() -> SiteIdentity:
    home = home_in(settings.LANGUAGE_CODE)
    own = SiteIdentitySettings.load()
    return SiteIdentity(
        name=(home.site_name or home.title) if home else settings.WAGTAIL_SITE_NAME,
        tagline=home.tagline if home else "",
        url=settings.FRONTEND_URL or settings.SITE_URL,
        timezone=own.timezone,
        language=settings.LANGUAGE_CODE,
    )


def make_frame(language: str) -> Frame:
    home = home_in(language) or home_in(settings.LANGUAGE_CODE)
    policies = policy_links(language)
    entity = SiteIdentitySettings.load()
    with override(language):
        return {
            "site": {
                "name": (home.site_name or home.title) if home else settings.WAGTAIL_SITE_NAME,
                "tagline": home.tagline if home else "",
                "url": f"{language_prefix(language)}/",
            },
            "menu": menu_in(language),
            "policies": policies,
            "policy_url": {policy["kind"]: policy["url"] for policy in policies},
            "announcements": announcements(language),
            "languages": languages(),
            "feed_url": reverse("pages:feed"),
            "data_request_url": reverse("privacy:request"),
            "children_contact": (
                entity.minors_email or entity.privacy_email or entity.contact_email
            ),
            "root_url": settings.SITE_URL,
            "api_url": f"{settings.SITE_URL}/wp-json/",
        }


def menu_in(language: str) -> list[dict[str, str]]:
    """Return the first level of a language's main menu; what is not public is left out."""
    items = MenuItem.objects.filter(menu__slug=main_slug(language), parent=None)
    menu = []
    for item in items.select_related("page", "term"):
        if item.term is not None:
            menu.append({"label": item.label, "url": item.term.get_absolute_url()})
        elif item.page is None:
            menu.append({"label": item.label, "url": item.url})
        elif item.page.live:
            menu.append({"label": item.label, "url": item.page.specific.get_url() or "/"})
    return menu


def policy_links(language: str) -> list[dict[str, str]]:
    """Return the policies that have a version, each at its page in the language if there is one.

    Their titles are those of the texts that are read there now, not of the pages.
    """
    pages = {
        (page.translation_key, page.locale.language_code): page
        for page in PolicyPage.objects.live().filter(alias_of=None).select_related("locale")
    }
    links = []
    for timeline in timelines_of(public_documents().order_by("pk")):
        document = timeline.document
        page = pages.get((document.translation_key, language)) or pages.get(
            (document.translation_key, document.authoritative_locale)
        )
        if page is not None:
            title = timeline.shown.text_for(language).title
            links.append({"kind": document.kind, "title": title, "url": page.get_url() or "/"})
    return links


def announcements(language: str) -> list[dict[str, Any]]:
    """Return the material changes of policies that are announced, for a line on every page."""
    coming = (
        PolicyVersion.objects.coming_after(timezone.now())
        .filter(is_correction=False, document__in=public_documents())
        .exclude(material=[], reduces_rights=False)
        .with_titles()
    )
    return [
        {
            "title": version.text_for(language).title,
            "holds_from": version.holds_from,
            "url": text_path(version, language),
        }
        for version in coming
    ]


def languages() -> list[dict[str, str]]:
    having = set(HomePage.objects.live().values_list("locale__language_code", flat=True))
    return [
        {
            "code": locale.language_code,
            "label": language_name(locale.language_code),
            "url": f"{language_prefix(locale.language_code)}/",
        }
        for locale in Locale.objects.order_by("pk")
        if locale.language_code in having
    ]
