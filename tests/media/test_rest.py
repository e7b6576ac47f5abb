"""wp/v2/media, compared with what WordPress 6.1 was recorded to answer."""

import base64
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.services import AUTHORS, create_application_password, create_user
from media.models import SiteDocument, SiteImage
from media.services import store_document, store_image
from tests.api.shapes import differences, recorded
from tests.api.test_reading import basic
from tests.media.carriers import every_picture
from tests.media.pictures import camera_jpeg, plain_jpeg
from tests.media.test_ways_in import pdf_with_secrets

MEDIA = "/wp-json/wp/v2/media"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def key(editor):
    return basic(editor, create_application_password(editor, "Tests")[1])


def send(client, key, data, name="a.png", kind="image/png", **headers):
    return client.post(
        MEDIA, data, content_type=kind,
        headers={**key, "Content-Disposition": f'attachment; filename="{name}"', **headers},
    )  # fmt: skip


def test_upload_change_and_deletion_are_answered_as_recorded(client, key, samples):
    records = {
        name: recorded(samples, "writes-as-admin", name)
        for name in ("media_create_raw", "media_update", "media_delete")
    }
    dot = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
        "gg=="
    )

    made = send(client, key, dot, "dot.png")
    item = made.json()
    changed = client.post(
        f"{MEDIA}/{item['id']}", {"alt_text": "A dot", "caption": "Dot", "title": "Dot"},
        content_type="application/json", headers=key,
    ).json()  # fmt: skip
    gone = client.delete(f"{MEDIA}/{item['id']}?force=true", headers=key).json()

    assert made.status_code == 201
    assert made["X-WP-Upload-Attachment-ID"] == str(item["id"])
    for ours, name in ((item, "media_create_raw"), (changed, "media_update")):
        theirs = records[name]["body"]
        assert differences(ours, theirs) == []
        for same in ("title", "caption", "alt_text", "media_type", "mime_type", "post", "status",
                     "missing_image_sizes", "slug"):  # fmt: skip
            assert ours[same] == theirs[same], same
        for same in ("width", "height", "filesize", "sizes", "image_meta"):
            assert ours["media_details"][same] == theirs["media_details"][same], same
    assert differences(gone, records["media_delete"]["body"]) == []


def test_edit_context_has_the_recorded_shape(client, key, home, samples):
    store_image(plain_jpeg((1200, 800)), name="a.jpg", caption="Words", description="Alt")
    theirs = recorded(samples, "media-edit", "collection", "body")

    ours = client.get(f"{MEDIA}?context=edit", headers=key).json()

    assert differences(ours, theirs) == []
    sizes = theirs[0]["media_details"]["sizes"]
    assert set(ours[0]["media_details"]["sizes"]) == set(sizes)
    for name, size in sizes.items():
        mine = ours[0]["media_details"]["sizes"][name]
        assert list(mine) == list(size)
        # Where WordPress rounds to the next pixel, the last one is cut off here.
        assert mine["width"] == size["width"]
        assert 0 <= size["height"] - mine["height"] <= 1
    assert ours[0]["caption"] == {"raw": "Words", "rendered": "<p>Words</p>\n"}


@pytest.mark.parametrize(
    "name", ["media_no_data_as_admin", "media_no_disposition_as_admin", "media_bad_type_as_admin"]
)
def test_mistake_is_answered_as_recorded(client, key, samples, uploads, name):
    record = recorded(samples, "errors", name)
    sent = record["request"]
    headers = dict(sent.get("headers") or {})

    answer = client.generic(
        "POST", MEDIA, sent.get("raw", ""), content_type=headers.pop("Content-Type", ""),
        headers={**headers, **key},
    )  # fmt: skip

    assert answer.status_code == record["status"]
    body = answer.json()
    if name == "media_bad_type_as_admin":
        # The sentence is ours: it says what to do.
        assert "text as PDF" in body.pop("message")
        del record["body"]["message"]
    assert body == record["body"]
    assert not [path for path in uploads.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(camera_jpeg()[:4000], "damaged"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "damaged")],
)
def test_fault_is_named_and_nothing_is_stored(client, key, uploads, data, reason):
    answer = send(client, key, data)

    assert answer.status_code == 400
    assert answer.json()["code"] == "rest_upload_sideload_error"
    assert answer.json()["data"]["reason"] == reason
    assert "damaged" in answer.json()["message"]
    assert not SiteImage.objects.exists()
    assert not [path for path in uploads.rglob("*") if path.is_file()]


