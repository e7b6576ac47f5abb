"""Publishing a policy: what a version needs, and the one place where one is made.

PolicyPage.save() calls record_version() for every way of publishing, in its own transaction.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from core.generations import PAGES, raise_generations
from core.tokens import pseudonym
from pages.clauses import Clause, make_clauses, sha256_of, to_html, to_text
from pages.models.policies import PolicyDocument, PolicyText, PolicyVersion

if TYPE_CHECKING:
    from pages.models.policy_pages import PolicyPage

# The form's values that problems_of looks at.
CHECKED_FIELDS = ("title", "kind", "body", "updated_on", "effective_at", "change_summary",
                  "material", "reduces_rights", "acceptance")  # fmt: skip


def problems_of(page: "PolicyPage", now: datetime | None = None) -> dict[str, str | Promise]:
    """Return what keeps a page from being published, by field; empty when nothing does."""
    now = now or timezone.now()
    problems: dict[str, str | Promise] = {}
    if not len(page.body):
        problems["body"] = _("Write at least one clause.")
    if not page.change_summary.strip():
        problems["change_summary"] = _("Say in a sentence what changed, for those it concerns.")
    if page.is_recorded_later:
        return problems
    document = PolicyDocument.objects.filter(translation_key=page.translation_key).first()
    newest = document.versions.order_by("-number").first() if document else None
    if document is not None and newest is not None and is_translation(page, document):
        # A translation takes its dates from the version it belongs to.
        text = newest.texts.filter(locale=page.locale.language_code).first()
        if text is not None and text.sha256 != text_of(page)["sha256"]:
            problems["body"] = _(
                "Version %(number)s has its text in this language already. Publish a new version "
                "of the authoritative page first, and then its translation."
            ) % {"number": newest.number}
        return problems
    if newest is not None and says_nothing_new(page, newest):
        return problems
    if page.effective_at is not None and page.effective_at < now:
        problems["effective_at"] = _(
            "This moment has passed. Choose a later one, or leave it empty to take effect at once."
        )
    if page.updated_on is not None:
        if page.updated_on > timezone.localdate(now):
            problems["updated_on"] = _("The day of the update cannot lie in the future.")
        elif page.effective_at is not None and page.effective_at.date() < page.updated_on:
            problems["effective_at"] = _("A text cannot take effect before it was updated.")
    return problems


def is_translation(page: "PolicyPage", document: PolicyDocument) -> bool:
    return bool(page.locale.language_code != document.authoritative_locale)


def is_new_text(page: "PolicyPage", newest: PolicyVersion) -> bool:
    text = newest.texts.filter(locale=page.locale.language_code).first()
    return text is None or text.sha256 != text_of(page)["sha256"]


def clauses_of(page: "PolicyPage") -> list[Clause]:
    """Return the page's clauses as data."""
    return make_clauses(
        {
            "heading": block.value["heading"].strip(),
            "level": block.value["level"],
            "html": expand_db_html(block.value["text"].source) if block.value["text"] else "",
            "is_emphasised": block.value["is_emphasised"],
            "is_sensitive": block.value["is_sensitive"],
        }
        for block in page.body
    )


def text_of(page: "PolicyPage") -> dict[str, Any]:
    """Return the fields of the text that publishing the page would freeze."""
    clauses = clauses_of(page)
    fields = {
        "title": page.title,
        "summary": page.change_summary.strip(),
        "clauses": clauses,
        "html": to_html(clauses),
        "text": to_text(clauses),
    }
    return fields | {"sha256": sha256_of(fields)}


