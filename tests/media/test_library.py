import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from core.generations import PAGES, read_generations
from media.errors import UploadRefusedError
from media.models import SiteImage
from media.services import store_document, store_image
from media.stripping import EXTENSIONS
from tests.media.carriers import every_picture
from tests.media.leaks import faults_of
from tests.media.pictures import camera_jpeg, plain_jpeg
from tests.media.test_ways_in import pdf_with_secrets

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><script>alert(1)</script>'
    b'<rect width="400" height="300" fill="teal"/></svg>'
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def stored(image):
    with image.file.open("rb") as file:
        return file.read()


def test_stored_image_has_no_place_and_its_hash_is_that_of_the_stored_bytes(home, jpeg):
    image = store_image(jpeg, name="view.jpg")

    assert faults_of(jpeg, stored(image)) == []
    assert image.file_hash == hashlib.sha1(stored(image)).hexdigest()
    assert image.file_size == len(stored(image))


@pytest.mark.parametrize(
    ("container", "carrier", "mime_type"),
    [
        ("png", "eXIf", "image/png"), ("webp", "EXIF and XMP", "image/webp"),
        ("gif", "animation", "image/gif"), ("tiff", "everything", "image/tiff"),
        ("avif", "in the file", "image/avif"), ("heic", "EXIF and XMP", "image/heic"),
    ],
)  # fmt: skip
def test_every_kind_of_picture_is_stored_stripped_and_named_for_what_it_is(
    home, container, carrier, mime_type
):
    data = every_picture()[container, carrier]

    image = store_image(data, name="view.jpg")

    assert faults_of(data, stored(image)) == []
    assert image.mime_type == mime_type
    assert image.file.name.endswith(EXTENSIONS[container][0])


def test_a_drawing_is_stored_without_its_programs(home):
    image = store_image(DRAWING, name="drawing.svg")

    assert b"script" not in stored(image)
    assert image.mime_type == "image/svg+xml"


def test_a_pdf_is_not_stored_as_a_picture(home):
    with pytest.raises(UploadRefusedError) as refused:
        store_image(b"%PDF-1.7\n", name="a.pdf")

    assert refused.value.code == "unknown_type"


def test_model_saved_from_a_shell_is_stripped_too(home, jpeg):
    image = SiteImage(title="Raw", file=ContentFile(jpeg, "raw.jpg"),
                      collection=Collection.get_first_root_node())  # fmt: skip
    image.save()

    assert faults_of(jpeg, stored(image)) == []
    assert image.file_hash == hashlib.sha1(stored(image)).hexdigest()


def test_file_written_past_the_model_is_stripped_too(home, jpeg):
    image = SiteImage(title="Past", collection=Collection.get_first_root_node())

    image.file.save("past.jpg", ContentFile(jpeg), save=False)

    assert faults_of(jpeg, stored(image)) == []


def test_bulk_creation_is_stripped_too(home, jpeg):
    SiteImage.objects.bulk_create(
        [SiteImage(title="Bulk", slug="bulk", file=ContentFile(jpeg, "bulk.jpg"),
                   collection=Collection.get_first_root_node())]
    )  # fmt: skip

    assert faults_of(jpeg, stored(SiteImage.objects.get(slug="bulk"))) == []


def test_refused_image_leaves_nothing_in_storage(home, uploads):
    with pytest.raises(UploadRefusedError) as refused:
        store_image(b"\x89PNG\r\n\x1a\n" + b"\0" * 50, name="a.png")

    assert refused.value.code == "damaged"
    assert not SiteImage.objects.exists()
    assert [path for path in uploads.rglob("*") if path.is_file()] == []


def test_renditions_have_no_place(image, jpeg):
    for rendition in image.renditions.all():
        with rendition.file.open("rb") as file:
            data = file.read()
        assert b"GPS" not in data
        assert b"Camera Works" not in data
    assert image.sizes["medium"]["height"] == 300


def test_admin_form_names_the_fault(home):
    form_class = get_image_form(SiteImage)
    damaged = plain_jpeg()[:4000]

    form = form_class(
        {"title": "Damaged", "collection": Collection.get_first_root_node().pk},
        {"file": SimpleUploadedFile("damaged.jpg", damaged, "image/jpeg")},
    )

    assert not form.is_valid()
    assert "file" in form.errors


def test_editor_uploads_in_the_admin_and_sees_what_was_removed(home, editor, signed_in, jpeg):
    client = signed_in(editor)
    upload = SimpleUploadedFile("harbour.jpg", jpeg, "image/jpeg")

    response = client.post(
        reverse("wagtailimages:add"),
        {"title": "Harbour", "file": upload, "collection": Collection.get_first_root_node().pk},
    )

    assert response.status_code == 302
    image = SiteImage.objects.get(title="Harbour")
    assert faults_of(jpeg, stored(image)) == []
    assert "location" in {part["what"] for part in image.removed}
    assert image.credit


def test_storing_an_image_tells_the_caches(home, jpeg):
    before = read_generations([PAGES])

    store_image(camera_jpeg(), name="view.jpg")

    assert read_generations([PAGES]) != before


class Undone(Exception):
    """What goes wrong after a file was stored."""


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def store_in_bulk(data):
    SiteImage.objects.bulk_create([SiteImage(slug="a", file=ContentFile(data, "a.jpg"))])


@pytest.mark.parametrize(
    "store",
    [lambda: store_image(camera_jpeg(), name="view.jpg"),
     lambda: store_document(pdf_with_secrets(), name="paper.pdf"),
     lambda: store_in_bulk(camera_jpeg())],
)  # fmt: skip
def test_file_goes_where_its_transaction_is_rolled_back(home, uploads, store):
    def store_and_fail():
        with transaction.atomic():
            store()
            assert files_in(uploads)
            raise Undone

    with pytest.raises(Undone):
        store_and_fail()

    assert files_in(uploads) == []


@pytest.mark.django_db(transaction=True)
def test_file_goes_where_its_row_cannot_be_written_and_stays_where_it_can(home, uploads, jpeg):
    kept = store_image(jpeg, name="view.jpg")
    before = files_in(uploads)

    with pytest.raises(IntegrityError):
        SiteImage(title="a", slug=kept.slug, file=ContentFile(jpeg, "other.jpg")).save()

    assert files_in(uploads) == before
    assert stored(kept)


@pytest.mark.parametrize("kind", ["picture", "document"])
def test_of_two_files_stored_under_one_name_at_once_both_stay(home, jpeg, kind):
    rivals = [True]

    def come_first(execute, sql, params, many, context):
        """Let a rival take the slug between the look for a free one and the writing."""
        if rivals and sql.startswith("SAVEPOINT"):
            rivals.pop()
            store()
        return execute(sql, params, many, context)

    def store():
        if kind == "picture":
            return store_image(jpeg, name="view.jpg")
        return store_document(pdf_with_secrets(), name="view.pdf")

    with connection.execute_wrapper(come_first):
        late = store()

    first = type(late).objects.exclude(pk=late.pk).get()
    assert first.slug == "view"
    assert late.slug.startswith("view-")
    assert stored(first) == stored(late)
