"""A site started as a user starts it, and a browser in front of it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import sync_playwright

from tests.log_watch import ADDRESS

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--no-first-run", "--disable-sync"]  # fmt: skip


def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    if not path:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is absent: apt install chromium")
        pytest.skip("Chromium is absent: apt install chromium")
    return path


@pytest.fixture(scope="session")
def screenshots():
    folder = Path(os.environ.get("CANDOUR_SCREENSHOTS", ROOT / "var" / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def started(tmp_path_factory):
    """`manage.py start` in an empty folder; stopped by Ctrl-C, which must end it cleanly."""
    data = tmp_path_factory.mktemp("site")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = {
        **{key: value for key, value in os.environ.items()
           if key not in {"SECRET_KEY", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}},
        "CMS_DATA_DIR": str(data), "PORT": str(port), "COMMENTS_FLOOD_SECONDS": "0",
        # Journeys see the end of an erasure; tests/privacy/test_grace.py sees the waiting.
        "PRIVACY_GRACE_HOURS": "0",
    }  # fmt: skip
    log = data / "start.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start"], cwd=ROOT, env=environment, stdout=output,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_until_told(process, log)
        words = log.read_text()
        logins = dict(re.findall(r"^  (\w+) +(\S+) ", words, re.MULTILINE))
        yield SimpleNamespace(url=f"http://127.0.0.1:{port}", data=data, logins=logins,
                              words=words, environment=environment)  # fmt: skip
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
    assert code == 0
    assert "Traceback" not in log.read_text()
    assert ADDRESS.findall(log.read_text()) == []


def wait_until_told(process, log):
    """Wait until the start has said its last line; a busy machine may need minutes for it."""
    until = time.monotonic() + 600
    while "Stop:" not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"The site did not start:\n{log.read_text()}")
        time.sleep(0.2)


@pytest.fixture(scope="session")
def post_path(started):
    """The path of the post that the journeys visit; its year follows the clock."""
    with urlopen(f"{started.url}/wp-json/wp/v2/posts?slug=first-firing-of-autumn") as answer:
        return urlsplit(json.loads(answer.read())[0]["link"]).path


# While it runs, Django takes this thread for an asynchronous one: other tests must not meet it.
@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def desktop(browser, started):
    context = browser.new_context(base_url=started.url, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser, started):
    context = browser.new_context(
        base_url=started.url, viewport={"width": 390, "height": 844}, has_touch=True,
        device_scale_factor=2, is_mobile=True,
    )  # fmt: skip
    yield context.new_page()
    context.close()


@pytest.fixture
def without_scripts(browser, started):
    context = browser.new_context(
        base_url=started.url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def sign_in(started):
    def go(page, name):
        page.goto("/admin/")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", started.logins[name])
        page.click("main button:has-text('Sign in')")
        page.wait_for_url(re.compile("/(admin|agreements)/"))

    return go


@pytest.fixture
def mails(started):
    """Return the newest mail that holds a text, once there are so many.

    The site is shared: `to` keeps out what other tests had sent to other people.
    """

    def newest(text: str, count: int = 1, to: str = "") -> str:
        until = time.monotonic() + 40
        while time.monotonic() < until:
            paths = sorted((started.data / "mail").glob("*"), key=lambda path: path.stat().st_mtime)
            sent = [path.read_text("utf-8") for path in paths]
            found = [mail for mail in sent if text in mail and f"\nTo: {to}" in mail]
            if len(found) >= count:
                return found[-1]
            time.sleep(0.3)
        raise AssertionError(f"no {count} mails with {text!r}")

    return newest


@pytest.fixture
def fetch(started):
    def get(path: str) -> bytes:
        with urlopen(
            f"{started.url}{path}" if path.startswith("/") else path, timeout=20
        ) as answer:
            return answer.read()

    return get
