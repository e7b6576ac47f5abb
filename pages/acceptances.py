"""Agreement to policies: what a trigger asks for, and the record of what a person did."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.extensions.acceptance import Person, RequiredVersion
from core.extensions.personal_data import normalise_address
from core.generations import PAGES, current_generation, depend_on, expire_at
from core.tokens import pseudonym
from pages.errors import PolicyActionError, PolicyVersionChangedError
from pages.models.acceptances import PolicyAcceptance
from pages.models.policies import Acceptance, PolicyDocument, PolicyVersion
from pages.models.policy_pages import PolicyPage
from pages.sealing import commitment_of

PURPOSE = "acceptance"
AFFIRMS: dict[str, str] = {
    Acceptance.ACCEPTANCE: "accept",
    Acceptance.ACKNOWLEDGEMENT: "acknowledge",
}
ACTIONS = ("accept", "acknowledge", "decline", "withdraw")


@dataclass(frozen=True)
class Standing:
    """What the gate keeps in memory of a version."""

    pk: int
    number: int
    holds_from: datetime
    acceptance: str
    triggers: tuple[str, ...]
    new_functions: tuple[str, ...]
    reduces_rights: bool
    is_correction: bool


class VersionGate:
    """Answers core.extensions.acceptance from the versions in force."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Drop what is kept in memory."""
        self._kept: tuple[int, dict[str, list[Standing]]] | None = None

    def standings(self) -> dict[str, list[Standing]]:
        """Return every version by document, in their order; read again when a page changed."""
        generation = current_generation(PAGES)
        if self._kept is None or self._kept[0] != generation:
            rows: dict[str, list[Standing]] = {}
            for row in PolicyVersion.objects.order_by("document_id", "number").values_list(
                "document__slug", "pk", "number", "effective_at", "published_at", "acceptance",
                "triggers", "new_functions", "reduces_rights", "is_correction",
            ):  # fmt: skip
                slug, pk, number, effective_at, published_at, acceptance, *rest = row
                triggers, new_functions, reduces_rights, is_correction = rest
                rows.setdefault(slug, []).append(
                    Standing(pk, number, effective_at or published_at, acceptance,
                             tuple(triggers), tuple(new_functions), reduces_rights, is_correction)
                )  # fmt: skip
            self._kept = (generation, rows)
        return self._kept[1]

    def required(
        self, trigger: str, *, locale: str, person: Person | None = None
    ) -> Sequence[RequiredVersion]:
        depend_on(PAGES)
        now = timezone.now()
        wanted: list[int] = []
        for slug, versions in self.standings().items():
            coming = [each.holds_from for each in versions if each.holds_from > now]
            if coming:
                expire_at(min(coming))
            version = in_force_among(versions, now)
            if version is None or version.acceptance == Acceptance.NONE:
                continue
            if trigger not in version.triggers:
                continue
            if person and is_settled(trigger, version, versions, affirmed(slug, person)):
                continue
            wanted.append(version.pk)
        return offers(wanted, locale)

    def record(
        self,
        versions: Sequence[tuple[str, int]],
        *,
        person: Person,
        locale: str,
        surface: str,
        action: str = "",
        actor: Person | None = None,
    ) -> None:
        for slug, number in versions:
            document = PolicyDocument.objects.filter(slug=slug).first()
            version = document.versions.filter(number=number).first() if document else None
            if document is None or version is None or not is_offered(document, version):
                raise PolicyVersionChangedError
            append(version, person=person, locale=locale, surface=surface,
                   action=action or AFFIRMS.get(version.acceptance, ""), actor=actor)  # fmt: skip

    def accept_url(self) -> str:
        return reverse("pages:agreements")


GATE = VersionGate()


def is_offered(document: PolicyDocument, version: PolicyVersion) -> bool:
    """Tell whether people are asked for this version now: it is in force or announced."""
    return version.holds_from > timezone.now() or version == document.in_force()


def append(
    version: PolicyVersion,
    *,
    person: Person,
    locale: str,
    surface: str,
    action: str,
    actor: Person | None = None,
) -> PolicyAcceptance:
    """Add one event in the caller's transaction; PolicyActionError if the version asks otherwise.

    A privacy notice is taken note of and terms are accepted: acknowledging is not consent.
    """
    affirms = AFFIRMS.get(version.acceptance)
    if affirms is None or action not in {affirms, "decline", "withdraw"}:
        raise PolicyActionError(asks_for=affirms or "nothing")
    text = version.text_for(locale)
    row = PolicyAcceptance(
        version=version,
        subject=subjects_of(person)[0],
        actor=subjects_of(actor)[0] if actor else "",
        action=action,
        locale=text.locale,
        text_sha256=text.sha256,
        wording=wording_of(action, text.title, version.number, text.locale),
        surface=surface,
    )
    row.commitment = commitment_of(row)
    row.save(force_insert=True)
    return row


def subjects_of(person: Person) -> list[str]:
    """Return the pseudonyms under which a person's events lie, the account's first."""
    subjects = [pseudonym(PURPOSE, str(person.user_id))] if person.user_id else []
    if person.email:
        with suppress(ValueError):
            subjects.append(pseudonym(PURPOSE, f"mail:{normalise_address(person.email)}"))
    return subjects or [pseudonym(PURPOSE, "nobody")]


def wording_of(action: str, title: str, number: int, locale: str) -> str:
    """Return the sentence that a person affirms, in the language of the text."""
    words = {"title": title, "number": number}
    with override(locale):
        return {
            "accept": _("I agree to “%(title)s”, version %(number)s.") % words,
            "acknowledge": _("I have taken note of “%(title)s”, version %(number)s.") % words,
            "decline": _("I do not agree to “%(title)s”, version %(number)s.") % words,
            "withdraw": _("I withdraw my agreement to “%(title)s”, version %(number)s.") % words,
        }[action]