@pytest.mark.parametrize("multipart", [False, True])
def test_file_that_is_too_large_is_refused(client, key, settings, multipart):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    if multipart:
        upload = SimpleUploadedFile("a.jpg", plain_jpeg(), "image/jpeg")
        answer = client.post(MEDIA, {"file": upload}, headers=key)
    else:
        answer = send(client, key, plain_jpeg(), "a.jpg", "image/jpeg")

    assert answer.status_code == 400
    assert answer.json()["code"] == "rest_upload_file_too_big"


def test_body_whose_hash_is_another_one_is_refused(client, key):
    data = plain_jpeg()
    right = hashlib.md5(data).hexdigest()

    assert send(client, key, data, **{"Content-MD5": "0" * 32}).status_code == 412
    assert send(client, key, data, **{"Content-MD5": right}).status_code == 201


@pytest.mark.parametrize(
    ("given", "stored"),
    [("../../etc/view.png", "view.jpg"), ("C:\\pictures\\view.png", "view.jpg"),
     ("..", "file.jpg"), ("view.php", "view.jpg"), ("view.jpeg", "view.jpeg")],
)  # fmt: skip
def test_name_is_a_name_and_tells_what_the_bytes_are(client, key, given, stored):
    answer = send(client, key, plain_jpeg(), given)

    assert answer.status_code == 201, answer.content
    assert answer.json()["source_url"].endswith(f"/original_images/{stored}")


def test_name_in_another_script(client, key):
    answer = client.post(
        MEDIA, plain_jpeg(), content_type="image/jpeg",
        headers={**key, "Content-Disposition": "attachment; filename*=UTF-8''%E6%B8%AF.jpg"},
    )  # fmt: skip

    assert answer.json()["title"]["raw"] == "港"


@pytest.mark.parametrize(
    ("given", "stored"),
    [("UTF-8''%FF%FE.png", "file.jpg"), ("UTF-8''%FF%FE", "file.jpg"),
     ("UTF-8''%00%0Aa.png", "a.jpg"), ("UTF-8''.htaccess", "file.jpg"),
     ("UTF-8''%EE%80%80.jpg", "file.jpg")],
)  # fmt: skip
def test_name_that_cannot_be_read_becomes_one_that_tells_the_kind(client, key, given, stored):
    answer = client.post(
        MEDIA, plain_jpeg(), content_type="image/png",
        headers={**key, "Content-Disposition": f"attachment; filename*={given}"},
    )  # fmt: skip

    assert answer.status_code == 201, answer.content
    item = answer.json()
    assert item["source_url"].endswith(f"/original_images/{stored}")
    assert item["mime_type"] == "image/jpeg"
    assert item["title"]["raw"].isprintable()


def test_title_that_is_too_long_is_refused_with_its_name(client, key, home):
    image = store_image(plain_jpeg(), name="a.jpg")

    answer = client.post(
        f"{MEDIA}/{image.pk}", {"title": "x" * 256}, content_type="application/json", headers=key
    )

    assert answer.status_code == 400
    assert "255" in answer.json()["data"]["params"]["title"]


