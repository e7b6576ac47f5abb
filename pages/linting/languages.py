"""Languages of a text: which one it is, and the words of the languages that the linter knows."""

import re
from collections.abc import Mapping
from functools import cache

ENGLISH, CHINESE = "en", "zh-hans"
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:['’-][^\W\d_\u3400-\u9fff]+)*")
# One Han character says about as much as half an English word.
HAN_SHARE = 0.25

Words = Mapping[str, str]


def locale_of(text: str) -> str:
    """Return the language of a text, guessed from its characters."""
    letters = LETTER.findall(text)
    return CHINESE if len(HAN.findall(text)) > HAN_SHARE * max(1, len(letters)) else ENGLISH


def language_of(locale: str, text: str = "") -> str:
    """Return the language of the linter's words for a locale; empty for one it does not know."""
    if not locale:
        return locale_of(text)
    primary = locale.lower().replace("_", "-").partition("-")[0]
    return {"en": ENGLISH, "zh": CHINESE}.get(primary, "")


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
