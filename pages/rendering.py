"""Turning a body into HTML once, when it is saved."""

import re
from collections.abc import Mapping
from html import escape

from django.conf import settings

from core.extensions.pictures import Picture, pictures
from core.texturize import texturize
from pages.block_editor.rich import attributes_of
from pages.block_editor.showing import cleaned, to_html

# How wide a picture in a text is, for the browser that chooses among its sizes.
WIDTHS = "(max-width: 48rem) 100vw, 48rem"
IMAGE = re.compile(r"<img\s([^<>]*)>", re.IGNORECASE)
IMAGE_KEY = re.compile(r"(?:^|\s)wp-image-(\d{1,9})(?:\s|$)")


class Rendering:
    """The HTML of a text, made once for as long as neither it nor a picture in it changes.

    A write stores an entry several times, by objects that Wagtail makes of one another: they share
    one of these. Besides text and pictures HTML depends on code and settings alone, which are the
    same as long as a process runs; so it is kept in no store.
    """

    def __init__(self) -> None:
        self.text: str | None = None
        self.written = self.html = ""
        self.shown: Mapping[int, Picture] | None = None

    def of(self, text: str) -> str:
        """Return a text as `render_text` does; asked again it costs its query alone."""
        if text != self.text:
            self.written, self.shown, self.text = to_html(text), None, text
        found = pictures_in(self.written)
        if found != self.shown:
            self.html = texturize(cleaned(with_sizes(self.written, found)))
            self.shown = found
        return self.html


def render_text(text: str) -> str:
    """Return block-editor or classic text as HTML that is safe to show, with typographic signs.

    All of its pictures are looked up in one query.
    """
    return Rendering().of(text)


def render_kept_text(text: str) -> str:
    """Return the same of a text whose pictures are not of this site's library, without a query."""
    return texturize(cleaned(to_html(text)))


def pictures_in(html: str) -> Mapping[int, Picture]:
    """Return the pictures of the library that HTML shows, by key, in one query if it names any."""
    keys = {int(key[1]) for image in IMAGE.finditer(html) if (key := key_of(image[1]))}
    return pictures.get().get_many(keys) if keys else {}


def with_sizes(html: str, found: Mapping[int, Picture]) -> str:
    """Return HTML whose pictures of the library come in all of their sizes and formats."""

    def enriched(image: re.Match[str]) -> str:
        key = key_of(image[1])
        picture = found.get(int(key[1])) if key else None
        return picture_element(picture, attributes_of(image[1])) if picture else image[0]

    return IMAGE.sub(enriched, html) if found else html


def key_of(written: str) -> re.Match[str] | None:
    return IMAGE_KEY.search(attributes_of(written).get("class", ""))


def picture_element(picture: Picture, written: dict[str, str]) -> str:
    if "data-gallery" in written:
        return gallery_item(picture, written)
    attributes = {"loading": "lazy", "decoding": "async"} | written
    if written.get("src") not in (picture.url, f"{settings.SITE_URL}{picture.url}"):
        # A smaller size, or another file: shown as it was chosen.
        return element("img", attributes)
    attributes |= {"src": picture.url}
    if not {"width", "height"} & written.keys():
        attributes |= {"width": str(picture.width), "height": str(picture.height)}
    if picture.srcset and "srcset" not in written:
        attributes |= {"srcset": picture.srcset, "sizes": WIDTHS}
    image = element("img", attributes)
    if not picture.sources:
        return image
    sources = "".join(
        element("source", {"type": source.type, "srcset": source.srcset, "sizes": WIDTHS})
        for source in picture.sources
    )
    return f"<picture>{sources}{image}</picture>"


def gallery_item(picture: Picture, wanted: dict[str, str]) -> str:
    """Return a picture of a gallery as WordPress's shortcode shows it, in the size it asks for."""
    size, told = wanted["data-size"], f"{wanted['data-gallery']}-{picture.id}"
    url, width, height = picture.sizes.get(size, (picture.url, picture.width, picture.height))
    attributes = {
        "width": str(width), "height": str(height), "src": url,
        "class": f"attachment-{size} size-{size}", "alt": picture.alt, "decoding": "async",
        "loading": "lazy",
    }  # fmt: skip
    words = ""
    if picture.caption:
        attributes["aria-describedby"] = told
        words = (f'<figcaption class="wp-caption-text gallery-caption" id="{told}">'
                 f"{escape(picture.caption, quote=False)}</figcaption>")  # fmt: skip
    if size != "thumbnail" and picture.srcset:
        attributes |= {
            "srcset": picture.srcset,
            "sizes": f"(max-width: {width}px) 100vw, {width}px",
        }
    image = element("img", attributes)
    if wanted["data-linked"] == "yes":
        image = f"{element('a', {'href': picture.url})}{image}</a>"
    turned = "landscape" if picture.width > picture.height else "portrait"
    return (f'<figure class="gallery-item"><div class="gallery-icon {turned}">{image}</div>'
            f"{words}</figure>")  # fmt: skip


def element(name: str, attributes: dict[str, str]) -> str:
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>"


def with_whole_addresses(html: str) -> str:
    """Return HTML whose addresses work on another site, as REST and feeds need it."""
    root = settings.SITE_URL
    for attribute in ("src", "href"):
        html = html.replace(f'{attribute}="/', f'{attribute}="{root}/')
    for before in (" ", 'srcset="', "url(&quot;"):
        html = html.replace(f"{before}{settings.MEDIA_URL}", f"{before}{root}{settings.MEDIA_URL}")
    return html