@pytest.mark.parametrize("name", ["title", "alt_text", "caption", "description", "post"])
def test_null_changes_nothing(client, key, home, name):
    image = store_image(plain_jpeg(), name="a.jpg", description="A", caption="B", details="C")
    before = client.get(f"{MEDIA}/{image.pk}?context=edit", headers=key).json()

    answer = client.post(
        f"{MEDIA}/{image.pk}", {name: None}, content_type="application/json", headers=key
    )

    assert answer.status_code == 200
    for same in ("title", "alt_text", "caption", "description", "post"):
        assert answer.json()[same] == before[same]


def test_alternative_text_of_any_length_is_kept_whole(client, key, home):
    image = store_image(plain_jpeg(), name="a.jpg", is_decorative=True)
    words = "A harbour. " * 400

    answer = client.post(
        f"{MEDIA}/{image.pk}", {"alt_text": words}, content_type="application/json", headers=key
    )

    assert answer.json()["alt_text"] == words
    image.refresh_from_db()
    assert not image.is_decorative


@pytest.mark.parametrize("multipart", [False, True])
def test_document_is_an_attachment_as_in_wordpress(client, key, visitor, home, multipart):
    picture = store_image(plain_jpeg(), name="a.jpg")
    if multipart:
        upload = SimpleUploadedFile("paper.bin", pdf_with_secrets(), "application/pdf")
        answer = client.post(MEDIA, {"file": upload}, headers=key)
    else:
        answer = send(client, key, pdf_with_secrets(), "paper.bin", "application/pdf")

    assert answer.status_code == 201, answer.content
    item = answer.json()
    document = SiteDocument.objects.get()
    assert answer["X-WP-Upload-Attachment-ID"] == str(item["id"]) == str(document.number)
    assert item["id"] != picture.pk
    assert (item["media_type"], item["mime_type"]) == ("file", "application/pdf")
    assert item["media_details"] == {"filesize": document.file_size, "sizes": {}}
    assert item["missing_image_sizes"] == []
    assert item["title"]["raw"] == item["slug"] == "paper"
    link = f"<a href='{item['source_url']}'>paper</a>"
    assert item["description"]["rendered"] == f'<p class="attachment">{link}</p>\n'
    served = visitor.get(item["source_url"])
    assert b"Maren" not in served.getvalue()
    assert "sandbox" in served["Content-Security-Policy"]
    assert visitor.get(f"{MEDIA}/{item['id']}").json()["id"] == item["id"]


def test_document_is_changed_and_deleted_by_its_number(client, key, home):
    number = send(client, key, pdf_with_secrets(), "paper.pdf", "application/pdf").json()["id"]
    words = {"title": "Paper", "caption": "Of clay", "alt_text": "A sheet", "description": "Long"}

    changed = client.post(
        f"{MEDIA}/{number}", words, content_type="application/json", headers=key
    ).json()
    gone = client.delete(f"{MEDIA}/{number}?force=true", headers=key).json()

    assert (changed["title"]["raw"], changed["alt_text"]) == ("Paper", "A sheet")
    assert changed["caption"]["rendered"] == "<p>Of clay</p>\n"
    assert changed["description"]["rendered"].endswith("<p>Long</p>\n")
    assert gone["previous"]["id"] == number
    assert not SiteDocument.objects.exists()


def test_deleted_files_are_gone_before_the_worker_looks(
    client, key, home, uploads, settings, django_capture_on_commit_callbacks
):
    store_image(plain_jpeg(size=(900, 700)), name="wide.jpg")
    store_document(pdf_with_secrets(), name="paper.pdf")
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    kept = [path for path in uploads.rglob("*") if path.is_file()]
    assert len(kept) > 3

    with django_capture_on_commit_callbacks(execute=True):
        for item in client.get(MEDIA).json():
            client.delete(f"{MEDIA}/{item['id']}?force=true", headers=key)

    assert [path for path in uploads.rglob("*") if path.is_file()] == []


