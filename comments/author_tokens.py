"""What proves to the site that somebody wrote a comment: signed, bound to one use, without names.

- A held comment is shown to who has its token, for ten minutes; the token stands in an address.
- The edit token lets its holder change or withdraw a comment (comments.services.editing).
- The author cookie, set only for who wants to be remembered, tells the same browser again; the
  comment keeps a hash of it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.signing import BadSignature

from comments.models import DiscussionSettings, VisitorComment
from core.tokens import hash_token, make_token, sign, unsign

HELD, EDIT, AUTHOR = "held-comment", "comment-edit", "comment-author"
HELD_SECONDS = 600
AUTHOR_COOKIE = "comment_author_key"
REMEMBERED_SECONDS = 365 * 24 * 60 * 60
# WordPress's names.
HELD_KEY, HELD_TOKEN = "unapproved", "moderation-hash"


def held_token(comment: VisitorComment) -> str:
    """Return the token that shows a comment which waits to who has it."""
    return sign(HELD, comment.pk)


def held_query(comment: VisitorComment) -> str:
    """Return the query that shows a comment which waits to who has it."""
    return urlencode({HELD_KEY: comment.pk, HELD_TOKEN: held_token(comment)})


def held_key(query: Mapping[str, object]) -> int | None:
    """Return the number of the comment that a query may show although it waits, or None."""
    token = str(query.get(HELD_TOKEN) or "")
    if not token:
        return None
    try:
        key = unsign(HELD, token, max_age_seconds=HELD_SECONDS)
    except BadSignature:
        return None
    return key if isinstance(key, int) and str(key) == str(query.get(HELD_KEY)) else None


def without_token(address: str) -> str:
    """Return the address that a comment was written at, less the token that it may hold."""
    return address.partition("?")[0] if HELD_TOKEN in address else address


def edit_token(comment: VisitorComment) -> tuple[str, datetime | None]:
    """Return the token with which an author changes a comment, and until when; ("", None) for none.

    (comments.services.editing keeps to it.)
    """
    until = edit_until(comment)
    return (sign(EDIT, comment.pk) if until else "", until)


def edit_until(comment: VisitorComment) -> datetime | None:
    """Return when the author's time to change a comment ends, None where there is none."""
    minutes = DiscussionSettings.current().edit_minutes
    return comment.submit_date + timedelta(minutes=minutes) if minutes else None


def new_author_secret() -> str:
    """Return what an author cookie holds, before it is signed."""
    return make_token()


def author_cookie(secret: str) -> str:
    """Return the value of the cookie for a secret, dated now."""
    return sign(AUTHOR, secret)


def author_secret(cookie: str) -> str:
    """Return the secret in a cookie that this site set within a year, or ""."""
    if not cookie:
        return ""
    try:
        secret = unsign(AUTHOR, cookie, max_age_seconds=REMEMBERED_SECONDS)
    except BadSignature:
        return ""
    return secret if isinstance(secret, str) else ""


def author_key(secret: str) -> str:
    """Return what a comment keeps of a secret."""
    return hash_token(secret) if secret else ""
