"""A sum that a browser does before it sends, so that many comments cost something: ALTCHA.

Never a puzzle, and nobody else is asked. It prices, it does not stop: off unless the settings
say so, and a comment without it is held, never refused.
"""

import base64
import hashlib
import json
from datetime import datetime, timedelta

from altcha import v1
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext_noop

from comments.models import DiscussionSettings
from comments.screening.recent import is_flooded, window
from core.extensions.screening import Evidence, Outcome, Submission, Verdict

FIELD = "altcha"
LIFE = timedelta(hours=1)
# About a tenth of a second to half a second on a telephone; five times that in a flood.
USUAL_SUM, FLOOD_SUM = 100_000, 500_000
LONGEST_ANSWER = 2_000


def is_asked(own: DiscussionSettings, now: datetime) -> bool:
    """Tell whether strangers' browsers are to do a sum now."""
    return own.proof_of_work == "always" or (own.proof_of_work == "flood" and is_flooded(now))


def make_challenge(target_id: int) -> dict[str, object]:
    """Return a challenge for comments on a target as ALTCHA's clients take it.

    `required` says beside it whether a comment without its answer would be held. The greatest
    number stands under both names that clients know.
    """
    now, own = timezone.now(), DiscussionSettings.current()
    window.refresh()
    challenge = v1.create_challenge(
        v1.ChallengeOptions(
            max_number=FLOOD_SUM if is_flooded(now) else USUAL_SUM,
            hmac_key=secret(),
            expires=now + LIFE,
            params={"post": str(target_id)},
        )
    )
    return {
        **challenge.to_dict(),
        "maxnumber": challenge.max_number,
        "required": is_asked(own, now),
    }


def check(answer: str, target_id: int) -> bool | None:
    """Return whether an answer is right, for this target and not used before; None for no answer.

    Used ones are remembered in the cache, so in one process alone where no CACHE_URL is set.
    """
    if not answer:
        return None
    if len(answer) > LONGEST_ANSWER:
        return False
    try:
        given = json.loads(base64.b64decode(answer, validate=True))
        is_right, _ = v1.verify_solution(given, secret())
        posts = v1.extract_params(given).get("post")
    # The answer is anybody's bytes, and the package guards against some of them only.
    except Exception:  # noqa: BLE001
        return False
    if not is_right or posts != [str(target_id)]:
        return False
    mark = f"proof-of-work:{given['signature']}"
    return bool(cache.add(mark, 1, timeout=LIFE.total_seconds()))


def secret() -> bytes:
    return hashlib.sha256(f"candour.proof-of-work:{settings.SECRET_KEY}".encode()).digest()


class ProofScreener:
    """Holds strangers' comments without a right sum, while sums are asked for."""

    identifier = "comments.45.proof"

    def screen(self, submission: Submission) -> Verdict:
        own = DiscussionSettings.current()
        if own.proof_of_work == "never" or submission.recheck_reason or submission.has_history:
            return Verdict(Outcome.PASS)
        if submission.has_proof_of_work:
            said = Evidence("proof", gettext_noop("The browser did its sum."), -0.3)
            return Verdict(Outcome.PASS, None, (said,))
        window.refresh()
        if not is_asked(own, submission.submitted_at):
            return Verdict(Outcome.PASS)
        if submission.has_proof_of_work is None:
            said = Evidence("no_proof", gettext_noop("The browser did no sum."), 0.5)
        else:
            said = Evidence("wrong_proof", gettext_noop("The browser's sum is wrong."), 1.0)
        return Verdict(Outcome.HOLD, None, (said,))
