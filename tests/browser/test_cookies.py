"""Cookie truth: what the browser keeps is what the register says, for no longer; nobody else is
asked for anything."""

import json
import re
import time
from http.cookies import SimpleCookie
from types import SimpleNamespace
from urllib.parse import urldefrag, urlsplit

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.started]
DAY = 86_400
# Clocks of browser and site, and the time that a test takes.
SLACK = 600
# What acts, leaves the site or repeats pages under another address.
SKIPPED = re.compile(
    r"logout|sign-out|replytocom|/flag/|/uploads/|/static/|/feed/|\.(xml|txt|json|pdf)$|/api/|/wp-json/"
    r"|format=json"
)
MOST_PAGES, MOST_ADMIN_PAGES = 150, 40


@pytest.fixture(scope="module")
def register(started, fetch_once):
    """The public register, by store: names, a trailing … stands for anything, and days."""
    rows = json.loads(fetch_once("/wp-json/candour/v1/privacy/cookies"))
    return [(row["store"], row["name"], row["days"]) for row in rows]


@pytest.fixture(scope="module")
def fetch_once(started):
    from urllib.request import urlopen

    return lambda path: urlopen(f"{started.url}{path}", timeout=20).read()


@pytest.fixture
def watched(browser, started, register):
    """A browser of its own, in which everything that is kept or asked for is looked at."""
    context = browser.new_context(base_url=started.url, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    seen = SimpleNamespace(faults=set(), kept=set(), visited=set(), context=context, page=page)
    answers = []
    page.on("request", lambda asked: check_request(seen, started.url, asked.url))
    page.on("response", lambda answer: answers.append(answer))

    def declared(store, name):
        for kind, known, days in register:
            is_prefix = known.endswith("…") and name.startswith(known.removesuffix("…"))
            if kind == store and (name == known or is_prefix):
                return True, days
        return False, None

    def look():
        while answers:
            answer = answers.pop()
            if urlsplit(answer.url).scheme not in {"http", "https"}:
                continue
            for header in answer.headers_array():
                if header["name"].lower() == "set-cookie":
                    check_set(seen, declared, header["value"])
        for cookie in context.cookies():
            lasts = cookie["expires"] - time.time() if cookie["expires"] > 0 else None
            check_life(seen, declared, "cookie", cookie["name"], lasts)
        for store in ("local", "session"):
            for name in page.evaluate(f"Object.keys({store}Storage)"):
                check_life(seen, declared, store, name, None)

    seen.look = look
    yield seen
    context.close()


def check_request(seen, site, url):
    if urlsplit(url).scheme in {"http", "https", "ws", "wss"} and not url.startswith(f"{site}/"):
        seen.faults.add(f"asked {urlsplit(url).netloc}")


def check_set(seen, declared, header):
    for name, morsel in SimpleCookie(header).items():
        lasts = float(morsel["max-age"]) if morsel["max-age"] else None
        check_life(seen, declared, "cookie", name, lasts)


def check_life(seen, declared, store, name, lasts):
    seen.kept.add((store, name))
    is_declared, days = declared(store, name)
    if not is_declared:
        seen.faults.add(f"undeclared {store} {name}")
    elif lasts is not None and lasts > (days or 0) * DAY + SLACK:
        seen.faults.add(f"{store} {name} lives {lasts / DAY:.1f} days, declared {days}")


def crawl(seen, *starts, below="/", most=MOST_PAGES):
    """Visit every page that the starts lead to, each once, and look after each."""
    waiting = list(starts)
    while waiting and len(seen.visited) < most:
        path = waiting.pop(0)
        if path in seen.visited:
            continue
        seen.visited.add(path)
        seen.page.goto(path)
        seen.look()
        for link in seen.page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)"):
            parts = urlsplit(urldefrag(link).url)
            found = f"{parts.path}?{parts.query}" if parts.query else parts.path
            is_ours = parts.netloc == urlsplit(seen.page.url).netloc
            is_admin = found.startswith("/admin/") and below != "/admin/"
            if is_ours and found.startswith(below) and not is_admin and not SKIPPED.search(found):
                waiting.append(found)


def test_visitor_is_given_nothing_by_reading(watched):
    crawl(watched, "/", "/zh-hans/")

    assert watched.faults == set()
    assert len(watched.visited) > 40
    # What forms that need a token set, and nothing else.
    assert {name for store, name in watched.kept} <= {"candour_csrf"}


def test_commenter_is_remembered_as_declared(watched, post_path):
    page = watched.page
    page.goto(post_path)
    page.fill("[name=comment]", "A draft of words about cookies.")
    watched.look()
    page.fill("[name=author]", "Nora")
    page.fill("[name=email]", "nora@example.org")
    page.check("[name=wp-comment-cookies-consent]")
    page.click("#respond button[type=submit]")
    page.wait_for_selector("[data-comment-status].notice-success")
    watched.look()
    crawl(watched, "/", "/shop/", "/cart/", most=25)

    assert watched.faults == set()
    assert {("cookie", "comment_author"), ("cookie", "comment_author_email")} <= watched.kept
    assert any(store == "local" for store, _name in watched.kept)


@pytest.mark.parametrize("name", ["member", "editor", "moderator", "officer"])
def test_who_signs_in_is_given_what_is_declared(watched, sign_in, name):
    sign_in(watched.page, name)
    watched.look()
    starts = ["/account/", "/agreements/", "/"]
    crawl(watched, *starts, most=12)
    if name != "member":
        watched.visited.clear()
        crawl(watched, "/admin/", below="/admin/", most=MOST_ADMIN_PAGES)
        watched.page.click(".sidebar__collapse-toggle")
        watched.look()
        assert ("cookie", "wagtail_sidebar_collapsed") in watched.kept

    assert watched.faults == set()
    assert ("cookie", "candour_session") in watched.kept
