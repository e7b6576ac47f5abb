"""Which language an item is in. Pure.

Plugins that make WordPress speak several languages file an item under a term of the taxonomy
"language"; where its slug is the code of a language of this site, that is the item's.
"""

from django.conf import settings

from wordpress.wxr.records import Item

LANGUAGE = "language"


def language_of(item: Item) -> str:
    """Return the language of this site that an item is filed under, or the site's own."""
    known = {code.lower(): code for code, _name in settings.LANGUAGES}
    named = (known.get(one.slug.lower()) for one in item.filings if one.taxonomy == LANGUAGE)
    return next((code for code in named if code), settings.LANGUAGE_CODE)
