"""WordPress's shortcodes of media, as the HTML that it makes of them. Pure.

Those of plugins stay as they are written, and so do these where what they name is missing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from urllib.parse import urlsplit

# A tag is read first, so that a bracket in an attribute begins no shortcode.
SHORTCODE = re.compile(
    r"<[^<>]*>|\[(\[?)(caption|wp_caption|gallery|audio|video|embed)\b(?!-)([^\[\]<>]*)\](\]?)"
)
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?=\s|$)|([^\s"']+)""")
PICTURE = re.compile(r"\s*((?:<a\s[^<>]*>\s*)?<img\s[^<>]*>(?:\s*</a>)?)(.*)", re.DOTALL)
OPENED = re.compile(r"<p>\s*\Z")
CLOSED = re.compile(r"\s*</p>")
CLASSES = re.compile(r"[^\w -]")
KEYS = re.compile(r"\d{1,9}")

ENDED = {"caption", "wp_caption", "audio", "video", "embed"}
SOUNDS = {"mp3": "mpeg", "ogg": "ogg", "flac": "flac", "m4a": "mpeg", "wav": "wav"}
FILMS = {"mp4": "mp4", "m4v": "mp4", "webm": "webm", "ogv": "ogg", "mov": "quicktime"}
SIZES = ("thumbnail", "medium", "large", "full")
MOST_PICTURES = 200
# What a gallery and its pictures are until the library has been asked for them.
AWAITED = re.compile(
    r'<div id="gallery-\d+" class="gallery[^<>]*>(?:<img data-gallery[^<>]*>)*</div>'
    r"|<img data-gallery[^<>]*>"
)

Attributes = Mapping[str, str]


def with_shortcodes(html: str) -> str:
    """Return HTML with captions, galleries, players and embeds in the place of their shortcodes.

    The pictures of galleries are still awaited: `AWAITED` finds them. A shortcode in doubled
    brackets is shown in single ones, as in WordPress.
    """
    if "[" not in html:
        return html
    parts: list[str] = []
    position, galleries, unended = 0, 0, set[str]()
    for found in SHORTCODE.finditer(html):
        doubled, name, attributes, doubled_end = found.groups()
        if name is None or found.start() < position:
            continue
        start, end, content = found.start(), found.end(), ""
        if doubled and doubled_end:
            parts += [html[position:start], found[0][1:-1]]
            position = end
            continue
        start += len(doubled)
        end -= len(doubled_end)
        if name in ENDED and name not in unended:
            ending = f"[/{name}]"
            place = html.find(ending, end)
            if place < 0:
                unended.add(name)
            else:
                content, end = html[end:place], place + len(ending)
        galleries += name == "gallery"
        made = MAKERS[name](attributes_of(attributes), content, galleries)
        if made is None:
            continue
        before = html[position:start]
        if not made or made.startswith(("<figure", "<div", "<audio")):
            opened, closed = OPENED.search(before), CLOSED.match(html, end)
            if opened and closed:
                # Alone in its paragraph it stands in none.
                before, end = before[: opened.start()], closed.end()
        parts += [before, made]
        position = end
    return "".join([*parts, html[position:]])


def with_attached(text: str, entry_key: int, attached: Callable[[], Sequence[int]]) -> str:
    """Return a text whose galleries name their pictures: without ids, those attached to the entry.

    `attached` is asked once, and only where such a gallery is.
    """
    found: Sequence[int] | None = None

    def named(shortcode: re.Match[str]) -> str:
        nonlocal found
        if shortcode[2] != "gallery":
            return shortcode[0]
        given = attributes_of(shortcode[3])
        added = "" if "id" in given or not entry_key else f' id="{entry_key}"'
        if not {"ids", "include", "id"} & given.keys():
            found = attached() if found is None else found
            left_out = keys_in(given.get("exclude", ""))
            keys = ",".join(str(key) for key in found if key not in left_out)
            added += f' ids="{keys}"'
        return (
            f"{shortcode[1]}[gallery{shortcode[3]}{added}]{shortcode[4]}" if added else shortcode[0]
        )

    return SHORTCODE.sub(named, text) if "[gallery" in text else text


def attributes_of(written: str) -> dict[str, str]:
    """Return attributes by name in lower case; the first one without a name is called `""`."""
    found: dict[str, str] = {}
    for each in ATTRIBUTE.finditer(written):
        name, alone = each[1], each[5]
        if name:
            found[name.lower()] = unescape(each[2] or each[3] or each[4] or "")
        elif alone != "/":
            found.setdefault("", unescape(alone))
    return found


def keys_in(written: str) -> list[int]:
    return [int(key) for key in KEYS.findall(written)[:MOST_PICTURES]]


