"""From what a visitor typed to safe HTML: WordPress's tags or a part of Markdown. Pure.

What is stored is the text as it was typed, in HTML with only the allowed tags; what is shown has
passed nh3 last, whatever was done to it before.
"""

import re
from html import escape

import nh3
from markdown_it import MarkdownIt

HTML, MARKDOWN = "html", "markdown"
# WordPress's, less the addresses in `cite`, which nh3 does not judge and no browser shows.
ALLOWED = {
    "a": {"href", "title"}, "abbr": {"title"}, "b": set(), "blockquote": set(), "cite": set(),
    "code": set(), "del": {"datetime"}, "em": set(), "i": set(), "q": set(), "s": set(),
    "strike": set(), "strong": set(),
}  # fmt: skip
RENDERED = ALLOWED | {"p": set(), "br": set(), "pre": set(), "ul": set(), "ol": {"start"},
                      "li": set()}  # fmt: skip
REL = "nofollow ugc"
SCHEMES = {"http", "https", "mailto"}
TYPED = nh3.Cleaner(tags=set(ALLOWED), attributes=ALLOWED, url_schemes=SCHEMES, link_rel=REL)
SHOWN = nh3.Cleaner(tags=set(RENDERED), attributes=RENDERED, url_schemes=SCHEMES, link_rel=REL)
# No pictures, headings, tables or raw HTML: what a comment needs, and nothing that loads.
SUBSET = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": 20}).enable(
    ["autolink", "backticks", "blockquote", "emphasis", "entity", "escape", "fence", "link", "list",
     "newline", "strikethrough"]
)  # fmt: skip
# The parser takes seconds for long hostile input; what is longer is shown as plain paragraphs.
LONGEST_MARKDOWN = 20_000

TAG = re.compile(r"(<[^>]*>)")
BLOCK = re.compile(r"(</?blockquote(?: [^>]*)?>)")
UNLINKED, UNLINKED_END = re.compile(r"<(?:a|code|pre)[ >]"), re.compile(r"</(?:a|code|pre)>")
EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
ADDRESS = re.compile(r"\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]", re.IGNORECASE)
OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
UNSEEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


def without_controls(text: str) -> str:
    """Return the text without control signs but tabs and line ends; PostgreSQL takes no zero."""
    return text.translate(UNSEEN)


def sanitise(text: str, markup: str = HTML) -> str:
    """Return the text as it is stored: in HTML with only the allowed tags, every other escaped."""
    text = tidied(text)
    if markup != HTML:
        return text
    clean = TYPED.clean(text)
    # Control signs may have been typed as entities, and space may have stood before what went.
    while (tidy := tidied(clean)) != clean:
        clean = TYPED.clean(tidy)
    return clean


def tidied(text: str) -> str:
    """Return the text with plain line ends, and without control signs and space around it."""
    return without_controls(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def render(stored: str, markup: str = HTML) -> str:
    """Return a stored text as HTML: paragraphs, and bare addresses as links."""
    if markup == HTML:
        return to_html(stored)
    if len(stored) > LONGEST_MARKDOWN:
        return to_html(escape(stored, quote=False))
    return SHOWN.clean(linked(SUBSET.render(stored)))


def to_html(clean: str) -> str:
    """Return sanitised text as paragraphs, its bare addresses as links."""
    pieces = BLOCK.split(linked(clean)) if "<" in clean else [linked(clean)]
    # Every second piece is a tag. Those open across paragraphs are closed and opened again.
    return SHOWN.clean(
        "".join(piece if at % 2 else paragraphs(piece) for at, piece in enumerate(pieces))
    )


def paragraphs(text: str) -> str:
    parts = [part.strip() for part in EMPTY_LINE.split(text) if part.strip()]
    return "".join("<p>" + part.replace("\n", "<br>\n") + "</p>\n" for part in parts)


def linked(html: str) -> str:
    if "://" not in html:
        return html
    parts, depth = [], 0
    for piece in TAG.split(html):
        if piece.startswith("<"):
            depth += bool(UNLINKED.match(piece)) - bool(UNLINKED_END.match(piece))
        elif not depth:
            piece = ADDRESS.sub(lambda m: f'<a href="{m[0]}" rel="{REL}">{m[0]}</a>', piece)
        parts.append(piece)
    return "".join(parts)


def count_links(html: str) -> int:
    """Return how many links a comment has once bare addresses are links."""
    return html.count("<a href=")


def clean_name(name: str) -> str:
    """Return a name without tags and signs that cannot be seen, as WordPress stores it."""
    return " ".join(re.sub(r"<[^>]*>|[<>]", "", name).translate(UNSEEN).split())


def clean_address(url: str) -> str:
    """Return a website's address without signs that no address has, "" where it is none."""
    url = re.sub(r"[^a-z0-9\-~+_.?#=!&;,/:%@$|*'()\[\]\u0080-\U0010ffff]", "", url, flags=re.I)
    if url and not url.lower().startswith(("http://", "https://")):
        return "" if OTHER_SCHEME.match(url) else f"https://{url}"
    return url
