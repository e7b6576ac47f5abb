"""Menu entries: all kept as data, and those of one menu as the site's own where it has none."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from comments.write_lock import write_transaction
from pages.models import MenuItem
from pages.models import Term as TermRow
from wordpress.importing.entries import keep_item
from wordpress.importing.filing import Terms
from wordpress.importing.records import Known, digest_of, judge
from wordpress.importing.report import Fate, Report
from wordpress.importing.texts import Addresses
from wordpress.models import Kind
from wordpress.wxr.records import Item

MENU = "nav_menu"
# An export does not say where a menu was shown; its name mostly does.
MAIN = re.compile(r"main|primary|principal|header|top|haupt|主", re.IGNORECASE)


class Menus:
    """Brings menu entries in, once everything they may lead to is here."""

    def __init__(
        self, known: Known, report: Report, *, terms: Terms, addresses: Addresses, locale: Locale
    ) -> None:
        self._known, self._report, self._terms = known, report, terms
        self._addresses, self._locale = addresses, locale

    def bring_in(self, items: Sequence[Item]) -> None:
        """Keep all entries as data, and make one menu the site's."""
        if not items:
            return
        entries: dict[str, Item] = {}
        with write_transaction():
            for item in items:
                key = f"nav_menu_item:{item.id}"
                if key in entries:
                    self._report.count("menus", Fate.SKIPPED)
                    self._report.tell(f"nav_menu_item {item.id}", "listed_twice",
                                      _("The file has it twice."))  # fmt: skip
                    continue
                entries[key] = item
            known = self._known.find(Kind.KEPT, entries)
            for key, item in entries.items():
                fields = asdict(item) | {"line": 0}
                keep_item(self._known, self._report, "menus", key, item, fields, known.get(key))
            self._known.flush()
            self._make(list(entries.values()))
            self._known.flush()

    def _make(self, items: Sequence[Item]) -> None:
        made = self._known.targets(Kind.MENU)
        menus: dict[str, list[Item]] = {}
        for item in items:
            menus.setdefault(menu_of(item), []).append(item)
        own = MenuItem.objects.filter(locale=self._locale)
        if own.exclude(pk__in=made.values()).exists():
            self._report.tell(f"menus: {len(menus)}", "menu_kept_as_data",
                              _("The site has a menu of its own; those of the file were kept as "
                                "data."))  # fmt: skip
            return
        name = chosen(menus, made)
        for menu in sorted(menus.keys() - {name}):
            self._report.tell(f"menu {menu}", "menu_kept_as_data",
                              _("The site has one menu; this one was kept as data."))  # fmt: skip
        top = [item for item in menus[name] if item.meta_value("_menu_item_menu_item_parent")
               in {"", "0"}]  # fmt: skip
        if len(top) < len(menus[name]):
            self._report.tell(f"menu {name}", "entries_kept_as_data",
                              _("The site's menu has one level; deeper entries were kept as "
                                "data."))  # fmt: skip
        for position, item in enumerate(sorted(top, key=lambda one: one.menu_order)):
            self._make_entry(item, position)

    def _make_entry(self, item: Item, position: int) -> None:
        page_id, url, label = self._target_of(item)
        if not (page_id or url) or len(url) > 200:
            self._report.tell(f"nav_menu_item {item.id}", "leads_nowhere",
                              _("What it leads to was not brought in."))  # fmt: skip
            return
        values = {"label": label[:60] or "…", "page_id": page_id, "url": url,
                  "position": position}  # fmt: skip
        digest = digest_of(values)
        before = self._known.find(Kind.MENU, [item.id]).get(str(item.id))
        fate, code = judge(before, digest, state_of)
        if code:
            self._report.tell(f"nav_menu_item {item.id}", code,
                              _("It was changed or deleted here since."))  # fmt: skip
        if fate not in {Fate.CREATED, Fate.UPDATED}:
            return
        row = MenuItem.objects.get(pk=before.target_id) if before else MenuItem()
        row.locale = self._locale
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        self._known.remember(Kind.MENU, item.id, row.pk, digest, state_of(row.pk) or "")

    def _target_of(self, item: Item) -> tuple[int | None, str, str]:
        """Return the page or the address that an entry leads to, and its label."""
        label = item.title.strip()
        kind, number = item.meta_value("_menu_item_type"), item.meta_value("_menu_item_object_id")
        if kind == "post_type":
            for each in (Kind.PAGE, Kind.POST):
                if row := self._known.find(each, [number]).get(number):
                    page = Page.objects.filter(pk=row.target_id).first()
                    return (page.pk, "", label or page.title) if page else (None, "", label)
            return None, "", label
        if kind == "taxonomy":
            row = self._term(item.meta_value("_menu_item_object"), number)
            return (None, row.get_absolute_url(), label or row.name) if row else (None, "", label)
        url = self._addresses.rewritten(item.meta_value("_menu_item_url").strip())
        own = url.removeprefix(settings.SITE_URL)
        is_safe = urlsplit(own).scheme in {"", "http", "https", "mailto"}
        return None, own if is_safe else "", label

    def _term(self, taxonomy: str, number: str) -> TermRow | None:
        found = TermRow.objects.filter(taxonomy=taxonomy)
        row = self._terms.numbered(taxonomy, number)
        return found.filter(pk=row).first() if row else None


def menu_of(item: Item) -> str:
    return next((one.slug for one in item.filings if one.taxonomy == MENU), "")


def chosen(menus: dict[str, list[Item]], made: dict[str, int]) -> str:
    """Return the menu that becomes the site's: that of before, one of a name that says so, or the
    longest."""
    for name, items in menus.items():
        if any(str(item.id) in made for item in items):
            return name
    named = [name for name in menus if MAIN.search(name)]
    return max(named or menus, key=lambda name: len(menus[name]))


def state_of(key: int) -> str | None:
    columns = ("label", "page_id", "url", "position")
    found = MenuItem.objects.filter(pk=key).values_list(*columns).first()
    return found and digest_of(*found)
