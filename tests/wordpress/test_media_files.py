import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from media.models import SiteDocument, SiteImage
from pages.models import PostPage
from tests.media.pictures import camera_jpeg
from tests.wordpress import made
from tests.wordpress.test_importing import bring_in, codes, counted  # noqa: F401
from wordpress.importing.media_files import Fetcher, Folder, MediaMissingError, hosts_of
from wordpress.models import KeptRecord
from wordpress.wxr.records import Item

UPLOADS = f"{made.SITE}/wp-content/uploads"


@pytest.fixture
def folder(tmp_path):
    inner = tmp_path / "media" / "2024"
    inner.mkdir(parents=True)
    (inner / "view.jpg").write_bytes(camera_jpeg())
    (tmp_path / "secret.jpg").write_bytes(b"not for anybody")
    return tmp_path / "media"


def code_of(source, item):
    with pytest.raises(MediaMissingError) as error:
        source.read(item)
    return error.value.code


@pytest.mark.parametrize(
    "url",
    [f"{UPLOADS}/2024/view.jpg", f"{UPLOADS}/1999/view.jpg", "https://cdn.example/files/view.jpg"],
)
def test_file_is_found_by_path_or_by_its_name(folder, url):
    assert Folder(folder).read(Item(attachment_url=url)) == camera_jpeg()


@pytest.mark.parametrize(
    "path",
    [
        "../secret.jpg", "2024/../../secret.jpg", "%2e%2e/secret.jpg", "..%2fsecret.jpg",
        "2024/view.jpg/../../../secret.jpg", "....//secret.jpg", "..\\secret.jpg",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(folder, path):
    item = Item(attachment_url=f"{UPLOADS}/{path}", meta=[("_wp_attached_file", path)])

    assert code_of(Folder(folder), item) == "file_missing"


def test_neither_a_whole_path_nor_a_link_leads_out(folder):
    outside = folder.parent / "secret.jpg"
    os.symlink(outside, folder / "link.jpg")

    for path in (str(outside), "/etc/passwd", "link.jpg", "a\0b.jpg", "x" * 5000):
        item = Item(attachment_url="", meta=[("_wp_attached_file", path)])
        assert code_of(Folder(folder), item) == "file_missing"


def test_file_that_is_too_large_is_refused(folder, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100

    assert code_of(Folder(folder), Item(attachment_url=f"{UPLOADS}/2024/view.jpg")) == (
        "file_too_large"
    )


class FileServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "http://elsewhere.example/view.jpg")
            self.end_headers()
        elif self.path.startswith("/round"):
            self.send_response(302)
            self.send_header("Location", "/round")
            self.end_headers()
        elif self.path.startswith("/broken"):
            self.send_response(302)
            self.send_header("Location", "http://[x/")
            self.end_headers()
        elif self.path.startswith("/moved"):
            self.send_response(301)
            self.send_header("Location", "/view.jpg")
            self.end_headers()
        elif self.path.endswith("view.jpg"):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(camera_jpeg())
        else:
            self.send_response(404)
            self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def serving():
    server = FileServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server():
    with serving() as server:
        yield server


def test_file_is_fetched_from_an_allowed_host_and_where_it_leads_on(server):
    fetcher = Fetcher(["127.0.0.1"], allow_private=True)

    for path in ("/view.jpg", "/moved"):
        assert fetcher.read(Item(attachment_url=server.url + path)) == camera_jpeg()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/none.jpg", "http_404"),
        ("/round", "too_many_redirects"),
        ("/away", "host_not_allowed"),
        ("/broken", "address_invalid"),
    ],
)
def test_file_that_is_not_given_is_named(server, path, code):
    fetcher = Fetcher(["127.0.0.1"], allow_private=True)

    assert code_of(fetcher, Item(attachment_url=server.url + path)) == code


def test_private_networks_and_other_hosts_are_never_asked(server):
    assert code_of(Fetcher(["127.0.0.1"]), Item(attachment_url=f"{server.url}/view.jpg")) == (
        "address_private"
    )
    assert code_of(Fetcher(["old.example"], allow_private=True),
                   Item(attachment_url=f"{server.url}/view.jpg")) == "host_not_allowed"  # fmt: skip
    assert server.asked == []


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "ftp://old.example/a", "http://a:b@old.example/", "http://"]
)
def test_address_that_is_none_is_refused(url):
    assert code_of(Fetcher(["old.example"]), Item(attachment_url=url)) == "address_invalid"


def test_answer_that_is_too_large_is_refused(server, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100
    fetcher = Fetcher(["127.0.0.1"], allow_private=True)

    assert code_of(fetcher, Item(attachment_url=f"{server.url}/view.jpg")) == "file_too_large"


def test_hosts_are_those_of_the_site_and_of_its_files():
    assert hosts_of("https://a.wordpress.com", "https://wordpress.com/") == {
        "a.wordpress.com", "a.files.wordpress.com",
    }  # fmt: skip


@pytest.mark.django_db
def test_attachments_become_images_that_texts_show(bring_in, folder, visitor):  # noqa: F811
    (folder / "plan.pdf").write_bytes(b"%PDF-1.4 broken")
    parts = [
        made.item(11, text=f'<img src="{UPLOADS}/2024/view-150x200.jpg" class="wp-image-54">',
                  extra=made.meta(_thumbnail_id="54")),
        made.attachment(54, f"{UPLOADS}/2024/view.jpg", title="A view", parent=11,
                        extra=made.meta(_wp_attachment_image_alt="The sea")),
        made.attachment(55, f"{UPLOADS}/2024/gone.jpg"),
        made.attachment(56, f"{UPLOADS}/plan.pdf"),
    ]  # fmt: skip

    report = bring_in(*parts, options=("--media-dir", str(folder)))

    image = SiteImage.objects.get(pk=54)
    assert (image.title, image.description, image.attached_to_id) == ("A view", "The sea", 11)
    with image.file.open("rb") as file:
        assert b"Port Ellery" not in file.read()
    post = PostPage.objects.get(pk=11)
    assert post.featured_image_id == 54
    assert f'src="/uploads/{image.sizes["medium"]["path"]}"' in post.raw_content
    assert counted(report, "attachments") == {"created": 1, "failed": 2}
    assert "file_missing" in codes(report)
    assert SiteDocument.objects.count() == 0
    kept = KeptRecord.objects.filter(type="attachment")
    assert sorted(kept.values_list("wordpress_id", flat=True)) == [55, 56]
    path = "/wp-content/uploads/2024/view"
    assert visitor.get(f"{path}.jpg")["Location"] == image.file.url
    assert visitor.get(f"{path}-100x80.jpg")["Location"] == image.file.url
    assert visitor.get(f"{path}-x.jpg").status_code == 404

    (folder / "2024" / "gone.jpg").write_bytes(camera_jpeg())
    again = bring_in(*parts, options=("--media-dir", str(folder)))

    assert counted(again, "attachments") == {"unchanged": 1, "created": 1, "failed": 1}
    assert counted(again, "posts") == {"unchanged": 1}
    assert list(kept.values_list("wordpress_id", flat=True)) == [56]