def in_force_among(versions: Sequence[Standing], at: datetime) -> Standing | None:
    reached = [version for version in versions if version.holds_from <= at]
    return max(reached, key=lambda each: (each.holds_from, each.number), default=None)


def affirmed(slug: str, person: Person) -> set[int]:
    """Return the numbers of a document's versions whose latest event affirms them."""
    latest: dict[int, str] = dict(
        PolicyAcceptance.objects.filter(
            subject__in=subjects_of(person), version__document__slug=slug
        )
        .order_by("pk")
        .values_list("version__number", "action")
    )
    return {number for number, action in latest.items() if action in AFFIRMS.values()}


def equals_of(version: Standing, versions: Sequence[Standing]) -> set[int]:
    """Return the numbers that say what a version says: it, what it corrects, what corrects it."""
    numbers = sorted(each.number for each in versions)
    by_number = {each.number: each for each in versions}
    first = version.number
    while by_number[first].is_correction and first - 1 in by_number:
        first -= 1
    equal = {first}
    for number in numbers[numbers.index(first) + 1 :]:
        if not by_number[number].is_correction:
            break
        equal.add(number)
    return equal


def unaccepted(
    version: Standing, versions: Sequence[Standing], accepted: set[int]
) -> list[Standing]:
    """Return the versions from the last affirmed one up to this that nobody affirmed since."""
    last = max((number for number in accepted if number < version.number), default=None)
    if last is None:
        return []
    return [each for each in versions if last < each.number <= version.number]


def is_settled(
    trigger: str, version: Standing, versions: Sequence[Standing], accepted: set[int]
) -> bool:
    """Tell whether a trigger needs nothing more from who has affirmed these numbers."""
    if accepted & equals_of(version, versions):
        return True
    since = unaccepted(version, versions, accepted)
    if not any(each.reduces_rights for each in since):
        return False
    return not any(trigger in each.new_functions for each in since)


class Holding(NamedTuple):
    """What holds for a person: a version's number, what is refused to them, and their answer."""

    number: int
    refused: list[str]
    has_accepted: bool


def applies_to(slug: str, person: Person, in_force: int) -> Holding:
    """Return what holds for a person while the version of this number is in force.

    It is that version, unless one since the last they affirmed reduces their rights: then it is
    the one before that, and only the functions that came since are refused.
    """
    versions = GATE.standings()[slug]
    current = next(each for each in versions if each.number == in_force)
    accepted = affirmed(slug, person)
    if accepted & equals_of(current, versions):
        return Holding(in_force, [], has_accepted=True)
    since = unaccepted(current, versions, accepted)
    reducing = next((each for each in since if each.reduces_rights), None)
    if reducing is None:
        return Holding(in_force, [], has_accepted=False)
    held = max(each.number for each in versions if each.number < reducing.number)
    refused = sorted({name for each in since for name in each.new_functions})
    return Holding(held, refused, has_accepted=False)


def offers(keys: Sequence[int], locale: str) -> list[RequiredVersion]:
    """Return versions as they are offered, in a constant number of queries."""
    if not keys:
        return []
    versions = PolicyVersion.objects.filter(pk__in=keys).select_related("document", "page")
    pages = {
        (page.translation_key, page.locale.language_code): page
        for page in PolicyPage.objects.live().filter(alias_of=None).select_related("locale")
    }
    offered = []
    for version in versions.with_titles().order_by("document_id"):
        text = version.text_for(locale)
        page = pages.get((version.document.translation_key, text.locale)) or version.page
        # A policy that is not published any more cannot be read, and nobody is asked for it.
        if page.live:
            offered.append(offer(version, text, page.get_url() or "/"))
    return offered


def offer(version: PolicyVersion, text: Any, base_url: str) -> RequiredVersion:
    action = AFFIRMS.get(version.acceptance, "")
    return RequiredVersion(
        document=version.document.slug,
        number=version.number,
        locale=text.locale,
        title=text.title,
        url=f"{base_url}versions/{version.number}/",
        sha256=text.sha256,
        action=action,
        wording=wording_of(action, text.title, version.number, text.locale) if action else "",
    )


def events_of(person: Person) -> Iterator[PolicyAcceptance]:
    """Yield a person's events, newest first."""
    yield from (
        PolicyAcceptance.objects.filter(subject__in=subjects_of(person))
        .select_related("version__document")
        .order_by("-pk")
    )


def receipt_of(row: PolicyAcceptance) -> dict[str, Any]:
    """Return an event as a receipt with the terms of ISO/IEC TS 27560 for consent records."""
    version = row.version
    return {
        "schema_version": "ISO/IEC TS 27560:2023",
        "record_id": str(row.receipt),
        "pii_principal_id": row.subject,
        "actor_id": row.actor or row.subject,
        "event_type": {"accept": "consent_given", "acknowledge": "notice_acknowledged",
                       "decline": "consent_refused", "withdraw": "consent_withdrawn"}[row.action],
        "event_time": row.at.isoformat(),
        "action": row.action,
        "privacy_notice": {
            "policy": version.document.slug,
            "version": version.number,
            "language": row.locale,
            "version_sha256": version.sha256,
            "text_sha256": row.text_sha256,
        },
        "wording": row.wording,
        "collection_method": row.surface,
        "commitment": row.commitment,
        "salt": row.salt,
    }  # fmt: skip
