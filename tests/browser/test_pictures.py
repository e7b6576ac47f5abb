"""What an editor does with pictures in a browser, and what visitors are then served."""

import io
import json
import time
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.media.carriers import every_picture
from tests.media.leaks import exiftool
from tests.media.pictures import camera_jpeg, exif_block

pytestmark = [pytest.mark.browser, pytest.mark.started]


def heic():
    """Return a HEIC as a phone makes it, large enough to have every size."""
    out = io.BytesIO()
    picture = Image.radial_gradient("L").resize((1600, 1200)).convert("RGB")
    picture.save(out, "HEIF", exif=exif_block(orientation=1))
    return out.getvalue()


def file_of(name, data):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def read(address):
    with urlopen(address) as answer:
        return answer.headers["Content-Type"], answer.read()


def awaited(look):
    """Return what a look finds, once the worker has made it."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if result := look():
            return result
        time.sleep(0.5)
    raise AssertionError("the worker did not make it")


def found(started, title):
    """Return a picture of the library as REST tells it, once it has sizes."""

    def look():
        _, body = read(f"{started.url}/wp-json/wp/v2/media?search={title}")
        item = json.loads(body)[0]
        return item if item["media_details"]["sizes"] else None

    return awaited(look)


def made(started, pattern):
    return awaited(lambda: sorted((started.data / "uploads" / "images").glob(pattern)))


def test_heic_is_uploaded_replaced_and_offered_in_every_format(desktop, started, sign_in, tmp_path):
    sign_in(desktop, "editor")
    desktop.goto("/admin/images/add/")
    desktop.set_input_files("input[name=file]", file_of("QUAY.HEIC", heic()))
    desktop.fill("input[name=title]", "Quay")
    desktop.fill("textarea[name=description]", "A quay")
    desktop.click("main form button:has-text('Upload')")

    expect(desktop.get_by_text("Removed before it was stored: location").first).to_be_visible(
        timeout=60_000
    )
    preview = desktop.locator("main img").first
    expect(preview).to_be_visible(timeout=60_000)
    assert preview.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 0
    shown = found(started, "Quay")
    assert shown["mime_type"] == "image/jpeg"
    assert set(shown["media_details"]["sizes"]) >= {"medium", "large"}
    served = tmp_path / "served"
    served.mkdir()
    for kind in ("avif", "webp"):
        for path in made(started, f"QUAY*.{kind}"):
            told, body = read(f"{started.url}/uploads/images/{path.name}")
            assert told == f"image/{kind}"
            Image.open(io.BytesIO(body)).load()
            (served / path.name).write_bytes(body)
    assert exiftool(served, "-GPS*", "-Make", "-XMP:*", "-EXIF:*") == {}

    desktop.goto("/admin/images/")
    desktop.get_by_text("Quay").first.click()
    desktop.set_input_files("input[name=file]", file_of("other.jpg", camera_jpeg()))
    desktop.click("main form button:has-text('Save')")

    expect(desktop.get_by_text("Removed before it was stored: location").first).to_be_visible(
        timeout=60_000
    )
    made(started, "other*.avif")
    assert found(started, "Quay")["media_details"]["height"] == 640


def test_several_pictures_are_uploaded_and_a_bad_one_says_why(desktop, started, sign_in):
    sign_in(desktop, "editor")
    desktop.goto("/admin/images/multiple/add/")
    desktop.set_input_files("#fileupload", [
        file_of("BOAT.HEIC", heic()),
        file_of("crane.webp", every_picture()["webp", "EXIF and XMP"]),
        file_of("cut.jpg", camera_jpeg()[:4000]),
    ])  # fmt: skip

    expect(desktop.get_by_text("Removed before it was stored: location")).to_have_count(
        2, timeout=60_000
    )
    expect(desktop.get_by_text("This file is damaged")).to_be_visible(timeout=60_000)
    assert found(started, "BOAT")["mime_type"] == "image/jpeg"
