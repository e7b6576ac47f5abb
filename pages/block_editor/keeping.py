"""An entry's block-editor text: set from what was given, and given out again unharmed.

The text is kept in `raw_content`, the body is its blocks, and `raw_pieces` leads from the one to
the other. Saving a page brings the text up to date with what the admin changed in the body.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from django.conf import settings
from wagtail.rich_text import expand_db_html

from core.extensions.pictures import Picture, pictures
from pages.block_editor.mapping import Known
from pages.block_editor.pieces import (
    Cut,
    Piece,
    Writer,
    cut,
    keys_in,
    keys_of_pictures,
    picture_keys,
)

Stream = Sequence[Mapping[str, Any]]


class SiteWriter(Writer):
    """A writer that knows where the site's own pages are."""

    def expand(self, html: str) -> str:
        return expand_db_html(html) if "linktype=" in html else html


class NewText(NamedTuple):
    """A text of the block editor, or classic text, and the blocks that it is."""

    text: str
    found: Cut


def read(text: str) -> NewText:
    """Cut a text into its blocks. Costs up to one look-up of pictures."""
    # PostgreSQL holds no such character, and browsers show none.
    text = text.replace("\0", "")
    return NewText(text, cut(text, known_pictures(picture_keys(text))))


def set_raw(entry: Any, new: str | NewText) -> None:
    """Give an entry the text of the block editor, or classic text; its body becomes its blocks.

    Blocks that are written as they were keep their ids and values, links to pages of this site
    among them. Stores nothing; the caller saves. Costs what `read` costs, unless the text was read
    before, and what `raw_of` costs for the old text. Safe to call twice.
    """
    text, found = read(new) if isinstance(new, str) else new
    stream = stream_of(entry)
    writer = written(entry, stream)
    before: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for block in stream:
        if place := writer.places.get(block["id"]):
            before[writer.text[slice(*place)]].append(block)
    body, pieces = [], dict(found.pieces)
    for block in found.stream:
        piece = pieces[block["id"]]
        same = before.get(text[piece.start : piece.end])
        if same:
            for key in [block["id"], *keys_in(child_of(block))]:
                pieces.pop(key, None)
            block = same.pop(0)
            pieces |= writer.pieces_of(child_of(block), piece.start)
        body.append(block)
    entry.body = json.dumps(body)
    entry.raw_content = text
    entry.raw_pieces = remembered(text, body, pieces)


def raw_of(entry: Any) -> str:
    """Return an entry's text for the block editor, for whatever its body holds now.

    `entry` is a page or a row of `values()` with body, raw_content and raw_pieces. It is the text
    as it was given, if nothing was edited since; else with the blocks that were edited written
    anew. Costs no query unless blocks that were never given as text hold pictures or links to
    pages, and none at all for what was saved.
    """
    stream = stream_of(entry)
    text, state = part(entry, "raw_content"), part(entry, "raw_pieces") or {}
    if state and state["body"] == digest(stream) and state["text"] == digest(text):
        return str(text)
    return written(entry, stream).text


def bring_up_to_date(entry: Any) -> None:
    """Make an entry's text say what its body says, before both are stored. Safe to call twice."""
    stream = stream_of(entry)
    writer = written(entry, stream)
    entry.raw_content = writer.text
    entry.raw_pieces = remembered(writer.text, stream, writer.pieces)


def text_of(body: Any) -> str:
    """Return a body that no text was ever given for as block-editor text."""
    return written({"body": body, "raw_content": "", "raw_pieces": {}}, body.get_prep_value()).text


def written(entry: Any, stream: Stream) -> "SiteWriter":
    """Write a body, with the pieces of before as long as they belong to the text of before."""
    text, state = part(entry, "raw_content"), part(entry, "raw_pieces") or {}
    is_known = bool(state) and state["text"] == digest(text)
    pieces = {key: Piece(*piece) for key, piece in state["pieces"].items()} if is_known else {}
    writer = SiteWriter(text if is_known else "", pieces)
    is_unedited = is_known and state["body"] == digest(stream)
    # A block without a piece is written anew each time: the pages that it links to may have moved.
    if is_unedited and all(block["id"] in pieces for block in stream):
        writer.keep_all()
    else:
        writer.pictures = known_pictures(keys_of_pictures(stream))
        writer.document(stream)
    return writer


def known_pictures(keys: Iterable[int]) -> dict[int, Known]:
    """Return pictures by key with the addresses under which a text may show them, in one query."""
    found = pictures.get().get_many(keys) if keys else {}
    return {key: known(picture) for key, picture in found.items()}


def known(picture: Picture) -> Known:
    sizes = [size.split()[0] for size in picture.srcset.split(",") if size.strip()]
    near = {picture.url, *sizes}
    root = settings.SITE_URL
    whole = {f"{root}{address}" for address in near if address.startswith("/")}
    address = f"{root}{picture.url}" if picture.url.startswith("/") else picture.url
    return Known(address, frozenset(near | whole), picture.alt, picture.caption)


def stream_of(entry: Any) -> Stream:
    body = part(entry, "body")
    return list(body.get_prep_value()) if body else []


def part(entry: Any, name: str) -> Any:
    return entry[name] if isinstance(entry, Mapping) else getattr(entry, name)


def child_of(block: Mapping[str, Any]) -> tuple[str, Any, str]:
    return block["type"], block["value"], block["id"]


def digest(content: Any) -> str:
    written = content if isinstance(content, str) else json.dumps(content, sort_keys=True)
    return sha256(written.encode()).hexdigest()


def remembered(text: str, stream: Stream, pieces: Mapping[str, Piece]) -> dict[str, Any]:
    """Return what tells later which blocks were edited; JSON alone."""
    return {"text": digest(text), "body": digest(stream),
            "pieces": {key: list(piece) for key, piece in pieces.items()}}  # fmt: skip
