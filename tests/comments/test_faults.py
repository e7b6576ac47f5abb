"""Invariant 4: a comment is never lost and never published because a screener is down, and no
outside call happens inside a write transaction. Wrong implementations must be caught."""

import pytest
from django.db import connection, transaction

from comments import services
from comments.models import DiscussionSettings, Status, VisitorComment
from comments.screening import decision
from core.extensions.screening import Outcome, Verdict, spam_screeners

pytestmark = pytest.mark.django_db(transaction=True)


class Screener:
    """Looks where it is called from, and answers as it is told."""

    identifier = "test.screener"

    def __init__(self, answer=None):
        self.answer = answer
        self.was_in_transaction = False

    def screen(self, submission):
        self.was_in_transaction = connection.in_atomic_block
        if self.answer is None:
            raise ConnectionError("nora@example.org: the service is down")
        return self.answer


def faults_of(submit, post) -> list[str]:
    """Submit while a screener is down and while it answers; return what goes wrong."""
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()
    faults = []
    for name, screener, wanted in (
        ("down", Screener(), Status.HOLD),
        ("ham", Screener(Verdict(Outcome.PASS)), Status.APPROVED),
        ("spam", Screener(Verdict(Outcome.SPAM)), Status.SPAM),
        ("discard", Screener(Verdict(Outcome.DISCARD)), Status.SPAM),
    ):
        new = services.NewComment(target_id=post.pk, text=f"While {name}.", author_name="Nora",
                                  author_email="nora@example.org", user_agent="B")  # fmt: skip
        with spam_screeners.temporarily(screener, only=True):
            try:
                submit(new)
            except Exception as error:
                faults.append(f"{name}: raised {type(error).__name__}")
        stored = VisitorComment.objects.filter(comment=f"While {name}.").first()
        if stored is None:
            faults.append(f"{name}: lost")
        elif stored.status != wanted:
            faults.append(f"{name}: {stored.status} instead of {wanted}")
        if screener.was_in_transaction:
            faults.append(f"{name}: screened inside a transaction")
    return faults


def test_submit_comment_loses_nothing_and_publishes_nothing_unscreened(post):
    assert faults_of(services.submit_comment, post) == []


def test_screening_inside_the_transaction_is_caught(post):
    def wrong(new):
        with transaction.atomic():
            return services.submit_comment(new)

    assert any("inside a transaction" in fault for fault in faults_of(wrong, post))


def test_screener_whose_fault_is_let_through_is_caught(post, monkeypatch):
    def wrong(submission):
        return tuple(
            decision.Screened(each.identifier, each.screen(submission)) for each in spam_screeners
        )

    monkeypatch.setattr("comments.services.receiving.screen", wrong)

    assert "down: lost" in faults_of(services.submit_comment, post)


def test_fault_taken_for_ham_is_caught(post, monkeypatch):
    def wrong(submission):
        return tuple(
            decision.Screened(each.source, each.verdict or Verdict(Outcome.PASS))
            for each in decision.screen(submission)
        )

    monkeypatch.setattr("comments.services.receiving.screen", wrong)

    assert "down: approved instead of hold" in faults_of(services.submit_comment, post)


def test_spam_dropped_unseen_is_caught(post):
    def wrong(new):
        comment = services.submit_comment(new)
        if comment.status == Status.SPAM:
            comment.delete()

    assert "spam: lost" in faults_of(wrong, post)
