"""Bodies that come in chunks, whose length no header tells: Django takes them for empty.

Clients that stream send so, such as node-fetch a form with a file (RFC 9112, section 7.1).
"""

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings

COPIED_BYTES = 64 * 1024

Environ = dict[str, Any]
WSGIApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class ChunkedBodies:
    """A WSGI application around Django's, which learns the length of what came in chunks."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        coding = environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if coding != "chunked" or environ.get("CONTENT_LENGTH"):
            return self.application(environ, start_response)
        with SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE) as body:
            length = copy(environ["wsgi.input"], body, most_bytes=most_bytes_of(environ))
            body.seek(0)
            told = {**environ, "wsgi.input": body, "CONTENT_LENGTH": str(length)}
            return self.application(told, start_response)


def most_bytes_of(environ: Environ) -> float:
    """Return after how many bytes Django refuses the body; a form's files it takes at any size."""
    is_form = environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data")
    return float("inf") if is_form else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def copy(body: IO[bytes], target: IO[bytes], *, most_bytes: float) -> int:
    """Copy a body until it ends or is longer than `most_bytes`; return how much was copied."""
    copied = 0
    while copied <= most_bytes and (part := body.read(COPIED_BYTES)):
        copied += target.write(part)
    return copied
