"""Languages of a text: which one it is, and the words of the languages that the linter knows."""

import re
from collections.abc import Mapping
from functools import cache

from pages.linting.findings import Facts, Source

ENGLISH, CHINESE = "en", "zh-hans"
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:['’-][^\W\d_\u3400-\u9fff]+)*")
KANA = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
# One Han character says about as much as half an English word.
HAN_SHARE, KANA_SHARE = 0.25, 0.1
# Words that tie English sentences together: a third of any, and next to none elsewhere.
ENGLISH_WORD = re.compile(
    r"the|of|and|to|or|you|your|we|our|is|are|be|this|that|for|with|by|as|it|not|will|may|from|any",
    re.IGNORECASE,
)
ENGLISH_SHARE, FEWEST_WORDS = 0.12, 40

Words = Mapping[str, str]


def locale_of(text: str) -> str:
    """Return the language of a text, guessed from its words; empty for another than is known.

    A text too short to tell is taken by its characters.
    """
    letters, words = LETTER.findall(text), WORD.findall(text)
    if len(KANA.findall(text)) > KANA_SHARE * max(1, len(letters)):
        return ""
    if len(HAN.findall(text)) > HAN_SHARE * max(1, len(letters)):
        return CHINESE
    known = sum(1 for word in words if ENGLISH_WORD.fullmatch(word))
    is_english = len(words) < FEWEST_WORDS or known > ENGLISH_SHARE * len(words)
    return ENGLISH if is_english else ""


def language_of(locale: str, text: str = "") -> str:
    """Return the language of the linter's words for a locale; empty for one it does not know."""
    if not locale:
        return locale_of(text)
    primary = locale.lower().replace("_", "-").partition("-")[0]
    return {"en": ENGLISH, "zh": CHINESE}.get(primary, "")


def language_in(source: Source, facts: Facts) -> str:
    """Return the language of a source, found once for it."""
    if "language" not in source.worked_out:
        text = "" if facts.locale else "\n".join(line.text for line in source.prose)
        source.worked_out["language"] = language_of(facts.locale, text)
    return str(source.worked_out["language"])


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of words, which never minds case nor how wide a space is."""
    return re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)


def any_of(words: Words) -> re.Pattern[str]:
    """Return a pattern for the words of every language, as real texts mix them."""
    return joined(tuple(words.values()))


@cache
def joined(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return compiled("|".join(f"(?:{pattern})" for pattern in patterns))


def count_words(text: str) -> int:
    """Return the number of words; two Han characters count as one."""
    return len(WORD.findall(text)) + len(HAN.findall(text)) // 2
