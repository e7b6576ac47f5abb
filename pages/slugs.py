"""Slugs as WordPress makes and shows them, among siblings as Wagtail keeps them."""

import re
import secrets
import unicodedata
from urllib.parse import unquote

from wagtail.models import Page

LONGEST = 200
# WordPress's draft has no slug before it is published; Wagtail's page always has one.
NONE_YET = "__none-yet-"
TRASHED = "__trashed"
TRASH_ENDING = re.compile(r"__trashed(-\d+)?$")
# Letters that do not part into a base and an accent; WordPress's remove_accents() names them too.
SPELT = str.maketrans({
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ı": "i",
})  # fmt: skip
DASHES = re.compile("[\\s./\u2010-\u2015\u00a0-]+")
SLUG = re.compile(rf"\w[-\w]{{0,{LONGEST - 1}}}")
MARKUP = re.compile(r"<[^>]*>|&[#\w]+;")
# Feeds and numbered pages have addresses of their own.
RESERVED = {"feed", "rdf", "rss", "rss2", "atom", "embed"}
NUMBERED = re.compile(r"(page)?\d+")


def make_slug(text: str) -> str:
    """Return a text as a slug: lower case, Latin letters without accents, dashes between words.

    WordPress writes letters beyond Latin as percent codes of at most 200 bytes; here they are
    kept as they are, at most 200 of them.
    """
    text = MARKUP.sub("", unicodedata.normalize("NFC", unquote(text)))
    text = "".join(without_accent(sign) for sign in text.translate(SPELT)).lower()
    words = "".join(
        sign
        for sign in DASHES.sub("-", text.strip())
        if sign in "-_" or sign.isalnum() or unicodedata.category(sign) in {"Mn", "Mc"}
    )
    return re.sub("-+", "-", words).strip("-")[:LONGEST].rstrip("-")


def given_slug(text: str) -> str:
    """Return the slug that another system gave: as it is where a page can have it, else made."""
    return text if SLUG.fullmatch(text) else make_slug(text)


def without_accent(sign: str) -> str:
    """Return a Latin letter without its accents; other scripts need theirs."""
    base = unicodedata.normalize("NFKD", sign)[:1]
    return base if base.isascii() and sign.isalpha() else sign


def make_none_yet() -> str:
    """Return what stands in a page's slug while it has none."""
    return f"{NONE_YET}{secrets.token_hex(8)}"


def has_none_yet(slug: str) -> bool:
    """Tell whether a slug only stands for one that is not chosen yet."""
    return slug.startswith(NONE_YET)


def shown_slug(slug: str) -> str:
    """Return a slug as everybody sees it: nothing where none is chosen yet."""
    if not has_none_yet(slug):
        return slug
    return TRASHED if TRASH_ENDING.search(slug) else ""


def trashed_slug(slug: str) -> str:
    """Return the slug under which a page lies in the trash, so that its own is free meanwhile."""
    return f"{slug[: LONGEST - len(TRASHED)]}{TRASHED}"


def slug_before_trash(slug: str) -> str:
    """Return the slug that a page had before it went to the trash."""
    return TRASH_ENDING.sub("", slug)


def free_slug(slug: str, parent: Page, *, of: Page | None = None, is_page: bool = False) -> str:
    """Return a slug that no other page below `parent` has, with -2, -3 and so on where needed.

    `of` is the page that wants it. Feeds' names, and numbers where `is_page`, are nobody's.
    """
    siblings = parent.get_children()
    if of is not None and of.pk:
        siblings = siblings.exclude(pk=of.pk)
    candidate, number = slug, 1
    while (
        candidate in RESERVED
        or (is_page and NUMBERED.fullmatch(candidate))
        or siblings.filter(slug=candidate).exists()
    ):
        number += 1
        ending = f"-{number}"
        candidate = f"{slug[: LONGEST - len(ending)]}{ending}"
    return candidate
