"""Agreement to policies: what a trigger asks for, and the record of what a person did."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.extensions.acceptance import ConsentPurpose, Person, RequiredVersion, consent_purposes
from core.extensions.people import AgreementAwaitedError, minors
from core.extensions.personal_data import normalise_address
from core.generations import PAGES, current_generation, depend_on, expire_at
from core.tokens import pseudonym
from pages.errors import NothingToWithdrawError, PolicyActionError, PolicyVersionChangedError
from pages.holding import (
    Answers,
    Holding,
    Standing,
    equals_of,
    holding_of,
    in_force_among,
    is_settled,
)
from pages.models.acceptances import AcceptanceExpiry, PolicyAcceptance
from pages.models.policies import Acceptance, PolicyDocument, PolicyKind, PolicyVersion, Trigger
from pages.models.policy_pages import PolicyPage
from pages.sealing import commitment_of

PURPOSE = "acceptance"
AFFIRMS: dict[str, str] = {
    Acceptance.ACCEPTANCE: "accept",
    Acceptance.ACKNOWLEDGEMENT: "acknowledge",
}
ACTIONS = ("accept", "acknowledge", "consent", "decline", "withdraw")
AFFIRMATIVE = {"accept", "acknowledge", "consent"}
# What a person consents to who lets a notice reduce their rights: taking note is no consent.
FEWER_RIGHTS = "pages.fewer_rights"


class VersionGate:
    """Answers core.extensions.acceptance from the versions in force."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Drop what is kept in memory."""
        self._kept: tuple[int, dict[str, list[Standing]], set[str]] | None = None

    def standings(self) -> dict[str, list[Standing]]:
        """Return every version by document, in their order; read again when a page changed."""
        return self._read()[1]

    def _read(self) -> tuple[int, dict[str, list[Standing]], set[str]]:
        generation = current_generation(PAGES)
        if self._kept is None or self._kept[0] != generation:
            rows: dict[str, list[Standing]] = {}
            for row in PolicyVersion.objects.order_by("document_id", "number").values_list(
                "document__slug", "pk", "number", "holds_from", "acceptance",
                "triggers", "new_functions", "reduces_rights", "is_correction",
            ):  # fmt: skip
                slug, pk, number, holds_from, acceptance, *rest = row
                triggers, new_functions, reduces_rights, is_correction = rest
                rows.setdefault(slug, []).append(
                    Standing(pk, number, holds_from, acceptance,
                             tuple(triggers), tuple(new_functions), reduces_rights, is_correction)
                )  # fmt: skip
            live = PolicyPage.objects.live().values("translation_key")
            shown = PolicyDocument.objects.filter(translation_key__in=live)
            self._kept = (generation, rows, set(shown.values_list("slug", flat=True)))
        return self._kept

    def in_force(self) -> dict[str, Standing]:
        """Return the versions that people can be asked for now; caches learn when that ends.

        A policy whose page is not shown is asked of nobody: nobody could read it.
        """
        depend_on(PAGES)
        now = timezone.now()
        found: dict[str, Standing] = {}
        _generation, standings, shown = self._read()
        for slug, versions in standings.items():
            coming = [each.holds_from for each in versions if each.holds_from > now]
            if coming:
                expire_at(min(coming))
            version = in_force_among(versions, now)
            if slug in shown and version is not None and version.acceptance != Acceptance.NONE:
                found[slug] = version
        return found

    def required(
        self, trigger: str, *, locale: str, person: Person | None = None
    ) -> Sequence[RequiredVersion]:
        asked = {slug: each for slug, each in self.in_force().items() if trigger in each.triggers}
        if asked and person is not None and person.user_id is not None:
            answers = answers_of(person)
            asked = {
                slug: version
                for slug, version in asked.items()
                if not is_settled(trigger, version, self.standings()[slug],
                                  answers.get(slug, Answers()), person.since)
            }  # fmt: skip
        return offers([(each.pk, AFFIRMS[each.acceptance]) for each in asked.values()], locale)

    def waiting(self, person: Person, *, locale: str) -> Sequence[RequiredVersion]:
        answers = answers_of(person)
        wanted = []
        for slug, version in self.in_force().items():
            given = answers.get(slug, Answers())
            if Trigger.REGISTER in version.triggers or given.affirmed:
                wanted += unanswered(version, self.standings()[slug], given)
        return offers(wanted, locale)

    def open_questions(self, person: Person, *, locale: str) -> Sequence[RequiredVersion]:
        """Return everything that an account can answer now, refusals that can be thought over
        and questions that only an order will ask included."""
        answers = answers_of(person)
        wanted = []
        for slug, version in self.in_force().items():
            given = answers.get(slug, Answers())
            undecided = Answers(given.affirmed, given.express)
            wanted += unanswered(version, self.standings()[slug], undecided)
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
            if document is None or version is None:
                raise PolicyVersionChangedError
            answer(version, person=person, locale=locale, surface=surface,
                   action=action or AFFIRMS.get(version.acceptance, ""), actor=actor)  # fmt: skip

    def consents(self, person: Person) -> frozenset[str]:
        standing = standing_consents(person)
        return frozenset(each.identifier for each in consent_purposes if each.key in standing)

    def consent_counts(self) -> Mapping[tuple[str, str], int]:
        answers = PolicyAcceptance.objects.exclude(purpose__in=["", FEWER_RIGHTS])
        last = answers.order_by().values("subject", "purpose").annotate(last=Max("pk"))
        rows = answers.order_by().filter(pk__in=last.values("last"))
        counted = rows.values_list("purpose", "action").annotate(count=Count("pk"))
        return {(purpose, action): count for purpose, action, count in counted}

    def consent(
        self,
        purpose: ConsentPurpose,
        *,
        person: Person,
        locale: str,
        surface: str,
        action: str = "consent",
        actor: Person | None = None,
    ) -> None:
        if action not in {"consent", "decline", "withdraw"}:
            raise PolicyActionError(asks_for="consent")
        if action == "consent" and actor is None and person.user_id is not None:
            standing = minors.get().standing(person.user_id)
            if standing.awaits:
                raise AgreementAwaitedError.of(standing)
        former = f"{purpose.identifier}@"
        given = [key for key in standing_consents(person) if key.startswith(former)]
        if action == "withdraw" and not given:
            raise NothingToWithdrawError
        notices = PolicyDocument.objects.filter(kind=PolicyKind.PRIVACY).order_by("pk")
        version = next((found for each in notices if (found := each.in_force())), None)
        text = version.text_for(locale) if version else None
        with override(locale):
            wording = consent_wording(purpose, action)
        # A withdrawal takes every edition back.
        for key in given if action == "withdraw" else [purpose.key]:
            append(
                PolicyAcceptance(
                    version=version,
                    purpose=key,
                    locale=locale,
                    text_sha256=text.sha256 if text else "",
                    wording=wording,
                    action=action,
                    surface=surface,
                ),
                person,
                actor,
            )

    def accept_url(self) -> str:
        return f"{settings.FRONTEND_URL or settings.SITE_URL}{reverse('pages:agreements')}"


