"""Bodies that come in chunks, whose length no header tells: Django takes them for empty.

Clients that stream send so, such as node-fetch a form with a file (RFC 9112, section 7.1).
"""

from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings

COPIED_BYTES = 64 * 1024


class ChunkedBodies:
    """A WSGI application around Django's, which learns the length of what came in chunks."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        coding = environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if coding != "chunked" or environ.get("CONTENT_LENGTH"):
            return self.application(environ, start_response)
        with SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE) as body:
            most_bytes = most_bytes_of(environ)
            length = copy(environ["wsgi.input"], body, most_bytes=most_bytes)
            if is_form(environ) and length > most_bytes:
                # Django would take what was copied of a form for the whole of it.
                start_response("413 Content Too Large", [("Content-Type", "text/plain")])
                return [b"The body is too large."]
            body.seek(0)
            told = {**environ, "wsgi.input": body, "CONTENT_LENGTH": str(length)}
            return self.application(told, start_response)


def is_form(environ: WSGIEnvironment) -> bool:
    return environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data")


def most_bytes_of(environ: WSGIEnvironment) -> int:
    """Return after how many bytes a body is refused: any other than a form by Django.

    A form has room for a file of the largest size and its words. It is copied before anybody knows
    who sends it and whether it is wanted, so it is not to fill the disk.
    """
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE * (2 if is_form(environ) else 1)


def copy(body: IO[bytes], target: IO[bytes], *, most_bytes: int) -> int:
    """Copy a body until it ends or is longer than `most_bytes`; return how much was copied."""
    copied = 0
    while copied <= most_bytes and (part := body.read(COPIED_BYTES)):
        copied += target.write(part)
    return copied
