"""The build of a text: its headings, its length, what it defines and what it says twice."""

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from pages.linting.findings import HINT, WARNING, Check, Facts, Finding, Source, SourceLine, finding
from pages.linting.labels import label_of
from pages.linting.languages import HAN, WORD, count_words
from pages.linting.sentences import sentences_of

LONGEST_UNHEADED = 1200
LONGEST_ENGLISH, LONGEST_CHINESE = 250, 500
SHORTEST_REPEATED = 120
CAPITALS_SHARE, FEWEST_LETTERS = 0.8, 400
MEANS = re.compile(
    r"[“\"](?P<term>[^”\"“]{2,60})[”\"]\s+(?:means|shall mean"
    r"|refers to)\s+(?P<meaning>[^.;]{10,200})"
)
ALIKE = 60


def check_headings(source: Source, facts: Facts) -> Iterator[Finding]:
    """Levels that are skipped, headings without words, and long texts without any heading."""
    last = 0
    lines = list(source.prose)
    for line in lines:
        if not line.is_heading:
            continue
        if not line.text:
            yield finding(
                "empty-heading",
                WARNING,
                line,
                _("This heading has no words. Write them, or take it out."),
            )
            continue
        if last and line.level > last + 1:
            yield finding(
                "skipped-level",
                WARNING,
                line,
                _(
                    "This heading is of level %(now)d below one of level %(last)d. Use level "
                    "%(next)d."
                )
                % {"now": line.level, "last": last, "next": last + 1},
            )
        last = line.level or last
    words = sum(count_words(line.text) for line in lines)
    if words > LONGEST_UNHEADED and not any(
        line.is_heading or label_of(line.text)[0] for line in lines
    ):
        yield finding(
            "no-headings",
            WARNING,
            lines[0],
            _("A text this long needs headings. Put one above each part."),
        )


def check_repeats(source: Source, facts: Facts) -> Iterator[Finding]:
    """The same heading or the same long paragraph twice."""
    seen: dict[str, int] = {}
    for line in source.prose:
        words = " ".join(label_of(line.text)[1].lower().split())
        if not words or (not line.is_heading and count_words(words) * 5 < SHORTEST_REPEATED):
            continue
        key = f"{'#' if line.is_heading else ''}{words}"
        if key in seen:
            yield finding(
                "repeated-heading" if line.is_heading else "repeated-paragraph",
                HINT,
                line,
                _("The same words stand on line %(line)d. Say it once, or tell the two apart.")
                % {"line": seen[key]},
            )
        seen.setdefault(key, line.number)


def check_length(source: Source, facts: Facts) -> Iterator[Finding]:
    """Clauses that nobody can read, and texts in capitals throughout."""
    for line in source.prose:
        han, words = len(HAN.findall(line.text)), len(WORD.findall(line.text))
        if han > LONGEST_CHINESE or words > LONGEST_ENGLISH:
            yield finding(
                "long-clause",
                HINT,
                line,
                _("This paragraph has %(words)d words. Cut it into several.")
                % {"words": max(han, words)},
                (0, 80),
            )
    signs = Counter("".join(line.text for line in source.prose))
    letters = {
        sign: count
        for sign, count in signs.items()
        if sign.isalpha() and sign.upper() != sign.lower()
    }
    total = sum(letters.values())
    if total > FEWEST_LETTERS:
        capitals = sum(count for letter, count in letters.items() if letter.isupper())
        if capitals > CAPITALS_SHARE * total:
            yield finding(
                "all-capitals",
                HINT,
                next(iter(source.prose)),
                _(
                    "Nearly all of this text is in capitals. Write it in small letters; "
                    "emphasise what matters most."
                ),
            )


def check_definitions(source: Source, facts: Facts) -> Iterator[Finding]:
    """The same term defined twice, in different words."""
    meanings: dict[str, tuple[str, SourceLine]] = {}
    for line in source.prose:
        for sentence in sentences_of(line):
            found = MEANS.search(sentence.text)
            if found is None:
                continue
            term, meaning = found["term"].lower().strip(" ,"), found["meaning"]
            if term not in meanings:
                meanings[term] = (meaning, line)
            elif fuzz.ratio(meaning.lower(), meanings[term][0].lower()) < ALIKE:
                yield finding(
                    "defined-twice",
                    WARNING,
                    line,
                    _(
                        "“%(term)s” is defined here and, in other words, on line "
                        "%(line)d. Define it "
                        "once."
                    )
                    % {"term": found["term"], "line": meanings[term][1].number},
                    sentence.span,
                )


CHECKS: tuple[Check, ...] = (check_headings, check_repeats, check_length, check_definitions)