GATE = VersionGate()


def is_offered(version: PolicyVersion) -> bool:
    """Tell whether people are asked for this version now: it is in force or announced."""
    return version.holds_from > timezone.now() or version == version.document.in_force()


def asks_consent(version: PolicyVersion) -> bool:
    """Tell whether a version asks to consent beside taking note: it is, or corrects, a notice
    that reduces rights, and taking note agrees to nothing."""
    original: PolicyVersion | None = version
    while original is not None and original.is_correction:
        original = version.document.versions.filter(number=original.number - 1).first()
    is_less = original is not None and original.reduces_rights
    return is_less and version.acceptance == Acceptance.ACKNOWLEDGEMENT


def answer(
    version: PolicyVersion,
    *,
    person: Person,
    locale: str,
    surface: str,
    action: str,
    actor: Person | None = None,
) -> PolicyAcceptance:
    """Add one event about a version in the caller's transaction.

    Raises PolicyVersionChangedError where the version is neither in force nor announced,
    PolicyActionError where it asks for something else, and NothingToWithdrawError. What was once
    given can be withdrawn for ever, also when a later version is in force.
    """
    affirms = AFFIRMS.get(version.acceptance)
    purpose = ""
    if asks_consent(version) and action in {"consent", "decline", "withdraw"}:
        purpose = FEWER_RIGHTS
    elif affirms is None or action not in {affirms, "decline", "withdraw"}:
        raise PolicyActionError(asks_for=affirms or "nothing")
    elif affirms == "acknowledge" and action == "withdraw":
        raise PolicyActionError(asks_for=affirms)
    if action == "withdraw":
        given = answers_of(person).get(version.document.slug, Answers())
        if version.number not in given.express:
            raise NothingToWithdrawError
    elif not is_offered(version):
        raise PolicyVersionChangedError
    text = version.text_for(locale)
    asks = "consent" if purpose else affirms or ""
    wording = wording_of(action, text.title, version.number, text.locale, asks=asks)
    return append(
        PolicyAcceptance(
            version=version,
            purpose=purpose,
            locale=text.locale,
            text_sha256=text.sha256,
            wording=wording,
            action=action,
            surface=surface,
        ),
        person,
        actor,
    )


