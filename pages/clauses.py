"""A policy's clauses as data, and the canonical HTML and plain text made from them. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from typing import Any, TypedDict

import nh3

# Words that mark a clause, by locale: important for the reader's rights, and sensitive data.
MARKS = {
    "en": ("Important", "Sensitive personal data"),
    "zh-hans": ("重要条款", "敏感个人信息"),
}
BLOCK_EDGE = re.compile(
    r"</?(?:p|li|h[1-6]|ul|ol|blockquote|caption|tr|th|td)\b[^>]*>|<br\s*/?>", re.IGNORECASE
)
TAG = re.compile(r"<[^>]+>")
# What the pages around a policy's text are called by themselves.
TAKEN = {"main", "entity", "policy-notices"}
OPENING = 24
# What a clause may be built from, whatever way its words came in: nothing that runs or loads.
TAGS = {
    "p", "br", "ul", "ol", "li", "blockquote", "table", "caption", "thead", "tbody", "tr", "th",
    "td", "h2", "h3", "h4", "h5", "h6", "a", "b", "strong", "i", "em", "u", "s", "sub", "sup",
    "small", "mark", "abbr", "code", "q", "cite", "dfn", "data",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"}, "abbr": {"title"}, "data": {"class", "value"}, "ol": {"start", "type"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}


class Clause(TypedDict):
    """One clause: a stable anchor, its printed number, its heading, its level and its HTML.

    `label` is the number as printed, with the space that follows it; it and `heading` may be
    empty. `level` is 2 for the outermost clauses. `facts` are the promised values in the words.
    """

    anchor: str
    label: str
    heading: str
    level: int
    html: str
    is_emphasised: bool
    is_sensitive: bool
    facts: dict[str, int | str | bool]


def clean(html: str) -> str:
    """Return HTML without anything that is not text in a policy. Safe to call twice."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)


def words_of(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text.lower(), flags=re.UNICODE).strip("-")[:60].strip("-")


def anchor_of(part: Mapping[str, Any], above: str, position: int, taken: set[str]) -> str:
    """Return an anchor, unique within the document: the heading's words, the number's or the first.

    A number alone is only told apart by what stands above it. The place among the clauses is the
    last resort: a clause put in before would give the anchor to another one.
    """
    base = words_of(part["heading"])
    if not base and (number := words_of(part.get("label", ""))):
        base = f"{above}-{number}" if above else f"clause-{number}"
    opening = "" if base else words_of("".join(lines_in(part["html"])[:1])[:OPENING])
    base = base or opening or f"clause-{position}"
    anchor, count = base, 2
    while anchor in taken:
        anchor, count = f"{base}-{count}", count + 1
    taken.add(anchor)
    return anchor


def make_clauses(parts: Iterable[Mapping[str, Any]]) -> list[Clause]:
    """Return clauses with anchors from parts with heading, level, html, label, marks and facts."""
    taken = set(TAKEN)
    above: list[tuple[int, str]] = []
    clauses = []
    for position, part in enumerate(parts, start=1):
        level = int(part["level"])
        while above and above[-1][0] >= level:
            above.pop()
        anchor = anchor_of(part, above[-1][1] if above else "", position, taken)
        above.append((level, anchor))
        clauses.append(
            Clause(
                anchor=anchor,
                label=part.get("label", ""),
                heading=part["heading"],
                level=level,
                html=clean(part["html"]),
                is_emphasised=bool(part.get("is_emphasised")),
                is_sensitive=bool(part.get("is_sensitive")),
                facts=dict(part.get("facts", {})),
            )
        )
    return clauses


def to_html(clauses: Iterable[Clause], locale: str) -> str:
    """Return the canonical HTML: one section per clause, with its marks in words."""
    important, sensitive = MARKS.get(locale, MARKS["en"])
    sections = []
    for clause in clauses:
        classes, marks = ["clause"], []
        if clause["is_emphasised"]:
            classes.append("clause-emphasised")
            marks.append(important)
        if clause["is_sensitive"]:
            classes.append("clause-sensitive")
            marks.append(sensitive)
        mark = f'<p class="clause-mark">{" · ".join(marks)}</p>' if marks else ""
        label = (
            f'<span class="clause-label">{escape(clause["label"])}</span>'
            if clause["label"]
            else ""
        )
        html = clause["html"]
        tag = f"h{min(clause['level'], 6)}"
        if clause["heading"]:
            html = f"<{tag}>{label}{escape(clause['heading'])}</{tag}>{html}"
        elif label:
            html = f"<p>{label}{html[3:]}" if html.startswith("<p>") else f"<p>{label}</p>{html}"
        sections.append(
            f'<section class="{" ".join(classes)}" id="{escape(clause["anchor"])}">'
            f"{mark}{html}</section>"
        )
    return "\n".join(sections)


def lines_in(html: str) -> list[str]:
    """Return the words of HTML, a line a paragraph."""
    plain = unescape(TAG.sub("", BLOCK_EDGE.sub("\n", html)))
    return [line.strip() for line in plain.splitlines() if line.strip()]


def lines_of(clause: Clause) -> list[str]:
    """Return a clause's words as lines: its number and heading, then a line a paragraph."""
    lines = lines_in(clause["html"])
    if clause["heading"]:
        return [clause["label"] + clause["heading"], *lines]
    if clause["label"]:
        return [clause["label"] + (lines[0] if lines else ""), *lines[1:]]
    return lines


def to_text(clauses: Iterable[Clause]) -> str:
    """Return the plain text: headings and paragraphs on lines of their own, no word lost."""
    parts = ("\n".join(lines_of(clause)) for clause in clauses)
    return "\n\n".join(part for part in parts if part) + "\n"


def sha256_of(data: Any) -> str:
    """Return the SHA-256 of data as canonical JSON (sorted keys, no spaces, UTF-8)."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
