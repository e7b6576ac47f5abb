"""The officers' registers: disclosures, breaches, consents and numbers that name nobody."""

import json
import zipfile
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from accounts.services import OFFICERS, create_user
from core.extensions.acceptance import ConsentPurpose, Person, acceptance_gate, consent_purposes
from privacy import breaches, disclosures, services, statistics
from privacy.erasure import retained_items
from privacy.errors import BreachOpenError
from privacy.models import Breach, DataRequest, Disclosure, Kind, State
from privacy.traces import find_traces
from tests.privacy.conftest import NORA, STRANGER

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def officer(home):
    return create_user(
        username="officer", email="officer@example.org", password="pass", groups=[OFFICERS]
    )


@pytest.fixture
def desk(client, officer):
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, *args: int) -> str:
    return reverse(f"data_registers:{name}", args=args)


def handed_over(**fields) -> dict[str, str]:
    return {
        "email": "Nora.Lind@Example.org", "authority": "Public prosecutor, Hamburg",
        "file_number": "7 Js 12/26", "basis": "Section 95, code of criminal procedure",
        "what": "Network addresses of March", "disclosed_on": "2026-04-01", **fields,
    }  # fmt: skip


def copy_of(email: str, tmp_path) -> list[dict]:
    request = services.run_now(Kind.EXPORT, email, "en")
    from django.core.files.storage import storages

    with storages["private"].open(request.files.get().name) as opened:
        data = json.loads(zipfile.ZipFile(opened).read("data.json"))
    return next(
        each["items"] for each in data["providers"] if each["identifier"] == "privacy.disclosures"
    )


class TestDisclosures:
    def test_entry_is_part_of_the_persons_copy_and_of_nobody_elses(self, desk, tmp_path):
        desk.post(url("add_disclosure"), handed_over())

        (item,) = copy_of(NORA, tmp_path)
        assert item["data"]["authority"] == "Public prosecutor, Hamburg"
        assert item["data"]["legal_basis"] == "Section 95, code of criminal procedure"
        assert item["data"]["handed_over_on"] == "2026-04-01"
        assert copy_of(STRANGER, tmp_path) == []

    def test_address_is_neither_stored_nor_shown(self, desk):
        desk.post(url("add_disclosure"), handed_over())

        shown = desk.get(url("disclosures")).content.decode()

        assert "n***@e***" in shown
        assert "7 Js 12/26" in shown
        assert "nora.lind" not in shown.lower()
        assert list(find_traces(["nora.lind"])) == []

    def test_secrecy_keeps_it_out_of_copy_and_receipt_until_it_is_lifted(self, desk, tmp_path):
        desk.post(url("add_disclosure"), handed_over(is_secret="on"))
        row = Disclosure.objects.get()
        assert copy_of(NORA, tmp_path) == []
        assert "privacy.disclosures" not in str(
            retained_items(services.run_now(Kind.ERASURE, NORA, "en"))
        )

        desk.post(url("lift_secrecy", row.pk))

        assert len(copy_of(NORA, tmp_path)) == 1

    def test_secrecy_ends_on_its_day(self, officer, tmp_path):
        yesterday = timezone.localdate() - timedelta(days=1)
        for until in (yesterday, yesterday + timedelta(days=1)):
            disclosures.record_disclosure(
                email=NORA, authority="Court", basis="Order", what="All", disclosed_on=yesterday,
                by=officer, is_secret=True, secret_until=until,
            )  # fmt: skip

        assert len(copy_of(NORA, tmp_path)) == 1

    def test_erasure_leaves_it_and_says_so(self, desk):
        desk.post(url("add_disclosure"), handed_over())

        request = services.run_now(Kind.ERASURE, NORA, "en")

        (kept,) = [each for each in retained_items(request) if each["code"] == "disclosure_record"]
        assert kept["expires_on"] == "2029-03-31"
        assert Disclosure.objects.count() == 1

    def test_entry_goes_after_its_time(self, desk, settings):
        desk.post(url("add_disclosure"), handed_over())
        Disclosure.objects.update(
            disclosed_on=timezone.localdate() - timedelta(days=settings.PRIVACY_DISCLOSURE_DAYS)
        )

        assert disclosures.forget_disclosures() == 1

    def test_what_is_no_address_is_refused(self, desk):
        answer = desk.post(url("add_disclosure"), handed_over(email="nobody"))

        assert answer.status_code == 200
        assert "This is not a mail address" in answer.content.decode()
        assert not Disclosure.objects.exists()


