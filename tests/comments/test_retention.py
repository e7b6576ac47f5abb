import json
from datetime import date, timedelta
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Bracket, YoungMember
from accounts.services import create_user
from comments.models import (
    Appeal,
    BlockedKey,
    Flag,
    Follower,
    FollowUpMail,
    IllegalContentReport,
    LegalHold,
    MassDecision,
    ModerationAct,
    NetworkKey,
    Removal,
    Sanction,
    SanctionKind,
    Status,
    TrustedAuthor,
    UnconfirmedComment,
    VisitorComment,
)
from comments.services import change_status, holding, removing, reporting, retention, sanctioning
from comments.tasks import keep_to_retention
from core.extensions.policies import policy_facts
from tests.comments.conftest import below_hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(write):
    return below_hidden(write)


REASONS = removing.Reasons(ground="conduct", facts="Rude.")


def ago(days):
    return timezone.now() - timedelta(days=days, minutes=1)


def aged(comment, days, **values):
    VisitorComment.objects.filter(pk=comment.pk).update(submit_date=ago(days), **values)
    comment.refresh_from_db()
    return comment


def kept():
    keep_to_retention.func()


def test_request_address_and_hash_go_one_after_the_other(write, settings):
    comment = write(referrer="https://elsewhere.example/")
    states = []
    for days in (14, 16, 31, 91):
        aged(comment, days)
        kept()
        comment.refresh_from_db()
        states.append([bool(value) for value in (
            comment.user_agent, comment.referrer, comment.ip_address, comment.ip_hash
        )])  # fmt: skip

    assert states == [
        [True, True, True, True],
        [False, False, True, True],
        [False, False, False, True],
        [False, False, False, False],
    ]
    assert comment.comment == "A kind word."


@pytest.mark.parametrize(
    ("setting", "fact"),
    [
        ("COMMENTS_REQUEST_DAYS", "comments.request_days"),
        ("COMMENTS_IP_DAYS", "comments.ip_days"),
        ("COMMENTS_IP_HASH_DAYS", "comments.ip_hash_days"),
        ("COMMENTS_SPAM_DAYS", "comments.spam_days"),
        ("COMMENTS_TRASH_DAYS", "comments.trash_days"),
        ("COMMENTS_APPEAL_DAYS", "comments.appeal_days"),
        ("COMMENTS_RECORD_DAYS", "comments.record_days"),
        ("COMMENTS_FOLLOWER_DAYS", "comments.follower_days"),
        ("COMMENTS_CHILD_DAYS", "comments.child_days"),
        ("COMMENTS_CHILD_NETWORK_DAYS", "comments.child_network_days"),
    ],
)
def test_policies_promise_what_the_settings_say(settings, setting, fact):
    setattr(settings, setting, 7)

    assert policy_facts.get(fact).value() == 7


def test_setting_changes_what_is_done(write, settings):
    settings.COMMENTS_REQUEST_DAYS = 40
    comment = aged(write(), 39)
    kept()
    comment.refresh_from_db()
    assert comment.user_agent == "Browser"
    settings.COMMENTS_REQUEST_DAYS = 38
    kept()
    comment.refresh_from_db()
    assert comment.user_agent == ""


def test_keys_are_destroyed_with_the_last_hashes(write):
    today = timezone.now().date()
    for days in (0, 90, 92):
        NetworkKey.objects.get_or_create(
            day=today - timedelta(days=days), defaults={"key": b"k" * 32}
        )
    kept()

    left = set(NetworkKey.objects.values_list("day", flat=True))
    assert left == {today, today - timedelta(days=90)}


@pytest.mark.parametrize(("status", "days"), [(Status.SPAM, 15), (Status.TRASH, 30)])
def test_spam_and_trash_go_by_the_day_they_were_put_there(write, moderator, status, days):
    comment = write()
    reply = write("A reply.", parent_id=comment.pk)
    change_status([comment.pk, reply.pk], status, by=moderator)
    aged(comment, 400)
    aged(reply, 400)
    kept()
    assert VisitorComment.objects.count() == 2

    ModerationAct.objects.update(at=ago(days))
    kept()

    assert not VisitorComment.objects.exists()


