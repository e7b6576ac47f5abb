"""From a report without script to a decision, an appeal and the comment's return, in Chromium."""

import email
import email.policy
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.started]
POST = "/2026/10/18/first-firing-of-autumn/"
WORDS = "Was that the smoke I could smell"
AUTHOR, REPORTER = "reader1@example.org", "rita.reporter@example.net"


def shoot(page, folder, name):
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def text_of(raw):
    message = email.message_from_string(raw, policy=email.policy.default)
    return message.get_body(("plain",)).get_content()


def faults_of(page):
    return [
        (violation["id"], [node["html"][:120] for node in violation["nodes"]])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]


def test_report_decision_appeal_and_return(
    desktop, phone, without_scripts, browser, started, sign_in, mails, screenshots
):
    reader = without_scripts
    reader.goto(POST)
    reader.locator("article", has_text=WORDS).get_by_role("link", name="Report").first.click()
    reader.check("[value=illegal]")
    reader.click("main form button")
    assert WORDS in reader.inner_text("main")
    reader.click("main form button")
    assert "Confirm this" in reader.inner_text("main")
    reader.select_option("[name=about]", "person")
    reader.fill("[name=explanation]", "It says something untrue about me.")
    reader.fill("[name=name]", "Rita")
    reader.fill("[name=email]", REPORTER)
    reader.check("[name=is_honest]")
    reader.click("main form button")
    reference = reader.inner_text("main code")
    assert re.fullmatch(r"\w{4}-\w{4}", reference)
    shoot(reader, screenshots, "phone_reported")
    assert reference in text_of(mails(reference))

    context = browser.new_context(base_url=started.url, viewport={"width": 1280, "height": 900})
    moderator = context.new_page()
    sign_in(moderator, "moderator")
    moderator.goto("/admin/visitor-comments/desk/")
    shoot(moderator, screenshots, "admin_reports")
    moderator.click(f"text={reference}")
    shoot(moderator, screenshots, "admin_report")
    assert faults_of(moderator) == []
    moderator.fill("[name=statement]", "You are right, it is untrue.")
    moderator.fill("[name=facts]", "It claims something untrue about a person.")
    moderator.click("button[value=remove]")
    moderator.wait_for_load_state()

    desktop.goto(POST)
    assert WORDS not in desktop.inner_text("#comments")
    assert "You are right, it is untrue." in text_of(mails("You are right, it is untrue."))
    statement = text_of(mails("Your comment was removed"))
    assert WORDS not in statement
    link = re.search(rf"{re.escape(started.url)}/\S*#\S+", statement)[0]
    desktop.goto(link)
    assert "#" not in desktop.url
    assert faults_of(desktop) == []
    shoot(desktop, screenshots, "desktop_appeal")
    phone.goto(link.partition("#")[0])
    shoot(phone, screenshots, "phone_appeal")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    desktop.fill("[name=text]", "It is true, and here is the proof.")
    desktop.click("main form button")
    assert "Your appeal has arrived" in desktop.inner_text("main")

    moderator.goto("/admin/visitor-comments/appeals/")
    moderator.click("tbody a")
    shoot(moderator, screenshots, "admin_appeal")
    moderator.fill("[name=answer]", "We were wrong, and are sorry.")
    moderator.click("button[value=uphold]")
    moderator.wait_for_load_state()
    context.close()
    assert "We were wrong" in text_of(mails("We were wrong"))
    reader.goto(POST)
    assert WORDS in reader.inner_text("#comments")


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_report_and_appeal_pages_are_accessible_and_fit_a_phone(
    desktop, phone, started, screenshots, prefix
):
    for name in ("report/?comment=1", "appeal/"):
        path = f"{prefix}/comments/{name}"
        shot = f"{prefix.strip('/') or 'en'}_{name.partition('/')[0]}"
        desktop.goto(path)
        assert faults_of(desktop) == []
        shoot(desktop, screenshots, f"desktop_{shot}")
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        shoot(phone, screenshots, f"phone_{shot}")


@pytest.mark.parametrize("name", ["reports", "appeals", "sanctions", "holds"])
def test_desk_is_accessible(desktop, sign_in, screenshots, name):
    sign_in(desktop, "moderator")
    desktop.goto(f"/admin/visitor-comments/{name}/")

    assert desktop.locator("h1").count() == 1
    assert faults_of(desktop) == []