def found(**fields) -> dict[str, str]:
    at = localtime(timezone.now() - HOUR)
    return {
        "found_at": at.strftime("%Y-%m-%dT%H:%M"), "what": "A laptop was stolen.",
        "kinds": "mail addresses", "people": "40", "risk": "unknown", **fields,
    }  # fmt: skip


def note(kind: str, at: datetime | None = None) -> dict[str, str]:
    moment = localtime(at or timezone.now()).strftime("%Y-%m-%dT%H:%M")
    return {"action": "note", "kind": kind, "at": moment, "text": f"About {kind}."}


@pytest.fixture
def breach(desk):
    desk.post(url("add_breach"), found())
    return Breach.objects.get()


class TestBreaches:
    def test_clock_runs_from_the_finding_until_the_authority_is_told(self, desk, breach):
        assert breach.due_at - breach.found_at == timedelta(hours=72)
        assert "The clock runs" in desk.get(url("breaches")).content.decode()

        desk.post(url("breach", breach.pk), note("authority"))

        assert "The clock runs" not in desk.get(url("breaches")).content.decode()

    @pytest.mark.parametrize(
        ("hours", "percent", "is_overdue"), [(36, 50, False), (71, 98, False), (72, 100, True)]
    )
    def test_clock_tells_how_far_it_is(self, desk, breach, hours, percent, is_overdue):
        Breach.objects.update(found_at=timezone.now() - timedelta(hours=hours, minutes=1))

        shown = desk.get(url("breach", breach.pk)).content.decode()

        assert f"({percent} %)" in shown
        assert ("overdue" in shown) == is_overdue

    def test_officers_are_mailed_once_a_stage_and_no_more_once_it_stops(self, desk, breach):
        def mails() -> int:
            breaches.escalate()
            return len(mail.outbox)

        assert [mails(), mails()] == [1, 1]
        Breach.objects.update(found_at=timezone.now() - timedelta(hours=58))
        assert [mails(), mails()] == [2, 2]
        assert "80 per cent" in mail.outbox[-1].body
        assert "laptop" not in mail.outbox[-1].body
        desk.post(url("breach", breach.pk), note("not_told"))
        Breach.objects.update(found_at=timezone.now() - timedelta(hours=90))
        assert mails() == 2

    def test_entry_closes_only_when_it_says_what_the_law_asks_for(self, desk, breach):
        with pytest.raises(BreachOpenError) as refused:
            breaches.close(breach.pk)
        assert refused.value.data["points"] == ["risk", "measure", "authority"]

        desk.post(url("breach", breach.pk), {"action": "tell", **found(risk="high")})
        desk.post(url("breach", breach.pk), note("measure"))
        Breach.objects.update(found_at=timezone.now() - timedelta(hours=80))
        desk.post(url("breach", breach.pk), note("authority"))
        assert breaches.open_points(Breach.objects.get()) == ["people", "delay"]
        desk.post(url("breach", breach.pk), note("people"))
        desk.post(url("breach", breach.pk), note("delay"))
        desk.post(url("breach", breach.pk), {"action": "close"})

        assert Breach.objects.get().closed_at is not None
        with pytest.raises(BreachOpenError):
            breaches.add_event(breach.pk, kind="measure", at=timezone.now(), text="x", by=None)
        with pytest.raises(BreachOpenError):
            breaches.tell_better(breach.pk, what="something else")

    def test_risk_is_not_closed_by_a_reason_for_telling_nobody(self, breach, desk):
        desk.post(url("breach", breach.pk), {"action": "tell", **found(risk="risk")})
        desk.post(url("breach", breach.pk), note("measure"))
        desk.post(url("breach", breach.pk), note("not_told"))
        assert breaches.open_points(Breach.objects.get()) == ["authority"]

        desk.post(url("breach", breach.pk), {"action": "tell", **found(risk="unlikely")})
        assert breaches.open_points(Breach.objects.get()) == []

    def test_record_is_exported_whole(self, desk, breach):
        desk.post(url("breach", breach.pk), note("authority"))

        answer = desk.get(url("breach", breach.pk), {"format": "json"})

        assert answer.headers["Content-Disposition"].startswith("attachment")
        made = answer.json()
        assert made["what_happened"] == "A laptop was stolen."
        assert made["people"] == 40
        assert made["controller"]["legal_name"] == "Test Ltd"
        assert [event["kind"] for event in made["events"]] == ["authority"]

    def test_finding_in_the_future_is_refused(self, desk):
        later = localtime(timezone.now() + 2 * HOUR).strftime("%Y-%m-%dT%H:%M")

        desk.post(url("add_breach"), found(found_at=later))

        assert not Breach.objects.exists()

    def test_closed_entry_goes_after_its_time(self, breach, settings):
        assert breaches.forget_breaches() == 0
        Breach.objects.update(
            closed_at=timezone.now() - timedelta(days=settings.PRIVACY_BREACH_DAYS, seconds=1)
        )
        assert breaches.forget_breaches() == 1


