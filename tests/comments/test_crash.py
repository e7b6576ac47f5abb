"""kill -9 while eight clients post: every comment that was acknowledged is there, none is half."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.started
ROOT = Path(__file__).resolve().parents[2]
CLIENTS, SECONDS = 8, 4


class Site:
    """`manage.py start` in a process group of its own, which one signal can kill at once."""

    def __init__(self, data):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self.data = data
        self.environment = {
            **{key: value for key, value in os.environ.items()
               if key not in {"SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}},
            "CMS_DATA_DIR": str(data), "PORT": str(self.port), "DEMO": "0",
            "COMMENTS_FLOOD_SECONDS": "0",
        }  # fmt: skip

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "start"], cwd=ROOT, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + 600
        while time.monotonic() < until:
            if self.get("/healthz") == 200:
                return
            assert self.process.poll() is None, "the site did not start"
            time.sleep(0.2)
        pytest.fail("the site does not answer")

    def get(self, path):
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as client:
                client.request("GET", path)
                return client.getresponse().status
        except OSError:
            return 0

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def seed(self):
        done = subprocess.run(
            [sys.executable, "manage.py", "seed_benchmark", "--posts", "1", "--comments", "3",
             "--json"],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)["first_post"]


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    site.start()
    yield site
    site.kill()


def post_until_killed(site, target_id, name, told, killed):
    client = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    number = 0
    while not killed.is_set():
        number += 1
        body = {"post": target_id, "author_name": name, "author_email": f"{name}@example.org",
                "content": f"{name} says {number}."}  # fmt: skip
        try:
            client.request("POST", "/wp-json/wp/v2/comments", json.dumps(body),
                           {"Content-Type": "application/json"})  # fmt: skip
            answer = client.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            client.close()
            continue
        if answer.status == 201:
            told[json.loads(text)["id"]] = body["content"]


def test_acknowledged_comments_outlive_kill_9(site):
    target_id = site.seed()
    told, killed = {}, threading.Event()
    clients = [
        threading.Thread(target=post_until_killed,
                         args=(site, target_id, f"client{number}", told, killed))
        for number in range(CLIENTS)
    ]  # fmt: skip
    for client in clients:
        client.start()
    time.sleep(SECONDS)
    site.kill()
    killed.set()
    for client in clients:
        client.join()
    assert len(told) > CLIENTS

    with closing(sqlite3.connect(site.data / "candour.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = dict(database.execute(
            "SELECT b.id, b.comment FROM django_comments b "
            "JOIN django_comments_xtd_xtdcomment t ON t.comment_ptr_id = b.id "
            "JOIN comments_visitorcomment c ON c.xtdcomment_ptr_id = b.id "
            "JOIN comments_screeningrecord s ON s.comment_id = b.id"
        ))  # fmt: skip
        halves = database.execute(
            "SELECT COUNT(*) FROM django_comments b WHERE b.user_email LIKE 'client%' AND "
            "b.id NOT IN (SELECT comment_id FROM comments_screeningrecord)"
        ).fetchone()
        (bad_paths,) = database.execute(
            "SELECT COUNT(*) FROM comments_visitorcomment "
            "WHERE substr(path, -10) <> printf('%010d', xtdcomment_ptr_id) "
            "OR html NOT LIKE '%id=\"comment-' || xtdcomment_ptr_id || '\"%'"
        ).fetchone()
    assert {key: stored.get(key) for key in told} == told
    assert halves == (0,)
    assert bad_paths == 0

    site.start()
    assert site.get(f"/wp-json/wp/v2/comments?post={target_id}") == 200
