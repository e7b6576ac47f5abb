import logging
import threading
import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from comments import errors
from comments.models import DiscussionSettings, OutgoingCopy, ServiceState, Status, VisitorComment
from comments.screening import akismet_client
from comments.screening.akismet import IDENTIFIER, NOBODY
from comments.screening.service_state import troubles
from comments.services import change_status, recheck
from comments.tasks import ask_for_usage, recheck_held
from core.extensions.screening import Outcome, Verdict, spam_screeners

pytestmark = pytest.mark.django_db
KEY = "123456789abc"


def change(**fields):
    own = DiscussionSettings.load()
    for name, value in fields.items():
        setattr(own, name, value)
    own.save()


def test_comment_that_akismet_calls_spam_is_kept_as_spam(write, akismet_server):
    comment = write(author_name="akismet-guaranteed-spam")

    assert comment.status == Status.SPAM
    (form,) = akismet_server.calls("comment-check")
    assert form["comment_content"] == ["A kind word."]
    assert form["user_ip"] == ["192.0.2.7"]
    assert form["blog"] == ["https://site.example"]
    assert comment.screenings.get().reference == "guid-1"


def test_what_the_package_refuses_is_sent_as_the_protocol_says(write, akismet_server):
    write(referrer="https://site.example/from", honeypot="")

    (form,) = akismet_server.calls("comment-check")
    name = form["honeypot_field_name"][0]
    assert form[name] == [""]
    assert form["HTTP_REFERER"] == form["referrer"] == ["https://site.example/from"]


@pytest.mark.parametrize(
    ("switch", "field", "sent"),
    [
        ("akismet_sends_ip", "user_ip", NOBODY),
        ("akismet_sends_address", "comment_author_email", ""),
    ],
)
def test_address_and_network_address_are_kept_back_where_the_site_says_so(
    write, akismet_server, switch, field, sent
):
    change(**{switch: False})

    comment = write()

    (form,) = akismet_server.calls("comment-check")
    assert form.get(field, [""]) == [sent]
    copy = OutgoingCopy.objects.get(comment=comment)
    assert copy.processor == "Akismet"
    assert set(form) - {"blog", "api_key", "key"} == set(copy.fields)


@pytest.mark.parametrize("fault", ["500", "429", "nonsense", "empty", "huge"])
def test_fault_of_akismet_holds_the_comment_and_asks_again_in_twenty_minutes(
    write, akismet_server, fault, caplog
):
    akismet_server.fault = fault
    with caplog.at_level(logging.DEBUG):
        comment = write()

    assert comment.status == Status.HOLD
    assert comment.recheck_at - comment.submit_date == timedelta(minutes=20)
    assert KEY not in caplog.text
    assert "nora@example.org" not in caplog.text
    assert OutgoingCopy.objects.filter(comment=comment).exists()
    ((state, sentence),) = troubles()
    assert (state.pk, state.error_code) == (IDENTIFIER, "no_clear_answer")
    assert "held" in sentence

    akismet_server.fault = ""
    recheck_held.func()
    assert VisitorComment.objects.get(pk=comment.pk).recheck_at
    with time_machine.travel(comment.recheck_at, tick=False):
        recheck_held.func()

    comment.refresh_from_db()
    assert not comment.recheck_at
    assert comment.status == Status.HOLD
    assert akismet_server.calls("comment-check")[-1]["recheck_reason"] == ["recheck_queue"]
    assert troubles() == []


def test_refused_key_is_tried_again_after_six_hours_and_named(write, akismet_server, caplog):
    akismet_server.fault = "invalid"

    comment = write()

    assert comment.status == Status.HOLD
    assert comment.recheck_at - comment.submit_date == timedelta(hours=6)
    assert "AKISMET_API_KEY" in troubles()[0][1]
    assert KEY not in caplog.text


def test_comment_is_given_up_to_moderators_after_fifteen_days(write, akismet_server):
    akismet_server.fault = "500"
    comment = write()

    with time_machine.travel(comment.submit_date + timedelta(days=15), tick=False):
        recheck_held.func()

    comment.refresh_from_db()
    assert (comment.status, comment.recheck_at) == (Status.HOLD, None)


def test_recheck_stops_at_the_first_that_fails_again(write, akismet_server):
    akismet_server.fault = "500"
    write("One."), write("Two.")

    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        recheck_held.func()

    assert len(akismet_server.calls("comment-check")) == 3


