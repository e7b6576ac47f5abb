import io
import json
import re
import zipfile

import pytest
from django.core import mail

from privacy.models import DataRequest, State
from tests.privacy.conftest import NORA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
BASE = "/wp-json/candour/v1/privacy"


@pytest.fixture
def post(client, commit):
    def send(path: str, **body: str):
        with commit():
            return client.post(f"{BASE}/{path}", body, content_type="application/json")

    return send


def mailed_token() -> str:
    return re.search(r"#(\S+)", mail.outbox[-1].body)[1]


def test_export_over_rest_from_request_to_download(post, notes):
    assert post("requests", kind="export", email=NORA).status_code == 202
    confirmed = post("requests/confirm", token=mailed_token())
    assert confirmed.json()["kind"] == "export"

    status = post("requests/status", token=confirmed.json()["status_token"]).json()
    assert status["state"] == "complete"
    assert NORA not in json.dumps(status)

    answer = post("exports/download", token=mailed_token())
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert "a second one" in packed.read("data.json").decode()
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_erasure_over_rest_lists_what_is_retained(post, notes):
    notes.add(NORA, "an invoice", is_kept=True)
    post("requests", kind="erasure", email=NORA)
    token = post("requests/confirm", token=mailed_token()).json()["status_token"]

    status = post("requests/status", token=token).json()

    assert status["state"] == State.COMPLETE_WITH_EXCEPTIONS
    assert status["retained"][0]["code"] == "tax"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("requests/confirm", 404, "candour_token_unknown"),
        ("requests/status", 404, "candour_token_unknown"),
        ("exports/download", 404, "candour_token_unknown"),
    ],
)
def test_unknown_token_is_404_with_a_code(post, path, status, code):
    answer = post(path, token="unknown")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_token_that_was_used_is_410(post, notes):
    post("requests", kind="export", email=NORA)
    token = mailed_token()
    post("requests/confirm", token=token)

    answer = post("requests/confirm", token=token)

    assert (answer.status_code, answer.json()["code"]) == (410, "candour_token_used")


@pytest.mark.parametrize(
    "body", [{"kind": "export", "email": "nora"}, {"kind": "x", "email": NORA}]
)
def test_wrong_request_is_400(post, body):
    assert post("requests", **body).status_code == 400
    assert not DataRequest.objects.exists()


def test_registers_are_public_and_follow_the_settings(client, settings):
    settings.SESSION_COOKIE_NAME = "renamed_session"
    settings.PRIVACY_REPLY_DAYS = 9

    cookies = client.get(f"{BASE}/cookies").json()
    periods = {each["identifier"]: each for each in client.get(f"{BASE}/retention").json()}

    assert "renamed_session" in [cookie["name"] for cookie in cookies]
    assert (periods["privacy.reply_days"]["value"], periods["privacy.reply_days"]["unit"]) == (
        9,
        "days",
    )
