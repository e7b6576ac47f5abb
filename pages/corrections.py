"""What a correction may not touch: numbers, facts, dates, important and sensitive clauses. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from pages.clauses import Clause, lines_of
from pages.comparing import compare_words

MONTHS = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
NUMBERS = re.compile(
    r"\d+(?:[.,]\d+)*|[$€£¥%]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|hundred|thousand|million|half|once|twice|first|second|third|day|week|month|year|hour)s?\b"
    r"|[零〇一二三四五六七八九十百千万]+(?=[年月日天周个小时分钟元%])"
)
# A word that turns a sentence into its opposite is no typing error.
TURNS = re.compile(
    r"\b(?:not|no|none|never|neither|nor|without|except|unless|only|must|may|might|shall|should|will"
    r"|would|can|could|cannot|all|any|some|every|before|after|until|within|least|most|free)\b"
    r"|n['’]t\b|[不未无非勿免前后内外]|除非|仅限|必须|可以|应当|可能|全部|任何",
    re.IGNORECASE,
)
# What may come or go by itself: signs, spaces and words that only tie others together.
TIES = re.compile(
    r"(?:[^\w$€£¥%]|_|\b(?:a|an|the|of|to|in|on|for|and|that|is|are|be|as|by|with|it|its|we|you|your"
    r"|our|this|these)\b|[的了地得着也和与及在于是个们])*",
    re.IGNORECASE,
)
LINKS = re.compile(r'href="([^"]*)"')
MISSPELT = 60


def correction_problem(old: Sequence[Clause], new: Sequence[Clause]) -> str | Promise | None:
    """Return why a text is more than a correction of another, or None."""
    if [clause["level"] for clause in old] != [clause["level"] for clause in new]:
        return _("A correction keeps the clauses: none is added, removed or moved.")
    for before, after in zip(old, new, strict=True):
        if (before["label"], before["is_emphasised"], before["is_sensitive"]) != (
            after["label"], after["is_emphasised"], after["is_sensitive"],
        ):  # fmt: skip
            return _("A correction keeps the numbers and marks of clauses.")
        words, corrected = "\n".join(lines_of(before)), "\n".join(lines_of(after))
        if before["facts"] != after["facts"]:
            return _("A correction may not touch a fact.")
        if (before["is_emphasised"] or before["is_sensitive"]) and words != corrected:
            return _("A correction may not touch an important or sensitive clause.")
        for pattern in (NUMBERS, MONTHS):
            if counted(pattern, words) != counted(pattern, corrected):
                return _("A correction may not touch a number or a date.")
        if counted(TURNS, words) != counted(TURNS, corrected):
            return _("A correction may not add or remove a word such as “not” or “must”.")
        if LINKS.findall(before["html"]) != LINKS.findall(after["html"]):
            return _("A correction may not lead a link elsewhere.")
        if (changed := first_other_word(words, corrected)) is not None:
            return _(
                "“%(words)s” is more than a typing error. Publish it as a change, and say what "
                "changed."
            ) % {"words": changed}
    return None


def counted(pattern: re.Pattern[str], words: str) -> Counter[str]:
    return Counter(found.lower() for found in pattern.findall(words))


def first_other_word(old: str, new: str) -> str | None:
    """Return the first words of a text that are no misspelling of those they replace, or None."""
    gone = ""
    for sign, words in [*compare_words(old, new), ("=", "")]:
        if sign == "-":
            gone = words
            continue
        if sign == "+" and gone:
            if not is_respelling(gone, words):
                return words.strip()
        elif (sign == "+" and not TIES.fullmatch(words)) or (gone and not TIES.fullmatch(gone)):
            return (words if sign == "+" else gone).strip()
        gone = ""
    return None


def is_respelling(old: str, new: str) -> bool:
    before, after = old.split(), new.split()
    if len(before) != len(after):
        return TIES.fullmatch(old) is not None and TIES.fullmatch(new) is not None
    return all(
        fuzz.ratio(one, other) >= MISSPELT
        or (len(one) == len(other) == 1 and not one.isascii())
        or (TIES.fullmatch(one) is not None and TIES.fullmatch(other) is not None)
        for one, other in zip(before, after, strict=True)
    )
