"""What visitors do with comments on the started site, in Chromium: with scripts, and without."""

import json
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.started]
SENT = "[data-comment-status].notice-success"
REFUSED = "[data-comment-status].notice-error"
YEAR = 365 * 24 * 60 * 60


def discuss(site, **values):
    code = (
        "from comments.models import DiscussionSettings; own = DiscussionSettings.load();"
        f" own.__dict__.update({values!r}); own.save()"
    )
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code], cwd=ROOT, env=site.environment,
        check=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def open_site(started):
    """The site as it is while everybody's comments are seen at once, many from one network too."""
    discuss(
        started, comment_previously_approved=False, reaction_kinds="like,thanks",
        log_only_screeners="comments.50.rate",
    )  # fmt: skip
    yield started
    discuss(
        started, comment_previously_approved=True, reaction_kinds="like", log_only_screeners="",
        proof_of_work="never",
    )  # fmt: skip


@pytest.fixture
def paths(open_site, fetch):
    """Posts that the journeys of other files do not visit: one in English, one in Chinese."""

    def path(language, slug):
        listed = json.loads(fetch(f"/wp-json/wp/v2/posts?lang={language}&slug={slug}"))
        return urlsplit(listed[0]["link"]).path

    return {"en": path("en", "the-cat-and-the-glaze"), "zh-hans": path("zh-hans", "qiu-yao")}


@pytest.fixture
def faults():
    """What a page complains of: refused scripts, failed requests, errors."""
    return []


@pytest.fixture
def listening(faults):
    def listen(page):
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))

    return listen


@pytest.fixture
def visitor(desktop, listening):
    listening(desktop)
    return desktop


@pytest.fixture
def other(phone, listening):
    listening(phone)
    return phone


def write(page, text, name="Vera Visitor", *, has_scripts=True):
    page.fill("[name=comment]", text)
    page.fill("[name=author]", name)
    page.fill("[name=email]", f"{name.partition(' ')[0].lower()}@example.org")
    if has_scripts:
        wait_as_long_as_people_write(page)
    page.click("#respond button[type=submit]")


def wait_as_long_as_people_write(page):
    """Let a form with a token become older than the fastest that is taken for a person's."""
    page.locator("[name=form_token]").evaluate(
        """async field => {
            const wait = seconds => new Promise(done => setTimeout(done, seconds * 1000));
            for (let tries = 0; !field.value && tries < 100; tries += 1) await wait(0.1);
            field.since ??= Date.now();
            await wait(Math.max(0, 3.2 - (Date.now() - field.since) / 1000));
        }"""
    )


def article(page, text):
    return page.locator(".comment-list article", has_text=text)


