"""Old files with a place in them, put into storage past every way in."""

import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.core.management import call_command
from wagtail.models import Collection, UploadedFile

from core.generations import PAGES, read_generations
from media.mending import look_at, replace
from media.models import SiteDocument, SiteImage, SiteRendition, StorageScan
from media.scanning import walk
from media.services import store_document, store_image
from media.stripping import PICTURES
from tests.media.carriers import every_picture
from tests.media.leaks import PLACE_TAGS, exiftool, faults_of
from tests.media.pictures import camera_jpeg, plain_jpeg
from tests.media.test_ways_in import pdf_with_secrets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def scan(capsys):
    """Run the command and return its exit code and report."""

    def run(*arguments):
        code = 0
        try:
            call_command("scan_media", "--json", *arguments)
        except SystemExit as stop:
            code = stop.code
        return code, json.loads(capsys.readouterr().out)

    return run


class Bucket(Storage):
    """A store whose files lie at no path."""

    def __init__(self):
        self.held = {}

    def _open(self, name, mode="rb"):
        return ContentFile(self.held[name], name)

    def _save(self, name, content):
        self.held[name] = content.read()
        return name

    def exists(self, name):
        return name in self.held

    def listdir(self, path):
        return [], list(self.held)


def soil(file, data):
    """Overwrite a stored file as if the site had never stripped."""
    Path(file.path).write_bytes(data)


@pytest.fixture
def old_site(home):
    """A site whose files were stored before stripping was."""
    image = store_image(plain_jpeg(), name="view.jpg")
    soil(image.file, camera_jpeg())
    rendition = image.renditions.first()
    soil(rendition.file, every_picture()["jpeg", "everything"])
    document = store_document(pdf_with_secrets(), name="paper.pdf")
    soil(document.file, pdf_with_secrets())
    parked = UploadedFile.objects.create(file=ContentFile(plain_jpeg(), "parked.jpg"))
    soil(parked.file, camera_jpeg())
    default_storage.save("images/orphan.max-1x1.jpg", ContentFile(camera_jpeg()))
    SiteImage.objects.filter(pk=image.pk).update(credit="")
    return image


def test_clean_site_has_no_findings(home, scan):
    store_image(camera_jpeg(), name="view.jpg")
    store_document(pdf_with_secrets(), name="paper.pdf")

    code, report = scan()

    assert code == 0
    assert report["looked_at"] >= 4
    assert report["files"] == []
    assert report["is_done"]
    assert not StorageScan.objects.exists()


def test_old_files_are_found_and_left_alone(old_site, scan, uploads):
    before = {path: path.read_bytes() for path in uploads.rglob("*") if path.is_file()}

    code, report = scan()

    assert code == 1
    assert report["with_location"] == 5
    assert report["mended"] == 0
    assert {entry["code"] for entry in report["files"]} == {"location"}
    assert {path: path.read_bytes() for path in uploads.rglob("*") if path.is_file()} == before


def test_old_files_are_mended_where_they_lie(old_site, scan, uploads):
    names = {path for path in uploads.rglob("*") if path.is_file()}
    before = read_generations([PAGES])

    code, report = scan("--fix")

    assert code == 0
    assert report["mended"] == 5
    assert {path for path in uploads.rglob("*") if path.is_file()} == names
    assert exiftool(uploads, "-r", *PLACE_TAGS, "-SerialNumber", "-Author") == {}
    image = SiteImage.objects.get()
    with image.file.open("rb") as file:
        data = file.read()
    assert faults_of(camera_jpeg(), data) == []
    assert image.file_size == len(data)
    assert "location" in {part["what"] for part in image.removed}
    assert image.credit
    assert SiteDocument.objects.get().removed
    assert read_generations([PAGES]) != before
    assert scan()[0] == 0
    assert scan("--fix")[1]["mended"] == 0


