"""The site that tests meet on."""

from wagtail.models import Collection, Locale, Page

from accounts.services import ensure_groups
from pages.models import HomePage, SiteIdentitySettings
from pages.services.content import make_home


def found_site() -> HomePage:
    """Make a home page in English, and around it what a database has lost that was flushed."""
    if not Page.objects.filter(depth=1).exists():
        Locale.objects.get_or_create(language_code="en")
        Page.add_root(instance=Page(title="Root", slug="root"))
    if not Collection.objects.exists():
        Collection.add_root(instance=Collection(name="Root"))
    ensure_groups()
    entity = SiteIdentitySettings.load()
    entity.legal_name, entity.contact_email = "Test Ltd", "hello@example.org"
    entity.save()
    return make_home("en", title="Home", site_name="Test site", tagline="For tests")
