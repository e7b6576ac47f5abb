"""Excerpts as WordPress makes them: what an author wrote, or the first words of the text. Pure."""

import re
from html import escape

from core.texturize import texturize
from pages.block_editor.showing import cleaned

WORDS = 55
MORE = " [&hellip;]"
CUTS = ("<!--more-->", "<!--nextpage-->")
# Blocks whose words are no part of a text's beginning; tables and pull quotes are figures too.
LEFT_OUT = re.compile(
    r"<(script|style)\b.*?</\1\s*>"
    r'|<figure\b(?![^>]*\bwp-block-(?:table|pullquote)\b).*?</figure>'
    r'|<pre\b[^>]*\bwp-block-code\b.*?</pre>'
    r'|<div\b[^>]*\bwp-(?:block-button|video)(?![-\w]).*?</div>|<(audio|video)\b.*?</\2\s*>',
    re.DOTALL | re.IGNORECASE,
)  # fmt: skip
BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|blockquote|div|td|th|tr)>|<br\s*/?>", re.IGNORECASE)
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
GAP = re.compile(r"[\n\r\t ]+")
PARAGRAPH_GAP = re.compile(r"\n[ \t]*\n\s*")
# Far more than the first words need, tags included: the rest of a long text is not looked at.
BEGINNING = 6_000


def make_excerpt(html: str, *, written: str = "", by_signs: bool = False) -> str:
    """Return the excerpt of a text in paragraphs: the written one, or the text's first 55 words.

    `by_signs` counts signs instead of words, for languages that are written without spaces.
    """
    if written.strip():
        return paragraphs(texturize(safe(written).replace("&amp;", "&")))
    for cut in CUTS:
        html = html.partition(cut)[0]
    words = ""
    if len(html) > BEGINNING:
        words = first_words(beginning_of(html), by_signs=by_signs)
    if not words.endswith(MORE):
        words = first_words(html, by_signs=by_signs)
    return f"<p>{words}</p>\n" if words else ""


def safe(written: str) -> str:
    """Return a written excerpt as HTML that may be shown: an author may give words a weight."""
    return cleaned(written) if "<" in written else escape(written, quote=False)


def beginning_of(html: str) -> str:
    """Return the beginning of a long text, cut before what would be left open."""
    cut = html[:BEGINNING]
    for opened, closed in (("<", ">"), ("<figure", "</figure>"), ("<pre", "</pre>")):
        place = cut.rfind(opened)
        if place > cut.rfind(closed):
            cut = cut[:place]
    return cut


def first_words(html: str, *, by_signs: bool) -> str:
    text = TAG.sub("", BLOCK_END.sub(" ", LEFT_OUT.sub(" ", html)))
    if by_signs:
        text = GAP.sub(" ", text).strip()
        return text if len(text) <= WORDS else f"{text[:WORDS]}{MORE}"
    words = [word for word in GAP.split(text.strip(), WORDS) if word]
    return " ".join(words) if len(words) <= WORDS else f"{' '.join(words[:WORDS])}{MORE}"


def paragraphs(text: str) -> str:
    """Return text as paragraphs; a line's end inside one stays."""
    parts = PARAGRAPH_GAP.split(text.replace("\r\n", "\n").strip())
    return "".join(
        "<p>" + "<br />\n".join(part.strip().split("\n")) + "</p>\n" for part in parts if part
    )
