"""Reading policies: which version is shown where. What is in force is decided here and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from wagtail.models import Page

from core.generations import expire_at
from pages.checking import findings_of
from pages.comparing import ComparedClause, compare, counts, lines_of_spans
from pages.links import language_name, policies_feed_url
from pages.models.policies import PolicyDocument, PolicyText, PolicyVersion
from pages.models.policy_pages import PolicyPage
from pages.publishing import text_of

ANNOUNCED, IN_FORCE, SUPERSEDED = "announced", "in-force", "superseded"
VERSIONS_ON_A_PAGE = 50


def documents_of(page: PolicyPage) -> QuerySet[PolicyDocument]:
    """Return the document whose versions a page shows, as a set of one or none."""
    while page.alias_of is not None:
        page = page.alias_of
    return PolicyDocument.objects.filter(translation_key=page.translation_key)


def public_documents() -> QuerySet[PolicyDocument]:
    """Return the documents that everybody may read: those below a page that is private are not.

    A page that is no longer published keeps its versions on record.
    """
    pages = Page.objects.type(PolicyPage).public()
    return PolicyDocument.objects.filter(translation_key__in=pages.values("translation_key"))


@dataclass(frozen=True)
class Timeline:
    """Where a document stands now, whatever the number of its versions.

    The versions have their titles; `version_of` reads the words of one.
    """

    document: PolicyDocument
    now: datetime
    in_force: PolicyVersion | None
    coming: PolicyVersion | None
    newest: PolicyVersion

    def status_of(self, version: PolicyVersion) -> str:
        """Return announced, in-force or superseded."""
        if self.in_force is not None and version.pk == self.in_force.pk:
            return IN_FORCE
        return ANNOUNCED if version.holds_from > self.now else SUPERSEDED

    @property
    def shown(self) -> PolicyVersion:
        """The version at the policy's own address: in force, or the first to come."""
        return self.in_force or self.coming or self.newest


def timelines_of(documents: QuerySet[PolicyDocument]) -> list[Timeline]:
    """Return where documents stand, those without a version left out, in three queries.

    Caches are told that what they keep ends when the next version of any takes effect.
    """
    now = timezone.now()
    own = PolicyVersion.objects.filter(document=OuterRef("pk"))
    marked = list(
        documents.annotate(
            in_force_key=Subquery(own.reached_at(now).latest_first().values("pk")[:1]),
            coming_key=Subquery(own.coming_after(now).values("pk")[:1]),
            newest_key=Subquery(own.order_by("-number").values("pk")[:1]),
        )
    )
    keys = {key for each in marked
            for key in (each.in_force_key, each.coming_key, each.newest_key) if key}  # fmt: skip
    versions = PolicyVersion.objects.with_titles().in_bulk(keys)
    timelines = [
        Timeline(each, now, versions.get(each.in_force_key), versions.get(each.coming_key),
                 versions[each.newest_key])
        for each in marked if each.newest_key
    ]  # fmt: skip
    coming = [each.coming.holds_from for each in timelines if each.coming]
    if coming:
        expire_at(min(coming))
    return timelines


def timeline_of(documents: QuerySet[PolicyDocument]) -> Timeline | None:
    """Return where the only one of these documents stands, or None without a version."""
    return next(iter(timelines_of(documents)), None)


def version_of(document: PolicyDocument, number: int) -> PolicyVersion | None:
    """Return one version with its texts."""
    if number >= 2**31:
        return None
    return document.versions.with_texts().filter(number=number).first()


def shown(page: PolicyPage, version: PolicyVersion, timeline: Timeline) -> dict[str, Any]:
    locale = page.locale.language_code
    text = version.text_for(locale)
    coming = timeline.coming if timeline.coming and timeline.coming.pk != version.pk else None
    return framed(page, timeline) | {
        "version": version,
        "text": text,
        "status": timeline.status_of(version),
        "in_force": timeline.in_force,
        "announced": coming,
        "announced_text": coming.text_for(locale) if coming else None,
        "is_other_language": text.locale != locale,
        "translated": None if text.locale == locale else last_translated(version, locale),
        "contents": contents(text),
        "lasting_url": f"{settings.SITE_URL}{page.get_url()}versions/{version.number}/",
        "translations": translations(page, version),
        "compare_url": compare_url(page, version),
        "coming_url": coming and f"{page.get_url()}compare/{version.number}...{coming.number}/",
    }


def framed(page: PolicyPage, timeline: Timeline) -> dict[str, Any]:
    """Return what every page about a policy shows: its title as it is read now, and its links."""
    return {
        "policy_title": timeline.shown.text_for(page.locale.language_code).title,
        "base_url": page.get_url(),
        "versions_url": f"{page.get_url()}versions/",
        "policies_feed_url": policies_feed_url(page.locale.language_code),
        "newest": timeline.newest.number,
    }


