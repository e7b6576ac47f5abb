"""Trying an import on SQLite in a file, as sites have it."""

import sqlite3

import pytest
from django.db import connection, connections

from pages.models import PostPage
from tests.wordpress import made
from wordpress.importing.running import Options, import_files


@pytest.fixture
def in_a_file(transactional_db, home, journal, tmp_path):
    """Let the default connection lead to a copy of the database in a file; its path."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lets others write beside a long transaction.")
    path = tmp_path / "site.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    memory = connections["default"]
    connections["default"] = memory.copy()
    connections["default"].settings_dict = {**memory.settings_dict, "NAME": str(path)}
    yield path
    connections["default"].close()
    connections["default"] = memory


def test_others_write_while_an_import_is_tried(in_a_file, tmp_path):
    export = made.write_site(tmp_path / "site.xml", 20, 20)
    written = []

    def write(stage, done, total):
        if stage != "survey":
            with sqlite3.connect(in_a_file, timeout=0) as other:
                other.execute("UPDATE core_generation SET value = value + 1")
            written.append(stage)

    outcome = import_files([export], Options(with_media=False, is_dry_run=True), write)

    assert sum(outcome.report.counts["posts"].values()) == 20
    assert written
    assert not PostPage.objects.exists()
    assert connections["default"].settings_dict["NAME"] == str(in_a_file)
