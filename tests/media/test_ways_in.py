"""Every way into the library, judged by exiftool on the file that HTTP serves."""

import functools
import io
import json
from types import SimpleNamespace

import pikepdf
import pytest
from django.apps import apps
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.db.models import FileField
from django.urls import reverse
from PIL import Image
from wagtail.models import APIToken, Collection, UploadedFile
from willow.image import UnrecognisedImageFormatError

from accounts.services import create_application_password
from media.errors import UploadRefusedError
from media.models import SiteDocument, SiteImage
from media.services import store_document, store_image
from media.stripping import EXTENSIONS, PICTURES
from tests.api.test_reading import basic
from tests.media.carriers import every_picture
from tests.media.leaks import PLACE_TAGS, exiftool, faults_of
from tests.media.pictures import camera_jpeg, pixels_of_noise

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def fetched(client):
    """Return the answer of the site for an address, with its body read."""

    def fetch(url):
        answer = client.get(url)
        assert answer.status_code == 200, url
        body = answer.getvalue()
        return SimpleNamespace(content=body, headers=answer.headers)

    return fetch


@pytest.fixture
def served(fetched, tmp_path, original):
    """Return what exiftool and the marks find in a file, as HTTP serves it."""

    def look(file):
        data = fetched(file.url).content
        folder = tmp_path / "fetched"
        folder.mkdir(exist_ok=True)
        (folder / "file.jpg").write_bytes(data)
        return faults_of(original, data), exiftool(folder, *PLACE_TAGS, "-Make", "-SerialNumber")

    return look


CLEAN = ([], {})


@functools.cache
def pdf_with_secrets():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.docinfo["/Author"] = "Maren Okafor"
    with pdf.open_metadata() as metadata:
        metadata["photoshop:City"] = "Port Ellery"
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.fixture
def original():
    return camera_jpeg()


@pytest.fixture
def upload(original):
    return SimpleUploadedFile("harbour.jpg", original, "image/jpeg")


@pytest.fixture
def admin(signed_in, administrator):
    return signed_in(administrator)


@pytest.fixture
def authorised(editor):
    return basic(editor, create_application_password(editor, "Tests")[1])


def added_fields(**changes):
    collection = Collection.get_first_root_node().pk
    return {"title": "Harbour", "description": "A harbour", "collection": collection} | changes


def test_single_upload(admin, upload, served):
    admin.post(reverse("wagtailimages:add"), added_fields(file=upload))

    assert served(SiteImage.objects.get().file) == CLEAN


def test_multiple_upload(admin, upload, served):
    answer = admin.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "Harbour", "collection": Collection.get_first_root_node().pk, "files[]": upload},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ).json()

    assert answer["success"], answer
    assert served(SiteImage.objects.get(pk=answer["image_id"]).file) == CLEAN


def test_upload_that_waits_for_its_words(admin, administrator, upload, served):
    """Wagtail parks a file whose form is not complete."""
    answer = admin.post(
        reverse("wagtailimages:add_multiple"),
        {"title": "x" * 300, "collection": Collection.get_first_root_node().pk, "files[]": upload},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ).json()
    parked = UploadedFile.objects.get(pk=answer["uploaded_file_id"])

    assert served(parked.file) == CLEAN

    prefix = f"uploaded-image-{parked.pk}-"
    answer = admin.post(
        reverse("wagtailimages:create_multiple_from_uploaded_image", args=[parked.pk]),
        {prefix + name: value for name, value in added_fields().items()},
        headers={"X-Requested-With": "XMLHttpRequest"},
    ).json()

    assert answer["success"], answer
    assert served(SiteImage.objects.get().file) == CLEAN


def test_file_replaced(admin, upload, served, home):
    image = store_image(every_picture()["png", "eXIf"], name="other.png")
    before = image.file_hash

    admin.post(reverse("wagtailimages:edit", args=[image.pk]), added_fields(file=upload))

    image = SiteImage.objects.get()
    assert image.file_hash != before
    assert image.file_size == image.file.size
    assert (image.width, image.height) == (420, 640)
    assert served(image.file) == CLEAN


