"""The kinds of a body that are one block of the editor: read from it, and written back. Pure.

A reader answers None for whatever its kind cannot hold, and for what is empty where the admin's
form wants something, since such a page could not be saved there. A writer is given the block that
the value came from, if any, and changes nothing of it but what the value says: alignment, colours,
classes and attributes that the kind knows nothing of stay.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape, unescape
from typing import Any, NamedTuple, Protocol

from pages.block_editor.autop import autop
from pages.block_editor.grammar import Block, closing_of, opening_of
from pages.block_editor.rich import (
    SPACES,
    WAGTAIL_TAGS,
    Part,
    attributes_of,
    links_in,
    list_element,
    plain_link,
    read_rich,
    to_wagtail,
    words_of,
    write_inline,
    write_lists,
)

CAPTION = r"(?P<caption>(?:<figcaption[^<>]*>[^<>]*</figcaption>)?)"
PARAGRAPH = re.compile(r"\s*<p(?:\s[^<>]*)?>(?P<words>.*)</p>\s*", re.DOTALL)
HEADING = re.compile(r"\s*<h(?P<level>[1-6])(?:\s[^<>]*)?>(?P<words>[^<>]*)</h(?P<end>[1-6])>\s*")
PICTURE = re.compile(
    r"\s*(?:<div[^<>]*>)?<figure[^<>]*>(?:<a\s[^<>]*>)?(?P<image><img\s[^<>]*>)(?:</a>)?"
    rf"{CAPTION}</figure>(?:</div>)?\s*"
)
QUOTE = re.compile(
    r"\s*<blockquote[^<>]*>(?P<words>(?:\s*<p>[^<>]*</p>)*\s*)"
    r"(?P<cite>(?:<cite>[^<>]*</cite>)?)</blockquote>\s*"
)
LIST = re.compile(r"\s*<(?P<tag>ul|ol)(?:\s[^<>]*)?>(?P<items>.*)</(?P<end>ul|ol)>\s*", re.DOTALL)
CODE = re.compile(r"\s*<pre[^<>]*><code>(?P<words>[^<]*)</code></pre>\s*")
TABLE = re.compile(
    r"\s*<figure[^<>]*><table[^<>]*>(?P<rows>(?:<thead><tr>(?:<th>[^<>]*</th>)+</tr></thead>)?"
    rf"<tbody>.*</tbody>)</table>{CAPTION}</figure>\s*",
    re.DOTALL,
)
ROWS = re.compile(r"<tr>((?:(?!</?tr).)*)</tr>", re.DOTALL)
CELLS = re.compile(r"<(t[dh])>((?:(?!</?t[dh]).)*)</\1>", re.DOTALL)
EMBED = re.compile(
    r'\s*<figure[^<>]*><div class="wp-block-embed__wrapper">\s*(?P<url>[^<>\s]*)\s*</div>'
    rf"{CAPTION}</figure>\s*"
)
COMMENTS = re.compile(r"<!--[^<>]*-->")
START_TAG = re.compile(r"<[^<>]*>")
ALT = re.compile(r"""\salt=("[^"]*"|'[^']*')""")


class Known(NamedTuple):
    """A picture of the library: its addresses, and what it says of itself."""

    address: str
    addresses: frozenset[str]
    alt: str = ""
    caption: str = ""


UNSEEN = Known("", frozenset())


class Surroundings(Protocol):
    """What writers ask of the site: its pictures by key, and the addresses of internal links.

    Where `pictures` is None only the values count, as when one is compared with another.
    """

    pictures: Mapping[int, Known] | None
    is_alone: bool

    def expand(self, html: str) -> str: ...


class Kind(NamedTuple):
    """A kind of a body: the blocks it is read from, how it is read and how written."""

    names: tuple[str, ...]
    read: Callable[[Block, Mapping[int, Known]], Any]
    write: Callable[[Any, Block | None, Surroundings], str]


