"""The one policy: what a set of verdicts comes to."""

from dataclasses import replace

import pytest

from comments.models import DiscussionSettings, ScreeningRecord, Status
from comments.screening.decision import Screened, decide, screen
from comments.screening.keys import DISALLOWED
from core.extensions.screening import Evidence, Outcome, Verdict, spam_screeners

pytestmark = pytest.mark.django_db

HOLD = Verdict(Outcome.HOLD, 0.6, (Evidence("odd", "Odd", 1.0),))
PASS = Verdict(Outcome.PASS, 0.1)
SPAM = Verdict(Outcome.SPAM, 0.99, (Evidence("sure", "Sure", 3.0),))
GUESS = Verdict(Outcome.SPAM, 0.99, (Evidence("words", "Words", 4.0),), is_tentative=True)
VOUCHED = Verdict(Outcome.PASS, None, (Evidence("outside_good", "Good", -1.0),))
DISCARD = Verdict(Outcome.DISCARD, 1.0, (Evidence("blatant", "Blatant", 4.0),))
TRASHED = Verdict(Outcome.DISCARD, None, (Evidence(DISALLOWED, "Word", 3.0),))


def said(*verdicts, watched=()):
    return tuple(
        Screened(f"s{number}", verdict, watched=number in watched)
        for number, verdict in enumerate(verdicts)
    )


@pytest.fixture
def own(home):
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    return own


@pytest.mark.parametrize(
    ("verdicts", "status", "reason"),
    [
        ([PASS], Status.APPROVED, ""),
        ([PASS, HOLD], Status.HOLD, "odd"),
        ([HOLD, SPAM], Status.SPAM, "sure"),
        ([GUESS], Status.SPAM, "words"),
        ([GUESS, PASS], Status.SPAM, "words"),
        ([GUESS, VOUCHED], Status.HOLD, "words"),
        ([VOUCHED, GUESS], Status.SPAM, "words"),
        ([SPAM, VOUCHED], Status.SPAM, "sure"),
        ([SPAM, GUESS, VOUCHED], Status.SPAM, "sure"),
        ([DISCARD], Status.SPAM, "blatant"),
        ([TRASHED], Status.TRASH, DISALLOWED),
        ([TRASHED, SPAM], Status.TRASH, DISALLOWED),
        ([PASS, None], Status.HOLD, "failed"),
        ([None, SPAM], Status.SPAM, "sure"),
        ([], Status.HOLD, "failed"),
    ],
)
def test_strictest_word_wins_and_unsure_is_held(submission, own, verdicts, status, reason):
    decision = decide(submission, said(*verdicts), own)

    assert (decision.status, decision.main_reason) == (status, reason)
    assert not decision.is_discarded
    waits = status == Status.HOLD and (None in verdicts or not verdicts)
    assert (decision.recheck_after is not None) == waits


@pytest.mark.parametrize(
    ("setting", "has_history", "status"),
    [
        ({}, False, Status.APPROVED),
        ({"comment_previously_approved": True}, False, Status.HOLD),
        ({"comment_previously_approved": True}, True, Status.APPROVED),
        ({"comment_moderation": True}, True, Status.HOLD),
    ],
)
def test_site_holds_by_its_settings(submission, own, setting, has_history, status):
    for name, value in setting.items():
        setattr(own, name, value)

    decision = decide(replace(submission, has_history=has_history), said(PASS), own)

    assert decision.status == status


@pytest.mark.parametrize(
    ("changes", "is_discarded"),
    [({}, True), ({"author_id": 7}, False), ({"has_history": True}, False)],
)
def test_blatant_spam_is_discarded_only_by_choice_and_never_from_members(
    submission,
    own,
    changes,
    is_discarded,
):
    own.akismet_discard = True

    decision = decide(replace(submission, **changes), said(DISCARD), own)

    assert (decision.status, decision.is_discarded) == (Status.SPAM, is_discarded)
    assert not decide(replace(submission, **changes), said(GUESS), own).is_discarded


def test_moderator_is_published_whatever_is_said(submission, own):
    decision = decide(replace(submission, is_moderator=True), said(SPAM, None), own)

    assert decision.status == Status.APPROVED


@pytest.mark.parametrize("verdict", [SPAM, HOLD, DISCARD, TRASHED, None])
def test_watched_screener_decides_nothing(submission, own, verdict):
    decision = decide(submission, said(PASS, verdict, watched={1}), own)

    assert decision.status == Status.APPROVED
    assert decision.recheck_after is None
    assert decision.score == 0.1
    assert decision.main_reason == ""


class Says:
    def __init__(self, identifier, verdict):
        self.identifier, self.verdict, self.asked = identifier, verdict, 0

    def screen(self, submission):
        self.asked += 1
        return self.verdict


def test_watched_screener_is_kept_with_what_it_would_have_done(write):
    own = DiscussionSettings.load()
    own.log_only_screeners = "test.new\ntest.quiet"
    own.comment_previously_approved = False
    own.save()
    new, quiet, last = Says("test.new", SPAM), Says("test.quiet", PASS), Says("test.zlast", PASS)

    with spam_screeners.temporarily(new, quiet, last, only=True):
        comment = write("Hello there.")

    assert comment.status == Status.APPROVED
    assert last.asked == 1
    kept = {item["screener"]: item for item in ScreeningRecord.objects.get().evidence}
    assert kept["test.new"]["watched"] == "spam"
    assert kept["test.quiet"]["watched"] == "pass"


def test_nobody_is_asked_behind_one_that_is_sure(submission, own):
    sure, behind = Says("test.a", SPAM), Says("test.b", PASS)
    with spam_screeners.temporarily(sure, behind, only=True):
        screen(submission)
    guess, after = Says("test.a", GUESS), Says("test.b", PASS)
    with spam_screeners.temporarily(guess, after, only=True):
        screen(submission)

    assert (behind.asked, after.asked) == (0, 1)
