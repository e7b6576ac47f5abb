"""Paragraphs out of the blank lines of classic text, as WordPress makes them. Pure."""

import re

# Elements that stand beside paragraphs and never in one.
BLOCKS = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|"
    "blockquote|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|"
    "footer|nav|figure|figcaption|details|menu|summary"
)
OPENING = re.compile(rf"<(?:{BLOCKS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
CLOSING = re.compile(rf"</(?:{BLOCKS})\s*>|<(?:hr|col|area)(?=[\s/>])[^<>]*>", re.IGNORECASE)
VERBATIM = re.compile(r"<(/?)(pre|script|style|textarea|svg)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
TWO_BREAKS = re.compile(r"<br />\s*<br />")
# Front ends cut texts at these, which WordPress leaves in.
CUTS = re.compile(r"<!--(more|nextpage)(?:\s[^<>]*)?-->")
BLANK = re.compile(r"\n[ \t]*(?=\n)")
BEFORE_ITEM = re.compile(
    r"\n[ \t]*(?=</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol)[\s/>])", re.IGNORECASE
)


def autop(text: str) -> str:
    """Return classic text as HTML: blank lines part paragraphs, single ones break lines.

    What an editor wrote as a block of HTML stays as it is, and the contents of <pre> also.
    """
    text = without_comments(text.replace("\r\n", "\n").replace("\r", "\n"))
    written: list[str] = []
    position, depth, begin, name = 0, 0, 0, ""
    for tag in VERBATIM.finditer(text):
        if depth == 0 and not tag[1]:
            written += paragraphs(text[position : tag.start()])
            depth, begin, name = 1, tag.start(), tag[2].lower()
        elif depth and tag[2].lower() == name:
            depth += -1 if tag[1] else 1
            if depth == 0:
                written.append(text[begin : tag.end()])
                position = tag.end()
    written += [text[begin:]] if depth else paragraphs(text[position:])
    return "\n".join(written) + ("\n" if written else "")


def paragraphs(text: str) -> list[str]:
    text = TWO_BREAKS.sub("\n\n", BREAK.sub("<br />", text))
    text = TAG.sub(lambda tag: tag[0].replace("\n", " "), text)
    text = OPENING.sub(lambda tag: f"\n\n{tag[0]}", text)
    text = CLOSING.sub(lambda tag: f"{tag[0]}\n\n", text)
    chunks = (chunk.strip() for chunk in re.split(r"\n{2,}", BLANK.sub("\n", text)))
    return [paragraph(chunk) for chunk in chunks if chunk]


def paragraph(chunk: str) -> str:
    """Return a chunk, in which a block can only open at the start and close at the end."""
    opening = OPENING.match(chunk)
    ending = next((end for end in CLOSING.finditer(chunk) if end.end() == len(chunk)), None)
    first = opening.end() if opening else 0
    last = max(first, ending.start()) if ending else len(chunk)
    words = chunk[first:last]
    is_quotation = chunk[:first].lower().startswith("<blockquote")
    is_whole = opening is not None and ending is not None and not is_quotation
    if not words.strip() or is_whole or chunk[:first].lower().startswith("<p"):
        return chunk[:first] + breaks(words) + chunk[last:]
    return f"{chunk[:first]}<p>{breaks(words.strip())}</p>{chunk[last:]}"


def breaks(text: str) -> str:
    """Return text whose line breaks show, but for those before the items of lists and tables."""
    pieces = []
    for run in BEFORE_ITEM.split(text):
        lines = [line.strip(" \t") for line in run.split("\n")]
        ended = [line if line.endswith("<br />") else f"{line}<br />" for line in lines[:-1]]
        pieces.append("\n".join([*ended, lines[-1]]))
    return "\n".join(pieces)


def without_comments(text: str) -> str:
    kept, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[position:start])
        if CUTS.fullmatch(text, start, end + 3):
            kept.append(text[start : end + 3])
        position = end + 3
    return "".join(kept) + text[position:]
