import json
import zipfile

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from privacy.models import DataRequest
from tests.privacy.conftest import NORA

pytestmark = pytest.mark.django_db


def run(capsys, *arguments: str) -> tuple[int, dict]:
    code = 0
    try:
        call_command("personal_data", *arguments, "--json")
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, json.loads(capsys.readouterr().out)


def test_export_writes_a_zip(capsys, notes, tmp_path):
    output = tmp_path / "nora.zip"

    code, report = run(capsys, "export", NORA, "--output", str(output))

    assert code == 0
    assert report["items"]["test.notes"] == 2
    assert "a second one" in zipfile.ZipFile(output).read("data.json").decode()


def test_dry_run_counts_and_erases_nothing(capsys, notes):
    code, report = run(capsys, "erase", NORA, "--dry-run")

    assert code == 0
    assert report["would_erase"]["test.notes"] == 2
    assert len(notes.rows) == 3
    assert not DataRequest.objects.exists()


def test_erase_erases_sends_no_mail_and_can_be_repeated(capsys, notes):
    code, report = run(capsys, "erase", NORA)
    again, repeated = run(capsys, "erase", NORA)

    assert (code, again) == (0, 0)
    assert report["removed"]["test.notes"] == 2
    assert "test.notes" not in repeated["removed"]
    assert mail.outbox == []
    assert not DataRequest.objects.exclude(email="").exists()


def test_erase_that_fails_in_part_exits_1(capsys, notes):
    notes.fails_before[1] = RuntimeError("no")

    code, report = run(capsys, "erase", NORA)

    assert code == 1
    assert report["state"] == "partly_failed"


def test_sweep_exits_1_when_it_finds_something(capsys):
    call_command("personal_data", "sweep", "not-to-be-found-anywhere", "--json")
    assert json.loads(capsys.readouterr().out) == {"found": []}

    DataRequest.objects.create(
        kind="export", email=NORA, received_at="2026-01-01T00:00Z", due_at="2026-01-16T00:00Z"
    )
    code, report = run(capsys, "sweep", NORA)

    assert code == 1
    assert {"store": "database", "place": "privacy_datarequest.email", "count": 1} in report[
        "found"
    ]


@pytest.mark.parametrize("arguments", [["erase", "nobody"], ["sweep", "x", "--path", "/no/such"]])
def test_wrong_usage_exits_2(arguments):
    with pytest.raises(CommandError) as raised:
        call_command("personal_data", *arguments)

    assert raised.value.returncode == 2
