"""Backups: whole or none, checked before anything is touched, and the drill with erased people."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.services import create_user
from cms.models import WorkerHeartbeat
from comments.models import VisitorComment
from comments.services import NewComment, submit_comment
from core.extensions.commentables import comment_targets
from privacy import ledger, services
from privacy.models import DataRequest, Kind
from tests.privacy.conftest import NORA, STRANGER
from tests.privacy.test_comments_journey import OneTarget


@pytest.fixture(autouse=True)
def site(transactional_db, settings, tmp_path, home):
    """A site with a few files, in folders of its own."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.PRIVATE_ROOT = tmp_path / "private"
    private = settings.STORAGES["private"]
    options = private["OPTIONS"] | {"location": settings.PRIVATE_ROOT}
    settings.STORAGES = settings.STORAGES | {"private": private | {"OPTIONS": options}}
    for folder, name in ((settings.MEDIA_ROOT, "images/a.jpg"), (settings.PRIVATE_ROOT, "b.zip")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode() * 100)
    with comment_targets.temporarily(OneTarget()):
        yield


def run(capsys, *arguments: str) -> dict:
    capsys.readouterr()
    call_command(*arguments, "--json")
    return json.loads(capsys.readouterr().out)


def refused(*arguments: str) -> int:
    with pytest.raises(CommandError) as raised:
        call_command(*arguments)
    return raised.value.returncode


def comment(email: str, text: str) -> int:
    return submit_comment(
        NewComment(target_id=7, text=text, author_name="Somebody", author_email=email)
    ).pk


def texts() -> list[str]:
    return sorted(VisitorComment.objects.exclude(comment="").values_list("comment", flat=True))


def findings() -> list[str]:
    return [each.id for each in run_checks(tags=["database"], databases=["default"])]


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_drill_backup_erase_restore_replay_harms_no_stranger(capsys, tmp_path, visitor):
    stays = comment(STRANGER, "a stranger's old word")
    for number, spelling in enumerate(["Nora.Lind@Example.org", "nora.lind@EXAMPLE.ORG"]):
        comment(spelling, f"an old word of Nora {number}")
    run(capsys, "backup", str(tmp_path / "backup"))
    erased_later = comment(NORA, "a late word of Nora")
    services.run_now(Kind.ERASURE, NORA, "en")
    before = ledger.read()
    assert texts() == ["a stranger's old word"]

    done = run(capsys, "restore", str(tmp_path / "backup"), "--replace")
    assert done["replay_is_due"]
    assert done["warnings"] == []
    # The restored database gives the number of an erased comment to somebody else.
    assert comment(STRANGER, "a stranger's new word") == erased_later
    assert findings() == ["privacy.W002"]
    assert visitor.get("/readyz").json()["guards"] == "failed"
    replayed = run(capsys, "personal_data", "replay")

    assert (replayed["missing"], replayed["found"], replayed["failed"]) == (1, 1, 0)
    assert texts() == ["a stranger's new word", "a stranger's old word"]
    assert VisitorComment.objects.get(pk=stays).user_email == STRANGER
    assert findings() == []
    assert visitor.get("/readyz").json()["guards"] == "ok"
    assert ledger.read() == before
    assert not DataRequest.objects.exclude(email="").exists()


def test_restored_site_waits_for_a_replay_even_where_the_ledger_is_lost(capsys, tmp_path):
    comment(NORA, "a word")
    run(capsys, "backup", str(tmp_path / "backup"))

    done = run(capsys, "restore", str(tmp_path / "backup"), "--replace")

    assert [each["code"] for each in done["warnings"]] == ["ledger_empty"]
    assert findings() == ["privacy.W002"]
    run(capsys, "personal_data", "replay")
    assert findings() == []


def test_backup_under_another_key_says_so_and_the_replay_stays_due(capsys, tmp_path, settings):
    comment(NORA, "a word")
    run(capsys, "backup", str(tmp_path / "backup"))
    services.run_now(Kind.ERASURE, NORA, "en")
    settings.PRIVACY_KEY = "another key"

    done = run(capsys, "restore", str(tmp_path / "backup"), "--replace")

    assert [each["code"] for each in done["warnings"]] == ["other_privacy_key"]
    with pytest.raises(SystemExit):
        call_command("personal_data", "replay")
    assert findings() == ["privacy.W002"]


def test_files_come_back_and_newer_ones_go(capsys, tmp_path, settings):
    before = files_in(settings.MEDIA_ROOT), files_in(settings.PRIVATE_ROOT)
    report = run(capsys, "backup", str(tmp_path / "backup"))
    assert (report["uploads"], report["private"]) == (1, 1)
    (settings.MEDIA_ROOT / "images/a.jpg").write_bytes(b"changed")
    storages["private"].save("newer.zip", ContentFile(b"newer"))

    done = run(capsys, "restore", str(tmp_path / "backup"), "--replace")

    assert (files_in(settings.MEDIA_ROOT), files_in(settings.PRIVATE_ROOT)) == before
    assert done["removed_files"] == 1