def test_documents_and_pictures_are_one_list(client, key, visitor, home):
    names = ["d.jpg", "c.pdf", "b.jpg", "a.pdf"]
    items = [
        send(client, key, pdf_with_secrets() if name.endswith("pdf") else plain_jpeg(), name).json()
        for name in names
    ]
    keys = [item["id"] for item in items]

    def listed(query):
        answer = visitor.get(f"{MEDIA}?{query}")
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in answer.json()]

    assert keys == sorted(set(keys))
    assert listed("orderby=title&order=asc") == keys[::-1]
    assert listed("orderby=id&order=asc&per_page=2&page=2") == keys[2:]
    assert listed("orderby=date") == keys[::-1]
    for orderby in ("author", "modified", "parent", "slug", "id"):
        assert set(listed(f"orderby={orderby}")) == set(keys)
    assert listed("media_type=application&order=asc") == [keys[1], keys[3]]
    assert listed("media_type=image&order=asc") == [keys[0], keys[2]]
    assert listed("mime_type=application/pdf&order=asc") == [keys[1], keys[3]]
    assert listed("search=c") == [keys[1]]
    wanted = [keys[3], keys[0], keys[1]]
    assert listed("&".join(f"include[]={key}" for key in wanted) + "&orderby=include") == wanted
    assert listed(f"exclude={keys[1]}&order=asc") == [keys[0], keys[2], keys[3]]
    assert visitor.get(f"{MEDIA}?per_page=3")["X-WP-Total"] == "4"


def test_document_of_a_draft_hides_with_it(client, key, visitor, make_post):
    draft = make_post(title="Draft")
    draft.unpublish()
    item = client.post(
        f"{MEDIA}?post={draft.pk}", pdf_with_secrets(), content_type="application/pdf",
        headers={**key, "Content-Disposition": "attachment; filename=a.pdf"},
    ).json()  # fmt: skip

    assert item["post"] == draft.pk
    assert visitor.get(f"{MEDIA}/{item['id']}").status_code == 401
    assert visitor.get(MEDIA).json() == []


def test_number_of_a_fixture_is_not_given_out_again(home):
    SiteImage.objects.bulk_create(
        [SiteImage(pk=5000, slug="a", title="A", file="original_images/a.jpg", width=1, height=1)]
    )
    made = store_image(plain_jpeg(), name="a.jpg")
    SiteImage.objects.filter(pk=made.pk).update(slug="b")
    SiteImage.objects.bulk_create(
        [SiteImage(pk=made.pk + 1, slug="c", file="original_images/c.jpg", width=1, height=1)]
    )

    document = store_document(pdf_with_secrets(), name="a.pdf")

    assert document.number > 5000


def test_author_changes_and_deletes_own_pictures_and_nobody_elses(client, key, editor):
    writer = create_user(
        username="arthur", email="arthur@example.org", password="pass", groups=[AUTHORS]
    )
    own_key = basic(writer, create_application_password(writer, "Tests")[1])
    theirs = send(client, key, plain_jpeg(), "a.jpg", "image/jpeg").json()["id"]
    own = send(client, own_key, plain_jpeg(), "b.jpg", "image/jpeg").json()["id"]

    def ask(method, number):
        return client.generic(
            method, f"{MEDIA}/{number}?force=true", b'{"title": "x"}', headers=own_key,
            content_type="application/json",
        ).status_code  # fmt: skip

    assert [ask("POST", theirs), ask("DELETE", theirs)] == [403, 403]
    assert client.get(f"{MEDIA}/{theirs}?context=edit", headers=own_key).status_code == 403
    listed = client.get(f"{MEDIA}?context=edit", headers=own_key).json()
    assert [each["id"] for each in listed] == [own]
    assert [ask("POST", own), ask("DELETE", own)] == [200, 200]