def translations(page: PolicyPage, version: PolicyVersion) -> list[dict[str, str]]:
    """Return where a version is read in the other languages that it has a text in."""
    texts = {text.locale for text in version.texts.all()}
    others = page.get_translations().live().filter(locale__language_code__in=texts)
    return [
        {
            "code": other.locale.language_code,
            "label": language_name(other.locale.language_code),
            "url": other.get_url() or "/",
        }
        for other in others.select_related("locale")
    ]


def last_translated(version: PolicyVersion, locale: str) -> PolicyVersion | None:
    """Return the newest version before one that has a text in a language."""
    return (
        PolicyVersion.objects.filter(document_id=version.document_id, number__lt=version.number)
        .filter(texts__locale=locale)
        .order_by("-number")
        .first()
    )


def compare_url(page: PolicyPage, version: PolicyVersion) -> str | None:
    """Return where a version is compared with the one before it, or None for the first."""
    if version.number == 1:
        return None
    return f"{page.get_url()}compare/{version.number - 1}...{version.number}/"


def contents(text: PolicyText) -> list[dict[str, Any]]:
    return [clause for clause in text.clauses if clause["heading"]]


def current_context(page: PolicyPage) -> dict[str, Any] | None:
    """Return what a policy's own address shows, or None while it has no version."""
    context = version_context(page, None)
    return context | {"is_current_address": True} if context else None


def version_context(page: PolicyPage, number: int | None) -> dict[str, Any] | None:
    """Return what one version's address shows, or None where there is no such version.

    Without a number it is the version in force, or the first to come.
    """
    timeline = timeline_of(documents_of(page))
    if timeline is None:
        return None
    version = version_of(timeline.document, timeline.shown.number if number is None else number)
    return shown(page, version, timeline) if version else None


def versions_context(page: PolicyPage, number: str) -> dict[str, Any] | None:
    """Return a page of the list of versions, newest first, or None where there is none."""
    timeline = timeline_of(documents_of(page))
    if timeline is None:
        return None
    versions = timeline.document.versions.with_titles().order_by("-number")
    found = Paginator(versions, VERSIONS_ON_A_PAGE).get_page(number)
    locale = page.locale.language_code
    return framed(page, timeline) | {
        "listed": found,
        "rows": [
            {
                "version": version,
                "text": version.text_for(locale),
                "status": timeline.status_of(version),
                "url": f"{page.get_url()}versions/{version.number}/",
                "compare_url": compare_url(page, version),
            }
            for version in found
        ],
    }


def compare_context(page: PolicyPage, first: int, second: int) -> dict[str, Any] | None:
    """Return what the comparison of two versions shows, or None where one is not there."""
    timeline = timeline_of(documents_of(page))
    if timeline is None:
        return None
    old, new = version_of(timeline.document, first), version_of(timeline.document, second)
    if old is None or new is None:
        return None
    before, after = texts_to_compare(old, new, page.locale.language_code)
    compared = compare(before.clauses, after.clauses)
    return framed(page, timeline) | {
        "sides": [
            {"version": version, "text": text, "status": timeline.status_of(version)}
            for version, text in ((old, before), (new, after))
        ],
        "text": after,
        "groups": groups_of(compared),
        "counts": counts(compared),
        "is_other_language": after.locale != page.locale.language_code,
    }


def texts_to_compare(
    old: PolicyVersion, new: PolicyVersion, locale: str
) -> tuple[PolicyText, PolicyText]:
    """Return the texts of two versions in one language: the asked one, or the authoritative."""
    before, after = old.text_for(locale), new.text_for(locale)
    if before.locale != after.locale:
        before, after = old.authoritative_text, new.authoritative_text
    return before, after


def groups_of(compared: Sequence[ComparedClause]) -> list[dict[str, Any]]:
    """Return the compared clauses with neighbours that did not change put together."""
    return [
        {"is_unchanged": is_unchanged, "clauses": [shown_clause(each) for each in clauses]}
        for is_unchanged, clauses in groupby(compared, lambda each: each.state == "unchanged")
    ]


def shown_clause(compared: ComparedClause) -> dict[str, Any]:
    """Return a compared clause as lines, its heading apart where it has one in both texts."""
    lines, clause = lines_of_spans(compared.spans), compared.clause
    has_heading = compared.state != "changed" or any(sign != "-" for sign, _ in lines[0])
    return {
        "compared": compared,
        "heading": lines.pop(0) if clause["heading"] and has_heading else [],
        "name": clause["heading"] or clause["label"].strip(),
        "lines": lines,
    }


def preview_context(page: PolicyPage, now: datetime) -> dict[str, Any]:
    """Return a draft as its page would show it once it is published and in force."""
    fields = text_of(page)
    text = PolicyText(locale=page.locale.language_code, is_authoritative=True, **fields)
    document = documents_of(page).first()
    newest = document.newest() if document else None
    version = PolicyVersion(
        number=newest.number + 1 if newest else 1,
        updated_on=page.updated_on or timezone.localdate(now),
        effective_at=page.effective_at or now,
        holds_from=page.effective_at or now,
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
        "findings": findings_of(page, text.clauses, now),
    }
