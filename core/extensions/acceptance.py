"""The acceptance gate: which policy versions a person must agree to, and the record of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.extensions.registry import Slot


@dataclass(frozen=True)
class RequiredVersion:
    """A policy version as it is offered to a person for agreement."""

    document: str
    number: int
    locale: str
    title: str
    url: str
    sha256: str


class AcceptanceGate(Protocol):
    """Answers what a trigger such as "register" requires, and records what a person did.

    required  the versions in force, in the given language, that the trigger asks to accept.
    record    appends one event per version in the caller's transaction. It raises
              core.errors.CMSError (code policy_version_changed) when an offered version is no
              longer the one in force, so that nobody agrees to a text they were not shown.
              `action` is accept, acknowledge, decline or withdraw; `surface` says where.
    """

    def required(self, trigger: str, *, locale: str) -> Sequence[RequiredVersion]: ...

    def record(
        self,
        versions: Sequence[tuple[str, int]],
        *,
        user_id: int,
        action: str,
        locale: str,
        surface: str,
    ) -> None: ...


acceptance_gate: Slot[AcceptanceGate] = Slot("the acceptance gate")
