"""The kinds of a body that hold other blocks: galleries, rows of buttons, columns. Pure.

The blocks in them have pieces of their own, so that changing one picture leaves the others as they
are written.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from pages.block_editor.grammar import Block, closing_of, opening_of
from pages.block_editor.mapping import (
    CAPTION,
    START_TAG,
    Surroundings,
    captioned,
    one_line,
    patched,
    whole,
)
from pages.block_editor.rich import attributes_of, words_of

if TYPE_CHECKING:
    from pages.block_editor.pieces import Child, Reader, Writer

HEAD = re.compile(r"\s*<(?:div|figure)[^<>]*>\s*")
TAIL = re.compile(rf"\s*{CAPTION}\s*</(?:div|figure)>\s*")
BUTTON = re.compile(r"\s*<div[^<>]*>(?P<link><a(?:\s[^<>]*)?>)(?P<words>[^<>]*)</a></div>\s*")
HREF = re.compile(r"""\shref=("[^"]*"|'[^']*')""")


class Container(NamedTuple):
    """A kind that holds blocks of one kind (any, if `holds` is "") between a head and a tail."""

    name: str
    holds: str
    head: str
    tail: str
    read: Callable[[Block, "Reader"], Any]
    write: Callable[[Any, Block | None, "Writer"], None]
    children: Callable[[Any], Iterable["Child"]]


def read_children(block: Block, reader: "Reader", name: str) -> list[Block] | None:
    """Return the inner blocks, if all are of a name and nothing but spaces lies between them."""
    if not block.children:
        return None
    first, *between, last = (part for part in block.parts if isinstance(part, str))
    if not HEAD.fullmatch(first) or not TAIL.fullmatch(last):
        return None
    if any(gap.strip() for gap in between) or any(each.name != name for each in block.children):
        return None
    return block.children


def write_children(
    out: "Writer", old: Block | None, kind: Container, children: list["Child"],
    tail: str | None = None,
) -> None:  # fmt: skip
    """Write a container around its blocks, with the head and tail that it had."""
    if old and not old.children:
        old = None
    out.put(old.source[old.start : old.children[0].start] if old
            else f"{opening_of(kind.name, {})}\n{kind.head}")  # fmt: skip
    out.stream(children)
    if old:
        end = old.source[old.children[-1].end : old.closed]
        out.put((end if tail is None else tail) + old.closing)
    else:
        out.put(f"{kind.tail if tail is None else tail}\n{closing_of(kind.name)}")


def items_of(kind: str) -> Callable[[Any], Iterable["Child"]]:
    def children(value: Any) -> Iterable["Child"]:
        return [(kind, item["value"], item["id"]) for item in value or ()]

    return children


def read_items(block: Block, reader: "Reader", name: str, kind: str) -> list[Any] | None:
    children = read_children(block, reader, name)
    if children is None:
        return None
    items = [reader.only(kind, child) for child in children]
    return None if any(item is None for item in items) else items


# --- buttons


def read_buttons(block: Block, reader: "Reader") -> list[Any] | None:
    return read_items(block, reader, "core/button", "button")


def write_buttons(value: list[Any], old: Block | None, out: "Writer") -> None:
    write_children(out, old, BUTTONS, list(BUTTONS.children(value)))


def read_button(block: Block, pictures: Mapping[int, Any]) -> dict[str, str] | None:
    match = BUTTON.fullmatch(block.inner)
    if match is None or not words_of(match["words"]):
        return None
    url = attributes_of(match["link"].removeprefix("<a")).get("href", "")
    return {"text": words_of(match["words"]), "url": url}


def write_button(value: Mapping[str, Any], old: Block | None, site: Surroundings) -> str:
    words, url = escape(one_line(value.get("text")), quote=False), str(value.get("url") or "")
    href = f' href="{escape(url)}"' if url else ""
    match = BUTTON.fullmatch(old.inner) if old else None
    if old is None or match is None:
        link = f'<a class="wp-block-button__link wp-element-button"{href}>{words}</a>'
        return whole("button", f'<div class="wp-block-button">{link}</div>')
    link = match["link"]
    if attributes_of(link.removeprefix("<a")).get("href", "") != url:
        link = HREF.sub("", link, count=1).removesuffix(">") + f"{href}>"
    return patched(old, match, {"link": link, "words": words})


# --- galleries


def read_gallery(block: Block, reader: "Reader") -> dict[str, Any] | None:
    # Galleries of before WordPress 5.9 list their pictures in an attribute as well.
    pictures = None if "ids" in block.attributes else read_items(
        block, reader, "core/image", "picture"
    )  # fmt: skip
    tail = TAIL.fullmatch(block.source, block.children[-1].end, block.closed) if pictures else None
    if tail is None:
        return None
    return {"pictures": pictures, "caption": words_of(START_TAG.sub("", tail["caption"]))}


def write_gallery(value: Mapping[str, Any], old: Block | None, out: "Writer") -> None:
    caption = one_line(value.get("caption"))
    if old is None or not old.children:
        tail = f"{captioned('', caption).replace('wp-el', 'blocks-gallery-caption wp-el')}</figure>"
    else:
        match = TAIL.fullmatch(old.source, old.children[-1].end, old.closed)
        end = old.source[old.children[-1].end : old.closed]
        before = match["caption"] if match else ""
        tail = (end.replace(before, captioned(before, caption), 1) if before
                else captioned("", caption) + end)  # fmt: skip
    write_children(out, old, GALLERY, list(GALLERY.children(value)), tail)


def gallery_children(value: Any) -> Iterable["Child"]:
    return items_of("picture")(value.get("pictures"))


# --- columns


def read_columns(block: Block, reader: "Reader") -> list[Any] | None:
    return read_items(block, reader, "core/column", "column")


def write_columns(value: list[Any], old: Block | None, out: "Writer") -> None:
    write_children(out, old, COLUMNS, list(COLUMNS.children(value)))


def read_column(block: Block, reader: "Reader") -> list[Any] | None:
    if not block.children:
        return None
    first, *between, last = [part for part in block.parts if isinstance(part, str)]
    if not HEAD.fullmatch(first) or not TAIL.fullmatch(last) or any(map(str.strip, between)):
        return None
    return [reader.any(child, within="columns") for child in block.children]


def write_column(value: list[Any], old: Block | None, out: "Writer") -> None:
    write_children(out, old, COLUMN, list(COLUMN.children(value)))


def stream_children(value: Any) -> Iterable["Child"]:
    return [(child["type"], child["value"], child["id"]) for child in value or ()]


BUTTONS = Container("core/buttons", "button", '<div class="wp-block-buttons">', "</div>",
                    read_buttons, write_buttons, items_of("button"))  # fmt: skip
GALLERY = Container(
    "core/gallery", "picture",
    '<figure class="wp-block-gallery has-nested-images columns-default is-cropped">', "</figure>",
    read_gallery, write_gallery, gallery_children,
)  # fmt: skip
COLUMNS = Container("core/columns", "column", '<div class="wp-block-columns">', "</div>",
                    read_columns, write_columns, items_of("column"))  # fmt: skip
COLUMN = Container("core/column", "", '<div class="wp-block-column">', "</div>",
                   read_column, write_column, stream_children)  # fmt: skip
CONTAINERS = {"buttons": BUTTONS, "gallery": GALLERY, "columns": COLUMNS, "column": COLUMN}
