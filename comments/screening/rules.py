"""The site's own rules as a screener: links, words, the honeypot and the form's age."""

import re
from collections.abc import Iterable

from comments.models import DiscussionSettings
from comments.sanitising import count_links, sanitise, to_html
from core.extensions.screening import Evidence, Outcome, Submission, Verdict

FASTEST_SECONDS = 3
DISALLOWED = "disallowed_key"


def matching_word(words: str, texts: Iterable[str]) -> str:
    """Return the first of the words, one a line, that stands whole in one of the texts."""
    texts = list(texts)
    for word in (line.strip() for line in words.splitlines()):
        if not word:
            continue
        # No word boundary exists inside Chinese or Japanese: there a word may stand anywhere.
        pattern = re.escape(word)
        if word[0].isascii() and word[0].isalnum():
            pattern = rf"(?<!\w){pattern}"
        if word[-1].isascii() and word[-1].isalnum():
            pattern = rf"{pattern}(?!\w)"
        if any(re.search(pattern, text, re.IGNORECASE) for text in texts):
            return word
    return ""


class RuleScreener:
    """Screens by what the discussion settings say."""

    identifier = "comments.rules"

    def screen(self, submission: Submission) -> Verdict:
        own = DiscussionSettings.current()
        found: list[tuple[Outcome, Evidence]] = []
        texts = (
            submission.author_name, submission.author_email, submission.author_url,
            submission.text, submission.ip_address, submission.user_agent,
        )  # fmt: skip
        if submission.honeypot:
            found.append(
                (Outcome.SPAM, Evidence("honeypot", "The field for robots was filled in.", 3.0))
            )
        if word := matching_word(own.disallowed_keys, texts):
            found.append(
                (
                    Outcome.DISCARD,
                    Evidence(DISALLOWED, "Disallowed word: %(word)s", 3.0, {"word": word}),
                )
            )
        if word := matching_word(own.moderation_keys, texts):
            found.append(
                (
                    Outcome.HOLD,
                    Evidence("moderation_key", "Word to check: %(word)s", 1.0, {"word": word}),
                )
            )
        links = count_links(to_html(sanitise(submission.text)))
        if own.comment_max_links and links >= own.comment_max_links:
            found.append(
                (
                    Outcome.HOLD,
                    Evidence("links", "%(count)d links", 1.0 + links / 2, {"count": links}),
                )
            )
        if (
            submission.form_age_seconds is not None
            and submission.form_age_seconds < FASTEST_SECONDS
        ):
            found.append((Outcome.HOLD, Evidence("too_fast", "Sent within seconds.", 1.5)))
        if not submission.user_agent:
            found.append((Outcome.PASS, Evidence("no_agent", "No browser was named.", 0.3)))
        order = list(Outcome)
        outcome = max((outcome for outcome, _ in found), key=order.index, default=Outcome.PASS)
        weight = sum(evidence.weight for _, evidence in found)
        return Verdict(outcome, weight / (1 + weight), tuple(evidence for _, evidence in found))
