"""The drill: an older backup is restored, and replay harms no stranger."""

import json
import sqlite3
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from comments.models import VisitorComment
from comments.services import NewComment, submit_comment
from core.extensions.commentables import comment_targets
from core.extensions.personal_data import personal_data_providers
from privacy import ledger, services
from privacy.errors import PrivacyError
from privacy.models import DataRequest, Kind, LedgerEntry, State
from privacy.replay import is_due, mend_ledger, replay
from tests.privacy.conftest import NORA, STRANGER
from tests.privacy.stand_ins import CrashError, Notes
from tests.privacy.test_comments_journey import OneTarget

SPELLINGS = ["Nora.Lind@Example.org", "nora.lind@EXAMPLE.ORG"]


def comment(email: str, text: str) -> int:
    return submit_comment(
        NewComment(target_id=7, text=text, author_name="Somebody", author_email=email)
    ).pk


def erase(email: str = NORA) -> DataRequest:
    return services.run_now(Kind.ERASURE, email, "en")


def texts() -> list[str]:
    return sorted(VisitorComment.objects.exclude(comment="").values_list("comment", flat=True))


def findings() -> list[str]:
    return [each.id for each in run_checks(tags=["database"], databases=["default"])
            if each.id.startswith("privacy")]  # fmt: skip


@pytest.fixture
def discussion():
    with comment_targets.temporarily(OneTarget()):
        yield


@pytest.fixture
def backups(transactional_db):
    """Take and restore whole backups of the site's database, as an operator does with its file."""
    if connection.vendor != "sqlite":
        pytest.skip("backups are taken with SQLite's own means here")
    copies: list[sqlite3.Connection] = []

    class Backups:
        def take(self) -> None:
            connection.ensure_connection()
            copies.append(sqlite3.connect(":memory:"))
            connection.connection.backup(copies[-1])

        def restore(self) -> None:
            copies[-1].backup(connection.connection)

    yield Backups()
    for copy in copies:
        copy.close()


def test_restored_backup_is_erased_again_and_strangers_with_the_same_ids_are_left(
    home, discussion, backups
):
    for number, spelling in enumerate(SPELLINGS):
        comment(spelling, f"an old word of Nora {number}")
    stays = comment(STRANGER, "a stranger's old word")
    backups.take()
    erased_later = comment(NORA, "a late word of Nora")
    erase()
    assert texts() == ["a stranger's old word"]

    backups.restore()
    # The restored database gives the number of an erased comment to somebody else.
    reused = comment(STRANGER, "a stranger's new word")
    assert reused == erased_later
    assert findings() == ["privacy.W002"]
    done = replay()

    assert (done.missing, done.found, done.failed) == (1, 1, 0)
    assert done.removed["comments.comments"] == 2
    assert texts() == ["a stranger's new word", "a stranger's old word"]
    assert VisitorComment.objects.get(pk=stays).user_email == STRANGER
    assert findings() == []
    assert replay().missing == 0
    assert not DataRequest.objects.exclude(email="").exists()


def test_what_the_same_person_wrote_after_the_cutoff_is_left(home, discussion, backups):
    comment(NORA, "before")
    backups.take()
    erase()
    backups.restore()
    VisitorComment.objects.filter(pk=comment(NORA, "after")).update(
        submit_date=timezone.now() + timedelta(minutes=5)
    )

    replay()

    assert texts() == ["after"]


def test_replay_again_after_a_second_restore_keeps_the_first_cutoff(home, discussion, backups):
    comment(NORA, "before")
    backups.take()
    erase()
    (first,) = ledger.read()
    for _time in range(2):
        backups.restore()
        replay()
        assert texts() == []

    assert ledger.read() == [first]