NEWS = ConsentPurpose("shop.news", "News of the shop", "I want news by mail.")


def answer(number: int, action: str) -> None:
    gate, person = acceptance_gate.get(), Person(email=f"p{number}@example.org")
    gate.consent(NEWS, person=person, locale="en", surface="test")
    if action != "consent":
        gate.consent(NEWS, person=person, locale="en", surface="test", action=action)


class TestNumbers:
    def test_consents_are_counted_by_the_last_answer_and_small_numbers_are_not_told(self, desk):
        with consent_purposes.temporarily(NEWS, only=True):
            for number in range(9):
                answer(number, "consent" if number < 6 else "withdraw")

            ((purpose, line),) = statistics.consents()
            shown = desk.get(url("consents")).content.decode()

        assert purpose is NEWS
        assert line.counts == [6, 0, None]
        assert line.total is None
        assert "&lt; 5" in shown
        assert "I want news by mail." in shown

    @pytest.mark.parametrize(
        ("counts", "told", "total"),
        [
            ([0, 0], [0, 0], 0),
            ([5, 7], [5, 7], 12),
            ([4, 7], [None, 7], None),
            ([1, 0], [None, 0], None),
            ([5, 0], [5, 0], 5),
        ],
    )
    def test_small_numbers_cannot_be_found_out_from_the_total(self, counts, told, total):
        assert statistics.suppressed(counts) == (told, total)

    def test_requests_of_a_year_are_counted_by_what_became_of_them(self, desk):
        received = timezone.make_aware(datetime(2025, 6, 1))

        def make(count: int, state: State, *, late: bool = False, confirmed: bool = True) -> None:
            DataRequest.objects.bulk_create(
                DataRequest(
                    kind="export", subject_hash="x", state=state, locale="en",
                    received_at=received, due_at=received + timedelta(days=15),
                    confirmed_at=received if confirmed else None,
                    completed_at=received + timedelta(days=20 if late else 2),
                )
                for _number in range(count)
            )  # fmt: skip

        make(7, State.COMPLETE)
        make(5, State.COMPLETE_WITH_EXCEPTIONS, late=True)
        make(3, State.REFUSED)
        make(9, State.EXPIRED, confirmed=False)

        numbers = desk.get(url("statistics"), {"year": "2025", "format": "json"}).json()
        shown = desk.get(url("statistics"), {"year": "2025"}).content.decode()

        assert numbers["kinds"]["export"] == {
            "open": 0, "in_time": 7, "late": 5, "refused": None, "withdrawn": 0, "total": None
        }  # fmt: skip
        assert numbers["kinds"]["erasure"]["total"] == 0
        assert "&lt; 5" in shown
        this_year = desk.get(url("statistics"), {"year": "9999", "format": "json"}).json()
        assert this_year["year"] == date.today().year


PAGES = ["first", "disclosures", "add_disclosure", "breaches", "add_breach", "consents",
         "statistics"]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_registers_are_closed_to_others(client, editor, name):
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(url(name)).status_code in {302, 403}


def test_lists_cost_the_same_queries_however_long(desk, officer):
    def count(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(url(name))
        return len(queries)

    counts = []
    for _time in range(2):
        for _number in range(4):
            desk.post(url("add_disclosure"), handed_over())
            desk.post(url("add_breach"), found())
        counts.append([count("disclosures"), count("breaches")])
    assert counts[0] == counts[1]
