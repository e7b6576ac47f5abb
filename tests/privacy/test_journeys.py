import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.storage import storages
from django.urls import reverse

from core.extensions.personal_data import personal_data_providers
from privacy.models import DataRequest, ExportFile, LedgerEntry, State
from privacy.tasks import sweep_expired
from tests.privacy.checkers import stored_names
from tests.privacy.conftest import NORA, STRANGER
from tests.privacy.stand_ins import Notes, Unreadable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def unpacked(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def test_export_from_the_form_to_the_download(person, notes):
    answer = person.ask("export")
    assert answer.status_code == 302
    assert mail.outbox[-1].to == [NORA]

    person.post("confirm", {"token": person.token()})
    answer = person.post("download", {"token": person.token()})

    assert answer.headers["Content-Type"] == "application/zip"
    packed = unpacked(answer)
    data = json.loads(packed.read("data.json"))
    held = {each["identifier"]: each["items"] for each in data["providers"]}
    assert [item["data"]["text"] for item in held["test.notes"]] == [
        "Nora likes <blue> paint & 中文",
        "a second one",
    ]
    assert STRANGER not in packed.read("data.json").decode()
    page = packed.read("index.html").decode()
    assert "Nora likes &lt;blue&gt; paint &amp; 中文" in page
    assert not re.search(r"(?:src|href)=", page)
    groups = next(iter(json.loads(packed.read("export.json")).values()))
    assert groups["test.notes"]["items"]["test.notes-000003"] == [
        {"name": "email", "value": NORA},
        {"name": "text", "value": "a second one"},
    ]
    table = list(csv.reader(io.StringIO(packed.read("data.csv").decode("utf-8-sig"))))
    assert table[0] == ["provider", "item", "field", "value"]
    assert ["test.notes", "000003", "text", "a second one"] in table
    assert json.loads(packed.read("data.schema.json"))["$id"] == data["format"]


@pytest.mark.parametrize("count", [0, 1, 501])
def test_export_is_valid_json_whatever_the_number_of_items(person, count):
    provider = Notes()
    for number in range(count):
        provider.add(NORA, f'"{number}\\')
    with personal_data_providers.temporarily(provider):
        person.ask("export")
        person.post("confirm", {"token": person.token()})
        packed = unpacked(person.post("download", {"token": person.token()}))

    data = json.loads(packed.read("data.json"))
    items = {each["identifier"]: each["items"] for each in data["providers"]}["test.notes"]
    groups = next(iter(json.loads(packed.read("export.json")).values()))
    assert len(items) == len(groups["test.notes"]["items"]) == count


def test_erasure_from_the_form_to_the_receipt(person, notes):
    notes.add(NORA, "an invoice", is_kept=True)
    person.ask("erasure")
    person.post("confirm", {"token": person.token(), "decision": "confirm"})

    assert [text for _, text in notes.rows.values()] == ["nobody else's business", "an invoice"]
    request = DataRequest.objects.get()
    assert request.state == State.COMPLETE_WITH_EXCEPTIONS
    assert request.email == ""
    receipt = mail.outbox[-1]
    assert receipt.to == [NORA]
    assert "The tax office asks for it" in receipt.body
    assert "2 entries" in receipt.body


def test_code_works_for_people_whose_browser_sends_no_fragment(person, notes):
    person.ask("erasure")
    typed = person.code().lower().replace("-", " ").replace("0", "o")

    answer = person.post("confirm", {"token": "", "code": typed})

    assert answer.status_code == 200
    assert DataRequest.objects.get().state == State.COMPLETE


def test_copy_first_erases_nothing_and_keeps_the_erasure_open(person, notes):
    person.ask("erasure")
    token = person.token()

    person.post("confirm_erasure", {"token": token, "decision": "export"})
    assert len(notes.rows) == 3
    packed = unpacked(person.post("download", {"token": person.token()}))
    assert "a second one" in packed.read("data.json").decode()

    person.post("confirm_erasure", {"token": token, "decision": "confirm"})
    assert [email for email, _ in notes.rows.values()] == [STRANGER]


def test_export_is_fetched_once_and_its_file_goes(person, notes, commit):
    person.ask("export")
    person.post("confirm", {"token": person.token()})
    token = person.token()
    assert unpacked(person.post("download", {"token": token})).testzip() is None

    again = person.post("download", {"token": token})
    assert again.status_code == 410
    assert "used already" in again.content.decode()

    with commit():
        sweep_expired.call()
    assert stored_names() == []
    assert not ExportFile.objects.exists()


def test_erasure_takes_the_person_s_export_with_it(person, notes):
    person.ask("export")
    person.post("confirm", {"token": person.token()})
    assert len(stored_names()) == 1

    person.ask("erasure")
    person.post("confirm", {"token": person.token()})

    assert stored_names() == []


def test_request_that_nobody_confirms_does_nothing(person, notes):
    person.ask("erasure")

    assert len(notes.rows) == 3
    assert DataRequest.objects.get().state == State.RECEIVED
    assert not LedgerEntry.objects.exists()


def test_provider_that_raises_is_named_in_the_export_and_the_others_go_on(person, notes, caplog):
    with personal_data_providers.temporarily(Unreadable("test.broken")):
        person.ask("export")
        person.post("confirm", {"token": person.token()})
        packed = unpacked(person.post("download", {"token": person.token()}))

    parts = {each["identifier"]: each for each in json.loads(packed.read("data.json"))["providers"]}
    assert parts["test.broken"]["is_complete"] is False
    assert len(parts["test.notes"]["items"]) == 2
    request = DataRequest.objects.get()
    assert (request.state, request.reasons) == (State.PARTLY_FAILED, ["failed:test.broken"])
    assert "test.broken" in caplog.text
    assert NORA not in caplog.text


def test_person_follows_and_cancels_a_request_that_waits_for_an_officer(person):
    person.ask("correction")
    answer = person.post("confirm", {"token": person.token()})
    status = re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1]

    shown = person.post("status", {"token": status}).content.decode()
    assert "Cancel this request" in shown
    assert NORA not in shown
    person.post("status", {"token": status, "decision": "cancel"})

    request = DataRequest.objects.get()
    assert (request.state, request.email) == (State.CANCELLED, "")


