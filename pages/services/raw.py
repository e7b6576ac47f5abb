"""Text as it was written, and the blocks that are shown of it."""

import re

from pages.models import Entry

BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|blockquote|div|dl|figure|form|h[1-6]|hr|ol|p|pre|section|table|ul)\b",
    re.IGNORECASE,
)


def set_raw(entry: Entry, text: str) -> None:
    """Give an unsaved entry its text in WordPress's form; it is sanitised when it is rendered."""
    entry.raw_content = text
    entry.raw_pieces = {}
    entry.body = [("html", with_paragraphs(text))] if text.strip() else []


def raw_of(entry: Entry) -> str:
    """Return an entry's text in WordPress's form."""
    return entry.raw_content or entry.rendered_body


def with_paragraphs(text: str) -> str:
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return "\n".join(
        part if BLOCK_TAG.match(part) or part.startswith("<!--") else f"<p>{part}</p>"
        for part in parts
        if part
    )
