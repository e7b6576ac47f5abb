"""Writing menus and their entries."""

from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page

from core.statements import wait_row
from pages.errors import MenuEntryError
from pages.models import Menu, MenuItem, Term
from pages.models.menus import NAV_MENU, is_followable
from pages.services.terms import clean_name, create_term, update_term


def create_menu(name: str, *, description: str = "") -> Menu:
    """Make an empty menu; raises TermNameError or TermExistsError."""
    made = create_term(NAV_MENU, name=name, description=description)
    return Menu.objects.get(pk=made.pk)


def update_menu(menu: Menu, **changes: Any) -> None:
    """Change a menu's name, slug or description."""
    update_term(menu, **changes)


@transaction.atomic
def save_entry(item: MenuItem, **changes: Any) -> MenuItem:
    """Store an entry with changes to it, all or nothing; raises MenuEntryError where it would lead
    nowhere, or stand below an entry of another menu or below itself, DoesNotExist where it is gone.
    """
    wait_row(item)
    for name, value in changes.items():
        setattr(item, name, value)
    if item.locale_id is None:
        language = settings.LANGUAGE_CODE
        item.locale = item.page.locale if item.page else Locale.objects.get(language_code=language)
    if not (item.page_id or item.term_id or item.url) or not is_followable(item.url):
        raise MenuEntryError
    above = item.parent
    while above is not None:
        if above.pk == item.pk or above.menu_id != item.menu_id:
            raise MenuEntryError
        above = above.parent
    item.label = clean_name(item.label or name_of_target(item))
    item.save()
    return item


def name_of_target(item: MenuItem) -> str:
    """Return the name of what an entry leads to."""
    if item.page_id:
        return str(Page.objects.get(pk=item.page_id).title)
    if item.term_id:
        return str(Term.objects.get(pk=item.term_id).name)
    return item.url


def delete_entry(item: MenuItem) -> None:
    """Delete an entry; those below it move up to where it stood. Raises DoesNotExist."""
    with transaction.atomic():
        wait_row(item)
        for child in MenuItem.objects.filter(parent=item):
            child.parent_id = item.parent_id
            child.save()
        item.delete()
