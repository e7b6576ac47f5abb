"""Features of a comment for the local model: named marks with a prior, and hashed ones. Pure.

A mark is a rule with a name that a moderator understands and a weight from the first day. What
the model learns stands beside it under the hash of that name, so that a site's decisions may shift
a rule. Everything else is words, pairs of words, four signs in a row and traits of shape and
author, known by hashes of 18 bits alone.
"""

import math
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zlib import crc32

from comments.screening.reading import SHORTENERS, UNSPACED, Reading, plain_text, read

BITS = 18
SIZE = 1 << BITS
MASK = SIZE - 1
LONGEST_GRAM_TEXT = 1_500
WORDS, PAIRS, GRAMS, TRAITS = KINDS = "wpgt"
# How much each kind of feature counts beside the others, whatever their number.
SHARES = (1.0, 1.0, 1.0, 1.0)


def gettext_noop(message: str) -> str:
    """Mark a message for translation; this module knows no Django."""
    return message


@dataclass(frozen=True)
class Rule:
    """A named mark: what it says to a moderator and how much it weighs before anything is learnt."""

    code: str
    message: str
    weight: float


RULES = {
    rule.code: rule
    for rule in (
        Rule("one_link", gettext_noop("A link"), 0.7),
        Rule("many_links", gettext_noop("%(count)d links"), 0.6),
        Rule("link_alone", gettext_noop("Hardly more than a link"), 1.0),
        Rule("shortener", gettext_noop("A shortened link hides where it leads"), 1.2),
        Rule("anchors", gettext_noop("Links written in HTML"), 0.5),
        Rule("forum_markup", gettext_noop("Markup of forums, such as [url]"), 2.5),
        Rule("address", gettext_noop("A web address without a link"), 0.7),
        Rule("broken_address", gettext_noop("A web address taken apart"), 1.6),
        Rule("mailbox", gettext_noop("A mail address in the text"), 0.9),
        Rule("handle", gettext_noop("An account of a messenger"), 0.6),
        Rule("number", gettext_noop("A number as of a telephone"), 1.0),
        Rule("money", gettext_noop("A sum of money"), 0.5),
        Rule("disguised", gettext_noop("Letters in fancy dress"), 1.6),
        Rule("mixed", gettext_noop("Words that mix alphabets"), 2.0),
        Rule("hidden", gettext_noop("Invisible signs inside words"), 1.6),
        Rule("overrides", gettext_noop("Signs that turn the direction of writing"), 0.8),
        Rule("mark_piles", gettext_noop("Piles of accents"), 0.8),
        Rule("spaced", gettext_noop("Words spelt with gaps"), 1.0),
        Rule("shouting", gettext_noop("Mostly capitals"), 0.6),
        Rule("repeats", gettext_noop("The same words again and again"), 1.0),
        Rule("author_url", gettext_noop("The author's name is a link"), 0.3),
        Rule("author_is_address", gettext_noop("The author's name is an address"), 1.6),
        Rule("author_is_slogan", gettext_noop("The author's name reads like a search"), 1.0),
        Rule("author_mail_digits", gettext_noop("Many digits in the mail address"), 0.4),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Features:
    """What the model sees of a comment.

    `marks` are rules that apply with how much of each; `groups` are hashed features by kind, each
    once. `tokens`, beside them in the same order, say what was hashed: for reasons, never stored.
    """

    marks: Mapping[str, float]
    data: Mapping[str, Mapping[str, object]]
    groups: Mapping[str, "array[int]"]
    tokens: Mapping[str, tuple[str, ...]]

    @property
    def prior(self) -> float:
        return sum(RULES[code].weight * amount for code, amount in self.marks.items())


def features_of(text: str, *, name: str = "", email: str = "", url: str = "") -> Features:
    """Return the features of a comment and its author; any text is taken, in bounded time."""
    reading = read(text)
    marks, data = marks_of(reading, name=name, email=email, url=url)
    tokens = {
        WORDS: tuple(dict.fromkeys((*reading.words, *reading.joined))),
        PAIRS: tuple(dict.fromkeys(map(" ".join, zip(reading.words, reading.words[1:], strict=False)))),
        GRAMS: grams_of(reading),
        TRAITS: (*traits_of(reading, name=name, email=email, url=url), *marks),
    }  # fmt: skip
    return Features(marks, data, {kind: hashed(kind, each) for kind, each in tokens.items()}, tokens)


def hashed(kind: str, tokens: Iterable[str]) -> "array[int]":
    start = crc32(kind.encode())
    return array("I", [crc32(token.encode("utf-8", "replace"), start) & MASK for token in tokens])


def gram_text(reading: Reading) -> str:
    """Return the text from which runs of signs are taken: the words with one space between."""
    return f" {' '.join(reading.words)[:LONGEST_GRAM_TEXT]} "


def grams_of(reading: Reading) -> tuple[str, ...]:
    text = gram_text(reading)
    return tuple(dict.fromkeys([text[at : at + 4] for at in range(len(text) - 3)]))


def marks_of(
    reading: Reading, *, name: str, email: str, url: str
) -> tuple[dict[str, float], dict[str, Mapping[str, object]]]:
    signs, links = reading.signs, len(reading.links)
    anchored = min(links, signs["anchors"])
    found: dict[str, float] = {
        "one_link": float(links > 0),
        "many_links": math.log2(links) if links > 1 else 0.0,
        "link_alone": float(0 < links and len(reading.words) <= 8 + 4 * links),
        "shortener": float(any(host in SHORTENERS for host in reading.hosts)),
        "anchors": float(anchored > 0),
        "forum_markup": float(signs["forum_markup"] > 0),
        "address": float(signs["addresses"] > 0 and not links),
        "broken_address": float(signs["broken_addresses"] > 0),
        "mailbox": float(signs["mailboxes"] > 0),
        "handle": float(signs["handles"] > 0),
        "number": float(signs["numbers"] > 0),
        "money": float(signs["money"] > 0),
        "disguised": float(signs.get("disguised", 0) > 2),
        "mixed": min(2.0, signs["mixed"] / 2),
        "hidden": float(signs.get("hidden", 0) > 0),
        "overrides": float(signs.get("overrides", 0) > 0),
        "mark_piles": float(signs.get("mark_piles", 0) > 0),
        "spaced": float(signs["spaced"] > 0),
        "shouting": float(signs["letters"] >= 20 and 2 * signs["capitals"] > signs["letters"]),
        "repeats": signs["repeats"] / 100 if signs["repeats"] > 40 else 0.0,
        "author_url": float(bool(url)),
        "author_is_address": float(bool(name) and bool(read(name).links or read(name).signs["addresses"])),
        "author_is_slogan": float(is_slogan(name, url)),
        "author_mail_digits": float(sum(map(str.isdigit, email.partition("@")[0])) > 4),
    }  # fmt: skip
    marks = {code: amount for code, amount in found.items() if amount}
    return marks, {"many_links": {"count": links}} if links > 1 else {}


def is_slogan(name: str, url: str) -> bool:
    """Tell whether a name with a link reads like what one searches for: several small words."""
    words = name.split()
    return bool(url) and len(words) >= 2 and name == name.lower() and not UNSPACED.search(name)


def traits_of(reading: Reading, *, name: str, email: str, url: str) -> list[str]:
    signs, letters = reading.signs, reading.signs["letters"] + 1
    traits = [
        f"length {int(math.log2(reading.whole_length + 1))}",
        f"capitals {5 * signs['capitals'] // letters}",
        f"digits {min(5, int(math.log2(signs['digits'] + 1)))}",
        f"exclamations {min(3, signs['exclamations'])}",
        f"questions {min(2, signs['questions'])}",
        f"lines {min(4, signs['lines'])}",
        f"pictures {min(3, signs.get('pictures', 0))}",
        f"codes {min(2, signs['codes'])}",
        f"wide {min(1, signs.get('wide', 0))}",
    ]
    for link in reading.links[:20]:
        traits += [f"host {link.host}", f"ending {link.host.rpartition('.')[2]}"]
        if link.has_path:
            traits.append("path")
    if name:
        traits += [f"name {plain_text(name)}", f"name words {min(4, len(name.split()))}"]
    if email:
        traits += [f"mailbox {email.lower()}", f"mail host {email.rpartition('@')[2].lower()}"]
    for link in read(url).links:
        traits += [f"author host {link.host}", f"author ending {link.host.rpartition('.')[2]}"]
    return list(dict.fromkeys(traits))