def patched(old: Block, match: re.Match[str], words: Mapping[str, str], opening: str = "") -> str:
    """Return a block's text with some groups of its shape replaced, and its opening if given."""
    inner, shift = old.inner, 0
    for name in sorted(words, key=match.start):
        start, end = match.span(name)
        inner = inner[: start + shift] + words[name] + inner[end + shift :]
        shift += len(words[name]) - (end - start)
    return (opening or old.opening) + inner + old.closing


def whole(name: str, inner: str, attributes: Mapping[str, Any] | None = None) -> str:
    return f"{opening_of(name, dict(attributes or {}))}\n{inner}\n{closing_of(name)}"


def captioned(old: str, words: str) -> str:
    """Return a caption element; that of before keeps its start tag."""
    if not words:
        return ""
    start = START_TAG.match(old)
    tag = start[0] if start else '<figcaption class="wp-element-caption">'
    return f"{tag}{escape(words, quote=False)}</figcaption>"


def one_line(value: Any) -> str:
    return SPACES.sub(" ", str(value or "")).strip()


# --- text


def read_paragraph(block: Block, pictures: Mapping[int, Known]) -> str | None:
    match = None if block.children else PARAGRAPH.fullmatch(block.inner)
    found = to_wagtail(match["words"]) if match else None
    return f"<p>{found[0]}</p>" if found else None


def write_paragraph(value: str, old: Block | None, site: Surroundings) -> str:
    parts = read_rich(site.expand(value))
    if parts is None:
        return write_html(value, None, site)
    match = PARAGRAPH.fullmatch(old.inner) if old else None
    if old is None or match is None or len(parts) > 1 or any(part.tag != "p" for part in parts):
        return "\n\n".join(filter(None, write_parts(parts)))
    words = write_inline(parts[0].runs, links=links_in(old.inner)) if parts else ""
    return patched(old, match, {"words": words})


def write_parts(parts: list[Part]) -> Iterable[str]:
    """Yield each paragraph, heading, list … of a longer text as a block of its own."""
    position = 0
    while position < len(parts):
        part = parts[position]
        position += 1
        words = write_inline(part.runs)
        if part.tag == "li":
            items = [part]
            while position < len(parts) and parts[position].tag == "li":
                items.append(parts[position])
                position += 1
            yield from new_lists(items)
        elif part.tag == "hr":
            yield write_separator(None, None, None)
        elif part.tag == "blockquote":
            yield whole("quote", quotation([words], ""))
        elif part.tag != "p":
            yield new_heading(part.tag[1:], words)
        elif words:
            yield whole("paragraph", f"<p>{words}</p>")


def read_heading(block: Block, pictures: Mapping[int, Known]) -> dict[str, str] | None:
    match = HEADING.fullmatch(block.inner)
    if match is None or match["level"] != match["end"] or not words_of(match["words"]):
        return None
    if str(block.attributes.get("level", 2)) != match["level"]:
        return None
    return {"text": words_of(match["words"]), "level": match["level"]}


def write_heading(value: Mapping[str, Any], old: Block | None, site: Surroundings) -> str:
    words, level = escape(one_line(value.get("text")), quote=False), str(value.get("level") or 2)
    match = HEADING.fullmatch(old.inner) if old else None
    if old is None or match is None:
        return new_heading(level, words)
    opening = ""
    if level != match["level"]:
        opening = opening_of(old.name, {**old.attributes, "level": int(level)})
    return patched(old, match, {"level": level, "words": words, "end": level}, opening)


def new_heading(level: str, words: str) -> str:
    attributes = {} if level == "2" else {"level": int(level)}
    return whole("heading", f"<h{level}>{words}</h{level}>", attributes)


def read_quote(block: Block, pictures: Mapping[int, Known]) -> dict[str, str] | None:
    match = QUOTE.fullmatch(COMMENTS.sub("", block.inner))
    if match is None:
        return None
    lines = re.findall(r"<p>([^<>]*)</p>", match["words"])
    text = "\n".join(words_of(line) for line in lines).strip()
    cite = words_of(START_TAG.sub("", match["cite"]))
    return {"text": text, "attribution": cite} if text else None


