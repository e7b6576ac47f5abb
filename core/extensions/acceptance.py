"""The acceptance gate: which policy versions a person must agree to, and the record of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from core.errors import CMSError
from core.extensions.registry import Slot


@dataclass(frozen=True)
class Person:
    """Who agrees: an account, or somebody known by a mail address alone."""

    user_id: int | None = None
    email: str = ""


@dataclass(frozen=True)
class RequiredVersion:
    """A policy version as it is offered to a person.

    `action` is accept or acknowledge, `wording` the sentence a person affirms, in `locale`.
    """

    document: str
    number: int
    locale: str
    title: str
    url: str
    sha256: str
    action: str
    wording: str

    @property
    def field(self) -> str:
        """The name of its box in forms; a box for a former text is no agreement to this one."""
        return f"agree-{self.document}-{self.number}"

    @property
    def reference(self) -> str:
        """The version as the API names it."""
        return f"{self.document}@{self.number}"


class AcceptanceRequiredError(CMSError):
    """A write needs agreement first; `document`, `version` and `accept_url` say to what."""

    code = "policy_acceptance_required"
    message = _("Read and agree to the policy that this needs first.")


class AcceptanceGate(Protocol):
    """Answers what a trigger such as "register" requires, and records what a person did.

    required    the versions in force, in the given language, that the trigger asks for and the
                person has not affirmed; of nobody in particular where no person is given. Who has
                not accepted a version that reduces rights keeps the functions they had: only a
                trigger that is new with it requires it of them.
    record      appends one event per version in the caller's transaction. It raises CMSError
                (policy_version_changed) when a version is neither in force nor announced, so
                that nobody agrees to a text they were not shown, and CMSError
                (policy_action_wrong) when it asks for something else. `action` is accept,
                acknowledge, decline, withdraw, or "" for what the version asks for; `surface`
                says where. `actor` is who acts for the person, where that is somebody else.
    accept_url  the page on which a signed-in person agrees, declines and withdraws.
    """

    def required(
        self, trigger: str, *, locale: str, person: Person | None = None
    ) -> Sequence[RequiredVersion]: ...

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

    def accept_url(self) -> str: ...


acceptance_gate: Slot[AcceptanceGate] = Slot("the acceptance gate")


def require_acceptance(
    trigger: str, *, locale: str, person: Person, given: Sequence[tuple[str, int]] = ()
) -> list[tuple[str, int]]:
    """Return the required versions that are given, or raise AcceptanceRequiredError."""
    gate = acceptance_gate.get()
    required = gate.required(trigger, locale=locale, person=person)
    for version in required:
        if (version.document, version.number) not in given:
            raise AcceptanceRequiredError(
                document=version.document,
                version=version.number,
                url=version.url,
                accept_url=gate.accept_url(),
            )
    return [(version.document, version.number) for version in required]
