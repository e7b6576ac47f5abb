"""Running the screeners, and the one policy that turns their verdicts into a status."""

import logging
from dataclasses import dataclass

from comments.models import DiscussionSettings, Status
from comments.screening.rules import DISALLOWED
from core.extensions.screening import Evidence, Outcome, Submission, Verdict, spam_screeners

logger = logging.getLogger(__name__)

FAILED = "failed"


@dataclass(frozen=True)
class Screened:
    """What one screener said; `verdict` is None where it could not tell."""

    source: str
    verdict: Verdict | None


@dataclass(frozen=True)
class Decision:
    """The status a submission gets, and why. `needs_recheck` asks for another try later."""

    status: Status
    screened: tuple[Screened, ...]
    reasons: tuple[Evidence, ...]
    needs_recheck: bool = False


def screen(submission: Submission) -> tuple[Screened, ...]:
    """Ask every screener; call it outside any transaction, since a screener may call out.

    A screener that raises is logged by its identifier and counts as one that cannot tell.
    """
    screened = []
    for screener in spam_screeners:
        try:
            verdict = screener.screen(submission)
        except Exception as error:  # noqa: BLE001  a screener must never cost a comment
            logger.error("spam screener %s failed: %s", screener.identifier, type(error).__name__)
            verdict = None
        screened.append(Screened(screener.identifier, verdict))
        if verdict is not None and verdict.outcome in {Outcome.SPAM, Outcome.DISCARD}:
            # What is known by now need not be told to anybody else.
            break
    return tuple(screened)


def decide(
    submission: Submission, screened: tuple[Screened, ...], own: DiscussionSettings
) -> Decision:
    """Return the status. Pure: the worst outcome wins, and unsure means held.

    Nothing is discarded: what a screener would discard is kept as spam, and what has a word that
    the site disallows goes to the trash, as in WordPress.
    """
    verdicts = [each.verdict for each in screened if each.verdict is not None]
    failed = any(each.verdict is None for each in screened) or not screened
    evidence = tuple(item for verdict in verdicts for item in verdict.evidence)
    outcomes = {verdict.outcome for verdict in verdicts}
    if submission.is_moderator:
        return Decision(Status.APPROVED, screened, evidence)
    if any(item.code == DISALLOWED for item in evidence):
        return Decision(Status.TRASH, screened, evidence)
    if outcomes & {Outcome.SPAM, Outcome.DISCARD}:
        return Decision(Status.SPAM, screened, evidence)
    reasons = list(evidence)
    if failed:
        reasons.append(Evidence(FAILED, "A screener did not answer."))
    if own.comment_moderation:
        reasons.append(Evidence("all_held", "Every comment is held."))
    elif own.comment_previously_approved and not submission.has_history:
        reasons.append(Evidence("first_comment", "No approved comment of this author yet."))
    held = (
        failed
        or Outcome.HOLD in outcomes
        or own.comment_moderation
        or (own.comment_previously_approved and not submission.has_history)
    )
    return Decision(
        Status.HOLD if held else Status.APPROVED, screened, tuple(reasons), needs_recheck=failed
    )
