"""Publishing a policy: what a version needs, and the one place where one is made.

PolicyPage.save() calls record_version() for every way of publishing, in its own transaction.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from core.extensions.policies import policy_facts
from core.generations import PAGES, raise_generations
from pages.checking import errors_among, findings_of, questions_among, sentence_of, to_keep
from pages.clauses import Clause, sha256_of, to_html, to_text
from pages.corrections import correction_problem
from pages.facts import empty_facts
from pages.guide import hashes_for
from pages.models.policies import (
    NOTICES,
    Acceptance,
    PolicyDocument,
    PolicyKind,
    PolicyText,
    PolicyVersion,
)
from pages.models.publishers import PolicyPublisher
from pages.models.settings import SiteIdentitySettings
from pages.notices import preview, start_campaign
from pages.writing import Written, written

if TYPE_CHECKING:
    from pages.models.policy_pages import PolicyPage

_publisher: ContextVar[int | None] = ContextVar("publisher", default=None)
# A moment beyond these is a slip of the pen, and no clock of another time zone can show it.
FIRST_YEAR, YEARS_AHEAD = 1900, 20
# The form's values that problems_of looks at.
CHECKED_FIELDS = ("title", "kind", "body", "updated_on", "effective_at", "change_summary",
                  "material", "reduces_rights", "acceptance", "is_correction", "is_numbered",
                  "triggers", "new_functions", "version_label")  # fmt: skip


def problems_of(page: "PolicyPage", now: datetime | None = None) -> dict[str, str | Promise]:
    """Return what keeps a page from being published, by field; empty when nothing does.

    `now` is when it would be published: a scheduled page's moment lies ahead.
    """
    now = now or timezone.now()
    document = PolicyDocument.objects.filter(translation_key=page.translation_key).first()
    newest = document.newest() if document else None
    is_translated = document is not None and is_translation(page, document)
    words = written(page)
    fields = text_fields(page, words.clauses)
    if newest is not None and not is_translated and says_nothing_new(page, newest, fields):
        return {}
    problems: dict[str, str | Promise] = {}
    if not words.clauses:
        problems["body"] = _("Write at least one clause.")
    if not page.change_summary.strip():
        problems["change_summary"] = _("Say in a sentence what changed, for those it concerns.")
    if document is not None and page.kind != document.kind:
        problems["kind"] = _(
            "Published versions keep their kind. Write a policy of another kind on a page of its "
            "own."
        )
    if page.effective_at and not FIRST_YEAR <= page.effective_at.year <= now.year + YEARS_AHEAD:
        problems["effective_at"] = _("Choose a moment between %(first)s and %(last)s.") % {
            "first": FIRST_YEAR, "last": now.year + YEARS_AHEAD,
        }  # fmt: skip
    if page.is_recorded_later or "effective_at" in problems:
        return problems
    if sentence := problem_of_words(page, words):
        problems["body"] = sentence
    elif errors := errors_among(findings_of(page, words.clauses, now)):
        problems["body"] = "\n".join(map(sentence_of, errors))
    if newest is not None and is_translated:
        # A translation takes its dates from the version it belongs to.
        return problems | problems_of_translation(page, newest, fields)
    if page.is_correction:
        return problems | problems_of_correction(page, newest, words.clauses)
    if problem := problem_of_asking(page, newest):
        problems["acceptance"] = problem
    if newest is not None and (page.material or page.reduces_rights):
        earliest = now + timedelta(days=settings.POLICIES_NOTICE_DAYS)
        if (page.effective_at or now) < earliest:
            problems["effective_at"] = _(
                "People are told of such a change %(days)s days before. Choose a moment from "
                "%(earliest)s on."
            ) % {
                "days": settings.POLICIES_NOTICE_DAYS,
                "earliest": date_format(
                    timezone.localtime(earliest) + timedelta(minutes=1), "DATETIME_FORMAT"
                ),
            }
    if page.effective_at is not None and page.effective_at < now:
        problems["effective_at"] = _(
            "This moment has passed. Choose a later one, or leave it empty to take effect at once."
        )
    if page.updated_on is not None:
        if page.updated_on > timezone.localdate(now):
            problems["updated_on"] = _("The day of the update cannot lie in the future.")
        elif page.effective_at and timezone.localdate(page.effective_at) < page.updated_on:
            problems["effective_at"] = _("A text cannot take effect before it was updated.")
    return problems


def problem_of_asking(page: "PolicyPage", newest: PolicyVersion | None) -> Promise | None:
    """Return what is wrong with what a page asks of people.

    A notice informs: it is taken note of, and nobody agrees to it. Fewer rights need an express
    agreement, which only a version can get that asks for something.
    """
    if page.kind in NOTICES and page.acceptance == Acceptance.ACCEPTANCE:
        return _(
            "Nobody agrees to a notice: ask people to take note of it. What needs consent is "
            "asked for by its purpose."
        )
    if newest is not None and page.reduces_rights and page.acceptance == Acceptance.NONE:
        return _(
            "A version that reduces rights holds for nobody who has not expressly agreed: choose "
            "what it asks of people."
        )
    return None


def questions_of(page: "PolicyPage", now: datetime | None = None) -> list[str]:
    """Return what an editor is asked before a page is published: doubts, and who will be told."""
    now = now or timezone.now()
    questions = [
        sentence_of(finding)
        for finding in questions_among(findings_of(page, written(page).clauses, now))
    ]
    document = PolicyDocument.objects.filter(translation_key=page.translation_key).first()
    coming = document.versions.coming_after(page.effective_at or now).last() if document else None
    if coming is not None and not page.is_correction:
        questions.append(
            _(
                "Version %(number)s, announced for %(moment)s, replaces this one then. Give this "
                "one a later moment, or publish its words again afterwards."
            )
            % {
                "number": coming.number,
                "moment": date_format(timezone.localtime(coming.holds_from), "DATETIME_FORMAT"),
            }
        )
    if told := preview(page, page.effective_at):
        questions += [told.who, *told.how, told.when]
    return questions


def problem_of_words(page: "PolicyPage", words: Written) -> str | Promise | None:
    """Return what is wrong with the facts and the legal entity that a text needs."""
    if words.unknown:
        return _("No part of this site knows the fact %(names)s. Check its spelling.") % {
            "names": ", ".join(sorted(set(words.unknown)))
        }
    missing = set(empty_facts(words.clauses))
    if page.kind == PolicyKind.PRIVACY:
        entity = SiteIdentitySettings.load().entity()
        missing |= {"entity.legal_name"} - {f"entity.{name}" for name in entity}
        if not entity.get("privacy_email") and not entity.get("contact_email"):
            missing.add("entity.privacy_email")
    if missing:
        names = [policy_facts.get(name) for name in sorted(missing)]
        return _(
            "This text needs what the site's settings leave empty: %(names)s. Fill it in under "
            "Settings, Site identity."
        ) % {"names": ", ".join(str(fact.verbose_name) for fact in names if fact)}
    return None


def problems_of_translation(
    page: "PolicyPage", newest: PolicyVersion, fields: Mapping[str, Any]
) -> dict[str, str | Promise]:
    """Return why a page adds no text in its language to the newest version, by field."""
    if is_untranslated(newest, fields):
        return {"body": _("These are the words of the authoritative text. Translate them first.")}
    text = newest.texts.filter(locale=page.locale.language_code).first()
    if text is not None and text.sha256 != fields["sha256"]:
        return {
            "body": _(
                "Version %(number)s has its text in this language already. Publish a new version "
                "of the authoritative page first, and then its translation."
            )
            % {"number": newest.number}
        }
    return {}


def is_untranslated(newest: PolicyVersion, fields: Mapping[str, Any]) -> bool:
    """Tell whether a text is an authoritative one, as a copy made for translation is."""
    texts = PolicyText.objects.filter(version__document_id=newest.document_id)
    return texts.filter(is_authoritative=True, text=fields["text"]).exists()


def problems_of_correction(
    page: "PolicyPage", newest: PolicyVersion | None, clauses: list[Clause]
) -> dict[str, str | Promise]:
    """Return why a page is no correction of the newest version, by field."""
    if newest is None:
        return {"is_correction": _("There is no version to correct yet.")}
    text = newest.texts.get(is_authoritative=True)
    if page.material or page.reduces_rights:
        return {"is_correction": _("A correction is no material change and reduces no rights.")}
    if page.effective_at is not None:
        return {"effective_at": _("A correction takes effect with the version that it corrects.")}
    if page.acceptance != newest.acceptance:
        return {"acceptance": _("A correction asks for what the version before it asked for.")}
    sentence = correction_problem(text.clauses, clauses)
    return {"is_correction": sentence} if sentence else {}


def has_version(page: "PolicyPage") -> bool:
    """Tell whether a page's document has a published version."""
    return PolicyVersion.objects.filter(document__translation_key=page.translation_key).exists()


