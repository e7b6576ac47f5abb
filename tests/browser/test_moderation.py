"""The whole of moderation on the started site, in Chromium, by the keyboard alone."""

import json
import re
import subprocess
import sys
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.started]
QUEUE = "/admin/visitor-comments/"


@pytest.fixture(scope="module")
def waiting(started):
    """Ten comments that wait, written by visitors over the form."""
    with urlopen(f"{started.url}/wp-json/wp/v2/posts?slug=first-firing-of-autumn") as answer:
        post = json.load(answer)[0]["id"]
    for number in range(8):
        send(started, post, f"Keyboard words number {number}.", f"reader{number}@example.org")
    send(started, post, "Roulette offer, see https://roulette.example/win", "roulette@example.org")
    again = "Roulette again, see https://roulette.example/more"
    send(started, post, again, "roulette2@example.org")
    return post


def send(site, post, text, email):
    form = {"comment_post_ID": post, "comment_parent": 0, "author": email.partition("@")[0],
            "email": email, "url": "", "comment": text}  # fmt: skip
    request = Request(
        f"{site.url}/wp-comments-post.php", urlencode(form).encode(), {"Origin": site.url}
    )
    with urlopen(request, timeout=60) as answer:
        assert answer.status == 200


def tab_to(page, selector, *, back=False):
    """Press Tab until what is looked for has the focus, as somebody without a mouse does."""
    for _press in range(400):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def enter(page, selector, *, back=False):
    """Press what is looked for with Enter, and wait for the page that it leads to."""
    tab_to(page, selector, back=back)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page, key, *, decided):
    """Press a key and wait until so many comments on the page are decided on."""
    page.keyboard.press(key)
    page.wait_for_function(
        "count => document.querySelectorAll('.moderation-item.is-decided').length === count",
        arg=decided,
    )


def current(page):
    return page.inner_text(".moderation-item.is-current .moderation-text")


def count(page, status):
    return int(page.inner_text(f"[data-count={status}]"))


