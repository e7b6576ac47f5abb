"""Where the links in a comment really lead, shown beside their words. Pure."""

import re
from html import escape, unescape
from urllib.parse import urlsplit

from django.utils.safestring import SafeString, mark_safe

ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
REL = "nofollow ugc noopener noreferrer"
LONGEST_PATH = 60


def reveal(html: str) -> SafeString:
    """Return sanitised HTML in which the words of links are no links, and their targets are.

    What a moderator clicks is what they read: the host stands out, and the address is the one that
    a browser would open, whatever the words said.
    """
    return mark_safe(ANCHOR.sub(revealed, html))


def revealed(match: re.Match[str]) -> str:
    address, words = unescape(match[1]), match[2]
    target = f'<a class="moderation-target" href="{escape(address)}" rel="{REL}">' + (
        f"{in_parts(address)}</a>"
    )
    plain = unescape(re.sub(r"<[^>]*>", "", words)).strip()
    if plain.rstrip("/") == address.rstrip("/"):
        return target
    return f'<span class="moderation-words">{words}</span> {target}'


def in_parts(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host:
        return escape(shortened(address))
    # Letters that look like others are told apart by the form that the network uses.
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        host = host.encode("ascii", "backslashreplace").decode("ascii")
    rest = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"<b>{escape(host)}</b>{escape(shortened(rest if rest != '/' else ''))}"


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_PATH else f"{text[: LONGEST_PATH - 1]}…"