def is_translation(page: "PolicyPage", document: PolicyDocument) -> bool:
    return bool(page.locale.language_code != document.authoritative_locale)


def text_of(page: "PolicyPage") -> dict[str, Any]:
    """Return the fields of the text that publishing the page would freeze."""
    return text_fields(page, written(page).clauses)


def text_fields(page: "PolicyPage", clauses: list[Clause]) -> dict[str, Any]:
    fields = {
        "title": page.title,
        "summary": page.change_summary.strip(),
        "clauses": clauses,
        "html": to_html(clauses, page.locale.language_code),
        "text": to_text(clauses),
    }
    return fields | {"sha256": text_hash(page.locale.language_code, fields)}


def text_hash(locale: str, fields: Mapping[str, Any]) -> str:
    """Return the hash of a text: its language, title, summary, clauses, HTML and plain text."""
    return sha256_of({"locale": locale, **fields})


def will_publish(page: "PolicyPage") -> bool:
    """Tell whether saving a page makes another of its revisions the live one.

    A draft is saved with the words of nobody's publication in it. The page's row is locked, so
    that two publishers at once get two numbers. An alias is a second address of another page's
    versions.
    """
    if not page.live or page.alias_of_id or page.live_revision_id is None:
        return False
    rows = Page.objects.select_for_update().filter(pk=page.pk)
    return page.live_revision_id not in rows.values_list("live_revision_id", flat=True)


