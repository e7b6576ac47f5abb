"""Bodies that break off before their declared length, as where a phone loses its connection.

Django takes what came for the whole, and half a comment would be stored.
"""

from collections.abc import Iterable
from typing import IO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.exceptions import BadRequest


class WholeBody:
    """A body of a declared length, which raises BadRequest where it ends before."""

    def __init__(self, source: IO[bytes], length: int) -> None:
        self.source = source
        self.left = length

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or all that are left."""
        wanted = self.left if size < 0 else min(size, self.left)
        parts: list[bytes] = []
        while wanted > 0:
            part = self.source.read(wanted)
            if not part:
                raise BadRequest("A request's body broke off.")
            parts.append(part)
            wanted -= len(part)
            self.left -= len(part)
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        """Read a line; nothing of Django's reads bodies by lines."""
        line = self.source.readline(self.left if size < 0 else min(size, self.left))
        self.left -= len(line)
        return line


class WholeBodies:
    """A WSGI application around Django's, which reads bodies whole or not at all."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdecimal() and length != "0":
            body = WholeBody(environ["wsgi.input"], int(length))
            environ = {**environ, "wsgi.input": body}
        return self.application(environ, start_response)
