"""What the policy linter takes and gives: sources, facts and findings."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

ERROR, WARNING, HINT = "error", "warning", "hint"
LONGEST_EXCERPT = 120
MOST_LINES = 20
# Faults of which a text that was copied from elsewhere has many alike.
FOLDED = frozenset(
    {
        "broken-characters",
        "dead-anchor",
        "empty-heading",
        "empty-link",
        "image-without-text",
        "insecure-link",
        "link-without-text",
        "page-furniture",
        "relative-link",
        "scrambled-address",
        "skipped-level",
        "tracking-link",
        "vague-link",
    }
)


@dataclass(frozen=True)
class Finding:
    """One fault: where it is, how grave it is, and what to do about it."""

    code: str
    severity: str
    line: int
    excerpt: str
    message: str
    anchor: str = ""


def row_of(finding: Finding) -> dict[str, str | int]:
    """Return what a program reads of a finding."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "line": finding.line,
        "excerpt": finding.excerpt,
        "message": finding.message,
    }


@dataclass(frozen=True)
class SourceLine:
    """One heading, paragraph, list item or cell, without markup.

    A paragraph that is wrapped over several lines of the file is one SourceLine: `number` is its
    first line, and `breaks` holds the offsets in `text` at which its further lines begin. `marker`
    is the number that a list gives its item, which is no part of the text.
    """

    number: int
    text: str
    is_heading: bool = False
    in_code: bool = False
    in_list: bool = False
    anchor: str = ""
    level: int = 0
    marker: str = ""
    in_table: bool = False
    breaks: tuple[int, ...] = ()
    indent: int = 0

    def line_at(self, offset: int) -> int:
        """Return the line of the file on which a character of the text stands."""
        return self.number + bisect_right(self.breaks, offset)


@dataclass(frozen=True)
class Link:
    """A link and the words it stands on."""

    line: int
    href: str
    text: str


@dataclass(frozen=True)
class Image:
    """A picture; `alt` is None where the attribute is missing."""

    line: int
    src: str
    alt: str | None


@dataclass(frozen=True)
class Source:
    """A text ready to be checked. `worked_out` holds what several checks need of the whole."""

    lines: Sequence[SourceLine]
    anchors: frozenset[str] = frozenset()
    links: Sequence[Link] = ()
    images: Sequence[Image] = ()
    worked_out: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def prose(self) -> Iterator[SourceLine]:
        """The lines that are no code."""
        return (line for line in self.lines if not line.in_code)


@dataclass(frozen=True)
class Kept:
    """What the software does: a value, its unit, and how sentences speak of it, by locale."""

    identifier: str
    name: str
    unit: str
    value: int | str | bool
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Facts:
    """What is known beside the words; what is None, or empty, is not known and not checked.

    `scope` names the laws that apply ("gdpr", "pipl", "ccpa"); while it is None, a law counts as
    in scope where the text names it. `waived` holds codes that the editor answered with "not
    applicable, because …". `kept` is what the running software does, `paths` are those of the
    text's links within a site that lead somewhere on this one.
    """

    kind: str = ""
    locale: str = ""
    updated_on: date | None = None
    effective_at: datetime | None = None
    published_at: datetime | None = None
    today: date | None = None
    entity_names: Sequence[str] = ()
    entity_domains: frozenset[str] = frozenset()
    paths: frozenset[str] | None = None
    has_officer: bool | None = None
    has_recipients_abroad: bool | None = None
    has_sensitive_data: bool | None = None
    has_other_sources: bool | None = None
    scope: frozenset[str] | None = None
    waived: frozenset[str] = frozenset()
    kept: tuple[Kept, ...] = ()


Check = Callable[[Source, Facts], Iterator[Finding]]


def excerpt_of(text: str, start: int = 0, end: int | None = None) -> str:
    """Return the words around a span, short enough for one line of output."""
    end = len(text) if end is None else end
    room = max(0, LONGEST_EXCERPT - (end - start))
    first = max(0, start - room // 2)
    last = min(len(text), first + LONGEST_EXCERPT)
    first = max(0, min(first, last - LONGEST_EXCERPT))
    words = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{words}{'…' if last < len(text) else ''}"


def finding(
    code: str,
    severity: str,
    line: SourceLine,
    message: object,
    span: tuple[int, int] | None = None,
) -> Finding:
    """Return a finding on a line, at a span of its text or on the whole of it."""
    start, end = span or (0, len(line.text))
    return Finding(
        code=code,
        severity=severity,
        line=line.line_at(start) if span else line.number,
        excerpt=excerpt_of(line.text, start, end),
        message=str(message),
        anchor=line.anchor,
    )


def folded(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with those that are the same fault over and over told once.

    A link or picture is mended like the next one: the first says on which lines the others stand.
    """
    kept: list[Finding] = []
    groups: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        if each.code not in FOLDED:
            kept.append(each)
        else:
            groups.setdefault((each.code, each.severity), []).append(each)
    for first, *others in groups.values():
        kept.append(replace(first, message=f"{first.message} {told(others)}".strip()))
    return sorted(kept, key=lambda each: (each.line, each.code))


def told(others: Sequence[Finding]) -> str:
    lines = sorted({each.line for each in others})
    if not lines:
        return ""
    named = ", ".join(map(str, lines[:MOST_LINES]))
    if len(lines) <= MOST_LINES:
        return str(_("The same on lines %(lines)s.") % {"lines": named})
    return str(
        _("The same on lines %(lines)s and %(count)d more.")
        % {"lines": named, "count": len(lines) - MOST_LINES}
    )
