"""How an author of a former site is known: by a key that tells nobody the login. Pure."""

import re

from core.tokens import pseudonym

# What WordPress takes out of a login (sanitize_user), so that a slip of the pen finds its author.
NOT_IN_LOGIN = re.compile(r"<[^>]*>|[^\w.@ +-]")


def clean_login(login: str) -> str:
    return NOT_IN_LOGIN.sub("", login).strip()[:150]


def key_of(login: str) -> str:
    """Return the key of an author, which tells nobody the login."""
    return pseudonym("wordpress.author", login.lower())