def test_imported_spam_counts_from_the_import(write):
    comment = aged(write(), 4000, status=Status.SPAM, imported_at=ago(14))
    kept()
    assert VisitorComment.objects.exists()

    VisitorComment.objects.filter(pk=comment.pk).update(imported_at=ago(15))
    kept()
    assert not VisitorComment.objects.exists()


def test_other_states_stay(write):
    for status in (Status.APPROVED, Status.HOLD):
        aged(write(f"In {status}."), 4000, status=status)
    kept()

    assert VisitorComment.objects.count() == 2


def test_removed_comment_stays_while_its_author_can_appeal(write, moderator, settings):
    comment = aged(write(), 400)
    made = removing.remove_with_reasons(comment.pk, REASONS, by=moderator)
    ModerationAct.objects.update(at=ago(100))
    kept()
    assert VisitorComment.objects.exists()

    Removal.objects.update(appeal_until=ago(0))
    appeal = Appeal.objects.create(removal=made, text="Please.")
    kept()
    assert VisitorComment.objects.exists()

    Appeal.objects.filter(pk=appeal.pk).update(decided_at=timezone.now(), was_upheld=False)
    kept()
    assert not VisitorComment.objects.exists()


def test_reported_comment_stays_until_the_report_is_decided(write, moderator):
    comment = aged(write(), 400, status=Status.SPAM)
    made = IllegalContentReport.objects.create(comment=comment, reference="A", explanation="x")
    kept()
    assert VisitorComment.objects.exists()

    reporting.decide_report(made.pk, reasons=None, statement="No.", by=moderator)
    kept()
    assert not VisitorComment.objects.exists()


def test_legal_hold_is_skipped_and_said(write, moderator):
    held, free = write("Evidence."), write("Chatter.")
    for comment in (held, free):
        aged(comment, 400, status=Status.SPAM)
    until = timezone.localdate() + timedelta(days=9)
    hold = holding.set_hold(held.pk, reason="r", legal_basis="b", until=until, by=moderator)
    Flag.objects.create(comment=held, reason="spam", voter="v", settled_at=ago(400))

    outcomes = {
        outcome.rule.identifier: (outcome.due, outcome.held)
        for outcome in retention.keep_to_rules(timezone.now())
    }

    assert outcomes["comments.spam"] == (1, 1)
    assert outcomes["comments.ip"] == (1, 1)
    assert outcomes["comments.flags"] == (0, 1)
    held.refresh_from_db()
    assert (held.ip_address, held.user_agent) == ("192.0.2.7", "Browser")
    LegalHold.objects.filter(pk=hold.pk).update(until=timezone.localdate() - timedelta(days=1))
    kept()
    assert not VisitorComment.objects.exists()


def test_erasure_that_waited_for_a_hold_is_done_when_its_day_is_over(write, moderator):
    from comments.personal_data import CommentData
    from core.extensions.personal_data import Subject

    comment = write("Evidence.")
    until = timezone.localdate() + timedelta(days=9)
    holding.set_hold(comment.pk, reason="r", legal_basis="b", until=until, by=moderator)
    CommentData().erase(list(CommentData().identities(Subject("nora@example.org"))))

    with time_machine.travel(timezone.now() + timedelta(days=10), tick=False):
        kept()

    assert not VisitorComment.objects.exists()