@pytest.mark.parametrize("fault", ["", "drip"])
def test_no_visitor_waits_longer_than_the_deadline(write, akismet_server, monkeypatch, fault):
    monkeypatch.setattr(akismet_client, "DEADLINE_SECONDS", 0.2)
    akismet_server.delay_seconds, akismet_server.fault = 0.8, fault

    comment = write()

    assert comment.status == Status.HOLD
    assert troubles()[0][0].error_code == "timed_out"


def test_more_callers_than_slots_are_not_kept_waiting(akismet_server):
    until = time.monotonic() + 60
    while akismet_client.slots.busy and time.monotonic() < until:
        time.sleep(0.05)
    release = threading.Event()
    for _ in range(akismet_client.SLOTS):
        akismet_client.slots.submit(release.wait)

    with pytest.raises(akismet_client.AkismetUnavailableError) as refused:
        akismet_client.check({"user_ip": "192.0.2.7"})

    release.set()
    assert refused.value.code == akismet_client.BUSY
    assert akismet_server.received == []


def test_ham_that_is_not_final_is_held_until_akismet_has_looked(write, akismet_server):
    change(comment_previously_approved=False)
    akismet_server.recheck_after = 120
    comment = write()
    assert comment.status == Status.HOLD
    assert comment.recheck_at - comment.submit_date == timedelta(seconds=120)

    akismet_server.recheck_after = 0
    with time_machine.travel(comment.recheck_at, tick=False):
        recheck_held.func()

    comment.refresh_from_db()
    assert comment.status == Status.APPROVED
    assert comment.acts.get().agent == "recheck"


def test_account_alert_is_shown_to_moderators(write, akismet_server):
    akismet_server.alert = ("10003", "Please upgrade your plan.")

    write()

    assert troubles()[0][1] == "Please upgrade your plan."


def test_moderators_word_given_while_a_recheck_runs_stands(write, akismet_server, moderator):
    akismet_server.fault = "500"
    comment = write(author_name="akismet-guaranteed-spam")
    akismet_server.fault = ""

    class Meanwhile:
        identifier = "tests.meanwhile"

        def screen(self, submission):
            change_status([comment.pk], Status.APPROVED, by=moderator)
            return Verdict(Outcome.SPAM)

    with spam_screeners.temporarily(Meanwhile(), only=True):
        recheck(comment)

    comment.refresh_from_db()
    assert comment.status == Status.APPROVED
    assert comment.acts.get().by == moderator


def test_moderators_word_is_reported_and_each_copy_noted(
    write, akismet_server, moderator, django_capture_on_commit_callbacks
):
    comment = write()
    for status in (Status.SPAM, Status.APPROVED):
        with django_capture_on_commit_callbacks(execute=True):
            change_status([comment.pk], status, by=moderator)

    calls = [call for call, _ in akismet_server.received]
    assert calls == ["comment-check", "submit-spam", "submit-ham"]
    purposes = list(OutgoingCopy.objects.order_by("pk").values_list("purpose", flat=True))
    assert purposes == ["check", "report-spam", "report-ham"]


def test_rule_that_acts_is_not_reported(write, akismet_server, django_capture_on_commit_callbacks):
    comment = write()
    with django_capture_on_commit_callbacks(execute=True):
        change_status([comment.pk], Status.SPAM, agent="flags")

    assert [call for call, _ in akismet_server.received] == ["comment-check"]


def test_moderators_own_comments_are_sent_to_nobody(write, akismet_server, moderator):
    comment = write(user=moderator)

    assert comment.status == Status.APPROVED
    assert akismet_server.received == []
    assert not OutgoingCopy.objects.exists()


def test_usage_of_the_account_is_kept(akismet_server):
    ask_for_usage.func()

    assert ServiceState.objects.get().usage["percentage"] == "85.71"


def test_without_a_key_nobody_is_asked(write, settings):
    settings.AKISMET_API_KEY = ""

    write()

    assert not OutgoingCopy.objects.exists()
    assert VisitorComment.objects.count() == 1


def test_blatant_spam_is_dropped_where_the_site_wants_it_and_never_a_members(
    write, akismet_server, post, visitor, stranger
):
    akismet_server.discards = True
    kept = write(author_name="akismet-guaranteed-spam")
    assert kept.status == Status.SPAM
    change(akismet_discard=True)

    with pytest.raises(errors.DiscardedError):
        write("Again.", author_name="akismet-guaranteed-spam")
    form = {"comment_post_ID": post.pk, "comment": "Third.", "author": "akismet-guaranteed-spam",
            "email": "spam@example.org"}  # fmt: skip
    answer = visitor.post("/wp-comments-post.php", form)

    assert answer["Location"].endswith(post.get_url())
    assert VisitorComment.objects.count() == 1
