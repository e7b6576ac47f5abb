"""Policies by keyboard and for assistive programs: what visitors read, and where editors write."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.started]
PUBLIC = (
    "/privacy-policy/", "/privacy-policy/versions/", "/privacy-policy/versions/1/",
    "/privacy-policy/versions/3/", "/privacy-policy/compare/1...3/", "/terms-of-service/",
    "/zh-hans/privacy-policy/", "/zh-hans/privacy-policy/compare/1...2/",
)  # fmt: skip


def faults(page):
    return [
        (violation["id"], [node["html"][:120] for node in violation["nodes"]])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]


def press_until(page, key, wanted, most=400):
    """Press a key until the element that has the focus matches a selector."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never reached {wanted}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_public_pages_have_no_faults_in_any_light_or_width(browser, started, scheme, width):
    context = browser.new_context(
        base_url=started.url, viewport={"width": width, "height": 844}, color_scheme=scheme
    )
    page = context.new_page()
    found = {}
    for path in PUBLIC:
        page.goto(path)
        found[path] = faults(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
    assert {path: each for path, each in found.items() if each} == {}


def test_agreements_are_answered_by_keyboard(phone, sign_in, screenshots):
    sign_in(phone, "member")
    phone.goto("/agreements/")
    assert faults(phone) == []
    phone.screenshot(path=screenshots / "phone_agreements.png", full_page=True)
    waiting = phone.locator("form.agreement").count()

    press_until(phone, "Tab", "form.agreement button[value=accept]")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")

    assert phone.locator("form.agreement").count() == waiting - 1
    assert "Your answer is recorded" in phone.inner_text("main")
    assert faults(phone) == []


def test_policy_is_read_and_compared_by_keyboard(phone):
    phone.goto("/privacy-policy/versions/2/")
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.className") == "skip-link"

    press_until(phone, "Tab", ".policy-contents summary")
    phone.keyboard.press("Enter")
    press_until(phone, "Tab", ".policy-contents li:nth-child(6) a")
    phone.keyboard.press("Enter")
    phone.wait_for_function(
        "() => { const top = document.querySelector(location.hash)?.getBoundingClientRect().top;"
        " return top >= 0 && top < 200; }"
    )

    phone.goto("/privacy-policy/compare/1...2/")
    press_until(phone, "Tab", "[name=to]")
    phone.keyboard.press("ControlOrMeta+A")
    phone.keyboard.type("3")
    with phone.expect_navigation():
        phone.keyboard.press("Enter")
    assert phone.url.endswith("/privacy-policy/compare/1...3/")
    press_until(phone, "Tab", ".unchanged summary")
    phone.keyboard.press("Enter")
    assert phone.locator(".unchanged[open]").count() == 1


def test_what_changed_is_said_to_screen_readers_and_seen_without_colour(desktop):
    desktop.goto("/privacy-policy/compare/1...2/")
    removed, added = desktop.locator(".compared del").first, desktop.locator(".compared ins").first

    assert removed.text_content().startswith("[removed:")
    assert added.text_content().startswith("[added:")
    assert desktop.locator(".compared .visually-hidden").first.bounding_box()["width"] <= 1
    line = "element => getComputedStyle(element).textDecorationLine"
    assert removed.evaluate(line) == "line-through"
    assert added.evaluate(line) == "underline"


@pytest.fixture
def page_id(fetch):
    def find(slug):
        return json.loads(fetch(f"/wp-json/wp/v2/pages?slug={slug}"))[0]["id"]

    return find


def test_screens_of_editors_have_no_faults(desktop, sign_in, page_id, screenshots):
    sign_in(desktop, "editor")
    key = page_id("privacy-policy")
    for path in ("/admin/", f"/admin/pages/{key}/edit/", f"/admin/pages/{key}/delete/",
                 f"/admin/pages/{key}/history/"):  # fmt: skip
        desktop.goto(path)
        desktop.wait_for_load_state("networkidle")
        assert faults(desktop) == [], path
    desktop.goto("/admin/pages/")
    desktop.goto(f"/admin/pages/{key}/edit/")
    desktop.wait_for_load_state("networkidle")
    assert desktop.locator("[role=textbox]").first.get_attribute("aria-label").startswith("Text")
    desktop.screenshot(path=screenshots / "admin_edit_policy.png")


def test_policy_is_written_and_published_by_keyboard(desktop, sign_in, page_id, started, browser):
    sign_in(desktop, "editor")
    desktop.goto(f"/admin/pages/{page_id('transaction-terms')}/edit/")
    desktop.wait_for_load_state("networkidle")

    press_until(desktop, "Tab", "[role=textbox]")
    desktop.keyboard.press("ControlOrMeta+End")
    desktop.keyboard.type(" Written without a mouse.")
    desktop.keyboard.press("Escape")
    press_until(desktop, "Tab", "[name=change_summary]")
    desktop.keyboard.type("A sentence more.")
    press_until(desktop, "Tab", "[name=publish_anyway]")
    desktop.keyboard.press("Space")
    press_until(desktop, "Tab", "footer [data-w-dropdown-target=toggle]")
    desktop.keyboard.press("Enter")
    press_until(desktop, "Tab", "[name=action-publish]")
    with desktop.expect_navigation():
        desktop.keyboard.press("Enter")

    assert "Version 2 is in force." in desktop.inner_text("body")
    visitor = browser.new_context(base_url=started.url).new_page()
    visitor.goto("/transaction-terms/")
    assert "Written without a mouse." in visitor.inner_text("main")
    visitor.context.close()


def test_keyboard_leaves_a_list_in_the_text(desktop, sign_in, page_id):
    sign_in(desktop, "editor")
    desktop.goto(f"/admin/pages/{page_id('privacy-policy')}/edit/")
    desktop.wait_for_load_state("networkidle")
    desktop.locator("[role=textbox] li").first.click()

    desktop.keyboard.press("Escape")
    desktop.keyboard.press("Tab")

    assert not desktop.evaluate("document.activeElement.matches('[role=textbox]')")
