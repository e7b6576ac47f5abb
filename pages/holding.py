"""Which version of a policy holds for a person, from what they answered. Pure: it reads nothing.

A version that reduces rights does not come to hold by itself: who has not expressly agreed keeps
the one before it. Taking note is no such agreement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Standing:
    """What of a version decides whom it binds."""

    pk: int
    number: int
    holds_from: datetime
    acceptance: str
    triggers: tuple[str, ...]
    new_functions: tuple[str, ...]
    reduces_rights: bool
    is_correction: bool


@dataclass
class Answers:
    """The numbers of one document's versions by what the person last said of each.

    `affirmed` were agreed to or taken note of, `express` agreed to, fewer rights included,
    `refused` declined or withdrawn, `refused_consent` the same of consent to fewer rights.
    """

    affirmed: set[int] = field(default_factory=set)
    express: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    refused_consent: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Holding:
    """What holds for a person: a version's number, what is refused to them, and their answer."""

    number: int
    refused: list[str]
    has_accepted: bool


def in_order(versions: Sequence[Standing]) -> list[Standing]:
    """Return versions in the order in which they came, or will come, into force."""
    return sorted(versions, key=lambda each: (each.holds_from, each.number))


def in_force_among(versions: Sequence[Standing], at: datetime) -> Standing | None:
    """Return the version in force at a moment."""
    reached = [version for version in in_order(versions) if version.holds_from <= at]
    return reached[-1] if reached else None


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


def holding_of(
    current: Standing,
    versions: Sequence[Standing],
    answers: Answers,
    since: datetime | None = None,
) -> Holding:
    """Return what holds for a person while a version is in force.

    `since` is when the person came: what was in force then holds for them without any answer.
    Whoever is new to a document is held by the version in force.
    """
    coming = in_order(versions)
    upto = coming[: coming.index(current) + 1]
    held: Standing | None = None
    is_blocked = False
    for version in upto:
        was_there = since is not None and version.holds_from <= since
        if was_there or answers.express & equals_of(version, versions):
            held, is_blocked = version, False
        elif held is None:
            held = version if version.number in answers.affirmed else None
        elif version.reduces_rights:
            is_blocked = True
        elif not is_blocked:
            held = version
    has_accepted = bool((answers.affirmed | answers.express) & equals_of(current, versions))
    if held is None or held == current:
        return Holding(current.number, [], has_accepted)
    since_then = upto[upto.index(held) + 1 :]
    refused = sorted({name for each in since_then for name in each.new_functions})
    return Holding(held.number, refused, has_accepted)


def is_settled(
    trigger: str,
    current: Standing,
    versions: Sequence[Standing],
    answers: Answers,
    since: datetime | None = None,
) -> bool:
    """Tell whether a trigger needs nothing more from a person while a version is in force.

    Whoever keeps a former version keeps what they could do under it, functions that are new with
    a later one left out.
    """
    holding = holding_of(current, versions, answers, since)
    if holding.has_accepted:
        return True
    if holding.number == current.number or trigger in holding.refused:
        return False
    held = next(each for each in versions if each.number == holding.number)
    asked_nothing = held.acceptance == "none" or trigger not in held.triggers
    before = {each.number for each in in_order(versions) if each.holds_from <= held.holds_from}
    return asked_nothing or bool((answers.affirmed | answers.express) & before)
