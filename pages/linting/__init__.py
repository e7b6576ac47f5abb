"""The policy linter: finds in a policy's text what would mislead its readers. Pure.

It reads text, Markdown, HTML or clauses, runs small checks and returns findings; it stores nothing
and knows no models. An error comes only from a check that real texts do not set off wrongly.
"""

from pages.linting.checks import CHECKS
from pages.linting.checks.contradictions import check_against
from pages.linting.checks.links import path_of
from pages.linting.checks.translations import check_translation
from pages.linting.findings import (
    ERROR,
    HINT,
    WARNING,
    Facts,
    Finding,
    Image,
    Kept,
    Link,
    Source,
    SourceLine,
    folded,
    row_of,
)
from pages.linting.languages import locale_of
from pages.linting.reading import read_source, source_of_clauses

__all__ = [
    "ERROR",
    "HINT",
    "WARNING",
    "Facts",
    "Finding",
    "Image",
    "Kept",
    "Link",
    "Source",
    "SourceLine",
    "check_against",
    "check_translation",
    "lint",
    "locale_of",
    "path_of",
    "read_source",
    "row_of",
    "source_of_clauses",
]


def lint(source: Source, facts: Facts) -> list[Finding]:
    """Return everything that the checks find, in the order of the lines."""
    found = [finding for check in CHECKS for finding in check(source, facts)]
    return folded(sorted(found, key=lambda each: (each.line, each.code)))