def record_version(page: "PolicyPage") -> PolicyVersion | None:
    """Freeze what a live policy page says as a version, or as a text of the newest version.

    Makes exactly one version for a revision that has none and says something new, else none.
    A page in another language than the document's authoritative one adds its text to the newest
    version. Must run in the transaction that made the page live; raises ValidationError, which
    undoes that, when the page lacks what a version needs. Safe to call twice.
    """
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
    newest = document.newest()
    is_translated = is_translation(page, document)
    fields = text_of(page)
    if newest is not None and (
        is_untranslated(newest, fields) if is_translated else says_nothing_new(page, newest, fields)
    ):
        return None
    if problems := problems_of(page):
        raise ValidationError({field: [sentence] for field, sentence in problems.items()})
    locale = page.locale.language_code
    if is_translated:
        if newest is not None and not newest.texts.filter(locale=locale).exists():
            PolicyText.objects.create(
                version=newest, locale=locale, is_authoritative=False, **fields
            )
            start_campaign(newest)
            raise_generations(PAGES)
        return None
    version = make_version(document, page, newest, fields["clauses"], fields["sha256"])
    PolicyText.objects.create(version=version, locale=locale, is_authoritative=True, **fields)
    if page.is_recorded_later:
        forget_recording(page)
    start_campaign(version)
    raise_generations(PAGES)
    return version


def forget_recording(page: "PolicyPage") -> None:
    """Let "recorded later" hold for one version: the next one is published like any other."""
    page.is_recorded_later = False
    type(page).objects.filter(pk=page.pk).update(is_recorded_later=False)
    revision = page.live_revision
    revision.content = {**revision.content, "is_recorded_later": False}
    revision.save(update_fields=["content"])


def says_nothing_new(page: "PolicyPage", newest: PolicyVersion, fields: Mapping[str, Any]) -> bool:
    """Tell whether publishing the page again would repeat the newest version.

    What is said of one version alone and left empty, as the form leaves it, says nothing new.
    """
    text = newest.authoritative_text
    words = (text.title, text.clauses) == (fields["title"], fields["clauses"])
    asks = (newest.acceptance, newest.triggers) == (page.acceptance, sorted(page.triggers))
    said = (
        (page.version_label, newest.label),
        (page.updated_on, newest.updated_on),
        (page.effective_at, newest.effective_at),
        (sorted(page.material), newest.material),
        (page.reduces_rights, newest.reduces_rights),
        (sorted(page.new_functions), newest.new_functions),
    )
    # A text that was recorded later names nobody who answers for it.
    is_silent = page.is_recorded_later or newest.is_recorded_later
    answers = is_silent or newest.entity == SiteIdentitySettings.load().entity()
    repeats = all(not claimed or claimed == known for claimed, known in said)
    return words and asks and answers and repeats


def free_slug(slug: str) -> str:
    taken, candidate, count = PolicyDocument.objects, slug, 2
    while taken.filter(slug=candidate).exists():
        candidate, count = f"{slug}-{count}", count + 1
    return candidate


