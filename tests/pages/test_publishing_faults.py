"""Two who publish at once, on both databases: each makes one version, and the chain holds."""

import json
import os
import subprocess
import sys
import threading

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


@pytest.mark.started
def test_two_processes_at_once_make_a_version_each_on_sqlite(tmp_path):
    environment = {**os.environ, "CMS_DATA_DIR": str(tmp_path), "DEMO": "0"}
    environment.pop("DATABASE_URL", None)

    def manage(*arguments):
        return subprocess.Popen(
            [sys.executable, settings.BASE_DIR / "manage.py", *arguments], env=environment,
            cwd=settings.BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def done(process):
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out

    done(manage("migrate", "--verbosity", "0"))
    done(
        manage("shell", "-c", "from cms.demo.load import load_demo; load_demo(with_content=False)")
    )
    importing = []
    for number in range(3):
        text = tmp_path / f"{number}.txt"
        text.write_text(f"1. One\nText {number}.\n", encoding="utf-8")
        importing.append(
            manage("import_policy", str(text), "--kind", "terms", "--title", "Terms",
                   "--summary", "Other words.", "--publish", "--json")
        )  # fmt: skip
    results = [json.loads(done(process)) for process in importing]

    assert sorted(result["version"] for result in results) == [1, 2, 3]
    assert {result["slug"] for result in results} == {"terms"}
    found = json.loads(done(manage("policies", "verify", "--json")))
    assert (found["checked"], found["broken"]) == (3, None)