def test_second_backup_takes_the_place_of_the_first_and_is_for_its_owner_alone(capsys, tmp_path):
    folder = tmp_path / "backup"
    for _time in range(2):
        run(capsys, "backup", str(folder))

    (data,) = folder.glob("candour-backup-*")
    assert data.stat().st_mode & 0o077 == 0
    assert (folder / "manifest.json").stat().st_mode & 0o077 == 0


def test_backup_that_fails_leaves_the_earlier_one_whole(capsys, tmp_path, settings):
    folder = tmp_path / "backup"
    run(capsys, "backup", str(folder))
    before = files_in(folder)
    unreadable = settings.MEDIA_ROOT / "images/unreadable"
    unreadable.symlink_to("/proc/self/mem")

    assert refused("backup", str(folder)) == 1
    unreadable.unlink()

    assert {name: data for name, data in files_in(folder).items() if name in before} == before
    run(capsys, "restore", str(folder), "--replace")


def test_half_written_backup_is_none(capsys, tmp_path):
    folder = tmp_path / "backup"
    run(capsys, "backup", str(folder))
    (folder / "manifest.json").unlink()

    assert refused("restore", str(folder), "--replace") == 2
    run(capsys, "backup", str(folder))
    assert len(list(folder.glob("candour-backup-*"))) == 1


@pytest.mark.parametrize("damage", ["changed", "missing", "database"])
def test_damaged_backup_is_refused_before_anything_is_touched(capsys, tmp_path, settings, damage):
    folder = tmp_path / "backup"
    run(capsys, "backup", str(folder))
    (data,) = folder.glob("candour-backup-*")
    if damage == "changed":
        (data / "uploads/images/a.jpg").write_bytes(b"images/a.jpX" * 100)
    elif damage == "missing":
        (data / "private/b.zip").unlink()
    else:
        with next(data.glob("database.*")).open("r+b") as opened:
            opened.seek(2000)
            opened.write(b"\xff")
    comment(STRANGER, "stays")
    before = files_in(settings.MEDIA_ROOT)

    assert refused("restore", str(folder), "--replace") == 1

    assert texts() == ["stays"]
    assert files_in(settings.MEDIA_ROOT) == before
    assert findings() == []


def test_manifest_that_leads_out_of_the_backup_is_none(capsys, tmp_path):
    folder = tmp_path / "backup"
    run(capsys, "backup", str(folder))
    held = json.loads((folder / "manifest.json").read_text())
    held["members"][1]["path"] = "uploads/../../outside"
    (folder / "manifest.json").write_text(json.dumps(held))

    assert refused("restore", str(folder), "--replace") == 2


def test_site_with_content_is_replaced_only_if_that_is_said(capsys, tmp_path):
    create_user(username="somebody", email=STRANGER, password="pass")
    run(capsys, "backup", str(tmp_path / "backup"))

    assert refused("restore", str(tmp_path / "backup")) == 2
    assert findings() == []


def test_running_site_is_not_restored(capsys, tmp_path):
    run(capsys, "backup", str(tmp_path / "backup"))
    WorkerHeartbeat.objects.create(worker_id="w", seen_at=timezone.now() - timedelta(seconds=4))

    assert refused("restore", str(tmp_path / "backup"), "--replace") == 2


@pytest.mark.parametrize("place", ["other", "inside"])
def test_backup_goes_neither_among_other_things_nor_into_the_site(tmp_path, settings, place):
    folder = {"other": tmp_path / "mine", "inside": settings.MEDIA_ROOT / "backup"}[place]
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")

    assert refused("backup", str(folder)) == 2
    assert (folder / "letter.txt").exists()


def test_missing_programs_of_postgresql_are_named(tmp_path, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite copies itself")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match="pg_dump and psql"):
        call_command("backup", str(tmp_path / "backup"))


def test_backup_of_another_kind_of_database_is_refused(capsys, tmp_path):
    folder = tmp_path / "backup"
    run(capsys, "backup", str(folder))
    held = (folder / "manifest.json").read_text()
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    (folder / "manifest.json").write_text(
        held.replace(f'"engine": "{connection.vendor}"', f'"engine": "{other}"')
    )

    assert refused("restore", str(folder), "--replace") == 2


def test_backup_can_be_moved(capsys, tmp_path):
    comment(STRANGER, "moves along")
    run(capsys, "backup", str(tmp_path / "backup"))
    VisitorComment.objects.all().delete()
    shutil.move(tmp_path / "backup", tmp_path / "elsewhere")

    run(capsys, "restore", str(tmp_path / "elsewhere"), "--replace")

    assert texts() == ["moves along"]
