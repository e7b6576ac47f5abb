"""Facts in policies: values of the running software that a text names, frozen when published."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any, NamedTuple, cast

from django.db import DatabaseError, models
from django.utils import timezone
from django.utils.translation import gettext, override

from core.extensions.policies import PolicyFact, Value, policy_facts
from pages.clauses import Clause, lines_of
from pages.models.policies import PolicyDocument, PolicyText
from pages.models.settings import ENTITY_FIELDS, SiteIdentitySettings

logger = logging.getLogger(__name__)

TOKEN = re.compile(r"\{\{\s*(?P<name>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)\s*\}\}")
SENTENCE_END = re.compile(r"(?<=[.!?。！？；;])\s*")


def entity_fact(field: str) -> PolicyFact:
    def value() -> str:
        return str(getattr(SiteIdentitySettings.load(), field))

    column = cast("models.Field[Any, Any]", SiteIdentitySettings._meta.get_field(field))
    return PolicyFact(f"entity.{field}", column.verbose_name, "", value)


ENTITY_FACTS = [entity_fact(field) for field in ENTITY_FIELDS]


class Filled(NamedTuple):
    """Words with their facts filled in, what was filled in, and the names nobody knows."""

    words: str
    facts: dict[str, Value]
    unknown: list[str]


def value_of(identifier: str) -> Value | None:
    """Return a fact's value in the running software.

    None for a fact that is not registered, or whose own code fails: that is logged, and takes
    neither the admin's first page nor the editor down. A database that does not answer is no
    fact's fault.
    """
    fact = policy_facts.get(identifier)
    if fact is None:
        return None
    try:
        return fact.value()
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  the boundary to strangers' code
        logger.error("policy fact %s failed: %s", identifier, type(error).__name__)
        return None


def shown(value: Value) -> str:
    """Return a value as a sentence has it, in the active language."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)


def fill(words: str, *, is_html: bool, look_up: Callable[[str], Value | None] = value_of) -> Filled:
    """Replace each `{{ identifier }}` in words or HTML by its value."""
    facts: dict[str, Value] = {}
    unknown: list[str] = []

    def replace(matched: re.Match[str]) -> str:
        name = matched["name"]
        value = look_up(name)
        if value is None:
            unknown.append(name)
            return matched[0]
        facts[name] = value
        text = shown(value)
        if not is_html:
            return text
        return f'<data class="fact" value="{escape(str(value))}">{escape(text)}</data>'

    return Filled(TOKEN.sub(replace, words), facts, unknown)


def empty_facts(clauses: list[Clause]) -> list[str]:
    """Return the identifiers of facts that a text uses and that have no value."""
    return sorted({name for clause in clauses for name, value in clause["facts"].items()
                   if value == ""})  # fmt: skip


class Drift(NamedTuple):
    """A sentence in force that is no longer true."""

    policy: str
    version: int
    locale: str
    anchor: str
    fact: str
    promised: Value
    running: Value | None
    sentence: str


def drifts_in(text: PolicyText, slug: str, number: int) -> Iterator[Drift]:
    for clause in text.clauses:
        for name, promised in clause["facts"].items():
            running = value_of(name)
            if running != promised:
                with override(text.locale):
                    sentence = sentence_with(clause, shown(promised))
                yield Drift(slug, number, text.locale, clause["anchor"], name, promised, running,
                            sentence)  # fmt: skip


def sentence_with(clause: Clause, words: str) -> str:
    """Return the first sentence of a clause that holds the words, or its first line."""
    pattern = re.compile(rf"(?<![\w]){re.escape(words)}(?![\d])") if words else None
    for line in lines_of(clause):
        for sentence in SENTENCE_END.split(line):
            if pattern and pattern.search(sentence):
                return sentence.strip()
    return next(iter(lines_of(clause)), "")


def find_drift() -> list[Drift]:
    """Return every sentence in force, or announced, that is not what the software does."""
    found: list[Drift] = []
    now = timezone.now()
    for document in PolicyDocument.objects.order_by("pk"):
        in_force = document.in_force(now)
        shown_now = [in_force] if in_force else []
        for version in [*shown_now, *document.versions.coming_after(now)]:
            for text in version.texts.all():
                found += drifts_in(text, document.slug, version.number)
            found += entity_drift(document.slug, version.number, version.entity)
    return found


def entity_drift(slug: str, number: int, frozen: Mapping[str, Any]) -> Iterator[Drift]:
    for field, promised in frozen.items():
        running = value_of(f"entity.{field}")
        if running != promised:
            yield Drift(slug, number, "", "entity", f"entity.{field}", promised, running,
                        str(promised))  # fmt: skip


class Promises:
    """Answers core.extensions.policies: what policies in force or announced state."""

    def broken_by(self, values: Mapping[str, Value]) -> list[str]:
        now = timezone.now()
        titles = set()
        for document in PolicyDocument.objects.order_by("pk"):
            in_force = document.in_force(now)
            for version in [
                *([in_force] if in_force else []),
                *document.versions.coming_after(now),
            ]:
                stated = {f"entity.{name}": value for name, value in version.entity.items()}
                for text in version.texts.all():
                    for clause in text.clauses:
                        stated |= clause["facts"]
                if any(stated.get(name, value) != value for name, value in values.items()):
                    titles.add(version.authoritative_text.title)
        return sorted(titles)
