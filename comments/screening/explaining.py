"""Why the local model thinks what it thinks: its margin, part by part, in plain words. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from comments.screening.classifier import Example, Model
from comments.screening.features import (
    GRAMS,
    KINDS,
    PAIRS,
    RULES,
    TRAITS,
    WORDS,
    Features,
    Written,
    gettext_noop,
    gram_hashes,
    gram_text,
    pairs_of,
    traits_of,
    words_of,
)
from comments.screening.reading import Reading, read

MOST_LINES = 5
LEAST_AMOUNT = 0.1
# What a trait is called by the first word of its token; every other is of the text's shape.
TRAIT_MESSAGES = {
    "host": gettext_noop("Links to %(what)s"),
    "ending": gettext_noop("Links to .%(what)s"),
    "name": gettext_noop("Author's name: %(what)s"),
    "mailbox": gettext_noop("Author's address: %(what)s"),
    "mailhost": gettext_noop("Author's mail host: %(what)s"),
    "authorhost": gettext_noop("Author's site: %(what)s"),
    "authorending": gettext_noop("Author's site ends in .%(what)s"),
}
WORD_MESSAGE = gettext_noop("“%(what)s”")
SHAPE_MESSAGE = gettext_noop("Length, capitals and signs of the text")
START_MESSAGE = gettext_noop("What is usual on this site")


@dataclass(frozen=True)
class Reason:
    """A part of the margin: positive speaks for spam. `message` is a msgid filled from `data`."""

    code: str
    message: str
    amount: float
    data: dict[str, Any] = field(default_factory=dict)


def explain(model: Model, written: Written, features: Features) -> list[Reason]:
    """Return every part of the margin, the weightiest first; together they are the margin."""
    reading = read(written.text)
    scales = dict(zip(KINDS, Example.of(features).scales(), strict=True))
    parts: dict[tuple[str, str], float] = defaultdict(float)
    parts["usual", ""] = model.bias
    for code, amount in features.marks.items():
        parts[code, ""] += RULES[code].weight * amount
    tokens = (*traits_of(reading, written), *features.marks)
    for token, at in zip(tokens, features.groups[TRAITS], strict=True):
        parts[part_of(token)] += scales[TRAITS] * model.weights[at]
    if not model.is_blank:
        for word, amount in word_amounts(model, reading, features, scales).items():
            parts["word", word] += amount
    reasons = [reason_of(code, what, amount, features) for (code, what), amount in parts.items()]
    return sorted(reasons, key=lambda reason: -abs(reason.amount))


def main_reasons(model: Model, written: Written, features: Features) -> list[Reason]:
    """Return the few reasons that a moderator is shown."""
    told = [reason for reason in explain(model, written, features) if reason.code != "usual"]
    return [reason for reason in told[:MOST_LINES] if abs(reason.amount) >= LEAST_AMOUNT]


def reason_of(code: str, what: str, amount: float, features: Features) -> Reason:
    if code in RULES:
        return Reason(code, RULES[code].message, amount, dict(features.details.get(code, {})))
    messages = {"word": WORD_MESSAGE, "shape": SHAPE_MESSAGE, "usual": START_MESSAGE}
    message = messages.get(code) or TRAIT_MESSAGES[code]
    return Reason(code, message, amount, {"what": what} if what else {})


def part_of(trait: str) -> tuple[str, str]:
    name, _, what = trait.partition(" ")
    if name in RULES:
        return name, ""
    return (name, what) if name in TRAIT_MESSAGES else ("shape", "")


def word_amounts(
    model: Model, reading: Reading, features: Features, scales: Mapping[str, float]
) -> dict[str, float]:
    """Return what each word adds: by itself, with its neighbours, and by the signs it is made of.

    A pair counts half for either word, a run of four signs, at its first place, for the word around
    its middle.
    """
    weights, groups = model.weights, features.groups
    amounts: dict[str, float] = defaultdict(float)
    scale = scales[WORDS]
    for word, at in zip(words_of(reading), groups[WORDS], strict=True):
        amounts[word] += scale * weights[at]
    scale = scales[PAIRS] / 2
    for pair, at in zip(pairs_of(reading), groups[PAIRS], strict=True):
        for word in pair.split(" "):
            amounts[word] += scale * weights[at]
    text = gram_text(reading)
    places, scale = list(word_at_each_place(text)), scales[GRAMS]
    first = dict(
        zip(reversed(hashes := gram_hashes(text)), range(len(hashes) - 1, -1, -1), strict=True)
    )
    for at, place in first.items():
        amounts[places[place + 1] or places[place + 2]] += scale * weights[at]
    return amounts


def word_at_each_place(text: str) -> Iterator[str]:
    for number, word in enumerate(text.split(" ")):
        if number:
            yield ""
        yield from [word] * len(word)