@pytest.mark.django_db
class TestLedger:
    def test_names_nobody_and_no_row(self, notes):
        erase()

        held = Path(django_settings.LEDGER_DATABASE["NAME"])
        (entry,) = ledger.read()
        assert stat.S_IMODE(held.stat().st_mode) == 0o600
        assert b"nora" not in held.read_bytes().lower()
        assert len(entry.subject) == 64
        assert {"key_id", "subject", "at", "request_uid", "expires_on"} == set(vars(entry))

    def test_is_written_before_anything_is_destroyed(self, notes):
        seen = []
        notes.erase = lambda keys: seen.append(len(ledger.read())) or Notes.erase(notes, keys)

        erase()

        assert seen == [1]

    def test_that_cannot_be_written_stops_the_erasure(self, notes, settings):
        settings.LEDGER_DATABASE = {
            **settings.LEDGER_DATABASE, "NAME": "/no/such/folder/ledger.sqlite3",
        }  # fmt: skip

        with pytest.raises(Exception, match="unable to open"):
            erase()
        assert len(notes.rows) == 3

        settings.LEDGER_DATABASE = {
            **settings.LEDGER_DATABASE, "NAME": django_settings.DATA_DIR / "ledger.sqlite3",
        }  # fmt: skip
        services.run_request(DataRequest.objects.get().pk)
        assert len(notes.rows) == 1
        assert len(ledger.read()) == 1

    def test_lost_is_written_again_from_what_the_site_knows(self, notes):
        erase()
        before = ledger.read()
        Path(django_settings.LEDGER_DATABASE["NAME"]).unlink()

        mend_ledger()

        assert ledger.read() == before

    def test_ends_with_its_entries(self, notes):
        erase()
        (entry,) = ledger.read()

        ledger.forget_expired(entry.expires_on - timedelta(days=1))
        assert len(ledger.read()) == 1
        ledger.forget_expired(entry.expires_on)
        assert ledger.read() == []

    def test_in_the_sites_own_database_is_refused(self, settings):
        settings.LEDGER_DATABASE = settings.DATABASES["default"]

        assert "privacy.E002" in [each.id for each in run_checks()]


@pytest.fixture
def undone(db):
    """An erasure that a restore has undone: only the ledger knows of it."""

    def undo() -> None:
        LedgerEntry.objects.all().delete()
        DataRequest.objects.all().delete()

    return undo


@pytest.fixture
def mailbox(db):
    """A table with Nora's address and a provider that holds notes under it."""
    from pages.models import NoticeSubscriber

    NoticeSubscriber.objects.create(email=NORA, language="en")
    notes = Notes()
    with personal_data_providers.temporarily(notes):
        yield notes


def test_provider_that_fails_keeps_the_site_from_starting_until_it_works(mailbox, undone):
    mailbox.add(NORA)
    erase()
    undone()
    from pages.models import NoticeSubscriber

    NoticeSubscriber.objects.create(email=NORA, language="en")
    mailbox.add(NORA)
    mailbox.fails_before[mailbox.calls + 1] = RuntimeError("not now")

    assert replay().failed == 1
    assert is_due()
    assert replay().failed == 0
    assert not is_due()
    assert DataRequest.objects.get().state == State.COMPLETE
    assert mailbox.rows == {}


@pytest.mark.parametrize("crashes_at", range(1, 4))
def test_replay_that_crashes_is_taken_up_again(mailbox, undone, crashes_at):
    from pages.models import NoticeSubscriber

    erase()
    undone()
    NoticeSubscriber.objects.create(email=NORA, language="en")
    for _each in range(500):
        mailbox.add(NORA)
    mailbox.fails_after[mailbox.calls + crashes_at] = CrashError()

    with pytest.raises(CrashError):
        replay()
    assert is_due()
    replay()

    assert not is_due()
    assert mailbox.rows == {}


def test_another_privacy_key_is_said_and_nothing_is_taken_for_done(mailbox, undone, settings):
    erase()
    undone()
    settings.PRIVACY_KEY = "another key"

    done = replay()

    assert (done.missing, done.other_key, done.is_whole) == (1, 1, False)
    assert is_due()


def test_person_of_whom_the_backup_knows_nothing_is_done_at_once(notes, undone):
    erase()
    undone()

    done = replay()

    assert (done.missing, done.found) == (1, 0)
    assert not is_due()


def test_command_replays_and_says_what_it_did(mailbox, undone, capsys):
    erase()
    undone()

    call_command("personal_data", "replay", "--json")

    assert json.loads(capsys.readouterr().out) == {
        "missing": 1, "found": 0, "other_key": 0, "failed": 0, "removed": {},
    }  # fmt: skip


def test_request_that_the_backup_had_confirmed_is_finished_by_the_replay(mailbox, undone):
    """The backup was taken between the confirmation and the work."""
    from pages.models import NoticeSubscriber

    uid = erase().uid
    undone()
    NoticeSubscriber.objects.create(email=NORA, language="en")
    early = services.new_request(Kind.ERASURE, NORA, "en")
    early.uid, early.state, early.confirmed_at = uid, State.CONFIRMED, timezone.now()
    early.save()

    replay()

    assert not NoticeSubscriber.objects.exists()
    assert not is_due()
    with pytest.raises(PrivacyError):
        services.rerun(early.pk)
