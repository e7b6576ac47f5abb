"""The five journeys on the started site, in Chromium, with screenshots."""

import json
import re
import zipfile

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.media.pictures import camera_jpeg

pytestmark = [pytest.mark.browser, pytest.mark.started]
PAGES = (
    "/", "{post}", "/privacy-policy/", "/privacy-policy/versions/",
    "/zh-hans/privacy-policy/compare/1...3/", "/cart/shop/", "/zh-hans/",
)  # fmt: skip
NORA = "nora.visitor@example.org"


def shoot(page, folder, name, *, whole=True):
    """Keep a picture of the whole page, or of what the window shows."""
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "Promise.all([...document.images].map(each => {"
        " each.loading = 'eager'; return each.decode() }))"
    )
    page.screenshot(path=folder / f"{name}.png", full_page=whole)


def name_of(path):
    """Return a path as part of a file's name."""
    return path.replace("{", "").replace("}", "").replace("/", "_")


def test_start_prints_what_a_person_needs_next(started):
    assert f"Ready: {started.url}/" in started.words
    assert (started.data / "candour.sqlite3").stat().st_mode & 0o777 == 0o600
    assert set(started.logins) == {"admin", "editor", "moderator", "officer", "member"}
    assert "/mail" in started.words


@pytest.mark.parametrize(
    "path",
    [*PAGES, "/privacy-policy/compare/1...2/", "/privacy/requests/",
     "/privacy/requests/without-mailbox/", "/privacy/requests/cancel/", "/account/signup/",
     "/account/login/", "/our-story/", "/zh-hans/privacy-policy/"],
)  # fmt: skip
def test_pages_are_accessible_and_ask_nobody_else(desktop, started, path, post_path, screenshots):
    asked = []
    desktop.on("request", lambda request: asked.append(request.url))
    faults = []
    desktop.on("console", lambda message: faults.append(message.text)
               if message.type == "error" else None)  # fmt: skip
    desktop.goto(path.format(post=post_path))
    # The picture of a page's own scripts would be refused by its policy: axe is evaluated.
    results = Axe().run(desktop)

    serious = [
        (violation["id"], [node["html"][:120] for node in violation["nodes"]])
        for violation in results.response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]
    assert serious == []
    assert all(url.startswith((started.url, "data:")) for url in asked)
    assert faults == []
    shoot(desktop, screenshots, f"desktop{name_of(path)}")


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_a_phone(phone, screenshots, path, post_path):
    phone.goto(path.format(post=post_path))

    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    shoot(phone, screenshots, f"phone{name_of(path)}")


def test_policy_journey(desktop, browser, started, sign_in, screenshots, fetch):
    listed = json.loads(fetch("/wp-json/wp/v2/pages?slug=cookie-policy"))
    sign_in(desktop, "editor")
    desktop.goto(f"/admin/pages/{listed[0]['id']}/edit/")
    desktop.locator("input[name$='-value-heading']").first.fill("What we set, and for how long")
    desktop.fill("[name=change_summary]", "The first section has a clearer heading.")
    desktop.fill("[name=effective_at]", "")
    desktop.fill("[name=updated_on]", "")
    desktop.locator("[name=change_summary]").click()
    shoot(desktop, screenshots, "admin_policy", whole=False)
    with desktop.expect_navigation():
        desktop.locator("[name=action-publish]").first.evaluate("button => button.click()")

    visitor = browser.new_context(base_url=started.url).new_page()
    visitor.goto("/cookie-policy/")
    assert "What we set, and for how long" in visitor.inner_text("main")
    assert visitor.inner_text(".policy-dates dd") == "2"
    # What nobody filled in is the day and the moment of publishing.
    assert visitor.locator(".policy-dates time").count() == 2
    assert "recorded later" not in visitor.inner_text("main")
    shoot(visitor, screenshots, "desktop_policy")
    visitor.click("a[rel=version-history]")
    assert "The first section has a clearer heading." in visitor.inner_text("main")
    shoot(visitor, screenshots, "desktop_versions")
    visitor.click("text=Version 1")
    assert "and for how long" not in visitor.inner_text(".prose")
    visitor.goto("/privacy-policy/")
    assert "Version 3 takes effect on 15 January" in visitor.inner_text("main")
    shoot(visitor, screenshots, "desktop_privacy")
    visitor.context.close()


