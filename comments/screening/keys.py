"""The site's lists of words: moderation keys hold a comment, disallowed keys put it into the trash.

Found in name, address, site, text, network address and browser, as in WordPress. A key stands
for whole words unless its list is switched to WordPress's way, in which it may stand inside others;
in scripts without spaces it may always. The work grows with the text alone, whatever the lists.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext_noop

from comments.models import DiscussionSettings
from comments.screening.reading import SPACELESS, read
from core.extensions.screening import Evidence, Outcome, Submission, Verdict

DISALLOWED = "disallowed_key"
LONGEST_KEY = 500
# So many comparisons a list may cost: only a text made for it comes near.
MOST_LOOKS = 100_000
TAG = re.compile(r"<[^<>]*>")


class TooManyLooksError(Exception):
    """A list and a text were made so that comparing them takes no end."""


@dataclass(frozen=True)
class KeyList:
    """A list of keys, prepared: by the first two signs of a key, how long such keys are."""

    keys: dict[str, str]
    lengths: dict[str, tuple[int, ...]]
    singles: tuple[str, ...]
    anywhere: bool

    def first_in(self, text: str) -> str:
        """Return a key that stands in a text of small letters, as the list has it; "" for none.

        Raises TooManyLooksError.
        """
        looks = MOST_LOOKS
        for start in range(len(text) if self.keys else 0):
            for length in self.lengths.get(text[start : start + 2], ()):
                looks -= 1
                found = text[start : start + length]
                if found in self.keys and self._stands(text, start, start + length):
                    return self.keys[found]
            if looks < 0:
                raise TooManyLooksError
        return next(filter(None, (self._single_in(sign, text) for sign in self.singles)), "")

    def _single_in(self, sign: str, text: str) -> str:
        at = text.find(sign)
        while at >= 0 and not self._stands(text, at, at + 1):
            at = text.find(sign, at + 1)
        return self.keys[sign] if at >= 0 else ""

    def _stands(self, text: str, start: int, end: int) -> bool:
        return self.anywhere or stands_alone(text, start, end)


@lru_cache(maxsize=8)
def key_list(lines: str, anywhere: bool) -> KeyList:
    """Return the list that a setting holds, one key a line."""
    keys: dict[str, str] = {}
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for line in lines.splitlines():
        key = line.strip()
        folded = key.casefold()
        if folded and len(folded) <= LONGEST_KEY:
            keys.setdefault(folded, key)
            lengths[folded[:2]].add(len(folded))
    singles = tuple(key for key in keys if len(key) == 1)
    return KeyList(
        keys, {sign: tuple(sorted(each)) for sign, each in lengths.items()}, singles, anywhere
    )


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a part of a text is not the inside of a longer word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (is_joined(before, text[start]) or is_joined(text[end - 1], after))


def is_joined(one: str, other: str) -> bool:
    return is_of_word(one) and is_of_word(other)


def is_of_word(sign: str) -> bool:
    # Inside Chinese or Japanese no word begins or ends for the eye.
    return sign.isalnum() and not SPACELESS.match(sign)


def searched(submission: Submission) -> str:
    """Return everything that keys are looked for in, as written and as it is read."""
    text = submission.text
    parts = [
        submission.author_name, submission.author_email, submission.author_url, text,
        submission.ip_address, submission.user_agent,
    ]  # fmt: skip
    if "<" in text:
        parts.append(TAG.sub("", text))
    whole = "\n".join(parts).casefold()
    plain = read(text).plain
    return whole if plain in whole else f"{whole}\n{plain}"


class KeyScreener:
    """Holds what has a moderation key, and discards into the trash what has a disallowed one."""

    identifier = "comments.20.keys"

    def screen(self, submission: Submission) -> Verdict:
        own = DiscussionSettings.current()
        disallowed = key_list(own.disallowed_keys, own.disallowed_keys_anywhere)
        moderated = key_list(own.moderation_keys, own.moderation_keys_anywhere)
        if not disallowed.keys and not moderated.keys:
            return Verdict(Outcome.PASS)
        text = searched(submission)
        try:
            if key := disallowed.first_in(text):
                message = gettext_noop("Disallowed word: %(word)s")
                said = Evidence(DISALLOWED, message, 3.0, {"word": key})
                return Verdict(Outcome.DISCARD, None, (said,))
            if key := moderated.first_in(text):
                message = gettext_noop("Word to check: %(word)s")
                said = Evidence("moderation_key", message, 1.0, {"word": key})
                return Verdict(Outcome.HOLD, None, (said,))
        except TooManyLooksError:
            message = gettext_noop("The lists of words could not be compared with all of it.")
            return Verdict(Outcome.HOLD, None, (Evidence("keys_unfinished", message, 1.0),))
        return Verdict(Outcome.PASS)
