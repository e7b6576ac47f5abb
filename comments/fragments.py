"""A comment's stored HTML: the head and the text that a page joins in thread order.

A fragment holds nothing that changes by itself or per reader. What it does depend on beside its
comment is counted in `current_version`: fragments of another version are rendered when they are
read, and written back by a task.
"""

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext, override

from comments.models import DiscussionSettings
from comments.models import VisitorComment as Comment
from comments.sanitising import render
from core.extensions.people import avatars
from core.extensions.site import site_provider

# Raise it when the markup changes.
MARKUP = 3
# Stands for the comment's number until the database has given it one.
NUMBER = "\0"


@dataclass(frozen=True)
class Making:
    """What fragments depend on beside comments: the site's zone, and whether with pictures."""

    zone: ZoneInfo
    has_pictures: bool
    version: int


def making() -> Making:
    """Return how fragments are made now; read it once for many."""
    zone = site_provider.get().identity().timezone
    has_pictures = DiscussionSettings.current().show_avatars
    return made_for(zone, has_pictures)


@lru_cache(maxsize=8)
def made_for(zone: str, has_pictures: bool) -> Making:
    # The column holds 15 bits, of which 0 means that a comment has no fragment yet.
    version = zlib.crc32(f"{MARKUP} {zone} {has_pictures}".encode()) % 32_767 + 1
    return Making(ZoneInfo(zone), has_pictures, version)


def current_version() -> int:
    """Return the version of fragments made now: it is another once zone or pictures change."""
    return making().version


def set_fragment(comment: Comment, how: Making | None = None) -> None:
    """Make a comment's fragment anew: `rendered`, `html` and `fragment_version`.

    The number may still be unknown: then it is filled in by `number_fragment`.
    """
    how = how or making()
    comment.rendered = render(comment.comment, comment.markup)
    comment.html = head_of(comment, how)
    comment.fragment_version = how.version


def number_fragment(comment: Comment) -> None:
    """Put the number that a comment has got into the fragment that was made before."""
    comment.html = comment.html.replace(NUMBER, str(comment.pk))


def shown(head: str, rendered: str) -> str:
    """Return a comment's open article: whoever shows it adds what may be done, and closes it."""
    return f"{head}<div>{rendered}</div>"


def head_of(comment: Comment, how: Making) -> str:
    """Return the open article of a comment with its header, in the language of its target."""
    with override(comment.language or "en"):
        return render_head(
            number=str(comment.pk or NUMBER),
            name=comment.user_name or gettext("Anonymous"),
            url=comment.user_url,
            at=comment.submit_date.astimezone(how.zone),
            is_edited=comment.edited_at is not None,
            has_picture=how.has_pictures,
        )


def render_head(
    *, number: str, name: str, url: str, at: datetime, is_edited: bool, has_picture: bool
) -> str:
    author = escape(name)
    if url.startswith(("http://", "https://")):
        author = f'<a href="{escape(url)}" rel="external nofollow ugc">{author}</a>'
    picture = ""
    if has_picture:
        source = path_only(avatars.get().url(name, size=48))
        picture = f'<img src="{source}" alt="" loading="lazy">'
    edited = f" <i>{gettext('edited')}</i>" if is_edited else ""
    return (
        f'<article id="comment-{number}"><header>{picture}<b id="by-{number}">{author}</b> '
        f'<a href="#comment-{number}"><time datetime="{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}">'
        f"{escape(date_format(at, 'DATETIME_FORMAT'))}</time>{edited}</a></header>"
    )


def path_only(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
