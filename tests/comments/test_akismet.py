import logging

import pytest

from comments.models import OutgoingCopy, Status, VisitorComment
from comments.screening.akismet import SENT
from comments.services import change_status
from comments.tasks import recheck_held

pytestmark = pytest.mark.django_db


def test_comment_that_akismet_calls_spam_is_kept_as_spam(write, akismet_server):
    comment = write(author_name="akismet-guaranteed-spam")

    assert comment.status == Status.SPAM
    call, fields = akismet_server.received[-1]
    assert call == "comment-check"
    assert fields["comment_content"] == "A kind word."
    assert fields["user_ip"] == "192.0.2.7"
    assert fields["blog"] == "https://site.example"


def test_discard_is_kept_too(write, akismet_server):
    akismet_server.discards = True

    assert write(author_name="akismet-guaranteed-spam").status == Status.SPAM


def test_only_the_listed_fields_are_sent_and_the_copy_is_noted(write, akismet_server):
    comment = write()

    _, fields = akismet_server.received[-1]
    assert set(fields) <= {*SENT, "api_key", "key", "blog"}
    assert OutgoingCopy.objects.get(comment=comment).processor == "Akismet"


@pytest.mark.parametrize("fault", ["500", "nonsense"])
def test_fault_of_akismet_holds_the_comment_and_asks_again(write, akismet_server, fault, caplog):
    akismet_server.fault = fault
    with caplog.at_level(logging.DEBUG):
        comment = write()
    assert comment.status == Status.HOLD
    assert comment.recheck_at
    assert "123456789abc" not in caplog.text
    assert "nora@example.org" not in caplog.text

    akismet_server.fault = ""
    recheck_held.func()

    comment.refresh_from_db()
    assert not comment.recheck_at
    assert comment.status == Status.HOLD


def test_slow_akismet_holds_the_comment(write, akismet_server, monkeypatch):
    monkeypatch.setattr("comments.screening.akismet.TIMEOUT_SECONDS", 0.2)
    akismet_server.delay_seconds = 0.6

    assert write().recheck_at


def test_moderators_word_is_reported(
    write, akismet_server, moderator, django_capture_on_commit_callbacks
):
    comment = write()
    with django_capture_on_commit_callbacks(execute=True):
        change_status([comment.pk], Status.SPAM, by=moderator)
    with django_capture_on_commit_callbacks(execute=True):
        change_status([comment.pk], Status.APPROVED, by=moderator)

    calls = [call for call, _ in akismet_server.received]
    assert calls == ["comment-check", "submit-spam", "submit-ham"]


def test_without_a_key_nobody_is_asked(write, settings):
    settings.AKISMET_API_KEY = ""

    write()

    assert not OutgoingCopy.objects.exists()
    assert VisitorComment.objects.count() == 1
