"""Whose policy it is: names and addresses of others, as texts that were copied have them."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from pages.linting.findings import WARNING, Check, Facts, Finding, Source, finding
from pages.linting.languages import CHINESE, ENGLISH, any_of
from pages.linting.sentences import all_sentences

FORM = (
    r"(?:Inc\.?|Ltd\.?|Limited|LLC|LLP|Corp\.?|Corporation|GmbH|AG|B\.?V\.?|S\.?A\.?S?\.?|S\.?r\.?l\.?"
    r"|Oy|AB|ApS|Pty\.? Ltd\.?|K\.?K\.?)"
)
# A company by its form, called "we" or "this site" in the same breath.
NAMED = re.compile(
    rf"(?P<name>[A-Z][\w&.'’-]*(?: [\w&.'’-]+){{0,5}},? {FORM})(?=\W*[(（][^)）]{{0,40}}"
    r"(?:[“\"](?:we|us|our|company)\b|\bwe\b))"
    rf"|\b(?:we are|operated by|owned by|run by|provided by) (?P<runs>[A-Z][\w&.'’-]*"
    rf"(?: [\w&.'’-]+){{0,5}},? {FORM})(?=\W|$)"
    r"|(?P<han>[\u4e00-\u9fff（）()]{2,30}公司)[（(][^）)]{0,10}[“\"]?(?:我们|本公司)",
)
ADDRESS = re.compile(r"[\w.+-]+@(?P<domain>[\w-]+(?:\.[\w-]+)+)")
TO_US = {
    ENGLISH: r"\b(?:contact|reach|write to|e-?mail) us\b",
    CHINESE: r"联系我们|与我们联系",
}
# Mailboxes that anybody has.
EVERYBODYS = re.compile(
    r"(?:gmail|googlemail|outlook|hotmail|live|yahoo|icloud|proton|protonmail|gmx|qq|163|126|foxmail"
    r"|sina|aliyun)\."
)
ALIKE = 80


def check_identity(source: Source, facts: Facts) -> Iterator[Finding]:
    """A company called "we", or an address at which to reach "us", that is not the site's own."""
    if not facts.entity_names:
        return
    to_us = any_of(TO_US)
    for sentence in all_sentences(source):
        for found in NAMED.finditer(sentence.text):
            name = found["name"] or found["runs"] or found["han"]
            if any(is_same(name, own) for own in facts.entity_names):
                continue
            start = sentence.start + found.start()
            yield finding(
                "other-entity",
                WARNING,
                sentence.line,
                _(
                    "The site's settings say that %(own)s runs it, and this names %(name)s. "
                    "Correct the one or the other."
                )
                % {"own": facts.entity_names[0], "name": name},
                (start, start + len(found.group())),
            )
        if not facts.entity_domains or not to_us.search(sentence.text):
            continue
        for address in ADDRESS.finditer(sentence.text):
            domain = address["domain"].lower().rstrip(".")
            if domain in facts.entity_domains or EVERYBODYS.match(domain):
                continue
            start = sentence.start + address.start()
            yield finding(
                "other-domain",
                WARNING,
                sentence.line,
                _(
                    "%(address)s is none of the site's own mail addresses. Make sure that it "
                    "reaches you."
                )
                % {"address": address.group()},
                (start, start + len(address.group())),
            )


def is_same(name: str, own: str) -> bool:
    return fuzz.partial_ratio(name.lower(), own.lower()) >= ALIKE


CHECKS: tuple[Check, ...] = (check_identity,)
