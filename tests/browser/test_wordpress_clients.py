"""Real clients of WordPress, from npm, against a site that was started as a user starts it."""

import json
import os
import shutil
import subprocess
import sys
from base64 import b64encode
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.media.pictures import camera_jpeg

CLIENTS = Path(__file__).resolve().parents[1] / "clients"
pytestmark = [pytest.mark.started, pytest.mark.browser]


@pytest.fixture(scope="module")
def node():
    """Node with the clients that the lock names; absent it skips aloud, in CI it fails."""
    found = shutil.which("node")
    if found and (CLIENTS / "node_modules").is_dir():
        return found
    words = f"WordPress's clients are absent: npm ci --prefix {CLIENTS.relative_to(Path.cwd())}"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="module")
def password(started):
    made = subprocess.run(
        [sys.executable, "manage.py", "create_application_password", "admin", "--name", "clients",
         "--json"], env={**os.environ, **started.environment}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return json.loads(made.stdout)["password"]


def run(node, script, *arguments):
    ran = subprocess.run([node, CLIENTS / script, *arguments], capture_output=True, text=True,
                         timeout=120)  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert ran.stderr == ""
    return json.loads(ran.stdout)


def test_front_end_with_wpapi(started, node, password, tmp_path):
    picture = tmp_path / "view.jpg"
    picture.write_bytes(camera_jpeg())

    told = run(node, "wpapi.mjs", started.url, "admin", password, picture)

    assert told["discovered"] == f"{started.url}/wp-json/"
    assert (told["posts"], told["next"], told["bySlug"]) == (2, 0, True)
    assert told["total"] > 2
    assert told["pages"] == -(-told["total"] // 2)
    assert told["authors"]
    assert all(told["authors"])
    assert {"post", "page", "attachment"} <= set(told["types"])
    assert (told["missing"], told["hidden"]) == ("rest_post_invalid_id", "rest_forbidden")
    assert told["draft"] == "draft"
    assert told["published"] == ["publish", 1, "by-wpapi"]
    assert told["shown"] == "By wpapi"
    assert told["uploaded"] == ["image", "A view", "image/jpeg"]
    assert told["pictured"] is True
    assert told["revisions"] >= 1
    assert (told["trashed"], told["gone"], told["fileGone"]) == ("trash", True, True)


def test_wordpress_own_scripts_with_api_fetch(started, node, password):
    told = run(node, "api_fetch.mjs", started.url, "admin", password)

    assert told["all"] is True
    assert told["allowed"] == "GET, POST"
    assert (told["made"], told["named"], told["gone"]) == ("by-api-fetch", "Named anew", True)
    assert told["again"] == ["term_exists", True]
    assert told["settings"] >= 20
    assert told["batch"] == 201
    assert told["raw"] == "<!-- wp:paragraph --><p>Words.</p><!-- /wp:paragraph -->"
    assert (told["template"], told["slug"]) == (True, "by-api-fetch")
    assert told["autosave"] == "Saved by itself"
    assert told["deleted"] is True


def test_editor_s_data_layer_with_core_data(started, node, password):
    told = run(node, "core_data.mjs", started.url, "admin", password)

    assert told["posts"] > 2
    assert {"post", "page", "attachment", "wp_block"} <= set(told["types"])
    assert told["taxonomies"] == ["category", "post_tag", "nav_menu"]
    assert (told["theme"], told["formats"], told["title"]) == ("candour", True, True)
    assert told["may"] == [True, True, True, True]
    assert (told["dirty"], told["clean"], told["edited"]) == (True, True, "Edited")
    # An autosave of one's own draft is the draft; that of what is published stands beside it.
    assert told["draftItself"] == told["beside"] == "Saved by itself"
    assert told["autosave"] == "Beside"
    assert told["found"] == [True]
    assert told["refused"] == ["rest_invalid_param", ["status"]]
    assert told["trashed"] == "trash"
    assert told["names"] == ["Salt &amp; pepper", "Salt &amp; pepper"]
    assert (told["batch"], told["sentBack"]) == (["One", "Two"], True)


def test_upload_of_a_client_that_streams(started, password):
    """As node-fetch and others send a file: in chunks, whose number no header tells."""
    picture = camera_jpeg()
    connection = HTTPConnection(urlsplit(started.url).netloc, timeout=60)
    connection.request(
        "POST", "/wp-json/wp/v2/media", iter((picture[:500], picture[500:])), encode_chunked=True,
        headers={
            "Authorization": "Basic " + b64encode(f"admin:{password}".encode()).decode(),
            "Content-Disposition": 'attachment; filename="in-chunks.jpg"',
            "Content-Type": "image/jpeg", "Transfer-Encoding": "chunked",
        },
    )  # fmt: skip
    answer = connection.getresponse()

    told = json.loads(answer.read())
    assert (answer.status, told["media_details"]["width"]) == (201, 420)
    assert told["slug"] == "in-chunks"