def faults_on(page):
    """Return what axe finds within our own part of the page: the rest is Wagtail's."""
    found = Axe().run(page, context="main", options={"resultTypes": ["violations"]})
    return [
        (each["id"], [node["html"][:160] for node in each["nodes"]])
        for each in found.response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def sign_in_by_keyboard(page, started):
    page.goto("/admin/")
    tab_to(page, "input[name=login]")
    page.keyboard.type("moderator")
    tab_to(page, "input[name=password]")
    page.keyboard.type(started.logins["moderator"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/admin/")
    assert "login" not in page.url


def test_everything_is_moderated_by_the_keyboard_alone(desktop, started, waiting, screenshots):
    page, keys = desktop, desktop.keyboard
    errors = []
    page.on("console", lambda message: errors.append(message.text)
            if message.type == "error" else None)  # fmt: skip
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in_by_keyboard(page, started)

    # From the home of the admin to the queue, and what it offers.
    enter(page, "#main a[href$='/visitor-comments/']")
    held, approved, spam, trash = (
        count(page, each) for each in ("hold", "approved", "spam", "trash")
    )
    assert held >= 10
    assert faults_on(page) == []
    page.screenshot(path=screenshots / "admin_queue.png")

    # Search: the words stand in no address.
    tab_to(page, "[name=words]")
    keys.type("Keyboard words")
    with page.expect_navigation():
        keys.press("Enter")
    assert "Keyboard" not in page.url
    assert page.locator(".moderation-item").count() == 8
    assert faults_on(page) == []

    # Walk, decide, and take back one after the other.
    keys.press("j")
    assert "number 7" in current(page)
    keys.press("j")
    keys.press("k")
    assert "number 7" in current(page)
    press(page, "a", decided=1)
    assert "number 6" in current(page)
    press(page, "s", decided=2)
    press(page, "d", decided=3)
    assert "number 4" in current(page)
    assert (count(page, "approved"), count(page, "spam"), count(page, "trash")) == (
        approved + 1, spam + 1, trash + 1,
    )  # fmt: skip
    assert "moved to the trash" in page.text_content("[data-say]")
    assert faults_on(page) == []
    press(page, "u", decided=2)
    press(page, "u", decided=1)
    assert count(page, "spam") == spam
    assert "number 6" in current(page)

    # A reply in place, which approves; keys typed into it are letters.
    keys.press("r")
    page.wait_for_selector(".moderation-write textarea:focus")
    keys.type("adsu jk are letters here.")
    tab_to(page, ".moderation-write button")
    keys.press("Enter")
    page.wait_for_function("document.querySelectorAll('.is-decided').length === 2")
    assert count(page, "approved") == approved + 3

    # A correction in place.
    keys.press("e")
    page.wait_for_function("document.querySelector('.moderation-write textarea')?.value !== ''")
    keys.press("Control+End")
    keys.type(" Corrected.")
    keys.press("Control+Enter")
    page.wait_for_selector(".moderation-text:has-text('Corrected.')")
    assert page.locator(".moderation-write").count() == 0

    # Its thread, in place.
    tab_to(page, ".is-current [data-thread] summary")
    keys.press("Enter")
    page.wait_for_selector(".is-current [data-neighbours]")

    # Two chosen ones at once, and the undo of both after a reload.
    keys.press("j")
    keys.press("x")
    keys.press("j")
    keys.press("x")
    assert "2" in page.inner_text("[data-chosen]")
    enter(page, "#chosen button[value=spam]", back=True)
    assert "2 comments marked as spam." in page.inner_text("[data-outcome]")
    page.reload()
    assert "2 comments marked as spam." in page.inner_text("[data-outcome]")
    with page.expect_navigation():
        keys.press("u")
    assert "Taken back" in page.inner_text("[data-outcome]")
    assert count(page, "spam") == spam

    # Spam and block: shown first, done, taken back.
    page.goto(QUEUE)
    tab_to(page, "[name=words]")
    keys.type("roulette")
    with page.expect_navigation():
        keys.press("Enter")
    keys.press("j")
    with page.expect_navigation():
        keys.press("b")
    assert "roulette.example" in page.inner_text("main form")
    assert faults_on(page) == []
    enter(page, "main form button")
    assert "Blocked from now on: roulette.example." in page.inner_text("[data-outcome]")
    send(started, waiting, "Late https://roulette.example/late", "late@example.org")
    page.reload()
    assert count(page, "trash") == trash + 1
    enter(page, "[data-outcome] button")

    # All that match, then everything about one, then for good.
    tab_to(page, "[data-choose-all]")
    keys.press("Space")
    enter(page, "#chosen button[value=spam]")
    assert "2 comments marked as spam." in page.inner_text("[data-outcome]")
    enter(page, ".moderation-states a[href*='status=spam']", back=True)
    keys.press("j")
    with page.expect_navigation():
        keys.press("o")
    assert "marked as spam" in page.inner_text(".moderation-history")
    assert faults_on(page) == []
    page.screenshot(path=screenshots / "admin_single.png")
    enter(page, ".moderation-title a")
    keys.press("j")
    tab_to(page, ".is-current .moderation-more summary")
    keys.press("Enter")
    enter(page, ".is-current button[value=deleted]")
    assert "Nothing brings it back" in page.inner_text("main")
    enter(page, "main form button")
    assert "1 comment deleted for good." in page.inner_text("[data-outcome]")
    assert page.locator("[data-outcome] button").count() == 0

    # Who decided what.
    enter(page, ".moderation-links a[href$='/decisions/']", back=True)
    assert "Moderator" in page.inner_text("main table")
    assert faults_on(page) == []
    assert errors == []


def test_link_in_the_mail_shows_asks_and_decides(desktop, started, waiting, mails_later):
    words = "Keyboard words number 0."
    about = mails_later(words).partition(words)[2]
    url = re.search(rf"^Approve: ({re.escape(started.url)}/\S+)$", about, re.MULTILINE)[1]

    desktop.goto(url)
    assert faults_on(desktop) == []
    assert words in desktop.inner_text("main article")
    tab_to(desktop, "main form button")
    with desktop.expect_navigation():
        desktop.keyboard.press("Enter")

    assert "1 comment approved." in desktop.inner_text("main")


@pytest.fixture
def mails_later(started):
    """Return the mail that holds a text: mail about comments is gathered before it is sent."""
    import time

    def found(text):
        # Mail about earlier comments of this site may have left within the last ten minutes.
        forget = "from comments.models import MailCursor; MailCursor.objects.update(sent_at=None)"
        subprocess.run(
            [sys.executable, "manage.py", "shell", "-v0", "-c", forget], cwd=ROOT,
            env=started.environment, check=True,
        )  # fmt: skip
        until = time.monotonic() + 120
        while time.monotonic() < until:
            for path in (started.data / "mail").glob("*"):
                mail = decoded(path)
                if text in mail:
                    return mail
            time.sleep(0.5)
        raise AssertionError(f"no mail with {text!r}")

    return found


def decoded(path):
    import email
    import email.policy

    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    return body.get_content() if body is not None else ""


def test_queue_works_without_scripts(browser, started, waiting, sign_in, screenshots):
    context = browser.new_context(
        base_url=started.url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    sign_in(page, "moderator")
    page.goto(QUEUE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    row = page.locator(".moderation-item").first
    words = row.locator(".moderation-text").inner_text()
    row.get_by_role("button", name="Spam", exact=True).click()
    assert "1 comment marked as spam." in page.inner_text("[data-outcome]")
    assert words not in page.inner_text("main ol")
    page.locator("[data-outcome]").get_by_role("button", name="Undo").click()
    assert words in page.inner_text("main ol")
    page.screenshot(path=screenshots / "queue_without_scripts.png")
    context.close()


def test_queue_is_accessible_in_chinese_too(desktop, started, waiting, sign_in, screenshots):
    sign_in(desktop, "moderator")
    desktop.goto("/admin/account/")
    desktop.select_option("[name$=preferred_language]", "zh-hans")
    with desktop.expect_navigation():
        desktop.locator("main form button[type=submit]").last.click()
    desktop.goto(QUEUE)
    try:
        assert desktop.get_attribute("html", "lang") == "zh-hans"
        assert faults_on(desktop) == []
        desktop.screenshot(path=screenshots / "admin_queue_zh.png")
    finally:
        desktop.goto("/admin/account/")
        desktop.select_option("[name$=preferred_language]", "en")
        with desktop.expect_navigation():
            desktop.locator("main form button[type=submit]").last.click()