def make_version(
    document: PolicyDocument,
    page: "PolicyPage",
    newest: PolicyVersion | None,
    clauses: list[Clause],
    text_sha256: str,
) -> PolicyVersion:
    now = timezone.now()
    revision = page.live_revision
    effective_at = page.effective_at or (None if page.is_recorded_later else now)
    if page.is_correction and newest is not None and newest.holds_from > now:
        effective_at = newest.effective_at
    identity = SiteIdentitySettings.load()
    version = PolicyVersion(
        document=document,
        page_id=page.pk,
        revision_id=page.live_revision_id,
        number=newest.number + 1 if newest else 1,
        updated_on=page.updated_on or (None if page.is_recorded_later else timezone.localdate(now)),
        label=page.version_label,
        effective_at=effective_at,
        holds_from=effective_at or now,
        effective_zone=identity.timezone if effective_at else "",
        is_correction=page.is_correction,
        triggers=sorted(page.triggers),
        findings=to_keep(findings_of(page, clauses, now)),
        suggestions=hashes_for(page.kind),
        new_functions=sorted(page.new_functions),
        entity={} if page.is_recorded_later else identity.entity(),
        published_at=now,
        is_recorded_later=page.is_recorded_later,
        material=sorted(page.material),
        reduces_rights=page.reduces_rights,
        acceptance=page.acceptance,
        published_by=reference_to(_publisher.get() or revision.user_id),
        previous_sha256=newest.sha256 if newest else "",
    )
    version.sha256 = hash_of(version, document, text_sha256, hashes_of_texts(newest))
    version.save(force_insert=True)
    return version


def reference_to(user_id: int | None) -> str:
    """Return a new pseudonym for who publishes; nothing where a program does."""
    if user_id is None:
        return ""
    return PolicyPublisher.objects.create(user_id=user_id).pseudonym


def hashes_of_texts(version: PolicyVersion | None) -> dict[str, str]:
    """Return the hash of each text of a version by language; nothing for no version."""
    return {text.locale: text.sha256 for text in version.texts.all()} if version else {}


def hash_of(
    version: PolicyVersion,
    document: PolicyDocument,
    text_sha256: str,
    former_texts: Mapping[str, str],
) -> str:
    """Return the hash that closes a version: its facts, its text's hash and what came before it.

    A translation is added after its version is closed: the next version closes it, whose hash
    covers the hashes of all texts before it.
    """

    def iso(moment: datetime | None) -> str:
        return moment.astimezone(UTC).isoformat() if moment else ""

    return sha256_of(
        {
            "document": str(document.translation_key),
            "slug": document.slug,
            "kind": document.kind,
            "page": version.page_id,
            "number": version.number,
            "label": version.label,
            "updated_on": version.updated_on.isoformat() if version.updated_on else "",
            "effective_at": iso(version.effective_at),
            "effective_zone": version.effective_zone,
            "holds_from": iso(version.holds_from),
            "published_at": iso(version.published_at),
            "is_recorded_later": version.is_recorded_later,
            "is_correction": version.is_correction,
            "material": version.material,
            "reduces_rights": version.reduces_rights,
            "acceptance": version.acceptance,
            "triggers": version.triggers,
            "new_functions": version.new_functions,
            "entity": version.entity,
            "findings": version.findings,
            "suggestions": version.suggestions,
            "published_by": version.published_by,
            "revision": version.revision_id,
            "text": text_sha256,
            "previous": version.previous_sha256,
            "previous_texts": dict(former_texts),
        }
    )


def atomic_execute(execute: Any) -> Any:
    """Wrap Wagtail's publishing action in a transaction.

    Wagtail publishes outside one: a receiver that raises would leave the new text live, without
    a log entry, and a scheduled page without its schedule.
    """

    def wrapped(self: Any, *args: Any, **kwargs: Any) -> Any:
        # Who publishes need not be who wrote the revision.
        token = _publisher.set(self.user.pk if self.user else None)
        try:
            with transaction.atomic():
                # Wagtail touches all revisions of the page, and two publishers would meet there.
                rows = Page.objects.select_for_update().filter(pk=self.object.pk)
                # What follows tells a publication from a change by this.
                self.object.was_live = any(rows.values_list("live", flat=True))
                return execute(self, *args, **kwargs)
        except Exception as error:
            error.is_from_publishing = True  # type: ignore[attr-defined]
            raise
        finally:
            _publisher.reset(token)

    wrapped.is_atomic = True  # type: ignore[attr-defined]
    wrapped.unwrapped = execute  # type: ignore[attr-defined]
    return wrapped


def is_from_publishing(error: Exception) -> bool:
    """Tell whether an error undid a publication."""
    return getattr(error, "is_from_publishing", False)
