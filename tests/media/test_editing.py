"""Turning and cropping over wp/v2/media/ID/edit: pixels, words, credit, refusals."""

import io

import pytest
from PIL import Image

from accounts.services import AUTHORS, create_application_password, create_user
from media import editing
from media.models import SiteImage
from media.services import store_image
from tests.api.test_reading import basic
from tests.media.pictures import camera_jpeg, exif_block, segment, with_segments

pytestmark = pytest.mark.django_db
MEDIA = "/wp-json/wp/v2/media"
RED, BLUE = (200, 30, 30), (20, 20, 220)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def key(editor):
    return basic(editor, create_application_password(editor, "Tests")[1])


def picture(kind="JPEG", size=(80, 60), mode="RGB", **options):
    """Return a red picture whose left quarter is blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, 0, size[0] // 4, size[1]))
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def edit(client, key, image, *modifiers, **fields):
    if modifiers:
        fields["modifiers"] = [{"type": kind, "args": args} for kind, args in modifiers]
    return client.post(
        f"{MEDIA}/{image.pk}/edit", {"src": image.file.url} | fields, headers=key,
        content_type="application/json",
    )  # fmt: skip


def made_by(answer):
    assert answer.status_code == 201, answer.json()
    return SiteImage.objects.get(pk=answer.json()["id"])


def colours(image, *places):
    """Return which of the two colours stands at places, in per cent."""
    with image.open_file() as file:
        shown = Image.open(file).convert("RGB")
    found = [
        shown.getpixel((round((shown.width - 1) * x / 100), round((shown.height - 1) * y / 100)))
        for x, y in places
    ]
    return ["red" if red > blue else "blue" for red, _green, blue in found]


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"),
                       ("PNG", "P"), ("PNG", "RGBA"), ("GIF", "P"), ("WEBP", "RGB")],
)  # fmt: skip
def test_turn_and_part_make_a_new_picture(client, key, kind, mode):
    image = store_image(picture(kind, mode=mode), name=f"tea.{kind.lower()}", title="Tea")

    turned = made_by(edit(client, key, image, ("rotate", {"angle": 90})))
    part = made_by(
        edit(client, key, image, ("crop", {"left": 50, "top": 0, "width": 40, "height": 50}))
    )
    slanted = made_by(edit(client, key, image, ("rotate", {"angle": 45})))

    assert (turned.width, turned.height) == (60, 80)
    assert (part.width, part.height) == (32, 30)
    assert slanted.width == pytest.approx(100, abs=2)
    assert turned.mime_type == image.mime_type
    if mode not in {"L", "CMYK"}:
        assert colours(turned, (50, 5), (50, 95)) == ["blue", "red"]
        assert colours(part, (5, 50), (95, 50)) == ["red", "red"]
    image.refresh_from_db()
    assert (image.width, image.height) == (80, 60)


@pytest.mark.parametrize(("kind", "clear"), [("PNG", 0), ("PNG", b"\x00\xff"), ("GIF", 0)])
def test_slanted_palette_keeps_what_was_transparent(client, key, kind, clear):
    paletted = Image.new("P", (80, 60), 1)
    paletted.putpalette([*BLUE, *RED])
    paletted.paste(0, (0, 0, 20, 60))
    out = io.BytesIO()
    paletted.save(out, kind, transparency=clear)
    image = store_image(out.getvalue(), name=f"tea.{kind.lower()}")

    made = made_by(edit(client, key, image, ("rotate", {"angle": 10})))

    with made.open_file() as file:
        shown = Image.open(file).convert("RGBA")
    places = [(shown.width // 8, shown.height // 2), (shown.width // 2, shown.height // 2), (0, 0)]
    assert [shown.getpixel(place)[3] for place in places] == [0, 255, 0]
    assert shown.getpixel(places[1])[:3] == pytest.approx(RED, abs=8)


def test_edits_follow_one_another_in_the_words_of_any_wordpress(client, key):
    image = store_image(picture(), name="tea.jpg")

    new = made_by(edit(client, key, image, ("rotate", {"angle": 90}),
                       ("crop", {"left": 0, "top": 0, "width": 100, "height": 25})))  # fmt: skip
    old = made_by(edit(client, key, image, rotation=180, x=75, y=0, width=25, height=100))

    assert (new.width, new.height) == (60, 20)
    assert colours(new, (50, 50)) == ["blue"]
    assert (old.width, old.height) == (20, 60)
    assert colours(old, (50, 50)) == ["blue"]


def test_new_picture_has_the_words_and_the_credit_and_no_place(client, key, editor):
    image = store_image(
        camera_jpeg(), name="a tea-edited-2.jpg", title="Tea", description="A cup",
        caption="Cap", details="Long",
    )  # fmt: skip
    # The camera held it on its side: it is turned as it is shown, and from there.
    shown = (image.width, image.height)

    answer = edit(client, key, image, ("rotate", {"angle": 180}))

    made = made_by(answer)
    assert answer["Location"].endswith(f"/wp/v2/media/{made.pk}")
    assert "generated_slug" not in answer.json()
    assert (made.width, made.height) == shown
    assert (made.title, made.description, made.caption, made.details, made.credit) == (
        "Tea", "A cup", "Cap", "Long", image.credit,
    )  # fmt: skip
    assert made.credit
    assert made.uploaded_by_user == editor
    assert made.file.name.rpartition("/")[2].startswith("a_tea-edited")
    assert "edited-2-edited" not in made.file.name
    with made.open_file() as file:
        tags = Image.open(file).getexif()
    assert tags.get(0x0112, 1) == 1
    assert not tags.get_ifd(0x8825)


def test_tags_of_a_turned_camera_picture_are_not_applied_twice(client, key):
    jpeg = with_segments(picture(size=(80, 60)), segment(0xE1, exif_block(orientation=6)))
    image = store_image(jpeg, name="tea.jpg")
    assert (image.width, image.height) == (60, 80)

    made = made_by(edit(client, key, image, ("crop", {"left": 0, "top": 0, "width": 100,
                                                      "height": 50})))  # fmt: skip

    assert (made.width, made.height) == (60, 40)
    # Blue was at the left of the file, which is the top of what is shown.
    assert colours(made, (50, 5), (50, 95)) == ["blue", "red"]


def animation():
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


NOTHING_LEFT = ("crop", {"left": 100, "top": 0, "width": 10, "height": 10})


@pytest.mark.parametrize(
    ("data", "name", "edits", "fields", "told"),
    [
        (picture(), "tea.jpg", [NOTHING_LEFT], {}, (500, "rest_image_crop_failed")),
        (picture(), "tea.jpg", [("crop", {"left": -1e308, "top": 0, "width": 1e308, "height": 9})],
         {}, (500, "rest_image_crop_failed")),
        (picture(), "tea.jpg", [], {}, (400, "rest_image_not_edited")),
        (picture(), "tea.jpg", [], {"rotation": 90, "src": "/other.jpg"},
         (404, "rest_unknown_attachment")),
        (picture(), "tea.jpg", [("rotate", {"angle": 45})] * 21, {}, (400, "rest_invalid_param")),
        (picture(), "tea.jpg", [("flip", {})], {}, (400, "rest_invalid_param")),
        (picture(), "tea.jpg", [], {"rotation": 0}, (400, "rest_invalid_param")),
        (animation(), "tea.gif", [("rotate", {"angle": 90})], {},
         (400, "rest_cannot_edit_file_type")),
        (picture("TIFF"), "tea.tif", [("rotate", {"angle": 90})], {},
         (400, "rest_cannot_edit_file_type")),
    ],
)  # fmt: skip
def test_what_cannot_be_edited_is_refused_and_stores_nothing(
    client, key, data, name, edits, fields, told
):
    image = store_image(data, name=name)

    answer = edit(client, key, image, *edits, **fields)

    assert (answer.status_code, answer.json()["code"]) == told
    assert SiteImage.objects.count() == 1


def test_picture_that_grows_with_each_turn_ends_at_a_bound(client, key, monkeypatch):
    monkeypatch.setattr(editing, "MOST_PIXELS", 20_000)
    image = store_image(picture(), name="tea.jpg")

    answer = edit(client, key, image, *[("rotate", {"angle": 45})] * 10)

    assert answer.status_code == 400
    assert answer.json()["data"]["reason"] == "too_many_pixels"


def test_those_edit_who_may_upload_and_change_the_picture(client, key, editor, visitor):
    author = create_user(username="ann", email="ann@example.org", password="pass",
                         groups=[AUTHORS])  # fmt: skip
    image = store_image(picture(), name="tea.jpg", uploaded_by=editor)

    asked = edit(client, basic(author, create_application_password(author, "x")[1]), image,
                 rotation=90)  # fmt: skip
    strange = edit(visitor, {}, image, rotation=90)

    assert (asked.status_code, asked.json()["code"]) == (403, "rest_cannot_edit")
    assert (strange.status_code, strange.json()["code"]) == (401, "rest_cannot_edit_image")


def test_sizes_that_are_missing_are_made(client, key):
    image = store_image(picture(size=(800, 600)), name="tea.jpg")
    SiteImage.objects.filter(pk=image.pk).update(sizes={})

    answer = client.post(f"{MEDIA}/{image.pk}/post-process", {"action": "create-image-subsizes"},
                         content_type="application/json", headers=key)  # fmt: skip

    assert answer.status_code == 200
    assert {"thumbnail", "medium", "full"} <= answer.json()["media_details"]["sizes"].keys()
    assert answer.json()["missing_image_sizes"] == []