def make_one_of_each(write, moderator):
    """Make something that is due and something that is not, of every rule."""
    child = create_user(username="child", email="child@example.org", password="pass")
    YoungMember.objects.create(
        user=child, bracket=Bracket.UNDER_14, ends_in=date(2099, 1, 1), agreed_at=timezone.now()
    )
    for number, days in enumerate((0, 400)):
        comment = aged(write(f"Words {number}."), days)
        change_status([comment.pk], Status.APPROVED, by=moderator)
        spam = aged(write(f"Spam {number}."), days, status=Status.SPAM)
        aged(write(f"Trash {number}."), days, status=Status.TRASH)
        aged(write(f"Child {number}.", user=child), days)
        UnconfirmedComment.objects.create(
            token_hash=str(number), target_id=1, email="u@example.org", data={},
            expires_at=ago(1) if days else timezone.now() + timedelta(days=1),
        )  # fmt: skip
        for name in ("ended_at", "asked_at"):
            follower = Follower.objects.create(target_id=1, email=f"{name}{number}", language="en")
            values = {name: ago(days)}
            if name == "ended_at":
                values["confirmed_at"] = ago(days)
            Follower.objects.filter(pk=follower.pk).update(**values)
            FollowUpMail.objects.create(follower=follower, comment=spam)
        Flag.objects.create(comment=spam, reason="spam", voter="v", settled_at=ago(days))
        act = ModerationAct.objects.create(
            batch=uuid4(), old_status="hold", new_status="spam", agent="flags"
        )
        ModerationAct.objects.filter(pk=act.pk).update(at=ago(days))
        report = IllegalContentReport.objects.create(
            reference=str(number), explanation="x", source_hash="s", decided_at=ago(days)
        )
        IllegalContentReport.objects.filter(pk=report.pk).update(received_at=ago(days))
        made = sanctioning.sanction_author(
            comment.pk, kind=SanctionKind.LIMIT, reason="r", days=9, by=moderator
        )
        Sanction.objects.filter(pk=made.pk).update(lifted_at=ago(days))
        Removal.objects.create(comment=comment, ground="conduct", appeal_until=ago(days))
        LegalHold.objects.create(
            comment=comment, reason="r", legal_basis="b",
            until=timezone.localdate() - timedelta(days=days and 5),
        )  # fmt: skip
        TrustedAuthor.objects.create(author_key="k", batch=uuid4(), ended_at=ago(days))
        BlockedKey.objects.create(key="spam.example", batch=uuid4(), undone_at=ago(days))
        MassDecision.objects.create(
            batch=uuid4(), action="spam", until_id=1, total=1, by=moderator, finished_at=ago(days)
        )
        NetworkKey.objects.update_or_create(day=ago(days).date(), defaults={"key": b"k"})


def run(*arguments):
    out = StringIO()
    call_command("comments", "retention", *arguments, stdout=out)
    return out.getvalue()


def test_dry_run_counts_exactly_what_is_then_done(write, moderator):
    make_one_of_each(write, moderator)
    tables = (VisitorComment, Follower, Flag, ModerationAct, Sanction, NetworkKey)
    before = [table.objects.count() for table in tables]

    counted = json.loads(run("--dry-run", "--json"))
    assert [table.objects.count() for table in tables] == before
    done = json.loads(run("--json"))
    again = json.loads(run("--json"))

    due = {row["rule"]: (row["due"], row["held"]) for row in counted["rules"]}
    assert due == {row["rule"]: (row["done"], row["held"]) for row in done["rules"]}
    assert set(due) == {rule.identifier for rule in retention.RULES}
    assert all(count for count, _held in due.values()), due
    assert not any(row["done"] for row in again["rules"])
    assert counted["dry_run"] is True


def test_command_says_in_words_what_it_does(write, moderator):
    aged(write(), 400, status=Status.SPAM)

    assert "Nothing was changed." in run("--dry-run")
    assert VisitorComment.objects.exists()
    assert "Done." in run()
    assert not VisitorComment.objects.exists()


def test_more_than_a_batch_is_done_in_short_transactions(write, monkeypatch, moderator):
    monkeypatch.setattr(retention, "BATCH", 3)
    monkeypatch.setattr(retention, "FEW", 2)
    parent = write("Parent.")
    for number in range(7):
        write(f"Reply {number}.", parent_id=parent.pk)
    VisitorComment.objects.update(submit_date=ago(400), status=Status.SPAM)

    kept()

    assert not VisitorComment.objects.exists()


def test_place_of_a_deleted_comment_is_not_due_for_ever(write):
    parent = aged(write("Parent."), 400, status=Status.SPAM)
    reply = write("A reply.", parent_id=parent.pk)
    kept()
    assert set(VisitorComment.objects.values_list("comment", flat=True)) == {"", "A reply."}

    assert retention.measure(timezone.now())[-2].due == 0
    assert reply.pk