def write_quote(value: Mapping[str, Any], old: Block | None, site: Surroundings) -> str:
    lines = [escape(one_line(line), quote=False) for line in str(value.get("text")).splitlines()]
    cite = escape(one_line(value.get("attribution")), quote=False)
    if old is None:
        return whole("quote", quotation(filter(None, lines), cite))
    start = START_TAG.match(old.inner.strip())
    tag = start[0] if start else '<blockquote class="wp-block-quote">'
    inner = quotation(filter(None, lines), cite, tag=tag, as_blocks=bool(old.children))
    return f"{old.opening}\n{inner}\n{old.closing}"


def quotation(
    lines: Iterable[str], cite: str, *, tag: str = '<blockquote class="wp-block-quote">',
    as_blocks: bool = True,
) -> str:  # fmt: skip
    paragraphs = [f"<p>{line}</p>" for line in lines]
    if as_blocks:
        paragraphs = [whole("paragraph", paragraph) for paragraph in paragraphs]
    words = ("\n\n" if as_blocks else "").join(paragraphs)
    return f"{tag}{words}{f'<cite>{cite}</cite>' if cite else ''}</blockquote>"


def read_list(block: Block, pictures: Mapping[int, Known]) -> str | None:
    match = LIST.fullmatch(COMMENTS.sub("", block.inner))
    if match is None or match["tag"] != match["end"] or links_in(block.inner) is None:
        return None
    parts = read_rich(list_element(match["tag"] == "ol", match["items"].strip()))
    if not parts or any(part.tag != "li" for part in parts):
        return None
    plain = [
        part._replace(runs=tuple(run._replace(link=plain_link(run.link)) for run in part.runs))
        for part in parts
    ]
    return "".join(list_element(*each) for each in write_lists(plain, tags=WAGTAIL_TAGS))


def write_list(value: str, old: Block | None, site: Surroundings) -> str:
    parts = read_rich(site.expand(value))
    if not parts or any(part.tag != "li" for part in parts):
        return write_paragraph(value, None, site)
    start = START_TAG.match(old.inner.strip()) if old else None
    if old is None or start is None:
        return "\n\n".join(new_lists(parts))
    as_blocks = any(child.name == "core/list-item" for child in old.children)
    first, *others = write_lists(parts, links=links_in(old.inner), as_blocks=as_blocks)
    is_ordered, items = first
    opening, tag = old.opening, start[0]
    if is_ordered != tag.startswith("<ol"):
        attributes = {k: v for k, v in old.attributes.items() if k != "ordered"}
        opening = opening_of(old.name, attributes | ({"ordered": True} if is_ordered else {}))
        tag = ("<ol" if is_ordered else "<ul") + tag[3:]
    end = "</ol>" if is_ordered else "</ul>"
    mended = f"{opening}\n{tag}{items}{end}\n{old.closing}"
    return "\n\n".join([mended, *(list_block_of(*other) for other in others)])


def new_lists(parts: list[Part]) -> Iterable[str]:
    return (list_block_of(*each) for each in write_lists(parts, as_blocks=True))


def list_block_of(is_ordered: bool, items: str) -> str:
    attributes = {"ordered": True} if is_ordered else {}
    return whole("list", list_element(is_ordered, items), attributes)


def read_code(block: Block, pictures: Mapping[int, Known]) -> str | None:
    match = CODE.fullmatch(block.inner)
    return unescape(match["words"]) if match and match["words"].strip() else None


def write_code(value: str, old: Block | None, site: Surroundings) -> str:
    # As the block editor escapes code; a bracket could begin a shortcode.
    words = plain_lines(value).replace("&", "&amp;").replace("<", "&lt;").replace("[", "&#91;")
    match = CODE.fullmatch(old.inner) if old else None
    if old is None or match is None:
        return whole("code", f'<pre class="wp-block-code"><code>{words}</code></pre>')
    return patched(old, match, {"words": words})


# --- pictures, tables and what stands by itself


def read_picture(block: Block, pictures: Mapping[int, Known]) -> dict[str, Any] | None:
    match = PICTURE.fullmatch(block.inner)
    key = block.attributes.get("id")
    known = pictures.get(key) if isinstance(key, int) else None
    if match is None or known is None:
        return None
    written = attributes_of(match["image"].removeprefix("<img"))
    if written.get("src") not in known.addresses:
        return None
    caption = words_of(START_TAG.sub("", match["caption"]))
    return {"image": key, "alt": words_of(written.get("alt", "")), "caption": caption}


