"""The waiting time of an erasure: it can be cancelled, joined, hurried, and follows its person."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.services import OFFICERS, create_user
from comments.models import VisitorComment
from comments.services import NewComment, submit_comment
from core.extensions.commentables import comment_targets
from privacy import reviewing, services
from privacy.models import DataRequest, Kind, LedgerEntry, State
from privacy.replay import replay
from privacy.tasks import sweep_expired
from tests.privacy.conftest import NORA, STRANGER
from tests.privacy.test_comments_journey import OneTarget

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(person, notes) -> DataRequest:
    """Nora's erasure, confirmed and waiting; her mailbox holds the mail that cancels it."""
    person.ask("erasure")
    person.post("confirm_erasure", {"token": person.token(), "decision": "confirm"})
    return DataRequest.objects.get()


@pytest.fixture
def after(commit):
    def run(**later: float) -> None:
        with time_machine.travel(timezone.now() + timedelta(**later), tick=False), commit():
            sweep_expired.call()

    return run


def test_nothing_is_erased_before_its_time_and_everything_after(waiting, notes, after):
    assert (waiting.state, len(notes.rows)) == (State.CONFIRMED, 3)
    assert waiting.begins_at == pytest.approx(
        timezone.now() + timedelta(hours=24), abs=timedelta(minutes=1)
    )
    assert not LedgerEntry.objects.exists()
    after(hours=23)
    assert len(notes.rows) == 3

    after(hours=24, minutes=5)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.email) == (State.COMPLETE, "")
    assert [email for email, _ in notes.rows.values()] == [STRANGER]


def test_waiting_time_is_a_setting(person, notes, settings):
    settings.PRIVACY_GRACE_HOURS = 0
    person.ask("erasure")
    person.post("confirm", {"token": person.token()})

    assert DataRequest.objects.get().state == State.COMPLETE


def test_mail_leads_to_a_page_whose_button_cancels(waiting, person, notes, after, client):
    told = mail.outbox[-1]
    assert (told.to, told.subject) == ([NORA], "Your data will be erased: you can still cancel")
    assert "/privacy/requests/cancel/#" in told.body
    token = person.token()
    page = client.get(reverse("privacy:cancel"))
    assert "Cancel and erase nothing" in page.content.decode()

    answer = person.post("cancel", {"token": token})

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reasons, waiting.email) == (
        State.CANCELLED, ["withdrawn"], "",
    )  # fmt: skip
    assert "It was withdrawn" in answer.content.decode()
    after(hours=25)
    assert len(notes.rows) == 3
    assert person.post("cancel", {"token": token}).status_code == 410


def test_code_cancels_for_people_whose_browser_sends_no_fragment(waiting, person):
    person.post("cancel", {"token": "", "code": person.code().lower()})

    waiting.refresh_from_db()
    assert waiting.state == State.CANCELLED


def test_link_that_cancels_does_nothing_once_its_time_is_over(waiting, person, notes, after):
    token = person.token()
    after(hours=24, minutes=5)

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        answer = person.post("cancel", {"token": token})

    assert answer.status_code == 410
    waiting.refresh_from_db()
    assert waiting.state == State.COMPLETE


def test_status_tells_when_it_begins_over_rest_and_cancels(waiting, client, person):
    def post(path: str, **body: str):
        return client.post(
            f"/wp-json/candour/v1/privacy/requests/{path}", body, content_type="application/json"
        )

    status = post("status", token=person.token()).json()
    assert (status["state"], status["is_cancellable"]) == ("confirmed", True)
    assert status["begins_at"] == waiting.begins_at.isoformat()

    cancelled = post("cancel", token=person.token())

    assert cancelled.json()["explanations"] == ["It was withdrawn."]
    assert post("cancel", token=person.token()).status_code == 410


def test_request_while_another_waits_joins_it(waiting, person, notes, after):
    person.ask("erasure")
    assert "is being worked on" in mail.outbox[-1].subject
    shown = person.post("status", {"token": person.token()}).content.decode()
    assert "Waits to begin" in shown

    first, second = DataRequest.objects.order_by("pk")
    assert (second.state, second.reasons) == (State.CANCELLED, ["joined"])
    assert first.begins_at == waiting.begins_at
    after(hours=25)
    assert DataRequest.objects.filter(state=State.COMPLETE).count() == 1


