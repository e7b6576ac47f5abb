"""Which addresses lead somewhere on this site."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page

from pages.links import language_prefix
from pages.models.content import HomePage


def paths_that_lead(paths: Iterable[str]) -> frozenset[str]:
    """Return those of the paths at which this site shows a page or does something."""
    return frozenset(path for path in set(paths) if leads(path))


def leads(path: str) -> bool:
    language = get_language_from_path(path) or settings.LANGUAGE_CODE
    address = path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"
    with override(language):
        try:
            found = resolve(address)
        except Resolver404:
            return False
    if found.url_name != "wagtail_serve":
        return True
    home = HomePage.objects.live().filter(locale__language_code=language).first()
    if home is None:
        return False
    names = address.removeprefix(language_prefix(language)).strip("/").split("/")
    tree = [home.url_path]
    for name in filter(None, names):
        tree.append(f"{tree[-1]}{name}/")
    page = Page.objects.live().filter(url_path__in=tree).order_by("-depth").first()
    return page is not None and (
        page.url_path == tree[-1] or issubclass(page.specific_class, RoutablePageMixin)
    )
