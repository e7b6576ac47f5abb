"""Turning a body into HTML once, when it is saved."""

from collections.abc import Iterable
from html import escape
from typing import Any

import nh3
from django.conf import settings
from wagtail.rich_text import expand_db_html

from core.extensions.pictures import Picture, pictures
from pages.texturize import texturize

HTML_TAGS = nh3.ALLOWED_TAGS | {"figure", "figcaption", "section", "picture", "source"}

# How wide a picture in a text is, for the browser that chooses among its sizes.
WIDTHS = "(max-width: 48rem) 100vw, 48rem"


def render_body(body: Iterable[Any]) -> str:
    """Return a stream of blocks as HTML with typographic signs.

    All of its pictures are looked up in one query.
    """
    blocks = list(body)
    ids = [block.value["image"].pk for block in blocks
           if block.block_type == "picture" and block.value["image"]]  # fmt: skip
    found = pictures.get().get_many(ids)
    rendered = "\n".join(filter(None, (render_block(block, found) for block in blocks)))
    return texturize(rendered)


def render_block(block: Any, found: Any) -> str:
    value = block.value
    match block.block_type:
        case "paragraph":
            return expand_db_html(value.source)
        case "heading":
            return f"<h{value['level']}>{escape(value['text'])}</h{value['level']}>"
        case "picture":
            picture = found.get(value["image"].pk) if value["image"] else None
            return render_figure(picture, value["alt"], value["caption"]) if picture else ""
        case "quote":
            cite = f"<cite>{escape(value['attribution'])}</cite>" if value["attribution"] else ""
            paragraphs = "".join(
                f"<p>{escape(line)}</p>" for line in value["text"].splitlines() if line.strip()
            )
            return f'<blockquote class="wp-block-quote">{paragraphs}{cite}</blockquote>'
        case "code":
            return f'<pre class="wp-block-code"><code>{escape(value)}</code></pre>'
        case "html":
            return nh3.clean(value, tags=HTML_TAGS)
    return ""


def render_figure(picture: Picture, alt: str, caption: str) -> str:
    srcset = f' srcset="{escape(picture.srcset)}" sizes="{WIDTHS}"' if picture.srcset else ""
    sources = "".join(
        f'<source type="{escape(source.type)}" srcset="{escape(source.srcset)}" sizes="{WIDTHS}">'
        for source in picture.sources
    )
    words = caption or picture.caption
    shown = f"<figcaption>{escape(words)}</figcaption>" if words else ""
    image = (
        f'<img src="{escape(picture.url)}" alt="{escape(alt or picture.alt)}" '
        f'width="{picture.width}" height="{picture.height}"{srcset} loading="lazy" '
        'decoding="async">'
    )
    if sources:
        image = f"<picture>{sources}{image}</picture>"
    return f'<figure class="wp-block-image">{image}{shown}</figure>'


def with_whole_addresses(html: str) -> str:
    """Return HTML whose addresses work on another site, as REST and feeds need it."""
    root = settings.SITE_URL
    for attribute in ("src", "href"):
        html = html.replace(f'{attribute}="/', f'{attribute}="{root}/')
    return html.replace(f" {settings.MEDIA_URL}", f" {root}{settings.MEDIA_URL}").replace(
        f'srcset="{settings.MEDIA_URL}', f'srcset="{root}{settings.MEDIA_URL}'
    )