def test_second_request_joins_the_first_and_its_mail_confirms_it(person, notes):
    person.ask("erasure")
    person.ask("erasure", "  NORA.Lind@EXAMPLE.org ")
    assert len(mail.outbox) == 2
    first, second = DataRequest.objects.order_by("pk")
    assert (second.state, second.reasons, second.email) == (State.CANCELLED, ["joined"], "")

    person.post("confirm", {"token": person.token()})

    first.refresh_from_db()
    assert first.state == State.COMPLETE


def test_plus_part_is_another_person(person, notes):
    person.ask("erasure", "nora.lind+news@example.org")
    person.post("confirm", {"token": person.token()})

    assert len(notes.rows) == 3


def test_mails_stop_silently_when_too_many_are_asked_for(person, settings):
    answers = [person.ask("export") for _ in range(settings.PRIVACY_MAILS_PER_HOUR + 3)]

    assert len(mail.outbox) == settings.PRIVACY_MAILS_PER_HOUR
    assert len({(each.status_code, each.content) for each in answers}) == 1


def test_mails_to_many_addresses_from_one_source_stop_silently(person, settings):
    settings.PRIVACY_MAILS_PER_HOUR_AND_SOURCE = 4
    for number in range(8):
        person.ask("export", f"person{number}@example.org")

    assert len(mail.outbox) == 4


def test_mail_is_in_the_language_of_the_page(client, commit):
    with commit():
        client.post("/zh-hans/privacy/requests/", {"kind": "export", "email": NORA})

    assert "/zh-hans/privacy/requests/confirm/#" in mail.outbox[-1].body
    assert DataRequest.objects.get().locale == "zh-hans"


@pytest.mark.parametrize("email", ["", "nora", "nora@", "@example.org", "no ra@example.org"])
def test_what_is_no_address_is_refused_with_a_reason(person, email):
    answer = person.ask("export", email)

    assert answer.status_code == 400
    assert not DataRequest.objects.exists()


def test_form_sent_by_another_site_is_refused(person):
    answer = person.ask("erasure", headers={"origin": "https://evil.example"})

    assert answer.status_code == 400
    assert not DataRequest.objects.exists()
    assert mail.outbox == []


def test_export_file_is_readable_by_its_owner_only(person, notes):
    person.ask("export")
    person.post("confirm", {"token": person.token()})

    path = storages["private"].path(ExportFile.objects.get().name)
    assert Path(path).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "name", ["request", "sent", "confirm", "confirm_erasure", "download", "status"]
)
def test_page_may_stand_in_a_shared_cache(client, name):
    answer = client.get(reverse(f"privacy:{name}"))

    assert answer.status_code == 200
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_answers_to_one_person_stand_in_no_cache(person, notes):
    person.ask("correction")
    for answer in (
        person.post("confirm", {"token": person.token()}),
        person.post("confirm", {"token": "unknown"}),
        person.ask("export"),
    ):
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "same-origin"