def test_chooser_upload(admin, upload, served):
    answer = admin.post(
        reverse("wagtailimages_chooser:create"),
        {f"image-chooser-upload-{name}": value
         for name, value in added_fields(file=upload).items()},
    )  # fmt: skip

    assert answer.status_code == 200, answer.content
    assert served(SiteImage.objects.get().file) == CLEAN


def test_raw_body(client, authorised, original, served):
    answer = client.post(
        "/wp-json/wp/v2/media", original, content_type="image/jpeg",
        headers={"Content-Disposition": 'attachment; filename="harbour.jpg"', **authorised},
    )  # fmt: skip

    assert answer.status_code == 201, answer.content
    image = SiteImage.objects.get()
    assert served(image.file) == CLEAN
    for rendition in image.renditions.all():
        with rendition.file.open() as file:
            assert b"Exif" not in file.read()


def test_multipart(client, authorised, upload, served):
    answer = client.post(
        "/wp-json/wp/v2/media", {"file": upload, "alt_text": "A harbour"}, headers=authorised
    )

    assert answer.status_code == 201, answer.content
    assert answer.json()["alt_text"] == "A harbour"
    assert served(SiteImage.objects.get().file) == CLEAN


def test_wagtails_api(client, administrator, upload, served):
    token = APIToken.generate_token()
    APIToken.objects.create(
        user=administrator, name="Program", key_hash=APIToken.hash_token(token), prefix=token[:16]
    )

    answer = client.post(
        "/api/v3/images/",
        {"file": upload, "title": "Harbour", "description": "A harbour"},
        headers={"Authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 201, answer.content
    assert served(SiteImage.objects.get().file) == CLEAN


def test_documents_by_wagtails_api(client, administrator, fetched):
    token = APIToken.generate_token()
    APIToken.objects.create(
        user=administrator, name="Program", key_hash=APIToken.hash_token(token), prefix=token[:16]
    )
    paper = SimpleUploadedFile("paper.pdf", pdf_with_secrets(), "application/pdf")

    answer = client.post(
        "/api/v3/documents/", {"file": paper, "title": "Paper"},
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip

    assert answer.status_code == 201, answer.content
    assert b"Maren" not in fetched(SiteDocument.objects.get().file.url).content


ACCOUNT = {
    "public-display_name": "Mo", "public-description": "", "locale-preferred_language": "en",
    "theme-theme": "system", "theme-contrast": "system", "theme-density": "default",
}  # fmt: skip


def test_picture_of_an_account(admin, administrator, upload, served):
    answer = admin.post(reverse("wagtailadmin_account"), ACCOUNT | {"avatar-avatar": upload})

    assert answer.status_code == 302
    portrait = administrator.wagtail_userprofile.avatar
    assert served(portrait) == (["pixels changed"], {})
    # It lay on its side.
    assert (portrait.width, portrait.height) == (262, 400)

    answer = admin.post(reverse("wagtailadmin_account"), ACCOUNT)
    administrator.wagtail_userprofile.refresh_from_db()
    assert administrator.wagtail_userprofile.avatar == portrait

    admin.post(reverse("wagtailadmin_account"), ACCOUNT | {"avatar-avatar-clear": "on"})
    administrator.wagtail_userprofile.refresh_from_db()
    assert not administrator.wagtail_userprofile.avatar
    assert not portrait.storage.exists(portrait.name)


def test_small_picture_of_an_account_keeps_its_pixels(admin, administrator):
    small = camera_jpeg((200, 100))
    upload = SimpleUploadedFile("me.jpg", small, "image/jpeg")

    admin.post(reverse("wagtailadmin_account"), ACCOUNT | {"avatar-avatar": upload})

    with administrator.wagtail_userprofile.avatar.open() as file:
        assert faults_of(small, file.read()) == []


@pytest.mark.parametrize(
    ("data", "word"),
    [(camera_jpeg()[:4000], "damaged"), (b"<html>", "no kind of file"), (b"", "empty"),
     (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "damaged"), (pixels_of_noise(), "damaged"),
     (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "valid image")],
)  # fmt: skip
def test_bad_picture_of_an_account_is_refused_in_the_form(admin, uploads, data, word):
    upload = SimpleUploadedFile("me.jpg", data, "image/jpeg")

    answer = admin.post(reverse("wagtailadmin_account"), ACCOUNT | {"avatar-avatar": upload})

    assert answer.status_code == 200
    assert word in answer.text
    assert not [path for path in uploads.rglob("*") if path.is_file()]


def test_service_that_imports_use(home, original, served):
    assert served(store_image(original, name="harbour.jpg").file) == CLEAN


def test_shell(home, original, served):
    SiteImage(title="Harbour", file=ContentFile(original, "harbour.jpg")).save()

    assert served(SiteImage.objects.get().file) == CLEAN


def test_file_put_into_storage_and_named_by_a_row(home, original, served):
    name = default_storage.save("original_images/harbour.jpg", ContentFile(original))

    image = SiteImage.objects.create(title="Harbour", file=name)

    assert served(image.file) == CLEAN
    assert "location" in {part["what"] for part in image.removed}


def test_file_put_into_storage_and_named_by_an_old_row(home, original, served):
    image = store_image(every_picture()["png", "eXIf"], name="other.png")
    image = SiteImage.objects.get(pk=image.pk)
    image.file = default_storage.save("original_images/harbour.jpg", ContentFile(original))

    image.save()

    assert served(image.file) == CLEAN


def test_row_may_name_a_file_that_is_not_there_yet(home):
    image = SiteImage(title="Later", file="original_images/later.jpg", width=1, height=1)
    image.save()

    assert SiteImage.objects.get().file.name == "original_images/later.jpg"


def test_fixture(home, original, served, tmp_path):
    default_storage.save("original_images/harbour.jpg", ContentFile(original))
    row = {
        "title": "Harbour", "file": "original_images/harbour.jpg", "slug": "harbour",
        "width": 640, "height": 420, "created_at": "2026-01-01T00:00:00Z",
        "modified_at": "2026-01-01T00:00:00Z", "collection": Collection.get_first_root_node().pk,
    }  # fmt: skip
    fixture = tmp_path / "fixture.json"
    fixture.write_text(json.dumps([{"model": "media.siteimage", "pk": 1, "fields": row}]))

    call_command("loaddata", str(fixture), verbosity=0)

    image = SiteImage.objects.get()
    assert served(image.file) == CLEAN
    assert image.file_size == image.file.size


def test_file_fields_of_every_model_store_nothing_unstripped(home, administrator, original):
    """A field that is new, of ours or of a package, is tried here too."""
    tried = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField) and field.model is model:
                assert stored_through(model, field.name, original) == [], f"{model}.{field.name}"
                tried.append(model._meta.label)

    assert {
        "media.SiteImage", "media.SiteRendition", "media.SiteDocument", "wagtailcore.UploadedFile",
        "wagtailusers.UserProfile",
    } <= set(tried)  # fmt: skip


def stored_through(model, field_name, original):
    """Return what is wrong with what a row stores, given a picture or a PDF with a place."""
    faults = []
    for name, data in (("view.jpg", original), ("paper.pdf", pdf_with_secrets())):
        try:
            with transaction.atomic():
                row = saved_row(model, field_name, ContentFile(data, name))
        except (UploadRefusedError, UnrecognisedImageFormatError):
            continue
        with getattr(row, field_name).open("rb") as file:
            if file.read() == data:
                faults.append(f"{name} is stored as it came")
        row.delete()
    return faults


def saved_row(model, field_name, content):
    row = model(**{field_name: content})
    for needed in ("title", "name"):
        if any(field.name == needed for field in model._meta.fields):
            setattr(row, needed, "Tried")
    if hasattr(model, "image_id"):
        image = model._meta.get_field("image").related_model
        row.image = image.objects.create(title="Of", file=ContentFile(camera_jpeg(), "of.jpg"))
    if hasattr(model, "for_content_type_id"):
        row.for_content_type = ContentType.objects.get_for_model(SiteImage)
    if hasattr(model, "user_id"):
        row.user = get_user_model().objects.get(username="administrator")
    row.save()
    return row


def test_document(admin, fetched):
    paper = SimpleUploadedFile("paper.pdf", pdf_with_secrets(), "application/pdf")

    admin.post(reverse("wagtaildocs:add"), added_fields(file=paper))

    document = SiteDocument.objects.get()
    data = fetched(document.url).content
    assert data != pdf_with_secrets()
    assert b"Maren" not in data
    assert document.file_size == len(data)


@pytest.mark.parametrize(
    ("name", "data"),
    [("letter.docx", b"PK\x03\x04" + b"\0" * 60), ("film.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 60),
     ("page.html", b"<html><script>1</script></html>"), ("view.pdf", camera_jpeg())],
)  # fmt: skip
def test_documents_of_other_kinds_are_refused_with_a_reason(admin, uploads, name, data):
    answer = admin.post(
        reverse("wagtaildocs:add"),
        added_fields(file=SimpleUploadedFile(name, data, "application/pdf")),
    )

    assert answer.status_code == 200
    (sentence,) = answer.context["form"].errors["file"]
    assert sentence.startswith("PDF only")
    assert not SiteDocument.objects.exists()
    assert not [path for path in uploads.rglob("*") if path.is_file()]


def test_picture_is_no_document_by_the_service_either(home):
    with pytest.raises(UploadRefusedError):
        store_document(camera_jpeg(), name="view.pdf")


def test_admin_takes_every_kind_that_is_strippable():
    allowed = {f".{extension}" for extension in site_settings.WAGTAILIMAGES_EXTENSIONS}

    assert allowed == {name for container in PICTURES for name in EXTENSIONS[container]}


def test_bytes_that_are_no_picture_are_refused_in_a_shell(home):
    with pytest.raises(UploadRefusedError):
        SiteImage.objects.create(title="No", file=ContentFile(b"<html>", "no.jpg"))


def unreadable_tiff():
    """Return a TIFF whose directory is whole and whose packed pixels are noise."""
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "TIFF", compression="tiff_lzw")
    data = out.getvalue()
    return data[:8] + b"\xff" * 2000 + data[2008:]


@pytest.mark.parametrize("way", ["one", "several", "chooser", "api"])
def test_picture_of_which_nothing_can_be_shown_is_refused(
    admin, administrator, client, uploads, way
):
    upload = SimpleUploadedFile("view.tif", unreadable_tiff(), "image/tiff")

    if way == "one":
        answer = admin.post(reverse("wagtailimages:add"), added_fields(file=upload))
    elif way == "several":
        answer = admin.post(
            reverse("wagtailimages:add_multiple"), added_fields(**{"files[]": upload}),
            headers={"X-Requested-With": "XMLHttpRequest"},
        )  # fmt: skip
    elif way == "chooser":
        fields = added_fields(file=upload).items()
        answer = admin.post(
            reverse("wagtailimages_chooser:create"),
            {f"image-chooser-upload-{name}": value for name, value in fields},
        )
    else:
        token = APIToken.generate_token()
        APIToken.objects.create(
            user=administrator, name="a", key_hash=APIToken.hash_token(token), prefix=token[:16]
        )
        answer = client.post(
            "/api/v3/images/", {"file": upload, "title": "Harbour", "description": "A harbour"},
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip

    assert answer.status_code in {200, 422}
    assert "damaged" in answer.text
    assert not SiteImage.objects.exists()
    assert not [path for path in uploads.rglob("*") if path.is_file()]


def test_library_shows_a_picture_of_which_nothing_can_be_shown(admin, home):
    """It came in by a shell, say."""
    image = SiteImage.objects.create(title="No", file=ContentFile(unreadable_tiff(), "no.tif"))

    assert admin.get(reverse("wagtailimages:index")).status_code == 200
    assert admin.get(reverse("wagtailimages:edit", args=[image.pk])).status_code == 200


@pytest.mark.parametrize("container", ["png", "webp", "gif", "tiff", "avif", "heic"])
def test_admin_stores_each_kind_and_shows_it(admin, fetched, container):
    data = next(data for (kind, _), data in every_picture().items() if kind == container)
    upload = SimpleUploadedFile("view.jpg", data, "image/jpeg")

    answer = admin.post(reverse("wagtailimages:add"), added_fields(file=upload))

    assert answer.status_code == 302, answer.text
    image = SiteImage.objects.get()
    headers = fetched(image.file.url).headers
    assert headers["Content-Type"] == image.mime_type
    assert headers["X-Content-Type-Options"] == "nosniff"
    page = admin.get(reverse("wagtailimages:edit", args=[image.pk]))
    assert page.status_code == 200
    assert image.renditions.filter(filter_spec="max-800x600").exists()