def write_comment(page, text):
    page.fill("[name=comment]", text)
    page.fill("[name=author]", "Nora Visitor")
    page.fill("[name=email]", NORA)
    page.click("#respond button[type=submit]")


def test_comment_journey(
    desktop, without_scripts, browser, started, sign_in, screenshots, post_path
):
    desktop.goto(post_path)
    write_comment(desktop, "Sent with scripts, from the browser.")
    desktop.wait_for_selector("[data-comment-status].notice-success")
    assert "waiting" in desktop.inner_text("[data-comment-status]")
    assert desktop.url.endswith(post_path)

    without_scripts.goto(post_path)
    write_comment(without_scripts, "Sent without any script.")
    assert "waiting to be read" in without_scripts.inner_text("main")
    assert "Sent without any script." in without_scripts.inner_text("main")
    assert NORA not in without_scripts.url
    shoot(without_scripts, screenshots, "phone_waiting")

    context = browser.new_context(base_url=started.url, viewport={"width": 1280, "height": 900})
    moderator = context.new_page()
    sign_in(moderator, "moderator")
    moderator.goto("/admin/visitor-comments/")
    shoot(moderator, screenshots, "admin_comments", whole=False)
    for text in ("Sent with scripts", "Sent without any"):
        row = moderator.locator(".moderation-item", has_text=text)
        # The sentence of the one before still stands there: the answer tells that this one is done.
        with moderator.expect_response(lambda answer: answer.request.method == "POST"):
            row.get_by_role("button", name="Approve", exact=True).click()
        moderator.wait_for_selector(".moderation-done >> text=1 comment approved.")
    context.close()

    without_scripts.goto(post_path)
    shown = without_scripts.inner_text("#comments")
    assert "Sent with scripts, from the browser." in shown
    assert "Sent without any script." in shown
    without_scripts.locator("article", has_text="Sent without any").get_by_text("Reply").click()
    assert "Reply to Nora Visitor" in without_scripts.inner_text("#respond")
    write_comment(without_scripts, "A reply without scripts.")
    assert "waiting to be read" in without_scripts.inner_text("main")
    desktop.goto(post_path)
    shoot(desktop, screenshots, "desktop_post")


def test_image_journey(desktop, sign_in, fetch, screenshots, tmp_path):
    path = tmp_path / "harbour.jpg"
    path.write_bytes(camera_jpeg())
    sign_in(desktop, "editor")
    desktop.goto("/admin/images/add/")
    desktop.fill("[name=title]", "Harbour from the browser")
    desktop.set_input_files("input[type=file]", path)
    desktop.locator("main form button[type=submit]").last.click()
    assert "Write what the picture tells" in desktop.inner_text("main")
    desktop.fill("main [name=description]", "A harbour at dawn")
    desktop.set_input_files("input[type=file]", path)
    desktop.locator("main form button[type=submit]").last.click()
    desktop.wait_for_url(re.compile(r"/admin/images/$"))
    shoot(desktop, screenshots, "admin_images", whole=False)

    found = json.loads(fetch("/wp-json/wp/v2/media?search=Harbour%20from"))
    stored = fetch(found[0]["source_url"])
    assert b"GPS" not in stored
    assert b"Port Ellery" not in stored
    assert stored[:2] == b"\xff\xd8"

    png = tmp_path / "dot.png"
    png.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    desktop.goto("/admin/images/add/")
    desktop.fill("[name=title]", "Dot")
    desktop.check("main [name=is_decorative]")
    desktop.set_input_files("input[type=file]", png)
    desktop.locator("main form button[type=submit]").last.click()
    desktop.wait_for_load_state()
    assert "damaged" in desktop.inner_text("main")


def ask(page, kind, mails):
    page.goto("/privacy/requests/")
    page.check(f"input[value={kind}]")
    page.fill("[name=email]", NORA)
    page.click("main form button")
    assert "If the address is yours" in page.inner_text("main")


def link_in(mail, started):
    found = re.search(rf"{re.escape(started.url)}/\S*#\S+", mail.replace("=\n", ""))
    assert found, mail
    return found[0]


