"""A comment's stored HTML: what a page joins in thread order.

A fragment holds nothing that changes by itself or per reader. Raise VERSION when the markup
changes: older fragments are then rendered when read, and written back by a task.
"""

from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.translation import gettext, override

from comments.sanitising import to_html
from core.extensions.people import avatars

VERSION = 1


def render_fragment(
    *, key: int, name: str, url: str, text: str, at: datetime, language: str
) -> str:
    """Return the article of one comment in the language of what it stands under."""
    with override(language or "en"):
        shown = name or gettext("Anonymous")
        date = date_format(at, "DATETIME_FORMAT")
    author = escape(shown)
    if is_web_address(url):
        author = f'<a class="url" href="{escape(url)}" rel="external nofollow ugc">{author}</a>'
    picture = path_only(avatars.get().url(shown, size=48))
    return (
        f'<article class="comment" id="comment-{key}"><header class="comment-meta">'
        f'<img class="comment-avatar" src="{picture}" alt="" width="48" height="48" loading="lazy">'
        f'<p class="comment-author"><b>{author}</b></p>'
        f'<p class="comment-date"><a href="#comment-{key}"><time datetime="{at.isoformat()}">'
        f'{escape(date)}</time></a></p></header><div class="comment-text">{to_html(text)}</div>'
    )


def is_web_address(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def path_only(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def set_fragment(comment: Any) -> None:
    """Make a comment's fragment and rendered text anew."""
    comment.rendered = to_html(comment.comment)
    comment.html = render_fragment(
        key=comment.pk, name=comment.user_name, url=comment.user_url, text=comment.comment,
        at=comment.submit_date, language=comment.language,
    )  # fmt: skip
    comment.fragment_version = VERSION
