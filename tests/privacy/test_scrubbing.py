import sqlite3
from pathlib import Path

import pytest
from django.db import connection

from privacy.scrubbing import scrub_database
from tests.privacy.conftest import NORA


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite keeps a log and FTS5 indexes")
def test_scrub_optimises_the_search_index_and_truncates_the_log():
    report = scrub_database()

    assert report["is_done"] is True
    assert report["busy"] == 0
    assert any("fts" in name for name in report["optimised"])


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's checkpoint")
def test_scrub_inside_a_transaction_does_not_claim_to_be_done():
    assert scrub_database()["is_done"] is False


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's answer")
def test_scrub_says_what_postgresql_keeps():
    assert scrub_database()["note"] == "vacuum_full_pending"


def test_statements_of_the_scrub_remove_every_byte_from_a_real_file(tmp_path: Path):
    """The same statements on a file of its own: before them the word is there, after them not."""
    path = tmp_path / "real.sqlite3"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA secure_delete=ON")
    database.execute("CREATE VIRTUAL TABLE words USING fts5(body)")
    database.executemany("INSERT INTO words VALUES (?)", [(f"canaryword {NORA}",)] * 200)
    database.execute("DELETE FROM words")

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert b"canaryword" in on_disk()
    database.execute("INSERT INTO words(words) VALUES ('optimize')")
    assert database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    assert b"canaryword" not in on_disk()
    database.close()
