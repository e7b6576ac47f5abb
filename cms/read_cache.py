"""The read cache: whole public answers, served before Django is asked.

An entry is tagged with the generations it was made from (core.generations), which writers
raise inside their own transactions, so that the first read after an answered write is
already fresh. A policy's switch is an expiry in the entry. Bodies are compressed once, when
they are stored. Visitors with any cookie that could change a page pass by.
"""

import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import brotli

from cms.generation_reader import GenerationReader
from core.generations import PAGES, USUAL, collect_dependencies, depend_on

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WSGIApplication = Callable[[Environ, StartResponse], Iterable[bytes]]
Key = tuple[str, ...]

# Answers below these are made per person or streamed from disk.
BYPASSED_PREFIXES = ("/admin/", "/account/", "/static/", "/uploads/", "/healthz", "/readyz")
# Only the browser's own script reads these; no answer depends on them.
HARMLESS_COOKIE_PREFIX = "comment_author"
COMPRESSED_TYPES = ("text/", "application/json", "application/xml", "application/rss+xml",
                    "application/atom+xml", "image/svg+xml")  # fmt: skip
SMALLEST_COMPRESSED_BYTES = 512


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored answer in one encoding."""

    generations: dict[str, int]
    expires_at: float
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str


class Store:
    """Entries by key, least recently used first to go, bounded by the bytes of their bodies."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.entries: OrderedDict[Key, Entry] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Key) -> Entry | None:
        with self.lock:
            entry = self.entries.get(key)
            if entry is not None:
                self.entries.move_to_end(key)
            return entry

    def put(self, key: Key, entry: Entry) -> None:
        with self.lock:
            self._drop(key)
            self.entries[key] = entry
            self.bytes += len(entry.body)
            while self.bytes > self.most_bytes:
                self._drop(next(iter(self.entries)))

    def _drop(self, key: Key) -> None:
        if (entry := self.entries.pop(key, None)) is not None:
            self.bytes -= len(entry.body)


class ReadCache:
    """A WSGI application around Django's."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        most_bytes: int = 64 * 1024 * 1024,
        reader: GenerationReader | None = None,
    ) -> None:
        self.application = application
        self.store = Store(most_bytes)
        self.reader = reader or GenerationReader()
        self.filling: dict[Key, threading.Lock] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = cache_key(environ)
        if key is None:
            return self.application(environ, start_response)
        entry = self._fresh(key)
        if entry is None:
            # One render per key: whoever waited finds the entry that was made meanwhile.
            with self.filling.setdefault(key, threading.Lock()):
                entry = self._fresh(key)
                if entry is None:
                    try:
                        answer = self._fill(key, environ)
                    finally:
                        self.filling.pop(key, None)
                    if not isinstance(answer, Entry):
                        status, headers, body = answer
                        start_response(status, headers)
                        return [body] if environ["REQUEST_METHOD"] == "GET" else []
                    entry = answer
        return serve(entry, environ, start_response)

    def _fresh(self, key: Key) -> Entry | None:
        entry = self.store.get(key)
        if (
            entry is None
            or time.time() >= entry.expires_at
            or not self.reader.are_current(entry.generations)
        ):
            return None
        return entry

    def _fill(self, key: Key, environ: Environ) -> Entry | tuple[str, list[tuple[str, str]], bytes]:
        started: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> None:
            started[:] = [status, headers]

        known = self.reader.read(USUAL)
        # Django drops the body of a HEAD answer; what is stored serves both methods.
        get_environ = {**environ, "REQUEST_METHOD": "GET"}
        with collect_dependencies(known) as collected:
            depend_on(PAGES)
            chunks = self.application(get_environ, start_response)
            try:
                body = b"".join(chunks)
            finally:
                if hasattr(chunks, "close"):
                    chunks.close()
        status, headers = started
        if collected.is_private or not is_storable(status, headers):
            return status, headers, body
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        content_type = header(headers, "content-type")
        encoding = key[-1]
        if (
            encoding
            and len(body) >= SMALLEST_COMPRESSED_BYTES
            and content_type.startswith(COMPRESSED_TYPES)
            and not header(headers, "content-encoding")
        ):
            body = compress(body, encoding)
            headers.append(("Content-Encoding", encoding))
        if content_type.startswith(COMPRESSED_TYPES):
            headers = with_vary(headers, "Accept-Encoding")
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers.append(("ETag", etag))
        # Caches on the way may not outlive this entry, whose end they do not know.
        if not header(headers, "cache-control"):
            headers.append(("Cache-Control", "public, max-age=0, must-revalidate"))
        entry = Entry(
            generations=collected.generations,
            expires_at=collected.expires_at.timestamp() if collected.expires_at else float("inf"),
            status=status,
            headers=[*headers, ("Content-Length", str(len(body)))],
            body=body,
            etag=etag,
        )
        self.store.put(key, entry)
        return entry


def cache_key(environ: Environ) -> Key | None:
    """Return the key of a public answer, or None where the request must reach Django."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ:
        return None
    if environ.get("HTTP_X_WP_NONCE") or environ.get("HTTP_X_HTTP_METHOD_OVERRIDE"):
        return None
    path = environ.get("PATH_INFO", "")
    if path.startswith(BYPASSED_PREFIXES):
        return None
    cookies = environ.get("HTTP_COOKIE", "")
    if any(not cookie.strip().startswith(HARMLESS_COOKIE_PREFIX)
           for cookie in cookies.split(";") if cookie.strip()):  # fmt: skip
        return None
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    encoding = "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""
    return (
        environ.get("wsgi.url_scheme", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        environ.get("HTTP_HOST", ""),
        path,
        environ.get("QUERY_STRING", ""),
        # Cross-origin answers name the origin that asked.
        environ.get("HTTP_ORIGIN", ""),
        encoding,
    )


def is_storable(status: str, headers: list[tuple[str, str]]) -> bool:
    """Tell whether an answer may be given to the next visitor as well."""
    if not status.startswith("200"):
        return False
    control = header(headers, "cache-control").lower()
    return not (
        header(headers, "set-cookie")
        or any(word in control for word in ("private", "no-store", "no-cache"))
    )


def header(headers: list[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def with_vary(headers: list[tuple[str, str]], field: str) -> list[tuple[str, str]]:
    vary = header(headers, "vary")
    others = [(name, value) for name, value in headers if name.lower() != "vary"]
    return [*others, ("Vary", f"{vary}, {field}" if vary else field)]


def compress(body: bytes, encoding: str) -> bytes:
    """Compress once, for every later reader: brotli at 5 and gzip at 6 cost about the same."""
    return brotli.compress(body, quality=5) if encoding == "br" else gzip.compress(body, 6, mtime=0)


def serve(entry: Entry, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    candidates = environ.get("HTTP_IF_NONE_MATCH", "")
    if candidates and entry.etag in {
        tag.strip().removeprefix("W/") for tag in candidates.split(",")
    }:
        status = HTTPStatus.NOT_MODIFIED
        kept = [pair for pair in entry.headers if pair[0] != "Content-Length"]
        start_response(f"{status.value} {status.phrase}", kept)
        return []
    start_response(entry.status, list(entry.headers))
    return [entry.body] if environ["REQUEST_METHOD"] == "GET" else []
