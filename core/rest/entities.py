"""Texts that WordPress answers with their signs escaped, and takes escaped or not."""

import re
from html import unescape

ENTITY = re.compile(r"&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);", re.IGNORECASE)


def unescaped(text: str) -> str:
    """Return a text as it was typed, of one that may be as it was answered.

    Its `&amp;` is a sign: WordPress escapes none twice, and its editor sends names escaped. A
    bare `&copy` is no entity.
    """
    return ENTITY.sub(lambda found: unescape(found[0]), text)
