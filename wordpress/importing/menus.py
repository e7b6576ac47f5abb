"""Menus' entries, once everything that they may lead to is here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from comments.write_lock import write_transaction
from core.errors import CMSError
from pages.models import Menu, MenuItem
from pages.models.menus import NAV_MENU, main_slug
from pages.services.menus import save_entry
from wordpress.importing.filing import Terms, filings_of, slug_of
from wordpress.importing.keeping import keep_item
from wordpress.importing.naming import EDITED_OR_DELETED, LISTED_TWICE, name_of
from wordpress.importing.records import Known, digest_of, judge
from wordpress.importing.report import Fate, Report
from wordpress.importing.texts import Addresses
from wordpress.models import Kind
from wordpress.wxr.php_values import decoded
from wordpress.wxr.records import Item

# An export does not say where a menu was shown; its name mostly does.
MAIN = re.compile(r"main|primary|principal|header|top|haupt|主", re.IGNORECASE)
META = "_menu_item_"
HIGHEST_POSITION = 32_767


class Menus:
    """Brings menu entries in; the menus themselves are terms, and are here already."""

    def __init__(
        self, known: Known, report: Report, *, terms: Terms, addresses: Addresses,
        locale: Locale, chooses_main: bool,
    ) -> None:  # fmt: skip
        """`chooses_main` where the file does not say which menu is the main one."""
        self._chooses_main = chooses_main
        # By number and menu what an entry is known by: a file may have one number in two menus.
        self._keys: dict[tuple[str, str], str] = {}
        self._known, self._report, self._terms = known, report, terms
        self._addresses, self._locale = addresses, locale

    def bring_in(self, items: Sequence[Item]) -> None:
        """Bring entries in, those above before those below, in one transaction."""
        if not items:
            return
        with write_transaction():
            entries = self._once(items)
            for key in parents_first({key: self._key_above(item) for key, item in entries.items()}):
                self._report.count("menus", self._bring_in(key, entries[key]))
                self._known.flush()
            if self._chooses_main:
                self._choose_main()

    def _once(self, items: Sequence[Item]) -> dict[str, Item]:
        entries: dict[str, Item] = {}
        for item in items:
            number, menu = str(item.id), menu_in(item)
            if (number, menu) in self._keys:
                self._report.count("menus", Fate.SKIPPED)
                self._tell(item, "listed_twice", LISTED_TWICE)
                continue
            key = f"{number}:{menu}" if number in entries else number
            self._keys[number, menu] = key
            entries[key] = item
        return entries

    def _key_above(self, item: Item) -> str:
        number = parent_of(item)
        return self._keys.get((number, menu_in(item)), number)

    def _bring_in(self, key: str, item: Item) -> Fate:
        fields = asdict(item) | {"line": 0}
        menu_id = self._menu_of(item)
        target = self._target_of(item)
        key_above = self._key_above(item)
        above = self._known.find(Kind.MENU, [key_above]).get(key_above)
        words = {
            "label": item.title.strip()[:200],
            "hint": item.excerpt.strip()[:200],
            "description": item.content.strip(),
            "position": max(0, min(item.menu_order, HIGHEST_POSITION)),
            "opens_new_window": value_of(item, "target") == "_blank",
            "css_classes": classes_of(item)[:200],
            "relation": value_of(item, "xfn")[:200],
        }
        parent_id = above.target_id if above else None
        digest = digest_of(words, target, menu_id, parent_id)
        before = self._known.find(Kind.MENU, [key]).get(key)
        fate, code = judge(before, digest, state_of)
        if code:
            self._tell(item, code, EDITED_OR_DELETED[code])
        if fate in {Fate.UNCHANGED, Fate.SKIPPED}:
            return fate
        row = MenuItem.objects.get(pk=before.target_id) if before else MenuItem(locale=self._locale)
        try:
            save_entry(row, menu_id=menu_id, parent_id=parent_id, **words, **target)
        except CMSError:
            self._tell(
                item, "leads_nowhere",
                _("What it leads to is not here, so that it was kept as data alone. Bring that in, "
                  "or add an entry to the menu by hand."),
            )  # fmt: skip
            return self._keep(key, item, fields)
        self._known.remember(Kind.MENU, key, row.pk, digest, state_of(row.pk) or "",
                             {"fields": fields | {"creator": ""}})  # fmt: skip
        return fate

    def _menu_of(self, item: Item) -> int | None:
        return self._terms.row_of(NAV_MENU, menu_in(item))

    def _target_of(self, item: Item) -> dict[str, Any]:
        """Return what an entry leads to, by column; all are empty where it is not here."""
        kind, number = value_of(item, "type"), value_of(item, "object_id")
        nowhere = {"page_id": None, "term_id": None, "url": ""}
        if kind == "post_type":
            for each in (Kind.PAGE, Kind.POST):
                if row := self._known.find(each, [number]).get(number):
                    is_here = Page.objects.filter(pk=row.target_id).exists()
                    return nowhere | {"page_id": row.target_id if is_here else None}
        elif kind == "taxonomy":
            return nowhere | {"term_id": self._terms.numbered(value_of(item, "object"), number)}
        elif kind == "custom":
            return nowhere | {"url": self._addresses.path_or_address(value_of(item, "url"))[:500]}
        return nowhere

    def _keep(self, key: str, item: Item, fields: dict[str, Any]) -> Fate:
        key = f"{item.kind}:{key}"
        before = self._known.find(Kind.KEPT, [key]).get(key)
        return keep_item(self._known, key, item, fields, before)

    def _choose_main(self) -> None:
        """Make one menu the main one, where the site's has no entries."""
        slug = main_slug(self._locale.language_code)
        if MenuItem.objects.filter(menu__slug=slug).exists():
            return
        brought = [Menu.objects.get(pk=key) for key in self._terms.all_of(NAV_MENU)]
        filled = [menu for menu in brought if menu.entries.exists()]
        if not filled:
            return
        named = [menu for menu in filled if MAIN.search(menu.name)]
        chosen = max(named or filled, key=lambda menu: menu.entries.count())
        Menu.objects.filter(slug=slug).delete()
        before = chosen.slug
        chosen.slug = slug
        chosen.save()
        self._terms.was_changed_here(NAV_MENU, before, chosen.pk)
        self._known.flush()
        self._report.tell(
            _("Menu “%s”") % chosen.name, "menu_is_main",
            _("It is the site's main menu now, as that had no entries. Choose another under "
              "Menus if it is the wrong one."),
        )  # fmt: skip

    def _tell(self, item: Item, code: str, message: str | Promise) -> None:
        self._report.tell(name_of(item), code, message)


