"""What rooms and plugins have to say in a site's policies: suggested text and typed facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.functional import Promise

from core.extensions.registry import Registry, Slot

Value = int | str | bool


@dataclass(frozen=True)
class PolicyText:
    """A suggested section of a policy, by kind of policy and locale; plain paragraphs.

    A number that the software keeps is written as a fact, `{{ comments.cookie_days }}`.
    """

    identifier: str
    kind: str
    heading: Mapping[str, str]
    text: Mapping[str, str]


@dataclass(frozen=True)
class PolicyFact:
    """A number or word that a policy promises and the software keeps.

    `value` reads the running configuration, so that text and behaviour cannot drift apart. `said`
    is how sentences speak of it where they do not name the fact: a regular expression by locale.
    With it the linter finds a period that differs from the value (for the units "days" and
    "hours"), and a promise about what is switched off (for a value that is False).
    """

    identifier: str
    verbose_name: str | Promise
    unit: str
    value: Callable[[], Value]
    said: Mapping[str, str] = field(default_factory=dict)


class PolicyPromises(Protocol):
    """Knows what policies promise."""

    def broken_by(self, values: Mapping[str, Value]) -> list[str]:
        """Return the titles of policies, in force or announced, that state other values of facts.

        `values` holds by identifier what the facts are about to become. A form that changes them
        asks before it saves.
        """
        ...


policy_texts: Registry[PolicyText] = Registry("policy text")
policy_facts: Registry[PolicyFact] = Registry("policy fact")
policy_promises: Slot[PolicyPromises] = Slot("policy promises")