def test_picture_of_a_post_hides_until_the_post_is_public(client, key, visitor, make_post):
    draft = make_post(title="Draft")
    draft.unpublish()

    answer = client.post(
        f"{MEDIA}?post={draft.pk}", plain_jpeg(), content_type="image/jpeg",
        headers={**key, "Content-Disposition": "attachment; filename=a.jpg"},
    )  # fmt: skip
    item = answer.json()

    assert item["post"] == draft.pk
    assert visitor.get(f"{MEDIA}/{item['id']}").status_code == 401
    assert visitor.get(MEDIA).json() == []
    assert client.get(f"{MEDIA}/{item['id']}", headers=key).status_code == 200
    draft.save_revision().publish()
    assert visitor.get(f"{MEDIA}/{item['id']}").json()["post"] == draft.pk
    assert [row["id"] for row in visitor.get(f"{MEDIA}?parent={draft.pk}").json()] == [item["id"]]
    assert visitor.get(f"{MEDIA}?parent_exclude={draft.pk}").json() == []


def test_lists_by_kind_and_by_the_order_asked_for(visitor, home):
    pictures = [
        store_image(every_picture()["png", "eXIf"], name="a.png"),
        store_image(plain_jpeg(), name="b.jpg"),
        store_image(every_picture()["gif", "animation"], name="c.gif"),
    ]
    keys = [image.pk for image in pictures]

    def listed(query):
        return [row["id"] for row in visitor.get(f"{MEDIA}?{query}").json()]

    assert listed("mime_type=image/png") == keys[:1]
    assert listed("mime_type=image/jpeg") == keys[1:2]
    assert listed("mime_type=video/mp4") == []
    assert listed("media_type=video") == []
    assert listed("media_type=image&order=asc&orderby=id") == keys
    wanted = [keys[2], keys[0]]
    asked = "&".join(f"include[]={key}" for key in wanted)
    assert listed(f"{asked}&orderby=include") == wanted


def test_what_browsers_do_not_show_is_answered_as_the_jpeg_that_stands_in(visitor, home):
    image = store_image(every_picture()["heic", "EXIF and XMP"], name="view.heic")

    item = visitor.get(f"{MEDIA}/{image.pk}").json()

    assert item["mime_type"] == "image/jpeg"
    assert item["source_url"].endswith(".jpg")
    assert item["media_details"]["original_image"].endswith(".heic")


@pytest.mark.parametrize(
    "root",
    ['width="NaN"', 'width="inf" height="4"', 'width="-5" height="4"', 'width="1,5"',
     'width="auto"',
     'viewBox="a b c d"', 'viewBox="0,0,1e30,5"', 'width="5" preserveAspectRatio="up"',
     'width="50%"', 'viewBox="0 0 24 24"', 'width="1in" height=".5in"'],
)  # fmt: skip
def test_drawing_has_a_size_that_the_library_can_show(client, key, root):
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" {root}><path d="M0 0h9"/></svg>'

    answer = send(client, key, drawing.encode(), "a.svg", "image/svg+xml")

    assert answer.status_code == 201, answer.content
    details = answer.json()["media_details"]
    assert details["width"] >= 1
    assert details["height"] >= 1
    assert SiteImage.objects.get().get_rendition("max-150x150").width >= 1


def test_form_without_a_file_and_empty_file_are_answered(client, key):
    nothing = client.post(MEDIA, {"title": "a"}, headers=key)
    empty = client.post(MEDIA, {"file": SimpleUploadedFile("a.jpg", b"")}, headers=key)

    assert (nothing.status_code, nothing.json()["code"]) == (400, "rest_upload_no_data")
    assert (empty.status_code, empty.json()["code"]) == (500, "rest_upload_unknown_error")


@pytest.mark.parametrize("data", [camera_jpeg(), b"&".join(b"a%d=1" % i for i in range(3000))])
def test_file_that_a_program_calls_a_form_is_a_file(client, key, home, data):
    """As curl sends --data-binary without a type of its own."""
    answer = send(client, key, data, name="a.jpg", kind="application/x-www-form-urlencoded")

    if data.startswith(b"\xff\xd8"):
        assert answer.status_code == 201, answer.json()
        assert answer.json()["mime_type"] == "image/jpeg"
    else:
        assert answer.json()["code"] == "rest_upload_sideload_error"
