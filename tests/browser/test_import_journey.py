"""A WordPress site is brought in through the admin: tried, imported and looked at, in Chromium."""

import json
import re

import pytest

from tests.wordpress import made

pytestmark = [pytest.mark.browser, pytest.mark.started]


@pytest.fixture
def export(tmp_path):
    """Return a file of one post with a comment, one page, a category and a file that is nowhere."""

    def write(name, first):
        path = tmp_path / name
        path.write_text(
            made.wxr(
                made.author(), made.category("kilns", name="Kilns", number=31),
                made.item(first, title="From the old kiln", slug=f"from-the-old-kiln-{first}",
                          text="<!-- wp:paragraph --><p>Moved in.</p><!-- /wp:paragraph -->",
                          comments=made.comment(first, text="Said on the old site.")),
                made.item(first + 1, kind="page", title="Privacy policy", slug=f"privacy-{first}"),
                made.attachment(first + 2, f"{made.SITE}/wp-content/uploads/kiln.jpg"),
                site=f"https://old-{first}.example",
            ), "utf-8",
        )  # fmt: skip
        return path

    return write


def bring_in(page, path, button):
    """Upload a file and press a button; the page then looks by itself until the worker is done."""
    page.goto("/admin/wordpress-import/")
    page.set_input_files("input[type=file]", path)
    page.uncheck("[name=with_media]")
    page.click(f"button[name={button}]")
    ended(page)


def ended(page):
    page.wait_for_url(re.compile(r"/wordpress-import/\d+/$"))
    page.wait_for_selector("table.listing", timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_administrator_tries_an_export_imports_it_and_finds_it(
    desktop, phone, sign_in, fetch, screenshots, export
):
    path = export("site.xml", 70_000)
    sign_in(desktop, "admin")

    bring_in(desktop, path, "try")

    assert "Nothing was changed" in desktop.inner_text("main")
    assert "Privacy policy" in desktop.inner_text("main")
    desktop.screenshot(path=screenshots / "import_tried.png", full_page=True)
    assert b"From the old kiln" not in fetch("/wp-json/wp/v2/posts?search=old+kiln")

    desktop.get_by_role("button", name="Import now").click()
    ended(desktop)

    assert "Done." in desktop.inner_text("main")
    desktop.screenshot(path=screenshots / "import_done.png", full_page=True)
    found = json.loads(fetch("/wp-json/wp/v2/posts?search=old+kiln"))
    assert [post["id"] for post in found] == [70_000]
    phone.goto("/?p=70000")
    assert "Moved in." in phone.inner_text("main")
    assert "Said on the old site." in phone.inner_text("#comments")

    bring_in(desktop, path, "import")

    row = desktop.get_by_role("row", name=re.compile("^Posts"))
    assert row.locator("td").all_inner_texts() == ["0", "0", "1", "0", "0"]
