"""Bodies in chunks, as WSGI servers hand them on: a stream, and no length."""

import json
from io import BytesIO

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory

from cms.chunked_bodies import ChunkedBodies
from core.rest.body import body_parameters
from core.rest.errors import RestError
from tests.media.pictures import camera_jpeg


class Stream(BytesIO):
    """Gives as little at a time as a network may."""

    def read(self, size=-1):
        return super().read(min(size, 1_000) if size >= 0 else 1_000)


def seen(body, content_type, **environ):
    """Return what `look` saw of the request that Django makes of the body."""

    def application(environ, start_response):
        request = RequestFactory().request(**environ)
        given = request.POST.dict() if content_type.startswith("multipart") else {}
        files = {name: file.read() for name, file in request.FILES.items()}
        return [parameters(request), given, files]

    def parameters(request: HttpRequest):
        try:
            return body_parameters(request)
        except RestError as error:
            return error.status

    asked = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "CONTENT_TYPE": content_type,
             "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": Stream(body),
             **environ}  # fmt: skip
    return ChunkedBodies(application)(asked, lambda *_: None)


def test_json_in_chunks_is_read_whole():
    text = {"title": "x" * 200_000}

    assert seen(json.dumps(text).encode(), "application/json")[0] == text


def test_form_with_a_file_in_chunks_keeps_both():
    picture = camera_jpeg()
    body = (b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n" + picture +
            b'\r\n--b\r\nContent-Disposition: form-data; name="post"\r\n\r\n7\r\n--b--'
            b"\r\n")  # fmt: skip

    _, given, files = seen(body, "multipart/form-data; boundary=b")

    assert given == {"post": "7"}
    assert files == {"file": picture}


def test_body_in_chunks_is_refused_at_the_size_of_any_other():
    stream = Stream(b"[" + b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 200_000))

    answer = seen(b"", "application/json", **{"wsgi.input": stream})

    assert answer[0] == 413
    assert stream.read(1) == b" ", "what is too long is not read to its end"


def test_form_in_chunks_is_refused_before_it_fills_the_disk(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    stream = Stream(b" " * 500_000)
    asked = {"CONTENT_TYPE": "multipart/form-data; boundary=b", "wsgi.input": stream,
             "HTTP_TRANSFER_ENCODING": "chunked"}  # fmt: skip
    answered = []

    ChunkedBodies(None)(asked, lambda status, _headers: answered.append(status))

    assert answered == ["413 Content Too Large"]
    assert stream.read(1) == b" "


@pytest.mark.parametrize("length", ["3", "0"])
def test_declared_length_is_what_counts(length):
    given = {"CONTENT_LENGTH": length, "HTTP_TRANSFER_ENCODING": "identity"}

    assert seen(b"{} and more", "application/json", **given)[0] == {}
