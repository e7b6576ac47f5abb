from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from pages.models import PostPage
from tests.wordpress import made
from wordpress.jobs import forget_files
from wordpress.models import ImportJob

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        },
    }


@pytest.fixture
def send(administrator, signed_in, django_capture_on_commit_callbacks):
    client = signed_in(administrator)

    def post(path="/admin/wordpress-import/", **data):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(path, data)
        return client.get(answer["Location"]) if answer.status_code == 302 else answer

    post.client = client
    return post


def export():
    text = made.wxr(made.author(), made.item(11, comments=made.comment(501)),
                    made.item(12, kind="page", title="Privacy policy", slug="privacy"))  # fmt: skip
    return SimpleUploadedFile("site.xml", text.encode())


def files():
    return storages["private"].listdir("imports")[1]


def test_administrator_tries_a_file_and_then_imports_it(send):
    page = send(file=export(), **{"try": "1"}).content.decode()

    assert "This is what an import would do" in page
    assert "Privacy policy" in page
    assert not PostPage.objects.exists()
    assert len(files()) == 1
    job = ImportJob.objects.get()

    page = send(f"/admin/wordpress-import/{job.pk}/start/").content.decode()

    assert "Done." in page
    assert PostPage.objects.get().pk == 11
    assert files() == []
    assert set(ImportJob.objects.values_list("file", flat=True)) == {""}


def test_damaged_file_is_told_with_its_place(send):
    file = SimpleUploadedFile("site.xml", b"<rss><channel><item></rss>")

    page = send(file=file, **{"import": "1"}).content.decode()

    assert "line 1, column 23" in page


def test_page_looks_again_while_an_import_runs(send):
    job = ImportJob.objects.create(
        file="x", title="site.xml", with_media=False, is_dry_run=False, state="running",
        stage="items", done=20, total=80,
    )  # fmt: skip

    answer = send.client.get(f"/admin/wordpress-import/{job.pk}/")

    assert answer["Refresh"] == "3"
    assert '<progress value="20" max="80">' in answer.content.decode()


@pytest.mark.parametrize("data", [
    {}, {"file": SimpleUploadedFile("site.zip", b"x")},
    {"file": SimpleUploadedFile("site.xml", b"x"), "media_hosts": "http://a.example/"},
])  # fmt: skip
def test_wrong_form_is_shown_again(send, data):
    assert send(**data).status_code == 200
    assert not ImportJob.objects.exists()


def test_page_warns_where_trying_holds_the_database(send):
    page = send.client.get("/admin/wordpress-import/").content.decode()

    assert ("holds its SQLite database" in page) == (connection.vendor == "sqlite")


def test_only_those_with_the_permission_may_import(editor, signed_in):
    client = signed_in(editor)

    assert client.get("/admin/wordpress-import/").status_code in {302, 403}
    assert client.post("/admin/wordpress-import/", {"file": export()}).status_code in {302, 403}
    assert not ImportJob.objects.exists()


def test_file_that_nobody_came_back_for_is_removed(send):
    send(file=export(), **{"try": "1"})

    assert forget_files(timezone.now() + timedelta(days=1)) == 0
    assert forget_files(timezone.now() + timedelta(days=3)) == 1
    assert files() == []
