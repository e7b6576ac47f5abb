"""Two who publish at once, on both databases: each makes one version, and the chain holds."""

import json
import os
import subprocess
import sys
import threading
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from pages.models import PolicyPage, PolicyVersion
from pages.verification import first_broken_link


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_make_a_version_each(publish):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share no in-memory database; PostgreSQL runs this")
    page, _ = publish("First.", kind="terms")
    failures = []

    def work(number):
        try:
            mine = PolicyPage.objects.get(pk=page.pk)
            mine.body = mine.body.stream_block.normalize(
                [("clause", {"heading": "One", "level": "2", "text": f"<p>Text {number}.</p>"})]
            )
            mine.save_revision().publish()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    editors = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()

    assert failures == []
    assert sorted(PolicyVersion.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert first_broken_link() == (5, None)


@pytest.fixture
def own_database(tmp_path):
    """An empty database of the kind the tests run on, and how processes are told of it."""
    environment = {**os.environ, "CMS_DATA_DIR": str(tmp_path), "DEMO": "0"}
    environment.pop("DATABASE_URL", None)
    if connection.vendor == "sqlite":
        yield environment
        return
    server = connection.settings_dict
    name = f"{server['NAME']}_processes"
    login = {key.lower(): server[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
    where = {"user": login["user"], "password": login["password"], "host": login["host"],
             "port": login["port"] or 5432, "dbname": "postgres", "autocommit": True}  # fmt: skip
    with psycopg.connect(**where) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
        admin.execute(f'CREATE DATABASE "{name}"')
    secret = f":{quote(login['password'])}" if login["password"] else ""
    environment["DATABASE_URL"] = (
        f"postgres://{login['user']}{secret}@{login['host']}:{where['port']}/{name}"
    )
    yield environment
    with psycopg.connect(**where) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.django_db
def test_processes_at_once_make_a_version_each(own_database, tmp_path):
    def manage(*arguments):
        return subprocess.Popen(
            [sys.executable, settings.BASE_DIR / "manage.py", *arguments], env=own_database,
            cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def done(process):
        out, err = process.communicate(timeout=900)
        assert process.returncode == 0, out + err
        return out

    done(manage("migrate", "--verbosity", "0"))
    done(
        manage("shell", "-c", "from cms.demo.load import load_demo; load_demo(with_content=False)")
    )
    importing = []
    for number in range(4):
        text = tmp_path / f"{number}.txt"
        text.write_text(f"1. One\nText {number}.\n", encoding="utf-8")
        importing.append(
            manage("import_policy", str(text), "--kind", "terms", "--title", "Terms",
                   "--summary", "Other words.", "--publish", "--json")
        )  # fmt: skip
    results = [json.loads(done(process)) for process in importing]

    assert sorted(result["version"] for result in results) == [1, 2, 3, 4]
    assert {result["slug"] for result in results} == {"terms"}
    found = json.loads(done(manage("policies", "verify", "--json")))
    assert (found["checked"], found["broken"]) == (4, None)
