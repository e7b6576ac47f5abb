"""Block-editor and classic text as the HTML that visitors and front ends are given. Pure."""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any

import nh3

from pages.block_editor.autop import CUTS, autop
from pages.block_editor.grammar import Block, has_blocks, parse
from pages.block_editor.shortcodes import AWAITED, link_to, with_shortcodes

TAGS = nh3.ALLOWED_TAGS | {
    "section",
    "main",
    "tfoot",
    "picture",
    "source",
    "video",
    "audio",
    "track",
}
MEASURES = {"width", "height"}
ATTRIBUTES: dict[str, set[str]] = {
    **nh3.ALLOWED_ATTRIBUTES,
    "*": {"class", "id", "style", "title", "lang", "dir"},
    "a": {"href", "hreflang", "rel", "download", "target"},
    "img": {"src", "srcset", "sizes", "alt", "align", "loading", "decoding"} | MEASURES,
    "source": {"src", "srcset", "sizes", "type"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "video": {"src", "controls", "loop", "muted", "playsinline"} | MEASURES,
    "audio": {"src", "controls", "loop"},
    "track": {"src", "kind", "srclang", "label"},
    "details": {"open"},
    "time": {"datetime"},
}
# None of these moves a thing out of its place; a cover fetches its picture as an <img> does.
STYLES = {
    "background-image", "background-position", "background-repeat", "background-size",
    "color", "background-color", "text-align", "text-decoration", "text-transform", "font-size",
    "font-style", "font-weight", "line-height", "letter-spacing", "width", "height", "min-height",
    "max-width", "flex-basis", "flex-grow", "aspect-ratio", "object-fit", "object-position",
    "vertical-align", "border", "border-color", "border-radius", "border-style", "border-width",
    *(f"{box}{side}" for box in ("margin", "padding", "border")
      for side in ("", "-top", "-right", "-bottom", "-left")),
}  # fmt: skip
# A player is fetched for when it is asked to play, and not before.
PLAYERS = {"video": {"preload": "none"}, "audio": {"preload": "none"}}

FRAME = re.compile(r"<iframe\s([^<>]*)>", re.IGNORECASE)
FRAME_ADDRESS = re.compile(r"""\bsrc\s*=\s*["'](https?://[^"'\s<>]+)["']""", re.IGNORECASE)
EMBEDDED = re.compile(r'(<div class="wp-block-embed__wrapper">)\s*(https?://[^<>\s"]+)\s*(</div>)')
# Signs of private use, as no comment outlasts the cleaning.
HELD_CUTS = {"more": "\uf8f0", "nextpage": "\uf8f1"}
BARE_AMPERSAND = re.compile(r"&(?!#?[a-zA-Z0-9]{1,31};)")
ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9-]*)", re.IGNORECASE)
# Elements that have no end tag, or whose end tag may be left out.
SHALLOW = {"br", "img", "hr", "input", "wbr", "col", "source", "track", "area", "embed", "param",
           "p", "li", "td", "th", "tr", "dt", "dd", "option", "path"}  # fmt: skip
DEEPEST_HTML = 200

# What WordPress 6.1 adds to blocks that lay others out, when it renders them.
LAYOUTS = {"core/columns": "flex", "core/buttons": "flex", "core/gallery": "flex",
           "core/social-links": "flex", "core/column": "flow", "core/group": "flow"}  # fmt: skip


def to_html(text: str) -> str:
    """Return a text as HTML, with WordPress's classes and without its comments; not cleaned yet.

    Classic text gets paragraphs, and shortcodes of media what they stand for. Embeds become links,
    so that no third party is called before a click; blocks that WordPress fills in when they are
    shown (lists of posts, a search form) show nothing.
    """
    return with_shortcodes(shown(parse(text)) if has_blocks(text) else autop(text))


def cleaned(html: str) -> str:
    """Return HTML without scripts, forms and handlers; a frame is a link to what it would show.

    The marks that cut a text, `<!--more-->` and `<!--nextpage-->`, are the only comments that stay.
    Whatever was put together of what others wrote goes through here last. Safe to call twice.
    """
    # The parser would need the square of their number for bare ones.
    html = BARE_AMPERSAND.sub("&amp;", FRAME.sub(linked_frame, AWAITED.sub("", html)))
    if is_too_deep(html):
        # Browsers and parsers need the square of the depth; nobody's text is like this.
        return f"<pre>{escape(html, quote=False)}</pre>"
    html = CUTS.sub(lambda cut: HELD_CUTS[cut[1]], html)
    html = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, generic_attribute_prefixes={"aria-"}, link_rel=None,
        filter_style_properties=STYLES, set_tag_attribute_values=PLAYERS,
    )  # fmt: skip
    for name, sign in HELD_CUTS.items():
        html = html.replace(sign, f"<!--{name}-->")
    return html


def shown(block: Block) -> str:
    """Return a block's HTML, with that of the blocks in it."""
    html = "".join(part if isinstance(part, str) else shown(part) for part in block.parts)
    if block.name == "core/embed" or block.name.startswith("core-embed/"):
        return EMBEDDED.sub(linked_embed, html, count=1)
    if block.name == "core/shortcode":
        return autop(html)
    if layout := LAYOUTS.get(block.name):
        return html.replace('class="', f'class="{layout_classes(layout, block.attributes)} ', 1)
    return html


def layout_classes(layout: str, attributes: Mapping[str, Any]) -> str:
    own = attributes.get("layout")
    own = own if isinstance(own, dict) else {}
    names = [
        f"is-{own['orientation']}" if own.get("orientation") else "",
        f"is-content-justification-{own['justifyContent']}" if own.get("justifyContent") else "",
        "is-nowrap" if own.get("flexWrap") == "nowrap" else "",
        f"is-layout-{'flow' if own.get('type') == 'default' else own.get('type') or layout}",
    ]
    return escape(" ".join(filter(None, names)))


def linked_frame(frame: re.Match[str]) -> str:
    address = FRAME_ADDRESS.search(frame[1])
    return link_to(unescape(address[1])) if address else ""


def linked_embed(embed: re.Match[str]) -> str:
    return f"{embed[1]}\n{link_to(unescape(embed[2]))}\n{embed[3]}"


def is_too_deep(html: str) -> bool:
    depth = 0
    for element in ELEMENT.finditer(html):
        if element[2].lower() not in SHALLOW:
            depth += -1 if element[1] else 1
            if depth > DEEPEST_HTML:
                return True
            depth = max(depth, 0)
    return False
