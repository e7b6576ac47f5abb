"""An editor opens in the admin what a block editor wrote, and sees what it will look like."""

import base64
import json
import subprocess
import sys
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.started]

RAW = (
    '<!-- wp:paragraph {"align":"center"} -->\n<p class="has-text-align-center">Some '
    "<strong>bold</strong>  words</p>\n<!-- /wp:paragraph -->\n\n"
    "<!-- wp:plug/in -->\n<section>theirs<script>document.title='acted'</script></section>\n"
    "<!-- /wp:plug/in -->"
)


@pytest.fixture
def ask(started):
    """Ask wp/v2 as the editor."""
    told = subprocess.run(
        [sys.executable, "manage.py", "create_application_password", "editor", "--name", "blocks",
         "--json"], cwd=ROOT, env=started.environment, capture_output=True, check=True,
    )  # fmt: skip
    password = json.loads(told.stdout)["password"]
    key = base64.b64encode(f"editor:{password}".encode()).decode()

    def ask(path, **body):
        headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body else None
        with urlopen(Request(f"{started.url}/wp-json/wp/v2/{path}", data, headers)) as answer:
            return json.loads(answer.read())

    return ask


def test_block_editor_text_is_edited_with_a_preview_and_nothing_else_changes(desktop, sign_in, ask):
    key = ask("posts", title="From a block editor", content=RAW, status="publish")["id"]
    sign_in(desktop, "editor")
    desktop.goto(f"/admin/pages/{key}/edit/")
    field = desktop.locator("textarea.block-text").first
    preview = desktop.locator(".block-text-preview").first
    expect(field).to_have_value(RAW.partition("\n\n")[2], timeout=60_000)
    preview.locator("summary").click()
    expect(preview.locator("section")).to_have_text("theirs", timeout=60_000)
    field.fill(field.input_value().replace("theirs", "ours"))
    expect(preview.locator("section")).to_have_text("ours", timeout=60_000)
    assert desktop.title() != "acted"
    desktop.locator("[name=action-publish]").first.evaluate("button => button.click()")
    desktop.wait_for_url("**/admin/pages/*/", timeout=60_000)
    assert ask(f"posts/{key}?context=edit")["content"]["raw"] == RAW.replace("theirs", "ours")
