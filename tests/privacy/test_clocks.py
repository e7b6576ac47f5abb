from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.services import OFFICERS, create_user
from privacy import services
from privacy.clocks import escalate
from privacy.models import DataRequest, Kind, State
from privacy.tasks import sweep_expired
from tests.privacy.conftest import NORA
from tests.privacy.stand_ins import DyingMailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(home):
    return create_user(
        username="officer", email="officer@example.org", password="pass", groups=[OFFICERS]
    )


@pytest.fixture
def waiting(officer):
    """A request for correction, confirmed, with fifteen days for its answer."""
    request = services.new_request(Kind.CORRECTION, NORA, "en")
    request.state, request.confirmed_at = State.CONFIRMED, timezone.now()
    request.save()
    return request


def told_after(**later: float) -> list[str]:
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + timedelta(**later), tick=False):
        sweep_expired.call()
    return [each.subject for each in mail.outbox]


def test_officers_hear_of_a_request_once_at_each_stage(waiting, stranger):
    assert told_after(minutes=1) == ["A data request waits for you"]
    assert told_after(days=7) == []
    assert told_after(days=7.6) == ["A data request is due soon"]
    assert told_after(days=11) == []
    assert told_after(days=12.1) == ["A data request is due soon"]
    assert told_after(days=15.1) == ["A data request is overdue"]
    assert told_after(days=40) == []


def test_mail_leads_to_the_desk_and_names_nobody(waiting, officer):
    told_after(days=13)
    (sent,) = mail.outbox

    assert sent.to == [officer.email]
    assert reverse("data_requests:single", args=[waiting.pk]) in sent.body
    assert "80 per cent" in sent.body
    assert str(waiting.uid) in sent.body
    assert "nora" not in f"{sent.subject} {sent.body}".lower()


def test_what_the_software_does_by_itself_is_told_only_when_it_hangs(officer):
    request = services.new_request(Kind.EXPORT, NORA, "en")
    request.state, request.confirmed_at = State.RUNNING, timezone.now()
    request.save()

    assert escalate() == 0
    DataRequest.objects.update(state=State.PARTLY_FAILED)
    assert escalate() == 1


def test_ended_requests_are_quiet(waiting):
    DataRequest.objects.update(state=State.COMPLETE, email="")

    assert told_after(days=16) == []


def test_stage_is_told_again_when_the_mail_server_did_not_take_it(waiting, settings):
    settings.EMAIL_BACKEND = "tests.privacy.stand_ins.DyingMailServer"
    DyingMailServer.dies = OSError("no route")

    assert escalate() == 0
    assert escalate() == 1


def test_desk_shows_how_much_of_the_time_is_over(waiting, officer, signed_in):
    with time_machine.travel(timezone.now() + timedelta(days=9), tick=False):
        page = signed_in(officer).get(reverse("data_requests:listing")).content.decode()

    assert "(60 %)" in page
