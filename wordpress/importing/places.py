"""Where entries go: the home page and the journal of each language, made where they are missing."""

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from pages.models import Entry, HomePage, PostIndexPage, SiteIdentitySettings
from pages.services.content import as_translation, make_home, make_page, publish
from pages.services.importing import HIGHEST_KEPT
from wordpress.importing.survey import Survey
from wordpress.wxr.moments import zone_named


class Places:
    """Knows home page and journal of each language, and the time zone of a site that is new."""

    def __init__(self, found: Survey) -> None:
        self._found = found
        self._known: dict[str, tuple[HomePage, PostIndexPage]] = {}

    def settle_in(self) -> None:
        """Give a site on which nobody has written anything yet the name and the zone of the file's.

        Safe to call twice; what somebody has chosen here stays.
        """
        if any(model.objects.exists() for model in Entry.__subclasses__()):
            return
        identity, zone = SiteIdentitySettings.load(), zone_named(self._found.site.timezone)
        if zone is not None and identity.timezone == "UTC":
            identity.timezone = zone.key
            identity.save()
        home = HomePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).first()
        if home is None or Revision.objects.for_instance(home).count() > 1:
            return
        if name := self._found.site.title.strip()[:100]:
            home.site_name, home.tagline = name, self._tagline
            publish(home)

    def of(self, language: str) -> tuple[HomePage, PostIndexPage]:
        """Return home page and journal of a language of the site."""
        if language not in self._known:
            home = HomePage.objects.filter(locale__language_code=language).first()
            home = home or self._make_home(language)
            index = PostIndexPage.objects.child_of(home).first() or self._make_index(home)
            self._known[language] = home, index
        return self._known[language]

    @property
    def _tagline(self) -> str:
        return self._found.site.description.strip()[:200]

    def _make_home(self, language: str) -> HomePage:
        title = self._found.site.title.strip()[:100] or _("Home")
        return make_home(language, page_ptr_id=self._number(), title=title, site_name=title,
                         tagline=self._tagline)  # fmt: skip

    def _make_index(self, home: HomePage) -> PostIndexPage:
        index = PostIndexPage(page_ptr_id=self._number(), title=_("Journal"), slug="journal")
        if (language := settings.LANGUAGE_CODE) != home.locale.language_code:
            _home, own = self.of(language)
            beside = PostIndexPage.objects.filter(
                translation_key=own.translation_key, locale=home.locale
            )
            if not beside.exists():
                index = as_translation(index, own)
        return make_page(home, index)

    def _number(self) -> int | None:
        """Return a number that leaves the files' numbers to their items, None for the next one."""
        highest = Page.objects.aggregate(highest=Max("pk"))["highest"] or 0
        if highest + 1 not in self._found.places:
            return None
        wanted = max(number for number in self._found.places if number <= HIGHEST_KEPT)
        return max(highest, wanted) + 1