def value_of(item: Item, name: str) -> str:
    return item.meta_value(f"{META}{name}").strip()


def parent_of(item: Item) -> str:
    return value_of(item, "menu_item_parent")


def classes_of(item: Item) -> str:
    found = decoded(value_of(item, "classes"))
    names = found.values() if isinstance(found, dict) else [found]
    return " ".join(name for name in names if isinstance(name, str) and name)


def menu_in(item: Item) -> str:
    """Return the slug of the menu that an entry is in, "" for none."""
    return next((slug_of(one) for one in filings_of(item) if one.taxonomy == NAV_MENU), "")


def parents_first(above: Mapping[str, str]) -> list[str]:
    """Return keys in an order in which those above come first; circles come last."""
    waiting: dict[str, list[str]] = {}
    ready: list[str] = []
    for key, parent in above.items():
        if parent in above and parent != key:
            waiting.setdefault(parent, []).append(key)
        else:
            ready.append(key)
    for key in ready:
        ready.extend(waiting.pop(key, ()))
    return ready + [key for some in waiting.values() for key in some]


def state_of(key: int) -> str | None:
    columns = ("label", "page_id", "term_id", "url", "menu_id", "parent_id", "position")
    found = MenuItem.objects.filter(pk=key).values_list(*columns).first()
    return found and digest_of(*found)
