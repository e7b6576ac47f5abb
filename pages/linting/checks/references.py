"""References to sections and clauses of the same text."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.linting.findings import WARNING, Check, Facts, Finding, Source, finding
from pages.linting.labels import label_of
from pages.linting.languages import CHINESE, ENGLISH, any_of, language_in
from pages.numbering import han_number

HAN = "零〇一二三四五六七八九十百"
REFERENCE = re.compile(
    r"\b(?:sections?|clauses?"
    r"|articles?)\s+(?P<n>\d{1,2}(?:\.\d{1,2})*)(?:\s*\([a-z0-9]{1,4}\))*(?![\w.]*\d)"
    rf"|(?:本(?:政策|协议|条款|隐私政策))?第\s*(?P<h>[{HAN}\d]{{1,4}})\s*[条章]",
    re.IGNORECASE,
)
LAWS = {
    ENGLISH: r"\b(?:act|law|laws|code|regulations?|directive|statute|gdpr|ccpa|cpra|uk gdpr|pipl"
    r"|lgpd|pipeda"
    r"|u\.?s\.?c|c\.?f\.?r|constitution|convention|treaty|ftc|dmca|coppa|ordinance|decree"
    r"|bgb|dsgvo|copyright"
    r"|civil|privacy shield|clauses?|sccs?|rules?|standard contractual|annex|schedule"
    r"|addendum|exhibit|dpa"
    r"|terms of|agreement between|their|its)\b",
    CHINESE: r"[《》]|法|条例|规定|办法|解释|标准",
}
ARTICLE = re.compile(r"articles?\s", re.IGNORECASE)
NEAR = 60
OWN_AFTER = re.compile(
    r"\s*(?:of|in)\s+(?:this|these|our)\s+(?:privacy\s+)?(?:policy|terms|agreement|notice|document)"
    r"|\s*(?:above|below)\b",
    re.IGNORECASE,
)
OWN_BEFORE = re.compile(r"^本")
FEWEST_LABELS = 3


def check_references(source: Source, facts: Facts) -> Iterator[Finding]:
    """References to a number that no heading or clause of this text has.

    Texts whose headings carry no numbers are left alone, and so are references to laws.
    """
    if not language_in(source, facts):
        return
    numbers = numbers_of(source)
    has_articles = any(ARTICLE.match(line.text) for line in source.prose)
    tops = {number for number in numbers if "." not in number}
    if len(tops) < FEWEST_LABELS:
        return
    laws = any_of(LAWS)
    for line in source.prose:
        label, _rest = label_of(line.text)
        begins = len(label.printed) if label else 0
        for found in REFERENCE.finditer(line.text):
            if found.start() < max(begins, 1):
                continue
            around = line.text[max(0, found.start() - NEAR) : found.end() + NEAR]
            outside = around.replace(found.group(), "", 1)
            is_own = OWN_AFTER.match(line.text[found.end() :]) or OWN_BEFORE.search(found.group())
            if laws.search(outside) and not is_own:
                continue
            if ARTICLE.match(found.group()) and not has_articles and not is_own:
                continue
            wanted = found["n"] or str(han_number(found["h"]))
            if wanted in numbers or not is_top_known(wanted, numbers):
                continue
            yield finding(
                "missing-section",
                WARNING,
                line,
                _(
                    "The text refers to “%(reference)s”, and has no clause of that number. Correct "
                    "the number."
                )
                % {"reference": found.group().strip()},
                found.span(),
            )


def is_top_known(wanted: str, numbers: set[str]) -> bool:
    """Tell whether a text numbers its clauses at the depth that a reference names."""
    depth = wanted.count(".")
    return any(number.count(".") == depth for number in numbers)


def numbers_of(source: Source) -> set[str]:
    """Return the numbers that the text's headings, clauses and list items carry."""
    numbers: set[str] = set()
    for line in source.prose:
        label, _rest = label_of(line.text)
        if label is not None:
            numbers.add(".".join(map(str, label.number)))
        if line.marker:
            numbers.add(line.marker.rstrip(".)"))
        for opened in re.finditer(
            r"\b(?:section|clause|article)\s+(\d{1,2}(?:\.\d{1,2})*)", line.text, re.I
        ):
            if line.is_heading or opened.start() == 0:
                numbers.add(opened.group(1))
    return numbers


CHECKS: tuple[Check, ...] = (check_references,)
