"""What an erasure would do, told before it is asked for: counts, and exceptions item by item."""

from dataclasses import dataclass, field
from typing import Any

from core.extensions.personal_data import Foreseeing, Subject, personal_data_providers
from privacy.erasure import KEYS_PER_STEP, described, resolve


@dataclass(frozen=True)
class Part:
    """What one provider holds, and what of it an erasure would leave."""

    provider: str
    name: str
    found: int
    exceptions: list[dict[str, str | None]]

    @property
    def erased(self) -> int:
        """Return how many things would go."""
        return self.found - len(self.exceptions)


@dataclass(frozen=True)
class Preview:
    """What an erasure would find and leave; `unknown` are the providers that could not tell."""

    parts: list[Part] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def erased(self) -> int:
        """Return how many things would go."""
        return sum(part.erased for part in self.parts)

    @property
    def exceptions(self) -> list[dict[str, str | None]]:
        """Return everything that would stay, each with provider, code, basis and expiry."""
        return [
            {**item, "provider": part.provider, "name": part.name}
            for part in self.parts
            for item in part.exceptions
        ]

    def to_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {
            "erased": self.erased,
            "parts": [
                {"provider": part.provider, "name": part.name, "found": part.found,
                 "erased": part.erased}
                for part in self.parts
            ],
            "exceptions": self.exceptions,
            "unknown": self.unknown,
        }  # fmt: skip


def preview(subject: Subject, *, besides: str = "") -> Preview:
    """Return what an erasure of a subject's data would do if it began now. Writes nothing.

    `besides` is the key of the request that asks, which is left out.

    The keys are resolved and the exceptions found as the erasure itself does it. A provider that
    raises is named as unknown; the others are told.
    """
    keys, unknown = resolve(subject)
    parts = []
    for provider in personal_data_providers:
        found = [key for key in keys.get(provider.identifier, ()) if key != besides]
        if not found:
            continue
        try:
            exceptions = exceptions_of(provider, found)
        except Exception:  # noqa: BLE001  the boundary to strangers' code
            unknown.append(provider.identifier)
            continue
        name = str(provider.verbose_name)
        parts.append(Part(provider.identifier, name, len(found), exceptions))
    return Preview(parts, sorted(unknown))


def exceptions_of(provider: Any, keys: list[str]) -> list[dict[str, str | None]]:
    if not isinstance(provider, Foreseeing):
        return []
    return [
        described(kept)
        for start in range(0, len(keys), KEYS_PER_STEP)
        for kept in provider.exceptions(keys[start : start + KEYS_PER_STEP])
    ]
