"""Running the screeners, and the one policy that turns their verdicts into a status."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext_noop

from comments.models import DiscussionSettings, Status
from comments.screening.keys import DISALLOWED
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
SPAM = frozenset({Outcome.SPAM, Outcome.DISCARD})
SEVERITY = {outcome: number for number, outcome in enumerate(Outcome)}


@dataclass(frozen=True)
class Screened:
    """What one screener said; `verdict` is None where it could not tell.

    One that is only `watched` is kept and decides nothing.
    """

    source: str
    verdict: Verdict | None
    retry_after_seconds: float = RETRY_SECONDS
    disclosures: tuple[Disclosure, ...] = ()
    watched: bool = False


@dataclass(frozen=True)
class Decision:
    """The status a submission gets, and why.

    `recheck_after` is set where a screener is to be asked again: it could not tell, or its word
    was not the last. `reasons` are the policy's own, beside what the screeners said. What
    `is_discarded` is not even kept: the site asked for that, and its author is told nothing.
    """

    status: Status
    screened: tuple[Screened, ...]
    reasons: tuple[Evidence, ...] = ()
    recheck_after: timedelta | None = None
    is_discarded: bool = False

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
        """Return the highest score of a screener that decides, None where none gave one."""
        scores = [verdict.score for verdict in deciding(self.screened)]
        return max((score for score in scores if score is not None), default=None)

    @property
    def main_reason(self) -> str:
        """Return the code of what decided: the strictest screener's first reason, or the policy's.

        "" where nothing spoke against the comment.
        """
        strict = [
            verdict for verdict in deciding(self.screened)
            if verdict.outcome is not Outcome.PASS and verdict.evidence
        ]  # fmt: skip
        if strict:
            return max(strict, key=lambda verdict: SEVERITY[verdict.outcome]).evidence[0].code
        return max(self.reasons, key=lambda item: item.weight).code if self.reasons else ""

    @property
    def reference(self) -> str:
        """Return an outside service's own name of the check, if one gave any."""
        references = (each.verdict.reference for each in self.screened if each.verdict is not None)
        return next(filter(None, references), "")

    def kept_evidence(self) -> list[dict[str, object]]:
        """Return the evidence as it is kept with the comment.

        Everything that a watched screener said names in `watched` what it would have had done.
        """
        kept = []
        for each in self.screened:
            if each.verdict is None:
                continue
            said = each.verdict.evidence
            if each.watched and not said:
                said = (Evidence("nothing_said", gettext_noop("Nothing to say of it.")),)
            marks = {"watched": str(each.verdict.outcome)} if each.watched else {}
            kept += [kept_item(each.source, item) | marks for item in said]
        return kept + [kept_item("", item) for item in self.reasons]


def kept_item(source: str, item: Evidence) -> dict[str, object]:
    return {
        "screener": source,
        "code": item.code,
        "message": item.message,
        "data": dict(item.data),
        "weight": item.weight,
    }


def deciding(screened: tuple[Screened, ...]) -> list[Verdict]:
    return [each.verdict for each in screened if each.verdict is not None and not each.watched]


def screen(submission: Submission) -> tuple[Screened, ...]:
    """Ask every screener; call it outside any transaction, since a screener may call out.

    A screener that raises is logged by its identifier and counts as one that cannot tell. Once one
    is sure of spam the others are not asked: what is known by now need not be told to anybody else.
    """
    screened = []
    watched = set(DiscussionSettings.current().log_only_screeners.split())
    for screener in spam_screeners:
        said = ask(screener, submission)
        if screener.identifier in watched:
            screened.append(replace(said, watched=True))
            continue
        screened.append(said)
        verdict = said.verdict
        if verdict is not None and verdict.outcome in SPAM and not verdict.is_tentative:
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
    """Return what becomes of a comment. Pure: the strictest word wins, and unsure means held.

    What has a word that the site disallows goes to the trash, as in WordPress. What the words alone
    call spam and a screener behind them calls good is for a moderator. Nothing is discarded but
    what an outside service would, if the site chose so, and never what a member or a known author
    writes: it is otherwise kept as spam.
    """
    if submission.is_moderator:
        return Decision(Status.APPROVED, screened)
    verdicts = deciding(screened)
    if any(item.code == DISALLOWED for verdict in verdicts for item in verdict.evidence):
        return Decision(Status.TRASH, screened)
    if any(verdict.outcome is Outcome.DISCARD for verdict in verdicts):
        is_stranger = submission.author_id is None and not submission.has_history
        return Decision(Status.SPAM, screened, is_discarded=own.akismet_discard and is_stranger)
    reasons = []
    if any(verdict.outcome is Outcome.SPAM for verdict in verdicts):
        if not is_disputed(verdicts):
            return Decision(Status.SPAM, screened)
        message = gettext_noop("The words read like spam, but an outside service calls it good.")
        reasons.append(Evidence("disputed", message, 0.5))
    asked = [each for each in screened if not each.watched]
    if not asked or any(each.verdict is None for each in asked):
        reasons.append(Evidence(FAILED, gettext_noop("A screener did not answer."), 0.2))
    if own.comment_moderation:
        reasons.append(Evidence("all_held", gettext_noop("Every comment is held."), 0.1))
    elif own.comment_previously_approved and not submission.has_history:
        message = gettext_noop("No approved comment of this author yet.")
        reasons.append(Evidence("first_comment", message, 0.1))
    is_held = bool(reasons) or any(verdict.outcome is Outcome.HOLD for verdict in verdicts)
    return Decision(
        Status.HOLD if is_held else Status.APPROVED,
        screened,
        tuple(reasons),
        recheck_after=time_to_recheck(screened),
    )


def is_disputed(verdicts: list[Verdict]) -> bool:
    """Tell whether spam is a tentative word alone and one asked behind it calls it good."""
    spam = [verdict for verdict in verdicts if verdict.outcome is Outcome.SPAM]
    if not all(verdict.is_tentative for verdict in spam):
        return False
    behind = verdicts[verdicts.index(spam[-1]) + 1 :]
    return any(
        verdict.outcome is Outcome.PASS and any(item.weight < 0 for item in verdict.evidence)
        for verdict in behind
    )


def time_to_recheck(screened: tuple[Screened, ...]) -> timedelta | None:
    """Return when the first screener that has not said its last word is asked again."""
    asked = [each for each in screened if not each.watched]
    seconds = [
        each.retry_after_seconds if each.verdict is None else each.verdict.recheck_after_seconds
        for each in asked
    ]
    if not asked:
        return timedelta(seconds=RETRY_SECONDS)
    known = [value for value in seconds if value is not None]
    return timedelta(seconds=min(known)) if known else None
