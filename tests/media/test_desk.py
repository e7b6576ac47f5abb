"""What an editor sees of their files in the admin."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Collection

from media.models import SiteImage
from media.removed import WORDS, removed_words
from media.services import store_document, store_image
from media.stripping.harvest import KINDS
from tests.media.pictures import camera_jpeg, plain_jpeg
from tests.media.test_ways_in import pdf_with_secrets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def desk(signed_in, editor):
    return signed_in(editor)


@pytest.fixture
def upload():
    return SimpleUploadedFile("harbour.jpg", camera_jpeg(), "image/jpeg")


def words(**changes):
    collection = Collection.get_first_root_node().pk
    return {"title": "Harbour", "description": "A harbour", "collection": collection} | changes


def test_every_kind_that_is_removed_has_a_word():
    assert set(WORDS) == set(KINDS)


def test_words_say_what_and_how_much():
    removed = [{"what": "thumbnail", "bytes": 30_000}, {"what": "location", "bytes": 100},
               {"what": "camera", "bytes": 8_000}]  # fmt: skip

    assert removed_words(removed).replace("\xa0", " ") == "location, camera, thumbnail: 37.2 KB"
    assert removed_words([]) == ""


def test_editor_is_told_after_one_upload(desk, upload):
    answer = desk.post(reverse("wagtailimages:add"), words(file=upload), follow=True)

    said = [str(message) for message in answer.context["messages"]]
    assert any("Removed before it was stored: location" in message for message in said), said


def test_editor_is_told_in_each_form_of_several_uploads(desk, upload):
    answer = desk.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Harbour", "collection": Collection.get_first_root_node().pk, "files[]": upload},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ).json()

    assert "Removed before it was stored: location" in answer["form"]
    assert 'type="file"' not in answer["form"]
    assert 'value="Fernhill pictures"' in answer["form"]


@pytest.mark.parametrize("layout", ["grid", "list"])
def test_editor_sees_it_in_the_library(desk, home, layout):
    store_image(camera_jpeg(), name="view.jpg")

    page = desk.get(reverse("wagtailimages:index"), {"layout": layout}).text

    assert "location, camera" in page


def test_editor_sees_it_on_the_pages_of_files(desk, home):
    image = store_image(camera_jpeg(), name="view.jpg")
    plain = store_image(plain_jpeg(), name="plain.jpg")
    document = store_document(pdf_with_secrets(), name="paper.pdf")

    assert "location, camera" in desk.get(reverse("wagtailimages:edit", args=[image.pk])).text
    page = desk.get(reverse("wagtailimages:edit", args=[plain.pk])).text
    assert "it held nothing hidden" in page
    page = desk.get(reverse("wagtaildocs:edit", args=[document.pk])).text
    assert "Removed from the file" in page
    assert "it held nothing hidden" not in page


def test_new_file_is_spoken_of_and_a_new_word_is_not(desk, home, upload):
    image = store_image(plain_jpeg(), name="plain.jpg")
    address = reverse("wagtailimages:edit", args=[image.pk])

    changed = desk.post(address, words(title="Other"), follow=True)
    replaced = desk.post(address, words(file=upload), follow=True)

    assert not any("Removed" in str(message) for message in changed.context["messages"])
    assert any("location" in str(message) for message in replaced.context["messages"])


def test_credit_is_filled_from_the_file_and_an_editors_word_stays(desk, upload, home):
    desk.post(reverse("wagtailimages:add"), words(file=upload))
    assert SiteImage.objects.get().credit == "Fernhill pictures"

    upload.seek(0)
    desk.post(reverse("wagtailimages:add"), words(title="Mine", file=upload, credit="Edith"))
    assert SiteImage.objects.get(title="Mine").credit == "Edith"


def test_alternative_text_is_asked_for_or_declared_needless(desk, upload):
    add = reverse("wagtailimages:add")

    refused = desk.post(add, words(file=upload, description="  "))
    assert "decorative" in str(refused.context["form"].errors["description"])
    assert not SiteImage.objects.exists()

    upload.seek(0)
    desk.post(add, words(file=upload, description="", is_decorative="on"))
    image = SiteImage.objects.get()
    assert image.is_decorative
    assert image.description == ""
    assert image.default_alt_text == ""


def test_second_step_of_several_uploads_asks_too(desk, upload):
    headers = {"X-Requested-With": "XMLHttpRequest"}
    answer = desk.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Harbour", "collection": Collection.get_first_root_node().pk, "files[]": upload},
        headers=headers,
    ).json()
    key = answer["image_id"]
    address = reverse("wagtailimages:edit_multiple", args=[key])

    def sent(**changes):
        data = {f"image-{key}-{name}": value for name, value in words(**changes).items()}
        return desk.post(address, data, headers=headers).json()

    assert not sent(description="")["success"]
    assert sent()["success"]
    assert SiteImage.objects.get().description == "A harbour"


def test_focal_point_stays_with_the_picture(desk, home):
    image = store_image(camera_jpeg(), name="view.jpg")
    point = {"focal_point_x": 100, "focal_point_y": 120, "focal_point_width": 40,
             "focal_point_height": 50}  # fmt: skip

    desk.post(reverse("wagtailimages:edit", args=[image.pk]), words(**point))

    image.refresh_from_db()
    assert {name: getattr(image, name) for name in point} == point


def test_fault_is_named_in_the_form(desk, home):
    damaged = SimpleUploadedFile("view.jpg", camera_jpeg()[:4000], "image/jpeg")

    answer = desk.post(reverse("wagtailimages:add"), words(file=damaged))

    assert answer.status_code == 200
    assert "damaged" in str(answer.context["form"].errors["file"])


@pytest.mark.parametrize("screen", ["wagtailimages:add", "wagtaildocs:add"])
def test_empty_file_is_called_empty(desk, screen):
    empty = SimpleUploadedFile("view.jpg", b"", "image/jpeg")

    answer = desk.post(reverse(screen), words(file=empty))

    (sentence,) = answer.context["form"].errors["file"]
    assert sentence.startswith("This file is empty.")


@pytest.mark.parametrize("screen", ["wagtailimages:add_multiple", "wagtaildocs:add_multiple"])
def test_empty_file_among_several_is_called_empty(desk, screen):
    answer = desk.post(
        reverse(screen),
        {"title": "a", "collection": Collection.get_first_root_node().pk,
         "files[]": SimpleUploadedFile("view.jpg", b"", "image/jpeg")},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ).json()  # fmt: skip

    assert answer["error_message"].startswith("This file is empty.")


@pytest.mark.parametrize("screen", ["wagtailimages:add_multiple", "wagtaildocs:add_multiple"])
def test_several_files_without_the_one_that_is_meant_are_refused(desk, upload, screen):
    answer = desk.post(
        reverse(screen), {"other": upload}, headers={"X-Requested-With": "XMLHttpRequest"}
    )

    assert answer.status_code == 400