def test_data_request_journey(desktop, started, mails, screenshots, fetch, post_path):
    desktop.goto(post_path)
    write_comment(desktop, "Words that I shall want back.")
    desktop.wait_for_selector("[data-comment-status].notice-success")

    desktop.goto("/privacy/requests/")
    shoot(desktop, screenshots, "desktop_request")
    ask(desktop, "export", mails)
    desktop.goto(link_in(mails("press the button to confirm", to=NORA), started))
    shoot(desktop, screenshots, "desktop_confirm")
    assert "#" not in desktop.url
    desktop.click("main form button")
    desktop.wait_for_load_state()
    ready = mails("Fetch it here", to=NORA)
    desktop.goto(link_in(ready, started))
    with desktop.expect_download() as download:
        desktop.click("main form button")
    with zipfile.ZipFile(download.value.path()) as archive:
        names = archive.namelist()
        assert {"index.html", "data.json"} <= set(names)
        data = archive.read("data.json").decode()
        (screenshots / "export.html").write_bytes(archive.read("index.html"))
    assert "Words that I shall want back." in data
    assert NORA not in " ".join(names)
    desktop.goto((screenshots / "export.html").as_uri())
    shoot(desktop, screenshots, "desktop_export")

    ask(desktop, "erasure", mails)
    erasure = mails("press the button to confirm", count=2, to=NORA)
    desktop.goto(link_in(erasure, started))
    desktop.get_by_role("button", name="Show me first what would be erased").click()
    assert "Nothing has been erased yet" in desktop.inner_text("main")
    shoot(desktop, screenshots, "desktop_preview")
    desktop.get_by_role("button", name="Erase my data").click()
    desktop.wait_for_load_state()
    mails("has been erased", to=NORA)
    assert b"Words that I shall want back." not in fetch("/wp-json/wp/v2/comments?per_page=100")
    desktop.goto(post_path)
    assert "Nora Visitor" not in desktop.inner_text("#comments")


def test_headless_and_cart_journey(desktop, fetch, screenshots):
    index = json.loads(fetch("/wp-json/"))
    assert "wp/v2" in index["namespaces"]
    for name in ("posts", "pages", "comments", "media", "users", "categories", "tags"):
        assert json.loads(fetch(f"/wp-json/wp/v2/{name}")), name

    desktop.goto("/")
    shoot(desktop, screenshots, "desktop_home")
    desktop.click("text=Your cart is empty")
    assert "Your cart is empty" in desktop.inner_text("main")
    shoot(desktop, screenshots, "desktop_cart_empty")
    desktop.click("main >> text=Back to the shop")
    shoot(desktop, screenshots, "desktop_shop")
    desktop.click("text=Morning cup")
    desktop.click("text=Put into the cart")
    assert "£24.00" in desktop.inner_text("main")
    assert "1 piece in your cart" in desktop.inner_text("header")
    shoot(desktop, screenshots, "desktop_cart")
    desktop.click("text=Remove")
    assert "Your cart is empty" in desktop.inner_text("main")


def test_registration_with_agreement_then_sign_out_and_in(desktop, screenshots):
    desktop.goto("/account/signup/")
    desktop.fill("[name=email]", "robin@example.org")
    desktop.fill("[name=password1]", "a-long-pass-4711")
    desktop.fill("[name=password2]", "a-long-pass-4711")
    shoot(desktop, screenshots, "desktop_signup")
    desktop.locator("main form").evaluate("form => { form.noValidate = true }")
    desktop.click("main form button")
    assert "once you agree" in desktop.inner_text("main")

    desktop.fill("[name=password1]", "a-long-pass-4711")
    desktop.fill("[name=password2]", "a-long-pass-4711")
    desktop.select_option("[name=age]", "adult")
    for box in desktop.locator("[name^=agree-]").all():
        box.check()
    desktop.click("main form button")
    desktop.wait_for_url(re.compile("/account/$"))
    shoot(desktop, screenshots, "desktop_account")
    desktop.click("main button:has-text('Sign out')")
    desktop.goto("/account/login/")
    desktop.fill("[name=login]", "robin@example.org")
    desktop.fill("[name=password]", "a-long-pass-4711")
    desktop.click("main form button")
    desktop.wait_for_url(re.compile("/account/$"))
