"""A policy's clauses as data, and the canonical HTML and plain text made from them. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from typing import Any, TypedDict

BLOCK_EDGE = re.compile(
    r"</?(?:p|li|h[1-6]|ul|ol|blockquote|tr|td)\b[^>]*>|<br\s*/?>", re.IGNORECASE
)
TAG = re.compile(r"<[^>]+>")


class Clause(TypedDict):
    """One clause: a stable anchor, a heading (may be empty), its level and its HTML."""

    anchor: str
    heading: str
    level: int
    html: str
    is_emphasised: bool
    is_sensitive: bool


def anchor_of(heading: str, position: int, taken: set[str]) -> str:
    """Return an anchor made from a heading, unique within the document."""
    words = re.sub(r"[^\w]+", "-", heading.lower(), flags=re.UNICODE).strip("-")[:60]
    base = words or f"clause-{position}"
    anchor, count = base, 2
    while anchor in taken:
        anchor, count = f"{base}-{count}", count + 1
    taken.add(anchor)
    return anchor


def make_clauses(parts: Iterable[Mapping[str, Any]]) -> list[Clause]:
    """Return clauses with anchors from parts with heading, level, html and the two marks."""
    taken: set[str] = set()
    return [
        Clause(
            anchor=anchor_of(part["heading"], position, taken),
            heading=part["heading"],
            level=int(part["level"]),
            html=part["html"],
            is_emphasised=bool(part.get("is_emphasised")),
            is_sensitive=bool(part.get("is_sensitive")),
        )
        for position, part in enumerate(parts, start=1)
    ]


def to_html(clauses: Iterable[Clause]) -> str:
    """Return the canonical HTML: one section per clause, marks as classes that styles explain."""
    sections = []
    for clause in clauses:
        classes = ["clause"]
        if clause["is_emphasised"]:
            classes.append("clause-emphasised")
        if clause["is_sensitive"]:
            classes.append("clause-sensitive")
        level = clause["level"]
        heading = f"<h{level}>{escape(clause['heading'])}</h{level}>" if clause["heading"] else ""
        sections.append(
            f'<section class="{" ".join(classes)}" id="{escape(clause["anchor"])}">'
            f"{heading}{clause['html']}</section>"
        )
    return "\n".join(sections)


def to_text(clauses: Iterable[Clause]) -> str:
    """Return the plain text: headings and paragraphs on lines of their own, no word lost."""
    parts = []
    for clause in clauses:
        lines = [clause["heading"]] if clause["heading"] else []
        plain = unescape(TAG.sub("", BLOCK_EDGE.sub("\n", clause["html"])))
        lines += [line.strip() for line in plain.splitlines() if line.strip()]
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part) + "\n"


def sha256_of(data: Any) -> str:
    """Return the SHA-256 of data as canonical JSON (sorted keys, no spaces, UTF-8)."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
