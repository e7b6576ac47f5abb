"""Bodies that break off: nothing of them is taken."""

import json
from io import BytesIO

import pytest

from accounts.services import create_application_password
from cms.whole_bodies import WholeBodies
from comments.models import VisitorComment
from media.models import SiteImage
from tests.api.test_reading import basic
from tests.media.pictures import plain_jpeg
from tests.serving import application

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
PARTS = (b'--b\r\nContent-Disposition: form-data; name="post"\r\n\r\n%d\r\n'
         b'--b\r\nContent-Disposition: form-data; name="content"\r\n\r\nWhole words.')  # fmt: skip


def answered(path, body, content_type, *, missing, **environ):
    """Return the status of the answer to a body of which the last bytes do not come."""
    started = []
    asked = {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "SERVER_NAME": "testserver",
        "SERVER_PORT": "80", "wsgi.url_scheme": "http", "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body) + missing), "wsgi.input": BytesIO(body), **environ,
    }  # fmt: skip
    chunks = WholeBodies(application)(asked, lambda status, _headers: started.append(status))
    b"".join(chunks)
    return int(started[0][:3])


@pytest.fixture
def bodies(post):
    words = {"post": post.pk, "author_name": "Nora", "author_email": "n@example.org",
             "content": "Whole words."}  # fmt: skip
    form = "&".join(f"{name}={value}" for name, value in words.items()).replace(" ", "+")
    field = f"comment=Whole+words.&author=Nora&email=n@example.org&comment_post_ID={post.pk}"
    return {
        "json": ("/wp-json/wp/v2/comments", json.dumps(words).encode(), "application/json"),
        "form": ("/wp-json/wp/v2/comments", form.encode(), FORM),
        "parts": ("/wp-json/wp/v2/comments", PARTS % post.pk, "multipart/form-data; boundary=b"),
        "page": ("/wp-comments-post.php", field.encode(), FORM),
    }


@pytest.mark.parametrize("name", ["json", "form", "parts", "page"])
def test_comment_that_breaks_off_is_not_taken(bodies, name):
    path, body, content_type = bodies[name]

    assert answered(path, body, content_type, missing=20) == 400
    assert not VisitorComment.objects.exists()


@pytest.mark.parametrize("name", ["json", "form"])
def test_comment_that_is_whole_is_taken(bodies, name):
    path, body, content_type = bodies[name]

    assert answered(path, body, content_type, missing=0) == 201
    assert VisitorComment.objects.get().comment == "Whole words."


def test_picture_that_breaks_off_is_not_taken(editor, settings, tmp_path, key_of):
    settings.MEDIA_ROOT = tmp_path
    more = {"HTTP_AUTHORIZATION": key_of(editor),
            "HTTP_CONTENT_DISPOSITION": 'attachment; filename="a.jpg"'}  # fmt: skip

    whole = answered("/wp-json/wp/v2/media", plain_jpeg(), "image/jpeg", missing=0, **more)
    cut = answered("/wp-json/wp/v2/media", plain_jpeg(), "image/jpeg", missing=9, **more)

    assert (whole, cut) == (201, 400)
    assert SiteImage.objects.count() == 1


@pytest.fixture
def key_of():
    return lambda user: basic(user, create_application_password(user, "Tests")[1])["authorization"]