def write_picture(value: Mapping[str, Any], old: Block | None, site: Surroundings) -> str:
    key = value.get("image")
    if key is None:
        return ""
    known = UNSEEN if site.pictures is None else site.pictures.get(key)
    if known is None and (old is None or key != old.attributes.get("id")):
        # It is gone from the library.
        return ""
    known = known or UNSEEN
    alt, caption = one_line(value.get("alt")), one_line(value.get("caption"))
    match = PICTURE.fullmatch(old.inner) if old else None
    if old is None or match is None:
        alt, caption = alt or known.alt, caption or known.caption
        attributes = {"id": key, "sizeSlug": "full", "linkDestination": "none"}
        inner = f"{image_element(key, known.address, alt)}{captioned('', caption)}"
        return whole(
            "image", f'<figure class="wp-block-image size-full">{inner}</figure>', attributes
        )
    caption = captioned(match["caption"], caption)
    if key == old.attributes.get("id"):
        written = f' alt="{escape(alt)}"'
        image = (ALT.sub(lambda _: written, match["image"], count=1) if ALT.search(match["image"])
                 else match["image"].replace("<img", f"<img{written}", 1))  # fmt: skip
        return patched(old, match, {"image": image, "caption": caption})
    attributes = {k: v for k, v in old.attributes.items() if k not in ("width", "height")}
    image = image_element(key, known.address, alt or known.alt)
    opening = opening_of(old.name, attributes | {"id": key})
    return patched(old, match, {"image": image, "caption": caption}, opening)


def image_element(key: int, address: str, alt: str) -> str:
    return f'<img src="{escape(address)}" alt="{escape(alt)}" class="wp-image-{key}"/>'


def read_table(block: Block, pictures: Mapping[int, Known]) -> dict[str, Any] | None:
    match = TABLE.fullmatch(block.inner)
    if match is None or links_in(block.inner) is None:
        return None
    rows = [CELLS.findall(row) for row in ROWS.findall(match["rows"])]
    headings = rows.pop(0) if rows and match["rows"].startswith("<thead>") else []
    width = len(headings or (rows[0] if rows else []))
    if not width or any(len(row) != width or any(tag != "td" for tag, _ in row) for row in rows):
        return None
    if any(tag != "th" or "<" in words for tag, words in headings):
        return None
    cells = [[to_wagtail(words) for _, words in row] for row in rows]
    if any(cell is None for row in cells for cell in row):
        return None
    named = [words_of(words) for _, words in headings] or [""] * width
    return {
        "columns": [{"type": "text", "heading": heading} for heading in named],
        "rows": [{"values": [f"<p>{cell[0]}</p>" if cell and cell[0] else "" for cell in row]}
                 for row in cells],
        "caption": words_of(START_TAG.sub("", match["caption"])),
    }  # fmt: skip


def write_table(value: Mapping[str, Any], old: Block | None, site: Surroundings) -> str:
    links = (links_in(old.inner) if old else None) or {}
    headings = [escape(one_line(each.get("heading")), quote=False)
                for each in value.get("columns") or ()]  # fmt: skip
    cells = [[write_cell(cell, links, site) for cell in row["values"]]
             for row in value.get("rows") or ()]  # fmt: skip
    head = "".join(f"<th>{heading}</th>" for heading in headings) if any(headings) else ""
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in cells)
    inner = (f"<thead><tr>{head}</tr></thead>" if head else "") + f"<tbody>{rows}</tbody>"
    caption = one_line(value.get("caption"))
    match = TABLE.fullmatch(old.inner) if old else None
    if old is None or match is None:
        table = f"<table>{inner}</table>{captioned('', caption)}"
        return whole("table", f'<figure class="wp-block-table">{table}</figure>')
    return patched(old, match, {"rows": inner, "caption": captioned(match["caption"], caption)})


