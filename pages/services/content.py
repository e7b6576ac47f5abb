"""Writing the home page, posts and pages."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction
from wagtail.models import Locale, Page, Site

from pages.models import Entry, HomePage, PublicPage

P = TypeVar("P", bound=Page)


def make_home(language: str, **fields: Any) -> HomePage:
    """Make the home page of a language; the first one becomes the root of the site.

    A home page in another language is a translation of the first.
    """
    locale, _ = Locale.objects.get_or_create(language_code=language)
    root = Page.objects.get(depth=1)
    first = HomePage.objects.order_by("path").first()
    home = HomePage(locale=locale, slug=f"home-{language}", **fields)
    if first is not None:
        home.translation_key = first.translation_key
    with transaction.atomic():
        if first is None:
            # Wagtail's welcome page stands where the site's root will be.
            Page.objects.filter(depth=2, content_type__model="page").delete()
            root = Page.objects.get(depth=1)
        root.add_child(instance=home)
        if first is None:
            Site.objects.update_or_create(
                is_default_site=True,
                defaults={"hostname": "localhost", "root_page": home, "site_name": home.title},
            )
    publish(home)
    return home


def make_page(
    parent: Page, page: P, *, user: Any = None, terms: Mapping[str, Iterable[Any]] | None = None
) -> P:
    """Add a new page below its parent and publish it through a revision.

    `terms` sets many-to-many fields by name. Nothing is left behind if publishing fails.
    """
    page.locale = parent.locale
    page.owner = user
    if isinstance(page, Entry) and page.author_id is None:
        page.author = user
    page.live = False
    with transaction.atomic():
        parent.add_child(instance=page)
        for name, values in (terms or {}).items():
            setattr(page, name, list(values))
        publish(page, user=user)
    return page


def publish(page: Page, *, user: Any = None) -> None:
    """Publish a page's present content through a revision, as the admin does."""
    revision = page.save_revision(user=user)
    # Whoever calls a service has checked its caller's rights.
    revision.publish(user=user, skip_permission_checks=True)
    page.refresh_from_db()


def as_translation(page: P, of: PublicPage | Page) -> P:
    """Make a page, before it is added, the translation of another."""
    page.translation_key = of.translation_key
    return page