def serious(page):
    return [
        (each["id"], [node["html"][:120] for node in each["nodes"]])
        for each in Axe().run(page).response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


def look_for_news(page):
    """Do what the page does by itself every half minute."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_sum_is_done_while_somebody_writes_and_its_lack_holds_a_comment(
    open_site, visitor, without_scripts, paths, faults
):
    asked = []
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto(paths["en"])
    visitor.focus("[name=comment]")
    visitor.wait_for_load_state("networkidle")
    assert not any("proof" in url or "challenge" in url for url in asked)

    discuss(open_site, proof_of_work="always")
    try:
        visitor.goto(paths["en"])
        write(visitor, "My browser has done its sum.")
        visitor.wait_for_selector(SENT)
        assert "published" in visitor.inner_text(SENT)
        assert article(visitor, "has done its sum").is_visible()
        assert any("comment_proof_worker" in url for url in asked)
        write(visitor, "And another one for the second comment.")
        article(visitor, "for the second comment").wait_for()
        assert article(visitor, "for the second comment").locator(".comment-waiting").count() == 0

        without_scripts.goto(paths["en"])
        assert "your comment may wait" in without_scripts.inner_text("#respond")
        write(without_scripts, "My browser has done nothing.", "Nils Noscript", has_scripts=False)
        assert "waiting to be read" in without_scripts.inner_text("main")
        assert "My browser has done nothing." in without_scripts.inner_text("main")
    finally:
        discuss(open_site, proof_of_work="never")
    assert faults == []


def test_author_changes_and_withdraws_a_comment(visitor, other, paths, faults):
    visitor.goto(paths["en"])
    write(visitor, "The first wording of it.")
    own = article(visitor, "The first wording of it.")
    own.wait_for()
    assert own.evaluate("element => element === document.activeElement")

    own.get_by_role("button", name="Change").click()
    own.get_by_role("textbox").fill("The second wording, see https://example.org/.")
    own.get_by_role("button", name="Save the change").click()
    own = article(visitor, "The second wording")
    own.locator(".notice").wait_for()
    assert "changed" in own.locator(".notice").inner_text()
    assert own.get_by_role("link", name="https://example.org/").count() == 1

    visitor.reload()
    own.get_by_role("button", name="Change").click()
    own.get_by_role("textbox").fill("Never sent.")
    visitor.keyboard.press("Escape")
    assert "The second wording" in own.inner_text()
    other.goto(paths["en"])
    assert article(other, "The second wording").get_by_text("edited").count() == 1
    assert article(other, "The second wording").get_by_role("button", name="Change").count() == 0

    visitor.on("dialog", lambda dialog: dialog.accept())
    own.get_by_role("button", name="Withdraw").click()
    gone = article(visitor, "Your comment is gone")
    gone.wait_for()
    assert "Vera" not in gone.inner_text()
    look_for_news(other)
    article(other, "The second wording").wait_for(state="detached")
    assert faults == []


def test_comments_arrive_and_replies_stand_below(visitor, other, paths, faults):
    other.goto(paths["en"])
    visitor.goto(paths["en"])
    write(visitor, "Said while others read.")
    said = article(visitor, "Said while others read.")
    said.wait_for()

    look_for_news(other)
    show = other.get_by_role("button", name="Show one new comment")
    show.click()
    arrived = article(other, "Said while others read.")
    assert arrived.evaluate("element => element === document.activeElement")
    assert show.count() == 0

    arrived.get_by_role("link", name="Reply").click()
    assert other.inner_text("#respond h3") == "Reply to Vera Visitor"
    other.keyboard.press("Escape")
    assert other.inner_text("#respond h3") == "Write a comment"
    assert arrived.get_by_role("link", name="Reply").evaluate(
        "element => element === document.activeElement"
    )
    arrived.get_by_role("link", name="Reply").click()
    write(other, "Answered from a phone.", "Olga Other")
    below = "li:has(> article:has-text('Said while others read.')) > ol > li > article"
    other.locator(below, has_text="Answered from a phone.").wait_for()
    assert other.inner_text("#respond h3") == "Write a comment"
    assert other.locator("article #respond").count() == 0

    look_for_news(visitor)
    visitor.get_by_role("button", name="Show one new comment").click()
    assert visitor.locator(below, has_text="Answered from a phone.").count() == 1
    visitor.reload()
    assert visitor.locator(below, has_text="Answered from a phone.").count() == 1
    assert faults == []


def test_reader_reacts_and_takes_it_back(visitor, without_scripts, paths, faults):
    visitor.goto(paths["en"])
    write(visitor, "Something to like.")
    liked = article(visitor, "Something to like.")
    like = liked.get_by_role("button", name="Like")
    like.click()
    liked.locator("button b").wait_for()
    assert (like.inner_text(), like.get_attribute("aria-pressed")) == ("Like 1", "true")
    visitor.reload()
    assert (like.inner_text(), like.get_attribute("aria-pressed")) == ("Like 1", "true")
    like.click()
    liked.locator("button b").wait_for(state="detached")
    assert (like.inner_text().strip(), like.get_attribute("aria-pressed")) == ("Like", "false")

    without_scripts.goto(paths["en"])
    article(without_scripts, "Something to like.").get_by_role("button", name="Thanks").click()
    thanked = article(without_scripts, "Something to like.")
    assert thanked.get_by_role("button", name="Thanks").inner_text() == "Thanks 1"
    assert faults == []


def test_report_is_one_act_and_leads_on_to_what_is_illegal(
    visitor, without_scripts, paths, faults, screenshots
):
    visitor.goto(paths["en"])
    write(visitor, "Something to report.")
    reported = article(visitor, "Something to report.")
    reported.wait_for()
    report = reported.get_by_role("link", name="Report")
    assert report.count() == 1
    report.click()
    dialog = visitor.get_by_role("dialog", name="Report a comment")
    dialog.wait_for()
    assert "Something to report." in dialog.inner_text()
    assert serious(visitor) == []
    visitor.screenshot(path=screenshots / "desktop_report_dialog.png")
    visitor.keyboard.press("Escape")
    assert visitor.get_by_role("dialog").count() == 0
    assert report.evaluate("element => element === document.activeElement")
    report.click()
    dialog.get_by_label("It is spam").check()
    dialog.get_by_role("button", name="Send").click()
    dialog.get_by_text("A moderator looks at it").wait_for()
    dialog.get_by_role("button", name="Close").click()
    report.click()
    dialog.get_by_label("It breaks the law").check()
    dialog.get_by_role("button", name="Send").click()
    visitor.wait_for_url("**/comments/report/?comment=*")
    assert "Something to report." in visitor.inner_text("main")

    without_scripts.goto(paths["en"])
    article(without_scripts, "Something to report.").get_by_role("link", name="Report").click()
    assert "Something to report." in without_scripts.inner_text("main")
    without_scripts.check("[value=off-topic]")
    without_scripts.click("main form button")
    assert "A moderator looks at it" in without_scripts.inner_text("main")
    assert faults == []


def test_refusals_stand_in_place_and_drafts_stay(visitor, paths, faults):
    visitor.goto(paths["en"])
    visitor.fill("[name=comment]", "A draft that is")
    visitor.reload()
    assert visitor.input_value("[name=comment]") == "A draft that is"
    write(visitor, "A draft that is finished.")
    article(visitor, "A draft that is finished.").wait_for()
    assert visitor.input_value("[name=comment]") == ""
    visitor.reload()
    assert visitor.input_value("[name=comment]") == ""

    write(visitor, "A draft that is finished.")
    visitor.wait_for_selector(REFUSED)
    assert "You have said that already" in visitor.inner_text(REFUSED)
    assert visitor.input_value("[name=comment]") == "A draft that is finished."

    told = {"code": "comment_flood", "message": "You are commenting very fast."}
    visitor.route("**/wp-comments-post.php", lambda route: route.fulfill(status=429, json=told))
    write(visitor, "Much too fast.")
    visitor.wait_for_selector(f"{REFUSED}:has-text('very fast')")
    visitor.unroute("**/wp-comments-post.php")
    visitor.route("**/wp-comments-post.php", lambda route: route.abort())
    write(visitor, "Sent from a tunnel.")
    visitor.wait_for_selector(f"{REFUSED}:has-text('could not be sent')")
    visitor.unroute("**/wp-comments-post.php")
    visitor.reload()
    assert visitor.input_value("[name=comment]") == "Sent from a tunnel."
    # The browser itself notes what the site refuses and what does not arrive.
    assert all("Failed to load resource" in each for each in faults)


def test_visitors_are_remembered_if_they_tick_the_box_and_by_the_browser_alone(
    visitor, paths, fetch, faults
):
    def remembered():
        kept = visitor.context.cookies()
        return {each["name"]: each for each in kept if each["name"].startswith("comment_author")}

    visitor.goto(paths["en"])
    write(visitor, "Forget who I am.", "Ronja Remembered")
    visitor.wait_for_selector(SENT)
    assert remembered() == {}
    visitor.check("[name=wp-comment-cookies-consent]")
    write(visitor, "Know me again.", "Ronja Remembered")
    article(visitor, "Know me again.").wait_for()
    now = visitor.evaluate("Date.now() / 1000")
    lives = {name: each["expires"] - now for name, each in remembered().items()}
    assert {"comment_author", "comment_author_email"} <= set(lives)
    assert all(abs(life - YEAR) < 600 for life in lives.values())

    page = visitor.goto(paths["en"])
    assert b"ronja@example.org" not in page.body()
    assert visitor.input_value("[name=author]") == "Ronja Remembered"
    assert visitor.input_value("[name=email]") == "ronja@example.org"
    assert visitor.is_checked("[name=wp-comment-cookies-consent]")
    visitor.uncheck("[name=wp-comment-cookies-consent]")
    write(visitor, "And forget me now.", "Ronja Remembered")
    article(visitor, "And forget me now.").wait_for()
    assert remembered() == {}
    assert faults == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_thread_is_accessible_and_fits_a_phone(
    browser, started, paths, screenshots, language, scheme
):
    for width, scale in ((1280, 1), (390, 2)):
        context = browser.new_context(
            base_url=started.url, viewport={"width": width, "height": 844}, color_scheme=scheme,
            device_scale_factor=scale,
        )  # fmt: skip
        page = context.new_page()
        page.goto(paths[language])
        write(page, f"At {width} pixels, {scheme}, {language}.", "Aksel Axe")
        written = article(page, f"At {width} pixels, {scheme}, {language}.")
        written.wait_for()
        written.locator("footer a[href*=replytocom]").click()
        assert serious(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#comments").screenshot(
            path=screenshots / f"comments_{language}_{scheme}_{width}.png"
        )
        context.close()
