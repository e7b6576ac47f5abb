"""From what a visitor typed to safe HTML: WordPress's tags, paragraphs and links. Pure."""

import re

import nh3

ALLOWED = {
    "a": {"href", "title"}, "abbr": {"title"}, "b": set(), "blockquote": {"cite"}, "cite": set(),
    "code": set(), "del": {"datetime"}, "em": set(), "i": set(), "q": {"cite"}, "s": set(),
    "strike": set(), "strong": set(),
}  # fmt: skip
TAG = re.compile(r"(<[^>]*>)")
ADDRESS = re.compile(r"\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]", re.IGNORECASE)
REL = "nofollow ugc"


def sanitise(text: str) -> str:
    """Return the text with only the allowed tags, every other sign escaped."""
    return nh3.clean(
        text.replace("\r\n", "\n").replace("\0", "").strip(),
        tags=set(ALLOWED),
        attributes=ALLOWED,
        url_schemes={"http", "https", "mailto"},
        link_rel=REL,
    )


def to_html(clean: str) -> str:
    """Return sanitised text as paragraphs, its bare addresses as links."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", clean) if part.strip()]
    return "".join("<p>" + linked(part).replace("\n", "<br />\n") + "</p>\n" for part in paragraphs)


def linked(html: str) -> str:
    parts, depth = [], 0
    for piece in TAG.split(html):
        if piece.startswith("<"):
            depth += piece.startswith("<a ") - piece.startswith("</a")
        elif not depth:
            piece = ADDRESS.sub(lambda m: f'<a href="{m[0]}" rel="{REL}">{m[0]}</a>', piece)
        parts.append(piece)
    return "".join(parts)


def count_links(html: str) -> int:
    """Return how many links a comment has once bare addresses are links."""
    return html.count("<a href=")