def record_version(page: "PolicyPage") -> PolicyVersion | None:
    """Freeze what a live policy page says as a version, or as a text of the newest version.

    Makes exactly one version for a revision that has none and says something new, else none.
    A page in another language than the document's authoritative one adds its text to the newest
    version. Must run in the transaction that made the page live; raises ValidationError, which
    undoes that, when the page lacks what a version needs. Safe to call twice.
    """
    # The page's row is locked before numbering, so that two publishers get two numbers.
    Page.objects.select_for_update().get(pk=page.pk)
    if PolicyVersion.objects.filter(page_id=page.pk, revision_id=page.live_revision_id).exists():
        return None
    document, _created = PolicyDocument.objects.get_or_create(
        translation_key=page.translation_key,
        defaults={
            "kind": page.kind,
            "slug": free_slug(page.slug),
            "authoritative_locale": page.locale.language_code,
        },
    )
    document = PolicyDocument.objects.select_for_update().get(pk=document.pk)
    newest = document.versions.order_by("-number").first()
    is_translated = is_translation(page, document)
    if newest is not None and not is_translated and says_nothing_new(page, newest):
        return None
    if problems := problems_of(page):
        raise ValidationError({field: [sentence] for field, sentence in problems.items()})
    fields = text_of(page)
    locale = page.locale.language_code
    if is_translated:
        if newest is not None and not newest.texts.filter(locale=locale).exists():
            PolicyText.objects.create(
                version=newest, locale=locale, is_authoritative=False, **fields
            )
            raise_generations(PAGES)
        return None
    version = make_version(document, page, newest, fields["sha256"])
    PolicyText.objects.create(version=version, locale=locale, is_authoritative=True, **fields)
    raise_generations(PAGES)
    return version


def says_nothing_new(page: "PolicyPage", newest: PolicyVersion) -> bool:
    """Tell whether publishing the page again would repeat the newest version."""
    is_same_moment = newest.effective_at == page.effective_at or page.effective_at is None
    return is_same_moment and not is_new_text(page, newest)


def free_slug(slug: str) -> str:
    taken, candidate, count = PolicyDocument.objects, slug, 2
    while taken.filter(slug=candidate).exists():
        candidate, count = f"{slug}-{count}", count + 1
    return candidate


def make_version(
    document: PolicyDocument, page: "PolicyPage", newest: PolicyVersion | None, text_sha256: str
) -> PolicyVersion:
    now = timezone.now()
    revision = page.live_revision
    version = PolicyVersion(
        document=document,
        page_id=page.pk,
        revision_id=page.live_revision_id,
        number=newest.number + 1 if newest else 1,
        updated_on=page.updated_on or (None if page.is_recorded_later else timezone.localdate(now)),
        effective_at=page.effective_at or (None if page.is_recorded_later else now),
        published_at=now,
        is_recorded_later=page.is_recorded_later,
        material=sorted(page.material),
        reduces_rights=page.reduces_rights,
        acceptance=page.acceptance,
        published_by=pseudonym("publisher", str(revision.user_id)) if revision.user_id else "",
        previous_sha256=newest.sha256 if newest else "",
    )
    version.sha256 = hash_of(version, document, text_sha256)
    version.save(force_insert=True)
    return version


def hash_of(version: PolicyVersion, document: PolicyDocument, text_sha256: str) -> str:
    """Return the hash that closes a version: its facts, its text's hash and the one before it."""

    def iso(moment: datetime | None) -> str:
        return moment.astimezone(timezone.get_default_timezone()).isoformat() if moment else ""

    return sha256_of(
        {
            "document": str(document.translation_key),
            "number": version.number,
            "updated_on": version.updated_on.isoformat() if version.updated_on else "",
            "effective_at": iso(version.effective_at),
            "published_at": iso(version.published_at),
            "is_recorded_later": version.is_recorded_later,
            "material": version.material,
            "reduces_rights": version.reduces_rights,
            "acceptance": version.acceptance,
            "text": text_sha256,
            "previous": version.previous_sha256,
        }
    )


def atomic_execute(execute: Any) -> Any:
    """Wrap Wagtail's publishing action in a transaction.

    Wagtail publishes outside one: a receiver that raises would leave the new text live, without
    a log entry, and a scheduled page without its schedule.
    """

    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            return execute(self, *args, **kwargs)

    wrapped.is_atomic = True  # type: ignore[attr-defined]
    wrapped.unwrapped = execute  # type: ignore[attr-defined]
    return wrapped
