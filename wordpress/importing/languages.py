"""Which language an item is in. Pure.

Plugins that make WordPress speak several languages file an item under a term of the taxonomy
"language"; where its slug is the code of a language of this site, that is the item's.
"""

from contextlib import suppress
from uuid import UUID

from django.conf import settings

from wordpress.wxr.records import Item

LANGUAGE = "language"
# What pages that are translations of each other have in common, a UUID.
TRANSLATION = "_candour_translation"


def language_of(item: Item) -> str:
    """Return the language of this site that an item is filed under, or the site's own."""
    known = {code.lower(): code for code, _name in settings.LANGUAGES}
    named = (known.get(one.slug.lower()) for one in item.filings if one.taxonomy == LANGUAGE)
    return next((code for code in named if code), settings.LANGUAGE_CODE)


def translation_of(item: Item) -> UUID | None:
    """Return what an item has in common with its translations, None for nothing."""
    with suppress(ValueError):
        return UUID(item.meta_value(TRANSLATION).strip())
    return None
