"""The acceptance gate: which policy versions a person must agree to, and the record of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urljoin

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import CMSError
from core.extensions.registry import Registry, Slot


@dataclass(frozen=True)
class Person:
    """Who agrees: an account, or somebody known by a mail address alone.

    Anybody can type an address: what was agreed under one is recorded, and settles nothing for
    whoever types it next. `since` is when an account was opened.
    """

    user_id: int | None = None
    email: str = ""
    since: datetime | None = None

    @classmethod
    def of(cls, user: Any) -> "Person":
        """Return the person behind an account."""
        return cls(user_id=user.pk, email=user.email, since=user.date_joined)


@dataclass(frozen=True)
class RequiredVersion:
    """A policy version as it is offered to a person.

    `action` is accept or acknowledge, or consent for a notice that reduces rights; `wording` is
    the sentence a person affirms, `summary` what changed with the version, both in `locale`.
    `comparison_url` is where it is compared with the one before it, empty for the first.
    """

    document: str
    number: int
    locale: str
    title: str
    url: str
    sha256: str
    action: str
    wording: str
    summary: str = ""
    comparison_url: str = ""
    reduces_rights: bool = False

    @property
    def field(self) -> str:
        """The name of its box in forms; a box for a former text is no agreement to this one."""
        return f"agree-{self.document}-{self.number}"

    @property
    def reference(self) -> str:
        """The version as the API names it."""
        return f"{self.document}@{self.number}"


@dataclass(frozen=True)
class ConsentPurpose:
    """Something that is done with a person's data only while they consent to it.

    Every purpose is asked for by itself and can be withdrawn by itself. `wording` is the sentence
    a person affirms; whoever changes what it allows raises `edition`, and everybody is asked
    anew. `is_for_accounts` tells whether the page of an account offers it.
    """

    identifier: str
    heading: str | Promise
    wording: str | Promise
    edition: int = 1
    is_for_accounts: bool = True

    @property
    def key(self) -> str:
        """The purpose as the record names it."""
        return f"{self.identifier}@{self.edition}"


class AcceptanceRequiredError(CMSError):
    """A write needs agreement first.

    `document`, `version`, `url` and `accept_url` say to what and where; `required` lists
    everything that is missing, so that a client can ask once.
    """

    code = "policy_acceptance_required"
    message = _("Read and agree to the policy that this needs first.")

    @classmethod
    def of(cls, missing: Sequence[RequiredVersion], accept_url: str) -> "AcceptanceRequiredError":
        """Return the error for these versions."""
        told = [
            {
                "document": each.document,
                "version": each.number,
                "locale": each.locale,
                "title": each.title,
                "action": each.action,
                "wording": each.wording,
                "summary": each.summary,
                "url": urljoin(accept_url, each.url),
            }
            for each in missing
        ]
        first = missing[0]
        return cls(
            document=first.document,
            version=first.number,
            url=urljoin(accept_url, first.url),
            accept_url=accept_url,
            required=told,
        )


class AcceptanceGate(Protocol):
    """Answers what a trigger such as "register" requires, and records what a person did.

    required    the versions in force, in the given language, that the trigger asks for and the
                person has not affirmed; of nobody in particular where no account is given. Who has
                not accepted a version that reduces rights keeps the functions they had: only a
                trigger that is new with it requires it of them.
    waiting     the versions that concern an account and wait for its answer, to be shown to its
                owner; what they declined or withdrew waits no more.
    record      appends one event per version in the caller's transaction. It raises CMSError
                (policy_version_changed) when a version is neither in force nor announced, so
                that nobody agrees to a text they were not shown, (policy_action_wrong) when it
                asks for something else, and (policy_nothing_to_withdraw) when a withdrawal has
                nothing to take back. `action` is accept, acknowledge, consent, decline, withdraw,
                or "" for what the version asks for; `surface` says where. `actor` is who acts for
                the person, where that is somebody else, as a guardian does.
    consents    the purposes to which a person's consent stands, by their identifiers.
    consent     appends the answer to one purpose in the caller's transaction; `action` is
                consent, decline or withdraw. It raises core.extensions.people.AgreementAwaitedError
                where an account consents for itself whose owner's guardian has to agree first.
    consent_counts  how many people last answered what to each purpose: by the purpose's key and the
                action, in one query.
    accept_url  the whole address of the page on which a signed-in person agrees, declines and
                withdraws.
    """

    def required(
        self, trigger: str, *, locale: str, person: Person | None = None
    ) -> Sequence[RequiredVersion]: ...

    def waiting(self, person: Person, *, locale: str) -> Sequence[RequiredVersion]: ...

    def record(
        self,
        versions: Sequence[tuple[str, int]],
        *,
        person: Person,
        locale: str,
        surface: str,
        action: str = "",
        actor: Person | None = None,
    ) -> None: ...

    def consents(self, person: Person) -> frozenset[str]: ...

    def consent(
        self,
        purpose: ConsentPurpose,
        *,
        person: Person,
        locale: str,
        surface: str,
        action: str = "consent",
        actor: Person | None = None,
    ) -> None: ...

    def consent_counts(self) -> Mapping[tuple[str, str], int]: ...

    def accept_url(self) -> str: ...


acceptance_gate: Slot[AcceptanceGate] = Slot("the acceptance gate")
consent_purposes: Registry[ConsentPurpose] = Registry("consent purpose")


def require_acceptance(
    trigger: str, *, locale: str, person: Person, given: Sequence[tuple[str, int]] = ()
) -> list[tuple[str, int]]:
    """Return the required versions that are given, or raise AcceptanceRequiredError.

    Call it before a write and record what it returns in the write's own transaction. Export,
    erasure and the ending of an account's rights are never asked for agreement.
    """
    gate = acceptance_gate.get()
    required = gate.required(trigger, locale=locale, person=person)
    missing = [each for each in required if (each.document, each.number) not in given]
    if missing:
        raise AcceptanceRequiredError.of(missing, gate.accept_url())
    return [(version.document, version.number) for version in required]
