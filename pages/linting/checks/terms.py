"""Defined terms: those that are never used, and those that are used and never defined."""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.linting.findings import HINT, Check, Facts, Finding, Source, SourceLine, finding
from pages.linting.languages import ENGLISH, language_in

DEFINED = re.compile(
    r"[(（]\s*(?:(?:hereinafter|collectively|together|each|the|an?|our|referred to as|or|and"
    r"|以下简称|以下称|下称|简称)[\s,:：]*)*[“\"「](?P<term>[^”\"“」]{2,40})[”\"」]"
    r"|[“\"](?P<meant>[^”\"“]{2,40})[”\"]\s+(?:means|shall mean|refers to)\b"
)
# What contracts define; names of products and laws end otherwise.
NOUNS = (
    r"Services?|Content|Agreements?|Software|Information|Data|Materials?|Fees?|Terms?"
    r"|Users?|Part(?:y|ies)|Products?|Orders?|Subscriptions?|Documentation|Conditions?"
)
CAPITALISED = re.compile(rf"(?<=[a-z,] )((?:[A-Z][a-z]+ ){{1,2}}(?:{NOUNS}))\b")
ARTICLE = re.compile(r"^(?:the|our|an?)\s+", re.IGNORECASE)
OFTEN, MOST = 3, 3


def check_terms(source: Source, facts: Facts) -> Iterator[Finding]:
    """Terms of which one half is missing: the definition, or any use."""
    defined: dict[str, tuple[SourceLine, tuple[int, int]]] = {}
    for line in source.prose:
        for found in DEFINED.finditer(line.text):
            term = ARTICLE.sub("", found["term"] or found["meant"]).strip(" ,，")
            # A small letter begins an example, and capitals throughout are an abbreviation that is
            # explained.
            if not term or term[0].islower() or (term.isascii() and term.isupper()):
                continue
            defined.setdefault(term, (line, found.span()))
    words = "\n".join(line.text for line in source.prose)
    lowered = words.lower()
    for term, (line, span) in defined.items():
        if lowered.count(term.lower()) == 1:
            yield finding(
                "unused-term",
                HINT,
                line,
                _("“%(term)s” is defined here and never used. Use it, or take it out.")
                % {"term": term},
                span,
            )
    if language_in(source, facts) == ENGLISH:
        yield from undefined(source, {term.lower() for term in defined}, words)


def undefined(source: Source, defined: set[str], words: str) -> Iterator[Finding]:
    headings = "\n".join(line.text.lower() for line in source.prose if line.is_heading)
    counted = Counter(CAPITALISED.findall(words))
    often = [term for term, count in counted.most_common() if count >= OFTEN]
    told = 0
    for term in often:
        lowered = term.lower()
        if lowered in headings or any(each in lowered or lowered in each for each in defined):
            continue
        line = next(each for each in source.prose if term in each.text)
        start = line.text.index(term)
        yield finding(
            "undefined-term",
            HINT,
            line,
            _("“%(term)s” is written as a defined term and is defined nowhere. Say what it means.")
            % {"term": term},
            (start, start + len(term)),
        )
        told += 1
        if told == MOST:
            return


CHECKS: tuple[Check, ...] = (check_terms,)
