"""Running the screeners, and the one policy that turns their verdicts into a status."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_noop

from comments.models import DiscussionSettings, Status
from comments.screening.rules import DISALLOWED
from core.extensions.screening import (
    CannotTellError,
    Disclosure,
    Evidence,
    Outcome,
    SpamScreener,
    Submission,
    Verdict,
    spam_screeners,
)

logger = logging.getLogger(__name__)

FAILED = "failed"
RETRY_SECONDS = 20 * 60.0


@dataclass(frozen=True)
class Screened:
    """What one screener said; `verdict` is None where it could not tell."""

    source: str
    verdict: Verdict | None
    retry_after_seconds: float = RETRY_SECONDS
    disclosures: tuple[Disclosure, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The status a submission gets, and why.

    `recheck_after` is set where a screener is to be asked again: it could not tell, or its word
    was not the last. `reasons` are the policy's own, beside what the screeners said.
    """

    status: Status
    screened: tuple[Screened, ...]
    reasons: tuple[Evidence, ...] = ()
    recheck_after: timedelta | None = None

    @property
    def evidence(self) -> list[tuple[str, Evidence]]:
        """Return every reason with the screener that gave it, "" for the policy's own."""
        said = [
            (each.source, item)
            for each in self.screened
            if each.verdict is not None
            for item in each.verdict.evidence
        ]
        return said + [("", item) for item in self.reasons]

    @property
    def score(self) -> float | None:
        """Return the highest score that a screener gave, None where none gave one."""
        scores = [each.verdict.score for each in self.screened if each.verdict is not None]
        return max((score for score in scores if score is not None), default=None)

    @property
    def main_reason(self) -> str:
        """Return the code of the reason that weighs most, "" where nothing spoke against it."""
        against = [item for _, item in self.evidence if item.weight > 0]
        return max(against, key=lambda item: item.weight).code if against else ""

    @property
    def reference(self) -> str:
        """Return an outside service's own name of the check, if one gave any."""
        references = (each.verdict.reference for each in self.screened if each.verdict is not None)
        return next(filter(None, references), "")

    def kept_evidence(self) -> list[dict[str, object]]:
        """Return the evidence as it is kept with the comment."""
        return [
            {
                "screener": source,
                "code": item.code,
                "message": item.message,
                "data": dict(item.data),
                "weight": item.weight,
            }
            for source, item in self.evidence
        ]


def screen(submission: Submission) -> tuple[Screened, ...]:
    """Ask every screener; call it outside any transaction, since a screener may call out.

    A screener that raises is logged by its identifier and counts as one that cannot tell.
    """
    screened = []
    for screener in spam_screeners:
        said = ask(screener, submission)
        screened.append(said)
        verdict = said.verdict
        if verdict is not None and verdict.outcome in {Outcome.SPAM, Outcome.DISCARD}:
            # What is known by now need not be told to anybody else.
            break
    return tuple(screened)


def ask(screener: SpamScreener, submission: Submission) -> Screened:
    try:
        verdict = screener.screen(submission)
    except CannotTellError as error:
        logger.warning("spam screener %s cannot tell at the moment", screener.identifier)
        return Screened(screener.identifier, None, error.retry_after_seconds, error.disclosures)
    except Exception as error:  # noqa: BLE001  a screener must never cost a comment
        logger.error("spam screener %s failed: %s", screener.identifier, type(error).__name__)
        return Screened(screener.identifier, None)
    return Screened(screener.identifier, verdict, disclosures=verdict.disclosures)


def decide(
    submission: Submission, screened: tuple[Screened, ...], own: DiscussionSettings
) -> Decision:
    """Return the status. Pure: the worst outcome wins, and unsure means held.

    Nothing is discarded: what a screener would discard is kept as spam, and what has a word that
    the site disallows goes to the trash, as in WordPress.
    """
    verdicts = [each.verdict for each in screened if each.verdict is not None]
    failed = any(each.verdict is None for each in screened) or not screened
    outcomes = {verdict.outcome for verdict in verdicts}
    if submission.is_moderator:
        return Decision(Status.APPROVED, screened)
    if any(item.code == DISALLOWED for verdict in verdicts for item in verdict.evidence):
        return Decision(Status.TRASH, screened)
    if outcomes & {Outcome.SPAM, Outcome.DISCARD}:
        return Decision(Status.SPAM, screened)
    reasons = []
    if failed:
        reasons.append(Evidence(FAILED, gettext_noop("A screener did not answer."), 0.2))
    if own.comment_moderation:
        reasons.append(Evidence("all_held", gettext_noop("Every comment is held."), 0.1))
    elif own.comment_previously_approved and not submission.has_history:
        reasons.append(
            Evidence("first_comment", gettext_noop("No approved comment of this author yet."), 0.1)
        )
    held = bool(reasons) or Outcome.HOLD in outcomes
    return Decision(
        Status.HOLD if held else Status.APPROVED,
        screened,
        tuple(reasons),
        recheck_after=time_to_recheck(screened),
    )


def time_to_recheck(screened: tuple[Screened, ...]) -> timedelta | None:
    """Return when the first screener that has not said its last word is asked again."""
    seconds = [
        each.retry_after_seconds if each.verdict is None else each.verdict.recheck_after_seconds
        for each in screened
    ]
    if not screened:
        return timedelta(seconds=RETRY_SECONDS)
    known = [value for value in seconds if value is not None]
    return timedelta(seconds=min(known)) if known else None