def append(row: PolicyAcceptance, person: Person, actor: Person | None) -> PolicyAcceptance:
    row.subject = subject_of(person)
    row.actor = subject_of(actor) if actor else ""
    row.commitment = commitment_of(row)
    row.save(force_insert=True)
    if person.user_id is None and not (row.purpose and row.action == "consent"):
        # Where there is no account, none ends: the event has its day from the beginning. A
        # consent stands until it is withdrawn, and its proof with it.
        same = PolicyAcceptance.objects.filter(subject=row.subject, purpose=row.purpose)
        kept = same if row.purpose else same.filter(pk=row.pk)
        give_expiry(kept.filter(expiry=None).values_list("pk", flat=True))
    return row


def expiry_from(moment: datetime) -> date:
    """Return the day on which a proof goes that is needed no longer from a moment on."""
    return (moment + timedelta(days=settings.POLICIES_PROOF_DAYS)).date()


def end_account(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Receiver of an account's deletion: the proofs of its agreements get the day on which they
    go, however it is deleted."""
    keys = PolicyAcceptance.objects.filter(subject=subject_of(Person(instance.pk)), expiry=None)
    give_expiry(keys.values_list("pk", flat=True))


def give_expiry(keys: Iterable[int]) -> None:
    """Give events that have none the day on which they go, counted from today."""
    day = expiry_from(timezone.now())
    AcceptanceExpiry.objects.bulk_create(
        [AcceptanceExpiry(event_id=key, expires_on=day) for key in keys], ignore_conflicts=True
    )


def subject_of(person: Person) -> str:
    """Return the pseudonym under which a person's events are written."""
    return subjects_of(person)[0]


def subjects_of(person: Person) -> list[str]:
    """Return the pseudonyms under which a person's events lie, the account's first."""
    subjects = [pseudonym(PURPOSE, str(person.user_id))] if person.user_id else []
    if person.email:
        with suppress(ValueError):
            subjects.append(pseudonym(PURPOSE, f"mail:{normalise_address(person.email)}"))
    return subjects or [pseudonym(PURPOSE, "nobody")]


def standing_consents(person: Person) -> set[str]:
    """Return the purposes, as the record names them, to which a person last consented."""
    latest: dict[str, str] = dict(
        PolicyAcceptance.objects.filter(subject=subject_of(person))
        .exclude(purpose__in=["", FEWER_RIGHTS])
        .order_by("pk")
        .values_list("purpose", "action")
    )
    return {key for key, action in latest.items() if action == "consent"}


def wording_of(action: str, title: str, number: int, locale: str, *, asks: str) -> str:
    """Return the sentence that a person affirms, in the language of the text.

    `asks` is accept or acknowledge, as the version does, or consent for fewer rights.
    """
    with override(locale):
        sentences = {
            "accept": {
                "accept": _("I agree to “%(title)s”, version %(number)s."),
                "decline": _("I do not agree to “%(title)s”, version %(number)s."),
                "withdraw": _("I withdraw my agreement to “%(title)s”, version %(number)s."),
            },
            "acknowledge": {
                "acknowledge": _("I have taken note of “%(title)s”, version %(number)s."),
                "decline": _("I do not take note of “%(title)s”, version %(number)s."),
            },
            "consent": {
                "consent": _("I consent to “%(title)s”, version %(number)s, reducing my rights."),
                "decline": _(
                    "I do not consent to “%(title)s”, version %(number)s, reducing my rights."
                ),
                "withdraw": _(
                    "I withdraw my consent to “%(title)s”, version %(number)s, reducing my rights."
                ),
            },
        }
        return sentences[asks][action] % {"title": title, "number": number}


def consent_wording(purpose: ConsentPurpose, action: str) -> str:
    """Return the sentence about a purpose that a person affirms, in the current language."""
    sentence = {
        "consent": "%(wording)s",
        "decline": _("I do not consent to this: %(wording)s"),
        "withdraw": _("I withdraw my consent to this: %(wording)s"),
    }[action]
    return sentence % {"wording": purpose.wording}


def answers_of(person: Person, at: datetime | None = None) -> dict[str, Answers]:
    """Return what an account last said of every version, by document, up to a moment.

    Only the account's own events count: an address can be typed by anybody.
    """
    rows = PolicyAcceptance.objects.filter(
        subject=subject_of(person), version__isnull=False, purpose__in=["", FEWER_RIGHTS]
    )
    if at is not None:
        rows = rows.filter(at__lte=at)
    latest: dict[tuple[str, int, str], str] = {}
    for slug, number, purpose, action in rows.order_by("pk").values_list(
        "version__document__slug", "version__number", "purpose", "action"
    ):
        latest[slug, number, purpose] = action
    found: dict[str, Answers] = {}
    for (slug, number, purpose), action in latest.items():
        answers = found.setdefault(slug, Answers())
        if action not in AFFIRMATIVE:
            (answers.refused_consent if purpose else answers.refused).add(number)
            continue
        if not purpose:
            answers.affirmed.add(number)
        if action != "acknowledge":
            answers.express.add(number)
    return found


def unanswered(
    version: Standing, versions: Sequence[Standing], answers: Answers
) -> list[tuple[int, str]]:
    """Return what a version still asks of a person, as its key and the action."""
    same = equals_of(version, versions)
    asked = []
    if not same & (answers.affirmed | answers.refused):
        asked.append((version.pk, AFFIRMS[version.acceptance]))
    is_less = any(each.reduces_rights for each in versions if each.number in same)
    is_notice = version.acceptance == Acceptance.ACKNOWLEDGEMENT
    if is_less and is_notice and not same & (answers.express | answers.refused_consent):
        asked.append((version.pk, "consent"))
    return asked


def applies_to(slug: str, person: Person, in_force: int, at: datetime | None = None) -> Holding:
    """Return what holds for a person while the version of this number is in force.

    It is that version, unless one since the last they affirmed reduces their rights: then it is
    the one before that, and only the functions that came since are refused. `at` leaves out what
    the person answered later.
    """
    versions = GATE.standings()[slug]
    current = next(each for each in versions if each.number == in_force)
    answers = answers_of(person, at).get(slug, Answers())
    return holding_of(current, versions, answers, person.since)


def offers(asked: Sequence[tuple[int, str]], locale: str) -> list[RequiredVersion]:
    """Return versions, by key and action, as they are offered, in a constant number of queries."""
    if not asked:
        return []
    found = PolicyVersion.objects.select_related("document", "page").prefetch_related("texts")
    versions = found.in_bulk({key for key, _action in asked})
    keys = {version.document.translation_key for version in versions.values()}
    pages = {
        (page.translation_key, page.locale.language_code): page
        for page in PolicyPage.objects.live()
        .filter(alias_of=None, translation_key__in=keys)
        .select_related("locale")
    }
    offered = []
    for key, action in asked:
        version = versions[key]
        text = version.text_for(locale)
        page = pages.get((version.document.translation_key, text.locale)) or version.page
        # A policy that is not published any more cannot be read, and nobody is asked for it.
        if page.live:
            offered.append(offer(version, text, page.get_url() or "/", action))
    return offered


def offer(version: PolicyVersion, text: Any, base_url: str, action: str) -> RequiredVersion:
    number = version.number
    return RequiredVersion(
        document=version.document.slug,
        number=number,
        locale=text.locale,
        title=text.title,
        url=f"{base_url}versions/{number}/",
        sha256=text.sha256,
        action=action,
        wording=wording_of(action, text.title, version.number, text.locale, asks=action),
        summary=text.summary,
        comparison_url=f"{base_url}compare/{number - 1}...{number}/" if number > 1 else "",
        reduces_rights=version.reduces_rights,
    )


def events_of(person: Person) -> Iterator[PolicyAcceptance]:
    """Yield a person's own events, newest first; an account's, not those under its address."""
    yield from (
        PolicyAcceptance.objects.filter(subject=subject_of(person))
        .select_related("version__document")
        .order_by("-pk")
    )
