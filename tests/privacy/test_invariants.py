"""Invariants 6, 7 and 8, each with a deliberately wrong implementation that its checker catches."""

import logging
import re
from contextlib import suppress
from smtplib import SMTPRecipientsRefused

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from core.rest.dispatch import rest_view
from privacy import services, views
from privacy.errors import PrivacyError
from privacy.models import DataRequest
from privacy.urls import urlpatterns
from tests.privacy.checkers import (
    acting_on_get,
    places_naming,
    state_of_everything,
    stored_names,
    telling_differences,
)
from tests.privacy.conftest import NORA, STRANGER
from tests.privacy.stand_ins import DyingMailServer

pytestmark = pytest.mark.django_db
REST_PATHS = [
    "/candour/v1/privacy/requests",
    "/candour/v1/privacy/requests/confirm",
    "/candour/v1/privacy/requests/status",
    "/candour/v1/privacy/requests/preview",
    "/candour/v1/privacy/requests/cancel",
    "/candour/v1/privacy/requests/lift",
    "/candour/v1/privacy/exports/download",
]


@pytest.fixture
def valid_tokens(person, notes) -> list[str]:
    """A token and a code of every purpose, unused."""
    person.ask("export")
    person.post("confirm", {"token": person.token()})
    values = [person.token(), person.code()]
    person.ask("erasure")
    values += [person.token(), person.code()]
    return values


# 6. Personal data never appears in URLs, logs, labels or file names.


def test_address_appears_in_no_url_log_label_or_file_name(person, notes, caplog, client):
    caplog.set_level(logging.DEBUG)
    for kind in ("export", "correction", "erasure"):
        answer = person.ask(kind)
        person.post("confirm", {"token": person.token()})
    labels = [str(row) for model in models() for row in model._default_manager.all()]
    labels += [repr(row) for model in models() for row in model._default_manager.all()]

    found = places_naming(
        NORA,
        {
            "redirect": [answer.headers["Location"]],
            "links in mails": re.findall(r"https?://\S+", "\n".join(m.body for m in mail.outbox)),
            "subjects": [m.subject for m in mail.outbox],
            "log": [logged.getMessage() for logged in caplog.records if not is_sql(logged)],
            "labels": labels,
            "file names": stored_names(),
        },
    )

    assert found == []


def is_sql(record: logging.LogRecord) -> bool:
    """Statements are logged only where somebody turns that on for debugging."""
    return record.name.startswith("django.db.backends")


def models():
    return [DataRequest, *(field.related_model for field in DataRequest._meta.related_objects)]


def test_address_in_a_redirect_is_caught():
    def wrong(request):
        return HttpResponseRedirect(f"/sent/?email={request.POST['email'].replace('@', '%40')}")

    answer = wrong(RequestFactory().post("/", {"email": NORA}))

    assert places_naming(NORA, {"redirect": [answer.headers["Location"]]}) == ["redirect"]


def test_log_of_a_refusing_mail_server_does_not_name_the_address(person, settings, caplog):
    settings.EMAIL_BACKEND = "tests.privacy.stand_ins.DyingMailServer"
    DyingMailServer.dies = SMTPRecipientsRefused({NORA: (550, b"no such user")})
    caplog.set_level(logging.DEBUG)

    person.ask("export")

    assert "failed" in caplog.text
    written = [logging.Formatter().format(each) for each in caplog.records if not is_sql(each)]
    assert places_naming(NORA, {"log": written}) == []


def test_rest_takes_no_address_or_token_from_the_query(client):
    answer = client.post(f"/wp-json{REST_PATHS[0]}?kind=export&email={NORA}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "candour_body_only"
    assert not DataRequest.objects.exists()


# 7. Nothing acts on GET.


def test_no_page_acts_on_get_even_with_valid_tokens(valid_tokens):
    for pattern in urlpatterns:
        view = pattern.callback
        arguments = pattern.default_args
        assert acting_on_get(lambda r, v=view, a=arguments: v(r, **a), valid_tokens) == []


def test_no_rest_route_acts_on_get_even_with_valid_tokens(valid_tokens):
    for path in REST_PATHS:
        assert acting_on_get(lambda r, p=path: rest_view(r, p), valid_tokens) == []


def test_view_that_confirms_on_get_is_caught(valid_tokens):
    def wrong(request):
        with suppress(PrivacyError):
            services.confirm(request.GET.get("token", ""))
        return HttpResponse()

    assert acting_on_get(wrong, valid_tokens) != []


def test_posting_does_act_so_that_the_checkers_see_something(valid_tokens, person):
    before = state_of_everything()

    person.post("confirm", {"token": valid_tokens[2]})

    assert state_of_everything() != before


# 8. Known and unknown addresses get the same answer for the same work.


@pytest.fixture
def known(person, notes) -> str:
    """An address with an account, data and an open request."""
    get_user_model().objects.create_user("nora", email=NORA, public_slug="nora")
    person.ask("export")
    return NORA


def form_data(email: str) -> dict[str, str]:
    return {"kind": "export", "email": email}


def test_form_answers_known_and_unknown_addresses_alike(known):
    assert telling_differences(views.requests, form_data, known, STRANGER) == []


def test_rest_answers_known_and_unknown_addresses_alike(known):
    def view(request):
        return rest_view(request, REST_PATHS[0])

    assert telling_differences(view, form_data, known, STRANGER) == []


def test_rest_answer_is_always_the_same_202(client, known):
    answers = [
        client.post(f"/wp-json{REST_PATHS[0]}", form_data(email), content_type="application/json")
        for email in (known, STRANGER)
    ]

    assert [each.status_code for each in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()


def test_view_that_says_the_address_is_unknown_is_caught(known):
    def wrong(request):
        services.receive_request("export", request.POST["email"], "en")
        is_known = get_user_model().objects.filter(email=request.POST["email"]).exists()
        return HttpResponse(status=202 if is_known else 404)

    assert "status" in telling_differences(csrf_exempt(wrong), form_data, known, STRANGER)


def test_view_that_works_more_for_a_known_address_is_caught(known):
    def wrong(request):
        users = get_user_model().objects.filter(email=request.POST["email"])
        if users.exists():
            list(users.values("pk"))
        return HttpResponse(status=202)

    assert telling_differences(wrong, form_data, known, STRANGER) == ["queries"]


def test_request_itself_looks_nobody_up_and_sends_no_mail(client, known):
    mail.outbox.clear()

    client.post(reverse("privacy:request"), form_data(known))

    # Nothing is committed here, so the task that would look and mail has not run.
    assert mail.outbox == []
