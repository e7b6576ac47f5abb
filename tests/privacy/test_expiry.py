from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from privacy import services
from privacy.models import DataRequest, ExportFile, Kind, LedgerEntry, RequestToken, State
from privacy.tasks import sweep_expired
from tests.privacy.checkers import stored_names
from tests.privacy.conftest import NORA
from tests.privacy.stand_ins import DyingMailServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def after(commit):
    """Run the sweep as the clock does, this much later."""

    def run(**later: int) -> None:
        with time_machine.travel(timezone.now() + timedelta(**later), tick=False), commit():
            sweep_expired.call()

    return run


def test_request_that_was_not_confirmed_expires_without_its_address(person, after):
    person.ask("erasure")

    after(hours=47)
    assert DataRequest.objects.get().state == State.RECEIVED
    after(hours=49)

    request = DataRequest.objects.get()
    assert (request.state, request.email) == (State.EXPIRED, "")
    assert len(mail.outbox) == 1


def test_expired_token_says_so_and_does_nothing(person, notes):
    person.ask("erasure")
    token = person.token()
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        answer = person.post("confirm", {"token": token})

    assert answer.status_code == 410
    assert "has expired" in answer.content.decode()
    assert len(notes.rows) == 3


def test_unknown_token_says_so(person):
    answer = person.post("confirm", {"token": "no such token"})

    assert answer.status_code == 404
    assert "not known" in answer.content.decode()


def test_token_of_one_purpose_opens_nothing_else(person, notes):
    person.ask("export")

    assert person.post("download", {"token": person.token()}).status_code == 404


def test_copy_waits_for_an_erasure_that_is_confirmed_after_two_days(person, notes):
    """A copy asked for first keeps the erasure's mail valid for as long as the copy is."""
    person.ask("erasure")
    token = person.token()
    person.post("confirm_erasure", {"token": token, "decision": "export"})

    with time_machine.travel(timezone.now() + timedelta(hours=70)):
        answer = person.post("confirm_erasure", {"token": token})

    assert answer.status_code == 200
    assert len(notes.rows) == 1


def test_export_goes_after_three_days(person, notes, after):
    person.ask("export")
    person.post("confirm", {"token": person.token()})

    after(days=2, hours=23)
    assert len(stored_names()) == 1
    after(days=3, minutes=1)

    assert stored_names() == []
    assert not ExportFile.objects.exists()


def test_record_and_ledger_go_when_their_time_is_over(person, notes, after, settings):
    person.ask("erasure")
    person.post("confirm", {"token": person.token()})
    assert LedgerEntry.objects.exists()

    after(days=settings.PRIVACY_RECORD_DAYS - 2)
    assert DataRequest.objects.exists()
    after(days=settings.PRIVACY_RECORD_DAYS + 2)

    assert not DataRequest.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert not RequestToken.objects.exists()


def test_pseudonym_of_the_network_address_is_kept_for_a_day(person, after):
    person.ask("correction")
    person.post("confirm", {"token": person.token()})
    assert DataRequest.objects.get().source_hash

    after(hours=25)

    assert DataRequest.objects.get().source_hash == ""


def test_request_whose_task_was_lost_is_taken_up_again(after):
    services.receive_request(Kind.EXPORT, NORA, "en")
    assert mail.outbox == []

    after(hours=2)

    assert mail.outbox[-1].to == [NORA]


def test_confirmed_erasure_whose_worker_died_is_taken_up_again(notes, after):
    request = services.new_request(Kind.ERASURE, NORA, "en")
    request.state, request.confirmed_at = State.RUNNING, timezone.now()
    request.save()

    after(hours=2)

    request.refresh_from_db()
    assert (request.state, request.email) == (State.COMPLETE, "")
    assert len(notes.rows) == 1


def test_receipt_that_could_not_be_mailed_is_mailed_later(person, notes, after, settings):
    settings.EMAIL_BACKEND = "tests.privacy.stand_ins.DyingMailServer"
    person.ask("erasure")
    token = person.token()
    DyingMailServer.dies = OSError("connection refused")
    person.post("confirm", {"token": token})
    assert DataRequest.objects.get().email == NORA

    after(hours=2)

    assert DataRequest.objects.get().email == ""
    assert len(mail.outbox) == 2


def test_sweeping_twice_changes_nothing_more(person, notes, after):
    person.ask("export")
    after(days=4)
    before = list(DataRequest.objects.values())

    after(days=4)

    assert list(DataRequest.objects.values()) == before
