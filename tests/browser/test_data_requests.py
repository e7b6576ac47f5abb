"""A copy and an erasure asked for in each language, from the form to the mail that ends it."""

import email
import email.policy
import re
import time
import zipfile

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.started]


@pytest.fixture
def mailed(started):
    """Return the link in the newest mail to an address that leads to a page of the requests."""

    def links(page, address):
        paths = sorted((started.data / "mail").glob("*"), key=lambda path: path.stat().st_mtime)
        for path in reversed(paths):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if mail["To"] != address:
                continue
            text = mail.get_body(("plain",)).get_content()
            yield from re.findall(rf"{re.escape(started.url + page)}#\S+", text)

    def link(page, address):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if found := next(links(page, address), None):
                return found
            time.sleep(0.3)
        raise AssertionError(f"no mail leads to {page}")

    return link


def ask(page, prefix, kind, address):
    page.goto(f"{prefix}/privacy/requests/")
    page.check(f"input[value={kind}]")
    page.fill("main [name=email]", address)
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**{prefix}/privacy/requests/sent/")


def confirm(page, link, language):
    page.goto(link)
    assert page.get_attribute("html", "lang") == language
    assert "#" not in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/zh-hans", "zh-hans")])
def test_copy_and_erasure_stay_in_the_language_they_were_asked_in(
    phone, mailed, prefix, language, screenshots
):
    address = f"reader-{language}@example.org"
    ask(phone, prefix, "export", address)
    confirm(phone, mailed(f"{prefix}/privacy/requests/confirm/", address), language)
    phone.click("button[value=confirm]")
    phone.wait_for_selector("main [role=status]")
    phone.screenshot(path=screenshots / f"request_confirmed_{language}.png", full_page=True)

    phone.goto(mailed(f"{prefix}/privacy/requests/download/", address))
    with phone.expect_download() as download:
        phone.click("main form button")
    with zipfile.ZipFile(download.value.path()) as archive:
        assert {"index.html", "data.json"} <= set(archive.namelist())

    ask(phone, prefix, "erasure", address)
    confirm(phone, mailed(f"{prefix}/privacy/requests/confirm/erasure/", address), language)
    phone.screenshot(path=screenshots / f"request_erasure_{language}.png", full_page=True)
    phone.click("button[value=confirm]")
    phone.wait_for_selector("main [role=status]")
    assert phone.get_attribute("html", "lang") == language