def write_cell(value: str | None, links: Mapping[str, str], site: Surroundings) -> str:
    parts = read_rich(site.expand(value or ""))
    if parts is None:
        return value or ""
    return "<br>".join(write_inline(part.runs, links=links) for part in parts)


def read_separator(block: Block, pictures: Mapping[int, Known]) -> str | None:
    # A separator has no value; "" tells it from what could not be read.
    return "" if re.fullmatch(r"\s*<hr[^<>]*>\s*", block.inner) else None


def write_separator(value: Any, old: Block | None, site: Surroundings | None) -> str:
    line = '<hr class="wp-block-separator has-alpha-channel-opacity"/>'
    return old.text if old else whole("separator", line)


def read_embed(block: Block, pictures: Mapping[int, Known]) -> dict[str, str] | None:
    match = EMBED.fullmatch(block.inner)
    if not match or not match["url"] or unescape(match["url"]) != block.attributes.get("url"):
        return None
    caption = words_of(START_TAG.sub("", match["caption"]))
    return {"url": unescape(match["url"]), "caption": caption}


def write_embed(value: Mapping[str, Any], old: Block | None, site: Surroundings) -> str:
    url, caption = str(value.get("url") or ""), one_line(value.get("caption"))
    match = EMBED.fullmatch(old.inner) if old else None
    if old is None or match is None or url != unescape(match["url"]):
        # Another address may be of another provider, which classes and attributes name.
        shown = captioned(match["caption"] if match else "", caption)
        inner = f'<div class="wp-block-embed__wrapper">\n{escape(url, quote=False)}\n</div>{shown}'
        return whole("embed", f'<figure class="wp-block-embed">{inner}</figure>', {"url": url})
    return patched(old, match, {"caption": captioned(match["caption"], caption)})


def read_html(block: Block, pictures: Mapping[int, Known]) -> str | None:
    html = block.inner.removeprefix("\n").removesuffix("\n")
    return None if block.children or not html.strip() else html


def write_html(value: str, old: Block | None, site: Surroundings) -> str:
    html = plain_lines(value)
    return f"{old.opening}\n{html}\n{old.closing}" if old else whole("html", html)


def read_nothing(block: Block, pictures: Mapping[int, Known]) -> None:
    return None


def write_raw(value: str, old: Block | None, site: Surroundings) -> str:
    return plain_lines(value)


def write_classic(value: str, old: Block | None, site: Surroundings) -> str:
    """Beside blocks nothing makes paragraphs of classic text any more, so it is given them."""
    text = plain_lines(value)
    return text if site.is_alone else autop(text).strip()


def plain_lines(value: Any) -> str:
    """Return a text as forms keep it: with plain line ends, and without blank ends."""
    return str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


EMBEDS = ("core/embed", *(f"core-embed/{name}" for name in (
    "amazon-kindle", "animoto", "cloudup", "collegehumor", "crowdsignal", "dailymotion", "facebook",
    "flickr", "hulu", "imgur", "instagram", "issuu", "kickstarter", "meetup-com", "mixcloud",
    "polldaddy", "reddit", "reverbnation", "screencast", "scribd", "slideshare", "smugmug",
    "soundcloud", "speaker", "speaker-deck", "spotify", "ted", "tiktok", "tumblr", "twitter",
    "videopress", "vimeo", "wordpress", "wordpress-tv", "youtube",
)))  # fmt: skip
LEAVES: dict[str, Kind] = {
    "paragraph": Kind(("core/paragraph",), read_paragraph, write_paragraph),
    "heading": Kind(("core/heading",), read_heading, write_heading),
    "list": Kind(("core/list",), read_list, write_list),
    "quote": Kind(("core/quote",), read_quote, write_quote),
    "picture": Kind(("core/image",), read_picture, write_picture),
    "code": Kind(("core/code",), read_code, write_code),
    "table": Kind(("core/table",), read_table, write_table),
    "separator": Kind(("core/separator",), read_separator, write_separator),
    "embed": Kind(EMBEDS, read_embed, write_embed),
    "html": Kind(("core/html",), read_html, write_html),
    "raw": Kind((), read_nothing, write_raw),
    "classic": Kind((), read_nothing, write_classic),
}
