"""kill -9 at every step of an erasure and at random moments: run again, it ends the same."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="works on copies of SQLite's file")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kills", "own"), [(5, 120), pytest.param(200, 250, marks=pytest.mark.scale, id="scale")]
)
def test_killed_erasure_that_is_run_again_ends_as_one_that_nobody_killed(
    post, tmp_path, kills, own
):
    path = tmp_path / "killed.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    done = subprocess.run(
        [sys.executable, "-m", "tests.privacy.killing", str(kills), "6", str(own)], cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test",
             "CMS_DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{path}"},
        capture_output=True, text=True, timeout=3600,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kills"] >= kills
    assert found["differing"] == []
    assert (found["bytes"], found["files"]) == (0, [])
