"""No block is lost: what was not edited comes back character by character."""

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pages.block_editor.grammar import Block, parse
from pages.block_editor.pieces import Writer, cut
from pages.block_editor.rich import read_rich, to_wagtail
from pages.block_editor.showing import cleaned, to_html
from pages.blocks import INLINE_FEATURES, TEXT_FEATURES
from tests.pages.block_editor.documents import careless, documents, inline


def edited(block: dict[str, Any]) -> dict[str, Any]:
    """Return a block with another value."""
    block = copy.deepcopy(block)
    match block["type"]:
        case "paragraph":
            block["value"] = "<p>edited</p>"
        case "list":
            block["value"] = "<ul><li>edited</li></ul>"
        case "heading" | "quote":
            block["value"]["text"] = "edited"
        case "table" | "embed":
            block["value"]["caption"] = "edited"
        case "buttons":
            block["value"][0]["value"]["text"] = "edited"
        case "columns":
            column = block["value"][0]["value"]
            column[0] = edited(column[0])
        case "separator":
            block |= {"type": "heading", "id": "new", "value": {"text": "edited", "level": "2"}}
        case _:
            block["value"] = "edited"
    return block


@given(documents())
def test_unedited_documents_come_back_as_they_were(text: str) -> None:
    found = cut(text, {})
    stored = json.loads(json.dumps(found.stream))
    writer = Writer(text, found.pieces)
    assert writer.document(stored) == text
    assert writer.pieces == found.pieces
    unwritten = Writer(text, found.pieces)
    unwritten.keep_all()
    assert (unwritten.text, unwritten.pieces) == (text, found.pieces)
    assert {block["id"]: unwritten.places[block["id"]] for block in stored} == writer.places


@given(documents(whole=True), st.integers(0, 5))
@settings(max_examples=300)
def test_an_edit_changes_the_text_of_its_block_alone(text: str, which: int) -> None:
    found = cut(text, {})
    if not found.stream:
        return
    which %= len(found.stream)
    stream = [*found.stream]
    piece = found.pieces[stream[which]["id"]]
    stream[which] = edited(stream[which])
    written = Writer(text, found.pieces).document(stream)
    assert "edited" in written
    assert written.startswith(text[: piece.start].rstrip())
    assert written.endswith(text[piece.end :].lstrip())
    again = cut(written, {})
    assert Writer(written, again.pieces).document(again.stream) == written


@given(documents(whole=True), st.randoms(use_true_random=False))
def test_blocks_in_another_order_keep_their_texts(text: str, random: Any) -> None:
    found = cut(text, {})
    stream = [*found.stream]
    random.shuffle(stream)
    writer = Writer(text, found.pieces)
    written = writer.document(stream)
    for block in stream:
        begun, end = writer.places[block["id"]]
        piece = found.pieces[block["id"]]
        assert written[begun:end] == text[piece.start : piece.end]


@given(st.lists(careless, max_size=30).map("\n".join))
def test_careless_writing_is_kept_and_shown_without_comments(text: str) -> None:
    document = parse(text)
    assert "".join(p if isinstance(p, str) else p.text for p in document.parts) == text
    assert everything(document) == text
    assert "wp:" not in cleaned(to_html(text)) or "<!-- wp:" not in text


def everything(block: Block) -> str:
    inner = "".join(p if isinstance(p, str) else everything(p) for p in block.parts)
    return block.opening + inner + block.closing


@given(inline)
@settings(max_examples=300)
def test_opening_a_text_in_the_admin_and_saving_it_is_no_change(html: str) -> None:
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    found = to_wagtail(html)
    if found is None:
        return
    value = f"<p>{found[0]}</p>"
    for features in (TEXT_FEATURES, INLINE_FEATURES):
        converter = ContentstateConverter(features)
        saved = converter.to_database_format(converter.from_database_format(value))
        assert read_rich(saved) == read_rich(value)
