"""Promises that the running software does not keep: other periods, and what is switched off."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.linting.checks.periods import NUMBER, NUMBERS
from pages.linting.findings import WARNING, Check, Facts, Finding, Kept, Source, finding
from pages.linting.languages import CHINESE, ENGLISH, any_of
from pages.linting.sentences import all_sentences

PERIOD = {
    ENGLISH: rf"\b{NUMBER}(?: ?\(\d+\))?[ -](?:calendar |business |working )?"
    r"(?P<unit>hour|day|week|month|year)s?\b",
    CHINESE: rf"{NUMBER.replace('?P<n>', '?P<n2>')}\s*(?:个)?(?:工作|自然)?"
    r"(?P<unit2>小时|天|日|周|月|年)",
}
HOURS = {"hour": 1, "小时": 1, "day": 24, "天": 24, "日": 24, "week": 168, "周": 168}
# A month and a year have no one length.
LONG = {"month": (28, 31), "月": (28, 31), "year": (365, 366), "年": (365, 366)}
UNITS = {"days": 24, "hours": 1}
# What is said of a case, or denied, is no promise.
NO_PROMISE = {
    ENGLISH: r"\b(?:if|where|when|whether|unless|not|never|no)\b",
    CHINESE: r"如果|若|如本|是否|除非|不会|不使用|未",
}


def check_promises(source: Source, facts: Facts) -> Iterator[Finding]:
    """Sentences that state another period than the software keeps, or praise what is off."""
    patterns = [(kept, any_of(dict(kept.said))) for kept in facts.kept if kept.said]
    if not patterns:
        return
    denied, period = any_of(NO_PROMISE), any_of(PERIOD)
    told: set[str] = set()
    for sentence in all_sentences(source):
        for kept, pattern in patterns:
            if kept.identifier in told or not pattern.search(sentence.text):
                continue
            message: object = None
            periods = list(period.finditer(sentence.text)) if kept.unit in UNITS else []
            if kept.value is False and not denied.search(sentence.text):
                message = _(
                    "This speaks of what is switched off here (%(name)s). Take it out, or switch "
                    "it on."
                ) % {"name": kept.name}
            elif periods and not any(is_kept(found, kept) for found in periods):
                message = _(
                    "The site keeps %(value)s %(unit)s (%(name)s), and this says “%(words)s”. "
                    "Write {{ %(fact)s }} where the number stands, so that it stays true."
                ) % {
                    "value": kept.value, "unit": kept.unit, "name": kept.name,
                    "words": periods[0].group(), "fact": kept.identifier,
                }  # fmt: skip
            if message is not None:
                told.add(kept.identifier)
                code = "feature-off" if kept.value is False else "number-differs"
                yield finding(code, WARNING, sentence.line, message, sentence.span)


def is_kept(found: re.Match[str], kept: Kept) -> bool:
    """Tell whether a period in a text is the one that the software keeps."""
    printed = (found["n"] or found["n2"]).lower()
    unit = (found["unit"] or found["unit2"]).lower()
    number = NUMBERS.get(printed) or int(printed)
    promised = int(kept.value) * UNITS[kept.unit]
    if unit in LONG:
        least, most = LONG[unit]
        return number * least * 24 <= promised <= number * most * 24
    return number * HOURS[unit] == promised


CHECKS: tuple[Check, ...] = (check_promises,)
