"""Reading policies: which version is shown where. What is in force is decided here and now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.generations import expire_at
from pages.models.policies import PolicyDocument, PolicyText, PolicyVersion
from pages.models.policy_pages import PolicyPage
from pages.publishing import text_of

ANNOUNCED, IN_FORCE, SUPERSEDED = "announced", "in-force", "superseded"


def document_of(page: PolicyPage) -> PolicyDocument | None:
    """Return the document whose versions a page makes."""
    return PolicyDocument.objects.filter(translation_key=page.translation_key).first()


def all_versions(document: PolicyDocument) -> list[PolicyVersion]:
    """Return every version with its texts, newest number first, in two queries."""
    return list(document.versions.with_moment().prefetch_related("texts").order_by("-number"))


def version_in_force(versions: Sequence[PolicyVersion], now: datetime) -> PolicyVersion | None:
    """Return the version in force among all of a document: the latest moment, then number."""
    reached = [version for version in versions if version.holds_from <= now]
    return max(reached, key=lambda each: (each.holds_from, each.number), default=None)


def status_of(version: PolicyVersion, in_force: PolicyVersion | None, now: datetime) -> str:
    """Return announced, in-force or superseded."""
    if in_force is not None and version.pk == in_force.pk:
        return IN_FORCE
    return ANNOUNCED if version.holds_from > now else SUPERSEDED


def switch_at(versions: Sequence[PolicyVersion], now: datetime) -> None:
    """Tell caches that what they keep ends when the next version takes effect."""
    coming = [version.holds_from for version in versions if version.holds_from > now]
    if coming:
        expire_at(min(coming))


def shown(
    page: PolicyPage, version: PolicyVersion, versions: Sequence[PolicyVersion], now: datetime
) -> dict[str, Any]:
    locale = page.locale.language_code
    text = version.text_for(locale)
    in_force = version_in_force(versions, now)
    coming = sorted(
        (each for each in versions if each.holds_from > now), key=lambda each: each.holds_from
    )
    return {
        "version": version,
        "text": text,
        "status": status_of(version, in_force, now),
        "in_force": in_force,
        "announced": coming[0] if coming and coming[0].pk != version.pk else None,
        "announced_text": coming[0].text_for(locale) if coming else None,
        "is_other_language": text.locale != locale,
        "contents": contents(text),
        "base_url": page.get_url(),
        "versions_url": f"{page.get_url()}versions/",
    }


def contents(text: PolicyText) -> list[dict[str, Any]]:
    return [clause for clause in text.clauses if clause["heading"]]


def current_context(page: PolicyPage) -> dict[str, Any] | None:
    """Return what a policy's own address shows, or None while it has no version."""
    document = document_of(page)
    if document is None:
        return None
    now = timezone.now()
    versions = all_versions(document)
    switch_at(versions, now)
    version = version_in_force(versions, now) or min(
        versions, key=lambda each: each.holds_from, default=None
    )
    if version is None:
        return None
    return shown(page, version, versions, now) | {"is_current_address": True}


def version_context(page: PolicyPage, number: int) -> dict[str, Any] | None:
    """Return what one version's address shows, or None where there is no such version."""
    document = document_of(page)
    if document is None:
        return None
    now = timezone.now()
    versions = all_versions(document)
    switch_at(versions, now)
    version = next((each for each in versions if each.number == number), None)
    if version is None:
        return None
    return shown(page, version, versions, now) | {"is_current_address": False}


def versions_context(page: PolicyPage) -> dict[str, Any] | None:
    """Return what the list of versions shows, or None while there is none."""
    document = document_of(page)
    if document is None:
        return None
    now = timezone.now()
    versions = all_versions(document)
    switch_at(versions, now)
    in_force = version_in_force(versions, now)
    locale = page.locale.language_code
    return {
        "base_url": page.get_url(),
        "rows": [
            {
                "version": version,
                "text": version.text_for(locale),
                "status": status_of(version, in_force, now),
                "url": f"{page.get_url()}versions/{version.number}/",
            }
            for version in versions
        ],
    }


def preview_context(page: PolicyPage, now: datetime) -> dict[str, Any]:
    """Return a draft as its page would show it once it is published and in force."""
    fields = text_of(page)
    text = PolicyText(locale=page.locale.language_code, is_authoritative=True, **fields)
    document = document_of(page)
    version = PolicyVersion(
        number=document.versions.count() + 1 if document else 1,
        updated_on=page.updated_on or timezone.localdate(now),
        effective_at=page.effective_at or now,
        published_at=now,
        material=page.material,
        reduces_rights=page.reduces_rights,
    )
    return {
        "version": version,
        "text": text,
        "status": IN_FORCE,
        "contents": contents(text),
        "base_url": "#",
        "versions_url": "#",
        "is_preview": True,
    }
