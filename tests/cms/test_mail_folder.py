"""The mail folder of a site without a mail server: what is in it of a person comes out and goes."""

import os
import time

import pytest
from django.core.mail import EmailMessage, get_connection

from cms import mail_folder
from cms.tasks import forget_mails
from core.extensions.personal_data import Subject, personal_data_providers
from privacy import services
from privacy.models import Kind
from privacy.traces import find_traces
from tests.privacy.conftest import NORA, STRANGER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return settings.EMAIL_FILE_PATH


def send(to: str, subject: str = "Hello", body: str = "Words.", connection=None) -> None:
    EmailMessage(subject, body, to=[to], connection=connection).send()


def subjects() -> list[str]:
    return sorted(
        str(mail["Subject"])
        for path in mail_folder.files()
        for _, mail in mail_folder.mails_in(path)
    )


def provider():
    return personal_data_providers.get("cms.mail_folder")


def keys(email: str) -> list[str]:
    return list(provider().identities(Subject(email)))


def test_erasure_removes_what_was_sent_to_the_person_under_every_spelling():
    for number, to in enumerate(["Nora <Nora.Lind@Example.ORG>", NORA, STRANGER]):
        send(to, f"Mail {number}")

    request = services.run_now(Kind.ERASURE, NORA, "en")

    assert request.reasons == []
    assert subjects() == ["Mail 2"]
    assert list(find_traces(["nora.lind"])) == []


def test_mail_to_somebody_else_that_speaks_of_the_address_goes_too():
    send(STRANGER, "About Nora", f"Write to {NORA.upper()}: 中文")
    send(STRANGER, "About nobody")

    services.run_now(Kind.ERASURE, NORA, "en")

    assert subjects() == ["About nobody"]


def test_other_mails_of_the_same_file_stay_as_they_were():
    with get_connection() as connection:
        for number, to in enumerate([STRANGER, NORA, STRANGER]):
            send(to, f"Mail {number}", f"-----\nWords {number}.", connection)
    (path,) = mail_folder.files()
    before = list(mail_folder.mails_in(path))

    assert provider().erase(keys(NORA)).removed == 1

    assert [raw for raw, _ in mail_folder.mails_in(path)] == [before[0][0], before[2][0]]
    assert provider().erase([str(before[1][1]["Message-ID"])]).removed == 0


def test_copy_names_the_mails_of_its_person_alone():
    send(NORA, "For Nora")
    send(STRANGER, "For a stranger")

    items = [item.data for item in provider().export(keys(NORA))]

    assert [(item["to"], item["subject"]) for item in items] == [(NORA, "For Nora")]


def test_all_mails_go_after_a_while(settings, folder):
    send(STRANGER, "Old")
    for path in folder.iterdir():
        old = time.time() - settings.MAIL_FOLDER_DAYS * 86_400 - 1
        os.utime(path, (old, old))
    send(STRANGER, "New")

    forget_mails.enqueue()

    assert subjects() == ["New"]


def test_site_with_a_mail_server_has_no_folder(settings):
    del settings.EMAIL_FILE_PATH

    assert mail_folder.files() == []
    assert keys(NORA) == []
