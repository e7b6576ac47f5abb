"""What a report calls the things of a file: by kind, title and place, as an editor knows them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.models.menus import NAV_MENU
from pages.models.terms import CATEGORY, TAG
from wordpress.wxr.records import Item, Term

ITEMS = {
    "post": gettext_lazy("Post"), "page": gettext_lazy("Page"),
    "attachment": gettext_lazy("File"), "nav_menu_item": gettext_lazy("Menu entry"),
    "wp_block": gettext_lazy("Reusable block"),
}  # fmt: skip
TERMS = {CATEGORY: gettext_lazy("Category"), TAG: gettext_lazy("Tag"),
         NAV_MENU: gettext_lazy("Menu")}  # fmt: skip
LONGEST_TITLE = 80
LISTED_TWICE = gettext_lazy(
    "The file has it twice, and the first was taken. Nothing is missing unless the two differ."
)
EDITED_OR_DELETED = {
    "edited_here": gettext_lazy(
        "It was edited here and there since; it stays as it is here. Copy over what you want of "
        "the other by hand."
    ),
    "deleted_here": gettext_lazy(
        "It was deleted here since, and stays away. Nothing is to be done, unless you want it "
        "back: then write it anew."
    ),
}  # fmt: skip


def name_of(item: Item) -> str:
    """Return what an item is called, with its type and number there.

    Titles of types that no room knows are left out: plugins file people under them.
    """
    number = item.id or _("on line %d") % item.line
    reference = f"{item.kind} {number}"
    kind = ITEMS.get(item.kind)
    if kind is None:
        return _("Item of a plugin (%s)") % reference
    if item.kind == "nav_menu_item":
        menu = next((one.name for one in item.filings if one.taxonomy == NAV_MENU), "")
        return _("%(entry)s in the menu “%(menu)s” (%(reference)s)") % {
            "entry": named(kind, item.title or leads_to(item)), "menu": menu,
            "reference": reference,
        }  # fmt: skip
    return f"{named(kind, item.title)} ({reference})"


def name_of_term(term: Term) -> str:
    """Return what a term is called, with its taxonomy and what it is known by there."""
    kind = TERMS.get(term.taxonomy) or _("Term")
    return f"{named(kind, term.name)} ({term.taxonomy} {term.id or term.slug})"


def name_of_comment(number: int, place: str) -> str:
    """Return what a comment is called, by the entry that it stands below; nobody is named."""
    return _("Comment %(number)d below %(place)s") % {"number": number, "place": place}


def named(kind: object, title: str) -> str:
    title = " ".join(title.split())
    if len(title) > LONGEST_TITLE:
        title = f"{title[:LONGEST_TITLE]}…"
    return f"{kind} “{title}”" if title else _("%s without a title") % kind


def leads_to(item: Item) -> str:
    """Return what a menu entry leads to, by which one without words of its own is told."""
    if url := item.meta_value("_menu_item_url").strip():
        return url
    return (
        f"{item.meta_value('_menu_item_object')} {item.meta_value('_menu_item_object_id')}".strip()
    )