def test_two_that_were_mailed_before_either_was_confirmed_join(person, notes):
    person.ask("erasure")
    first = person.token()
    person.ask("erasure")
    second = person.token()

    person.post("confirm", {"token": first})
    begins_at = DataRequest.objects.get(state=State.CONFIRMED).begins_at
    answer = person.post("confirm", {"token": second})

    assert answer.status_code == 410
    assert DataRequest.objects.get(state=State.CONFIRMED).begins_at == begins_at


def test_erasure_follows_an_account_to_another_address(home, person, after):
    user = create_user(username="nora", email=NORA, password="pass")
    with comment_targets.temporarily(OneTarget()):
        submit_comment(NewComment(target_id=7, text="Under the first address", user=user))
        person.ask("erasure")
        person.post("confirm", {"token": person.token()})
        user.email = "nora@elsewhere.example"
        user.save()
        submit_comment(NewComment(target_id=7, text="Under the second address", user=user))
        submit_comment(
            NewComment(target_id=7, text="A stranger's", author_name="S", author_email=STRANGER)
        )

        after(hours=25)

    assert [each.comment for each in VisitorComment.objects.all()] == ["A stranger's"]
    request = DataRequest.objects.get()
    assert mail.outbox[-1].to == [NORA]
    assert request.account_id is None


def test_command_line_erases_at_once_and_takes_the_waiting_one_along(waiting, notes, capsys):
    call_command("personal_data", "erase", NORA, "--json")

    assert len(notes.rows) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reasons) == (State.CANCELLED, ["joined"])


def test_officer_begins_it_before_its_time(waiting, notes, client, commit, home):
    officer = create_user(
        username="o", email="o@example.org", password="pass", groups=[OFFICERS], is_staff=True
    )
    client.force_login(officer)

    with commit():
        answer = client.post(
            reverse("data_requests:single", args=[waiting.pk]), {"action": "hurry"}
        )
    waiting.refresh_from_db()
    assert waiting.state == State.CONFIRMED
    assert "Nothing was erased. Tick first" in answer.content.decode()

    with commit():
        client.post(reverse("data_requests:single", args=[waiting.pk]),
                    {"action": "hurry", "is_sure": "yes"})  # fmt: skip

    waiting.refresh_from_db()
    assert waiting.state == State.COMPLETE
    assert list(waiting.decisions.values_list("step", "by")) == [("hurried", officer.pk)]


def test_run_that_comes_too_early_does_nothing(waiting, notes):
    services.run_request(waiting.pk)

    waiting.refresh_from_db()
    assert (waiting.state, len(notes.rows)) == (State.CONFIRMED, 3)


def test_sweeps_begin_it_once(waiting, notes, after):
    after(hours=25)
    calls = notes.calls

    after(hours=25, minutes=10)

    assert notes.calls == calls


def test_officer_opens_one_that_does_not_wait(notes, commit, officer_account):
    with commit():
        opened = reviewing.open_request(Kind.ERASURE, NORA, "en", by=officer_account, waits=False)

    opened.refresh_from_db()
    assert opened.state == State.COMPLETE
    assert len(notes.rows) == 1
    assert re.search("has been erased", mail.outbox[-1].body)


def test_one_that_a_backup_caught_waiting_is_not_done_against_a_later_word(person, notes):
    """The backup is older than its being cancelled: the ledger knows another erasure, not this."""
    services.run_now(Kind.ERASURE, NORA, "en")
    DataRequest.objects.all().delete()
    LedgerEntry.objects.all().delete()
    person.ask("erasure")
    person.post("confirm", {"token": person.token()})
    caught = DataRequest.objects.get()

    assert replay().is_whole

    caught.refresh_from_db()
    assert (caught.state, caught.reasons) == (State.CANCELLED, ["restored"])


def test_mail_that_was_lost_with_its_task_is_sent_later(notes, after):
    request = services.new_request(Kind.ERASURE, NORA, "en")
    services.mark_confirmed(request)
    assert mail.outbox == []

    after(hours=2)
    after(hours=4)

    assert [each.subject for each in mail.outbox] == [
        "Your data will be erased: you can still cancel"
    ]
