"""Slugs as WordPress makes them from titles, with the letters of every script kept."""

import re
import unicodedata

from django.utils.html import strip_tags

LONGEST = 200
# Letters that do not part into a base and an accent; WordPress's remove_accents() names them too.
SPELT = str.maketrans({
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "TH", "ı": "i",
})  # fmt: skip
DASHES = re.compile(r"[\s\u00a0\u2010-\u2015/.]+|&nbsp;|&ndash;|&mdash;")
ENTITY = re.compile(r"&[^\s;&]+;")
UNFIT = re.compile(r"[^\w\s-]")


def slug_of(title: str) -> str:
    """Return the slug that a title gives: lower case, words joined by hyphens, accents removed.

    WordPress writes letters beyond Latin as percent codes of at most 200 bytes; here they are
    kept as they are, at most 200 of them.
    """
    text = "".join(without_accent(sign) for sign in strip_tags(title).translate(SPELT))
    text = ENTITY.sub("", DASHES.sub("-", text)).lower()
    return re.sub(r"-{2,}", "-", UNFIT.sub("", text)).strip("-")[:LONGEST].rstrip("-")


def without_accent(sign: str) -> str:
    """Return a Latin letter without its accents; other scripts need theirs."""
    base = unicodedata.normalize("NFKD", sign)[:1]
    return base if base.isascii() and sign.isalpha() else sign
