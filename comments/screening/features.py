"""Features of a comment for the local model: named marks with a prior, and hashed ones. Pure.

A mark is a rule with a name that a moderator understands and a weight from the first day. What
the model learns stands beside it under the hash of that name, so that a site's decisions may shift
a rule. Everything else is words, pairs of words, four signs in a row and traits of shape and
author, known by hashes of 18 bits alone.
"""

import math
import re
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from comments.screening.reading import (
    BARE_ADDRESS,
    LINK,
    SHORTENERS,
    UNSPACED,
    Reading,
    links_of,
    plain_text,
    read,
)

DIGITS = re.compile(r"\d{1,40}")
LETTERS = re.compile(r"[^\d\W_]{1,40}")
BITS = 18
SIZE = 1 << BITS
MASK = SIZE - 1
LONGEST_GRAM_TEXT = 1_500
MOST_HOSTS = 20
WORDS, PAIRS, GRAMS, TRAITS = KINDS = "wpgt"
# How much each kind of feature counts beside the others, whatever their number.
SHARES = (1.0, 1.0, 1.0, 1.0)
STARTS = {kind: crc32(kind.encode()) for kind in KINDS}


def gettext_noop(message: str) -> str:
    """Mark a message for translation; this module knows no Django."""
    return message


@dataclass(frozen=True)
class Rule:
    """A named mark: what a moderator is told, and its weight before anything is learnt."""

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
        Rule("author_is_slogan", gettext_noop("The author's name reads like a search"), 1.5),
        Rule("author_mail_digits", gettext_noop("Many digits in the mail address"), 0.4),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Features:
    """What the model sees of a comment and its author.

    `marks` are the rules that apply with how much of each, `details` what their messages need.
    `groups` are hashes by kind, each token once.
    """

    marks: Mapping[str, float]
    details: Mapping[str, Mapping[str, object]]
    groups: Mapping[str, "array[int]"]

    @property
    def prior(self) -> float:
        return sum(RULES[code].weight * amount for code, amount in self.marks.items())


@dataclass(frozen=True)
class Written:
    """What was sent: the text and what the author said of himself. Compares by value."""

    text: str
    name: str = ""
    email: str = ""
    url: str = ""


def features_of(written: Written) -> Features:
    """Return the features of a comment; any text is taken, in bounded time."""
    reading = read(written.text)
    marks, details = marks_of(reading, written)
    groups = {
        WORDS: hashed(WORDS, words_of(reading)),
        PAIRS: hashed(PAIRS, pairs_of(reading)),
        GRAMS: array("I", dict.fromkeys(gram_hashes(gram_text(reading)))),
        TRAITS: hashed(TRAITS, (*traits_of(reading, written), *marks)),
    }
    return Features(marks, details, groups)


def hashed(kind: str, tokens: Iterable[str]) -> "array[int]":
    start = STARTS[kind]
    return array("I", [crc32(token.encode("utf-8", "replace"), start) & MASK for token in tokens])


def words_of(reading: Reading) -> Iterable[str]:
    return dict.fromkeys((*reading.words, *reading.joined))


def pairs_of(reading: Reading) -> Iterable[str]:
    return dict.fromkeys(map(" ".join, pairwise(reading.words)))


def gram_text(reading: Reading) -> str:
    """Return the text whose runs of four signs count: its parts with one space between."""
    return f" {' '.join(reading.parts)[:LONGEST_GRAM_TEXT]} "


def gram_hashes(text: str) -> list[int]:
    """Return the hash of the four signs at each place of a text."""
    # Four bytes a sign, so that a run is a slice of bytes.
    signs, start = text.encode("utf-32-le", "surrogatepass"), STARTS[GRAMS]
    return [crc32(signs[at : at + 16], start) & MASK for at in range(0, len(signs) - 12, 4)]


def marks_of(
    reading: Reading, written: Written
) -> tuple[dict[str, float], dict[str, Mapping[str, object]]]:
    signs, links = reading.signs.get, len(reading.links)
    letters, repeats = signs("letters", 0), signs("repeats", 0)
    found: dict[str, float] = {
        "one_link": links > 0,
        "many_links": math.log2(links) if links > 1 else 0.0,
        "link_alone": links > 0 and len(reading.words) <= 8 + 4 * links,
        "shortener": any(link.host in SHORTENERS for link in reading.links),
        "anchors": signs("anchors", 0) > 0,
        "forum_markup": signs("forum_markup", 0) > 0,
        "address": signs("addresses", 0) > 0 and not links,
        "broken_address": signs("broken_addresses", 0) > 0,
        "mailbox": signs("mailboxes", 0) > 0,
        "handle": signs("handles", 0) > 0,
        "number": signs("numbers", 0) > 0,
        "money": signs("money", 0) > 0,
        "disguised": signs("disguised", 0) > 2,
        "mixed": min(2.0, signs("mixed", 0) / 2),
        "hidden": signs("hidden", 0) > 0,
        "overrides": signs("overrides", 0) > 0,
        "mark_piles": signs("mark_piles", 0) > 0,
        "spaced": signs("spaced", 0) > 0,
        "shouting": letters >= 20 and 2 * signs("capitals", 0) > letters,
        "repeats": repeats / 100 if repeats > 40 else 0.0,
        "author_url": written.url != "",
        "author_is_address": is_address(written.name),
        "author_is_slogan": is_slogan(written.name, written.url),
        "author_mail_digits": sum(map(str.isdigit, written.email.partition("@")[0])) > 4,
    }
    marks = {code: float(amount) for code, amount in found.items() if amount}
    return marks, {"many_links": {"count": links}} if links > 1 else {}


def is_address(name: str) -> bool:
    return "." in name and bool(LINK.search(name) or BARE_ADDRESS.search(name.lower()))


def is_slogan(name: str, url: str) -> bool:
    """Tell whether a name with a link reads like what one searches for: several small words."""
    words = name.split()
    return bool(url) and len(words) >= 2 and name == name.lower() and not UNSPACED.search(name)


def shape_of(word: str) -> str:
    """Return a word with digits as its shape, such as a93 for abc123."""
    return DIGITS.sub(lambda found: f"9{len(found[0])}", LETTERS.sub("a", word))


def traits_of(reading: Reading, written: Written) -> list[str]:
    signs = reading.signs.get
    traits = [
        f"length {int(math.log2(reading.length + 1))}",
        f"capitals {5 * signs('capitals', 0) // (signs('letters', 0) + 1)}",
        f"digits {min(5, int(math.log2(signs('digits', 0) + 1)))}",
        f"exclamations {min(3, signs('exclamations', 0))}",
        f"questions {min(2, signs('questions', 0))}",
        f"lines {min(4, signs('lines', 0))}",
        f"pictures {min(3, signs('pictures', 0))}",
        f"codes {min(2, signs('codes', 0))}",
        f"wide {min(1, signs('wide', 0))}",
    ]
    if signs("digits", 0):
        traits += [f"shape {shape_of(word)}" for word in reading.words if not word.isalpha()]
    for link in reading.links[:MOST_HOSTS]:
        traits += [f"host {link.host}", f"ending {link.host.rpartition('.')[2]}"]
        if link.has_path:
            traits.append("path")
    if written.name:
        traits += [f"name {plain_text(written.name)}", f"names {min(4, len(written.name.split()))}"]
    if written.email:
        email = written.email.lower()
        traits += [f"mailbox {email}", f"mailhost {email.rpartition('@')[2]}"]
    for link in links_of(written.url):
        traits += [f"authorhost {link.host}", f"authorending {link.host.rpartition('.')[2]}"]
    return list(dict.fromkeys(traits))
