import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import mail
from django.urls import reverse

from accounts.models import Unmasking
from privacy.models import DataRequest, State
from tests.privacy.conftest import NORA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def officer(client):
    user = get_user_model().objects.create_user("officer", public_slug="officer")
    user.user_permissions.set(
        Permission.objects.filter(
            codename__in=["access_admin", "view_datarequest", "change_datarequest"]
        )
    )
    return user


def confirmed(person, kind: str) -> DataRequest:
    person.ask(kind)
    person.post("confirm", {"token": person.token()})
    return DataRequest.objects.get()


def test_desk_is_closed_to_others(client, person):
    user = get_user_model().objects.create_user("editor", public_slug="editor")
    user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    request = confirmed(person, "correction")
    client.force_login(user)

    for url in (
        reverse("data_requests:listing"),
        reverse("data_requests:single", args=[request.pk]),
    ):
        assert client.get(url).status_code in {302, 403}


def test_officer_sees_masked_addresses_only(client, person, officer):
    request = confirmed(person, "correction")
    client.force_login(officer)

    for url in (
        reverse("data_requests:listing"),
        reverse("data_requests:single", args=[request.pk]),
    ):
        shown = client.get(url).content.decode()
        assert "n***@e***" in shown
        assert NORA not in shown


def test_officer_sees_an_address_in_clear_once_it_is_on_record(client, person, officer):
    request = confirmed(person, "correction")
    client.force_login(officer)
    url = reverse("data_requests:unmask", args=[request.pk])
    single = reverse("data_requests:single", args=[request.pk])
    assert url not in client.get(single).content.decode()
    assert client.post(url).status_code in {302, 403}
    officer.user_permissions.add(Permission.objects.get(codename="unmask_personal_data"))

    assert url in client.get(single).content.decode()
    assert client.get(url).status_code == 405
    shown = client.post(url).content.decode()

    assert NORA in shown
    assert [(row.by_id, row.kind, row.key) for row in Unmasking.objects.all()] == [
        (officer.pk, "privacy.datarequest", str(request.pk))
    ]
    assert NORA not in client.get(single).content.decode()


def test_officer_answers_a_request_and_its_address_goes(client, person, officer):
    request = confirmed(person, "correction")
    client.force_login(officer)

    client.post(reverse("data_requests:single", args=[request.pk]), {"text": "It is corrected."})

    request.refresh_from_db()
    assert (request.state, request.email) == (State.COMPLETE, "")
    assert "It is corrected." in mail.outbox[-1].body


def test_officer_refuses_a_request_with_reasons(client, person, officer):
    request = confirmed(person, "objection")
    client.force_login(officer)

    client.post(
        reverse("data_requests:single", args=[request.pk]),
        {"text": "The law asks us to.", "is_refusal": "on"},
    )

    request.refresh_from_db()
    assert request.state == State.REFUSED
    assert "complain" in mail.outbox[-1].body


def test_officer_starts_a_partly_failed_erasure_again(client, person, officer, notes, commit):
    notes.fails_before[1] = RuntimeError("no")
    request = confirmed(person, "erasure")
    assert request.state == State.PARTLY_FAILED
    client.force_login(officer)

    with commit():
        client.post(reverse("data_requests:single", args=[request.pk]), {"action": "rerun"})

    request.refresh_from_db()
    assert request.state == State.COMPLETE
    assert len(notes.rows) == 1


def test_officer_who_may_only_look_changes_nothing(client, person, officer):
    request = confirmed(person, "correction")
    officer.user_permissions.remove(Permission.objects.get(codename="change_datarequest"))
    client.force_login(officer)

    client.post(reverse("data_requests:single", args=[request.pk]), {"text": "No."})

    request.refresh_from_db()
    assert request.state == State.CONFIRMED