def caption(given: Attributes, content: str, _number: int) -> str | None:
    words, picture, width = given.get("caption", ""), content.strip(), given.get("width", "")
    if parted := PICTURE.fullmatch(content):
        picture, words = parted[1], parted[2].strip() or words
    if not words or not width.isdecimal() or int(width) < 1:
        return content.strip() or None
    key = escape(CLASSES.sub("", given.get("id", "")))
    named = told = ""
    if key:
        told = f"caption-{key.replace('_', '-')}"
        named, told = f'id="{key}" aria-describedby="{told}" ', f'id="{told}" '
    names = f"wp-caption {given.get('align') or 'alignnone'} {given.get('class', '')}".strip()
    classes = escape(CLASSES.sub("", names))
    return (
        f'<figure {named}style="width: {int(width[:5])}px" class="{classes}">'
        f'{picture}<figcaption {told}class="wp-caption-text">{words}</figcaption></figure>'
    )


def gallery(given: Attributes, _content: str, number: int) -> str | None:
    keys = keys_in(given.get("ids") or given.get("include", ""))
    if not keys:
        return "" if "ids" in given else None
    size = given.get("size", "thumbnail")
    size = size if size in SIZES else "thumbnail"
    columns = given.get("columns", "3")
    columns = columns if columns.isdecimal() else "3"
    entry = f" galleryid-{KEYS.findall(given['id'])[0]}" if KEYS.search(given.get("id", "")) else ""
    is_linked = "no" if given.get("link") == "none" else "yes"
    pictures = "".join(
        f'<img data-gallery="gallery-{number}" class="wp-image-{key}" data-size="{size}" '
        f'data-linked="{is_linked}">'
        for key in keys
    )
    return (
        f'<div id="gallery-{number}" class="gallery{entry} gallery-columns-{columns[:2]} '
        f'gallery-size-{size}">{pictures}</div>\n'
    )


def audio(given: Attributes, _content: str, _number: int) -> str | None:
    files = files_of(given, SOUNDS)
    if not files:
        return link_of(given)
    loop = ' loop="1"' if is_on(given, "loop") else ""
    return (
        f'<audio class="wp-audio-shortcode"{loop} style="width: 100%;" controls="controls">'
        f"{sources(files, SOUNDS, 'audio')}</audio>"
    )


def video(given: Attributes, _content: str, _number: int) -> str | None:
    files = files_of(given, FILMS)
    if not files:
        return link_of(given)
    width = int(given["width"][:5]) if given.get("width", "").isdecimal() else 640
    height = int(given["height"][:5]) if given.get("height", "").isdecimal() else 360
    loop = ' loop="1"' if is_on(given, "loop") else ""
    return (
        f'<div style="width: {width}px" class="wp-video"><video class="wp-video-shortcode" '
        f'width="{width}" height="{height}"{loop} controls="controls">'
        f"{sources(files, FILMS, 'video')}</video></div>"
    )


def embed(given: Attributes, content: str, _number: int) -> str | None:
    # A plain text has become a link already where the editor made one.
    address = re.sub(r"<[^<>]*>", "", content).strip() or given.get("src", "")
    return link_to(unescape(address)) if is_address(unescape(address)) else None


def files_of(given: Attributes, kinds: Mapping[str, str]) -> list[str]:
    named = [given.get("src") or given.get("", ""), *(given.get(kind, "") for kind in kinds)]
    return [each for each in named if is_address(each) and ending_of(each) in kinds]


def sources(files: list[str], kinds: Mapping[str, str], kind: str) -> str:
    each = "".join(
        f'<source type="{kind}/{kinds[ending_of(file)]}" src="{escape(file)}">' for file in files
    )
    return f'{each}<a href="{escape(files[0])}">{escape(files[0])}</a>'


def link_of(given: Attributes) -> str | None:
    address = given.get("src") or given.get("", "")
    return link_to(address) if is_address(address) else None


def link_to(address: str) -> str:
    """Return a link to what would be shown from elsewhere."""
    return f'<a href="{escape(address)}" rel="nofollow noreferrer">{escape(address)}</a>'


def ending_of(address: str) -> str:
    return urlsplit(address).path.rpartition(".")[2].lower()


def is_address(written: str) -> bool:
    try:
        parts = urlsplit(written)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} or (not parts.scheme and written.startswith("/"))


def is_on(given: Attributes, name: str) -> bool:
    return given.get(name, "").lower() not in {"", "0", "off", "false"}


MAKERS: dict[str, Callable[[Attributes, str, int], str | None]] = {
    "caption": caption, "wp_caption": caption, "gallery": gallery, "audio": audio, "video": video,
    "embed": embed,
}  # fmt: skip
