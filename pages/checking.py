"""What the linter says of a policy page before it is published."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError
from django.utils import timezone

from core.extensions.policies import policy_facts
from pages.clauses import Clause
from pages.destinations import paths_that_lead
from pages.facts import fill, value_of
from pages.importing import kind_of
from pages.linting import (
    ERROR,
    HINT,
    Facts,
    Finding,
    Kept,
    Source,
    check_against,
    check_translation,
    lint,
    locale_of,
    path_of,
    read_source,
    source_of_clauses,
)
from pages.models.policies import PolicyDocument, PolicyText
from pages.models.settings import SiteIdentitySettings

if TYPE_CHECKING:
    from pages.models.policy_pages import PolicyPage


def findings_of(page: "PolicyPage", clauses: list[Clause], now: datetime) -> list[Finding]:
    """Return what the linter finds in the text that publishing a page would freeze."""
    own = SiteIdentitySettings.load()
    source = source_of_clauses(clauses)
    facts = Facts(
        kind=page.kind,
        locale=page.locale.language_code,
        updated_on=page.updated_on,
        effective_at=page.effective_at,
        published_at=None if page.is_recorded_later else now.replace(second=0, microsecond=0),
        today=timezone.localdate(now),
        entity_names=(own.legal_name,) if own.legal_name else (),
        entity_domains=own_domains(own),
        paths=paths_that_lead(map(path_of, inner_links(source))),
        kept=kept_facts(),
    )
    found = [
        *findings_in(json.dumps(clauses, ensure_ascii=False), facts),
        *contradictions_of(page, source),
        *lags_of(page, clauses, source),
    ]
    return sorted(found, key=lambda each: (each.line, each.code))


def own_domains(own: SiteIdentitySettings) -> frozenset[str]:
    """Return the mail domains of the legal entity; none are known where it has no address."""
    addresses = (own.contact_email, own.privacy_email, own.minors_email)
    return frozenset(address.rpartition("@")[2].lower() for address in addresses if address)


def inner_links(source: Source) -> Iterator[str]:
    return (link.href for link in source.links if re.match(r"/(?!/)", link.href))


def lags_of(page: "PolicyPage", clauses: list[Clause], source: Source) -> Iterator[Finding]:
    """Yield what a translation has otherwise than the newest authoritative text."""
    document = PolicyDocument.objects.filter(translation_key=page.translation_key).first()
    newest = document.newest() if document else None
    if newest is None or page.locale.language_code == newest.document.authoritative_locale:
        return
    text = newest.texts.get(is_authoritative=True)
    other = source_of_text(text.pk, text.sha256)
    yield from check_translation(source, other, (len(clauses), len(text.clauses)))


def kept_facts() -> tuple[Kept, ...]:
    """Return what the running software does and how texts speak of it, for the linter."""
    values = ((fact, value_of(fact.identifier)) for fact in policy_facts if fact.said)
    return tuple(
        Kept(fact.identifier, str(fact.verbose_name), fact.unit, value, tuple(fact.said.items()))
        for fact, value in values if value is not None
    )  # fmt: skip


def contradictions_of(page: "PolicyPage", source: Source) -> Iterator[Finding]:
    """Yield the rules of a text that another policy of the site contradicts."""
    others = [
        version.pk
        for document in PolicyDocument.objects.exclude(translation_key=page.translation_key)
        if (version := document.in_force() or document.announced())
    ]
    texts = PolicyText.objects.filter(version__in=others, locale=page.locale.language_code)
    for key, sha256, title in texts.order_by("version__document").values_list(
        "pk", "sha256", "title"
    ):
        yield from check_against(source, source_of_text(key, sha256), title)


@lru_cache(maxsize=64)
def source_of_text(key: int, sha256: str) -> Source:
    """Return the source of a published text, which never changes."""
    return source_of_clauses(PolicyText.objects.get(pk=key, sha256=sha256).clauses)


# The form and the write that follows it check the same words within seconds.
@lru_cache(maxsize=4)
def findings_in(clauses: str, facts: Facts) -> list[Finding]:
    return lint(source_of_clauses(json.loads(clauses)), facts)


def findings_in_file(text: str, name: str, *, kind: str, locale: str = "") -> list[Finding]:
    """Return what the linter finds in a file, with its lines; facts count with their values."""
    try:
        kept = kept_facts()
    except DatabaseError:
        # A file can be checked before the site has its tables.
        kept = ()
    source = read_source(fill(text, is_html=False).words, kind_of(name))
    facts = Facts(
        kind=kind, locale=locale or locale_of(text), today=timezone.localdate(), kept=kept
    )
    return lint(source, facts)


def errors_among(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == ERROR]


def questions_among(findings: list[Finding]) -> list[Finding]:
    """Return what an editor is asked about: neither errors nor hints."""
    return [finding for finding in findings if finding.severity not in {ERROR, HINT}]


def sentence_of(finding: Finding) -> str:
    """Return a finding as an editor reads it: the words it is about, and what to do."""
    return f"“{finding.excerpt}” {finding.message}" if finding.excerpt else finding.message


def to_keep(findings: list[Finding]) -> list[dict[str, Any]]:
    """Return findings as they are frozen with a version."""
    return [
        {"code": each.code, "severity": each.severity, "line": each.line, "excerpt": each.excerpt}
        for each in findings
    ]