def test_scan_goes_on_where_it_stopped(home, scan, uploads):
    for number in range(40):
        name = f"old/{number % 3}/view-{number:03}.jpg"
        default_storage.save(name, ContentFile(camera_jpeg()))

    first, part = scan("--fix", "--limit", "10")
    assert (first, part["is_done"], part["mended"]) == (0, False, 10)
    # What is soiled again behind the cursor is not looked at twice.
    (uploads / "old/0/view-000.jpg").write_bytes(camera_jpeg())
    code, report = scan("--fix")

    assert (code, report["is_done"]) == (0, True)
    assert report["looked_at"] == report["mended"] == 40
    assert scan()[1]["with_location"] == 1


def test_another_kind_of_scan_begins_anew(old_site, scan):
    scan("--limit", "1")

    assert scan("--fix")[1]["mended"] == 5


def test_restart_forgets_the_cursor(home, scan):
    default_storage.save("old/a.jpg", ContentFile(camera_jpeg()))
    scan("--limit", "1")

    assert scan("--restart")[1]["looked_at"] == 1


def test_what_cannot_be_mended_is_told_and_missing_files_are_counted(home, scan, uploads):
    image = store_image(plain_jpeg(), name="view.jpg")
    soil(image.file, camera_jpeg()[:3000])
    other = store_image(plain_jpeg((100, 100)), name="gone.jpg")
    Path(other.file.path).unlink()
    (uploads / "notes.txt").write_text("Words")

    code, report = scan("--fix")

    assert code == 1
    assert (report["refused"], report["missing"]) == (2, 1)
    told = {entry["file"]: entry["code"] for entry in report["files"]}
    assert told == {image.file.name: "damaged", "notes.txt": "unknown_type"}
    assert (uploads / "notes.txt").read_text() == "Words"
    assert Path(image.file.path).read_bytes() == camera_jpeg()[:3000]


def test_wrong_usage(scan):
    with pytest.raises(Exception, match="--limit") as wrong:
        call_command("scan_media", "--limit", "0")

    assert wrong.value.returncode == 2


def test_report_for_people_says_what_is_where(old_site, capsys):
    with pytest.raises(SystemExit):
        call_command("scan_media")

    out = capsys.readouterr().out
    assert "original_images/view.jpg: " in out
    assert "5 with a location" in out


def test_names_come_in_order_from_where_one_asks(uploads):
    names = ["a.jpg", "b/a.jpg", "b/c/a.jpg", "b/z.jpg", "b.jpg", "c.jpg"]
    for name in names:
        default_storage.save(name, ContentFile(b"x"))

    in_order = list(walk(default_storage, "", []))

    assert sorted(in_order) == sorted(names)
    for at, name in enumerate(in_order):
        assert list(walk(default_storage, "", name.split("/"))) == in_order[at + 1 :]


def test_store_without_paths_gets_mended_bytes_under_a_new_name():
    storage = Bucket()
    name = storage.save("view.jpg", ContentFile(camera_jpeg()))

    stripped = look_at(storage, name, PICTURES)
    new = replace(storage, name, stripped)

    assert new != name
    assert look_at(storage, new, PICTURES) is None
    assert list(walk(storage, "", [])) == sorted([name, new])


def test_mending_keeps_who_may_read_a_file(home, scan, uploads):
    name = default_storage.save("old.jpg", ContentFile(camera_jpeg()))
    (uploads / name).chmod(0o640)

    scan("--fix")

    assert (uploads / name).stat().st_mode & 0o777 == 0o640


def test_sizes_of_other_people_stay(old_site, scan):
    kept = {row.pk: row.file.name for row in SiteRendition.objects.all()}

    scan("--fix")

    assert {row.pk: row.file.name for row in SiteRendition.objects.all()} == kept
    assert Collection.objects.exists()


def test_older_drawing_of_no_size_is_read_and_mended(home, scan, uploads):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="%s"></svg>'
    image = store_image((drawing % "40").encode(), name="a.svg")
    (uploads / image.file.name).write_text(drawing % "-5")
    type(image).objects.update(width=0, height=0)

    scan("--fix")

    assert "-5" not in (uploads / image.file.name).read_text()
