"""What rooms and plugins have to say in a site's policies: suggested text and typed facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from core.extensions.registry import Registry


@dataclass(frozen=True)
class PolicyText:
    """A suggested section of a policy, by kind of policy and locale; plain paragraphs."""

    identifier: str
    kind: str
    heading: Mapping[str, str]
    text: Mapping[str, str]


@dataclass(frozen=True)
class PolicyFact:
    """A number or word that a policy promises and the software keeps.

    `value` reads the running configuration, so that text and behaviour cannot drift apart.
    """

    identifier: str
    verbose_name: str | Promise
    unit: str
    value: Callable[[], int | str | bool]


policy_texts: Registry[PolicyText] = Registry("policy text")
policy_facts: Registry[PolicyFact] = Registry("policy fact")
