"""What of WordPress's settings the pages room answers for."""

from functools import partial
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.html import escape
from wagtail.models import Locale

from core.rest.arguments import ArgumentError, invalid_parameters
from core.rest.entities import unescaped
from core.rest.settings import RestSetting
from pages.listings import PER_PAGE
from pages.models import HomePage, PostIndexPage, SiteIdentitySettings
from pages.services.content import publish
from pages.services.terms import default_category
from pages.site import home_in


def default_home() -> HomePage | None:
    return home_in(settings.LANGUAGE_CODE)


def read_home(field: str, fallback: str = "") -> str:
    """Return a field of the default language's home page, escaped as WordPress stores it."""
    home = default_home()
    value = (getattr(home, field) or (home.title if fallback else "")) if home else fallback
    return escape(value).replace("&#x27;", "&#039;")


def write_home(field: str, value: str) -> None:
    """Change a field of the default language's home page; a draft of it stays a draft."""
    found, value = default_home(), unescaped(value)
    if found is None:
        return
    home = HomePage.objects.get(pk=found.pk)
    draft = home.get_latest_revision_as_object() if home.has_unpublished_changes else None
    setattr(home, field, value)
    publish(home)
    if draft is not None:
        setattr(draft, field, value)
        draft.save_revision()


def read_identity(field: str) -> str:
    return str(getattr(SiteIdentitySettings.load(), field))


def write_identity(field: str, value: str) -> None:
    own = SiteIdentitySettings.load()
    setattr(own, field, value)
    own.save()


def write_timezone(value: str) -> None:
    if value not in available_timezones():
        message = "timezone is no IANA time zone, such as Europe/London."
        raise invalid_parameters({"timezone": ArgumentError("rest_invalid_param", message)})
    write_identity("timezone", value)


def key_of(model: type[Any]) -> int:
    """Return the number of the default language's page of a kind, 0 where there is none."""
    locale = Locale.objects.filter(language_code=settings.LANGUAGE_CODE).first()
    return model.objects.live().filter(locale=locale).values_list("pk", flat=True).first() or 0


def wordpress_locale() -> str:
    """Return the default language as WordPress writes it: en is en_US."""
    language, _, region = settings.LANGUAGE_CODE.partition("-")
    return {"en": "en_US"}.get(settings.LANGUAGE_CODE, f"{language}_{region.upper()}".rstrip("_"))


def fixed(name: str, value: Any) -> RestSetting:
    return RestSetting(name, lambda: value)


SETTINGS = (
    RestSetting("title", partial(read_home, "site_name", settings.WAGTAIL_SITE_NAME),
                partial(write_home, "site_name")),
    RestSetting("description", partial(read_home, "tagline"), partial(write_home, "tagline")),
    RestSetting("url", lambda: settings.SITE_URL),
    RestSetting("email", partial(read_identity, "contact_email"),
                partial(write_identity, "contact_email")),
    RestSetting("timezone", partial(read_identity, "timezone"), write_timezone),
    RestSetting("language", wordpress_locale),
    RestSetting("default_category", lambda: getattr(default_category(), "pk", 0)),
    RestSetting("page_on_front", partial(key_of, HomePage)),
    RestSetting("page_for_posts", partial(key_of, PostIndexPage)),
    fixed("show_on_front", "page"),
    fixed("posts_per_page", PER_PAGE),
    fixed("date_format", "F j, Y"),
    fixed("time_format", "g:i a"),
    fixed("start_of_week", 1),
    fixed("use_smilies", False),
    fixed("default_post_format", "0"),
    fixed("site_logo", None),
    fixed("site_icon", 0),
)  # fmt: skip
