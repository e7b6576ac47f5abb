"""Why the local model thinks what it thinks: its margin, part by part, in plain words. Pure."""

from collections import defaultdict
from collections.abc import Iterator
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
    hashed,
    pairs_of,
    traits_of,
    words_of,
)
from comments.screening.reading import read

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
    parts: dict[tuple[str, str], float] = defaultdict(float)
    for part, amount in amounts(model, written, features):
        parts[part] += amount
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


def amounts(
    model: Model, written: Written, features: Features
) -> Iterator[tuple[tuple[str, str], float]]:
    """Yield what each token adds to the margin, under the word or mark that a reader knows."""
    reading = read(written.text)
    scales = dict(zip(KINDS, Example.of(features).scales(), strict=True))
    yield ("usual", ""), model.bias
    for code, amount in features.marks.items():
        yield (code, ""), RULES[code].weight * amount

    def weighed(kind: str, tokens: list[str]) -> Iterator[tuple[str, float]]:
        for token, at in zip(tokens, hashed(kind, tokens), strict=True):
            yield token, scales[kind] * model.weights[at]

    for word, amount in weighed(WORDS, list(words_of(reading))):
        yield ("word", word), amount
    for pair, amount in weighed(PAIRS, list(pairs_of(reading))):
        for word in pair.split(" "):
            yield ("word", word), amount / 2
    for trait, amount in weighed(TRAITS, [*traits_of(reading, written), *features.marks]):
        name, _, what = trait.partition(" ")
        if name in RULES:
            yield (name, ""), amount
        elif name in TRAIT_MESSAGES:
            yield (name, what), amount
        else:
            yield ("shape", ""), amount
    yield from gram_amounts(gram_text(reading), scales[GRAMS], model)


def gram_amounts(text: str, scale: float, model: Model) -> Iterator[tuple[tuple[str, str], float]]:
    """Give each run of four signs, at its first place, to the word around its middle."""
    words = list(word_at_each_place(text))
    seen: set[int] = set()
    for place, at in enumerate(gram_hashes(text)):
        if at not in seen:
            seen.add(at)
            yield ("word", words[place + 1] or words[place + 2]), scale * model.weights[at]


def word_at_each_place(text: str) -> Iterator[str]:
    for number, word in enumerate(text.split(" ")):
        if number:
            yield ""
        yield from [word] * len(word)
