"""Gunicorn's threaded worker, sharing connections out and answering from the read cache at once.

A kept connection that becomes readable with a request that the read cache can answer is answered
from the loop that watches connections: no thread, no parser, so that what is cached is served while
every thread waits for something slow. All else is given back, untouched, to gunicorn's parser.
"""

import os
import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import lru_cache, partial
from typing import Any

from gunicorn.http import get_parser
from gunicorn.http.message import _ip_in_allow_list
from gunicorn.http.wsgi import SERVER
from gunicorn.util import http_date
from gunicorn.workers.gthread import TConn, ThreadWorker

from cms.read_cache import Key, ReadCache, cache_key, is_unchanged
from cms.request_heads import LONGEST, environ_of

# How long a worker leaves a new connection to others, for each that it has, and at most.
WAIT_SECONDS, LONGEST_WAIT_SECONDS = 20e-6, 400e-6
# So old a time-out may be before it is set anew: each time, the connection is looked for.
STALE_SECONDS = 1.0
NOTIFY_SECONDS = 1.0
SMALL_BYTES = 32_768


class WebWorker(ThreadWorker):
    """A worker of the web server."""

    told_at = float("-inf")

    def load_wsgi(self) -> None:
        """Load the application, and know its read cache where it has one."""
        super().load_wsgi()
        self.cache = self.wsgi if isinstance(self.wsgi, ReadCache) else None
        if os.environ.get("SCRIPT_NAME") or self.cfg.is_ssl:
            self.cache = None
        self.secure_headers = tuple(self.cfg.secure_scheme_headers.items())

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection, unless a worker that has fewer takes it meanwhile.

        All workers wake up for it; without a pause the one that runs already takes every one. No
        thread waits for what comes: browsers open connections to spare and send nothing on them.
        """
        if self.nr_conns:
            time.sleep(min(self.nr_conns * WAIT_SECONDS, LONGEST_WAIT_SECONDS))
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self.watch(TConn(self.cfg, client, address, listener.getsockname()))

    def enqueue_req(self, conn: TConn) -> None:
        """Have a thread handle what has arrived on a connection."""
        self.tpool.submit(self.work, conn)

    def work(self, conn: TConn) -> None:
        """Handle a request and watch the connection again, all in a thread of the pool.

        Gunicorn itself wakes its loop for the latter, which costs as much as a cached answer. What
        is not the usual end of a request is still left to the loop.
        """
        done: Future[Any] = Future()
        try:
            done.set_result(self.handle(conn))
        except BaseException as error:  # noqa: BLE001  the loop takes it from the future
            done.set_exception(error)
        is_kept = done.exception() is None and done.result() is True and self.alive
        if not is_kept or conn.parser.unreader.buf.getvalue():
            self.method_queue.defer(self.finish_request, conn, done)
            return
        try:
            conn.sock.setblocking(False)
            self.watch(conn)
        except (OSError, KeyError, ValueError):
            self.method_queue.defer(self.forget, conn)

    def watch(self, conn: TConn) -> None:
        """Have the loop wait for a request on a connection; any thread may call it."""
        conn.set_timeout()
        self.keepalived_conns.append(conn)
        go_on = partial(self.on_client_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, go_on)

    def forget(self, conn: TConn) -> None:
        """Close a connection that cannot be watched."""
        if conn in self.keepalived_conns:
            self.keepalived_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Answer from the read cache, or hand the connection to a thread."""
        if self.cache is None or not self.alive or not self.answer_at_once(conn, client):
            super().on_client_socket_readable(conn, client)

    def answer_at_once(self, conn: TConn, client: socket.socket) -> bool:
        try:
            head = client.recv(LONGEST + 1)
        except OSError:
            return False
        asked = entry = None
        if head.startswith((b"GET ", b"HEAD ")):
            asked = asked_by(head, self.trusted_headers(conn))
        if asked is not None:
            entry = self.cache.fresh(asked[1])
        if asked is None or entry is None:
            self.give_back(conn, head)
            return False
        environ = asked[0]
        if is_unchanged(entry, environ):
            self.send(conn, client, [start_of("304 Not Modified"), entry.lines_unchanged])
        elif environ["REQUEST_METHOD"] == "HEAD":
            self.send(conn, client, [start_of(entry.status), entry.lines])
        else:
            self.send(conn, client, [start_of(entry.status), entry.lines, entry.body])
        return True

    def give_back(self, conn: TConn, received: bytes) -> None:
        """Leave what was received to gunicorn's parser."""
        if conn.parser is None:
            conn.parser = get_parser(self.cfg, conn.sock, conn.client)
        if received:
            conn.parser.unreader.unread(received)
        conn.data_ready = True

    def notify(self) -> None:
        """Tell the parent that this worker lives; once a second is often enough."""
        now = time.monotonic()
        if now - self.told_at >= NOTIFY_SECONDS:
            self.told_at = now
            super().notify()

    def trusted_headers(self, conn: TConn) -> tuple[tuple[str, str], ...]:
        """Return by which headers the other end may say that the visitor came over TLS."""
        if not hasattr(conn, "trusted_headers"):
            address, cfg = conn.client, self.cfg
            is_trusted = not isinstance(address, tuple) or _ip_in_allow_list(
                address[0], cfg.forwarded_allow_ips, cfg.forwarded_allow_networks()
            )
            conn.trusted_headers = self.secure_headers if is_trusted else ()
        trusted: tuple[tuple[str, str], ...] = conn.trusted_headers
        return trusted

    def send(self, conn: TConn, client: socket.socket, parts: Sequence[bytes]) -> None:
        """Send as much as the socket takes, and the rest whenever it takes more."""
        self.keep(conn)
        whole = sum(map(len, parts))
        try:
            is_small = whole <= SMALL_BYTES
            sent = client.send(b"".join(parts)) if is_small else client.sendmsg(parts)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.drop(conn, client)
            return
        if sent < whole:
            rest = memoryview(b"".join(parts))[sent:]
            self.poller.modify(
                client, selectors.EVENT_WRITE, partial(self.on_client_socket_writable, conn, rest)
            )

    def on_client_socket_writable(
        self, conn: TConn, rest: memoryview, client: socket.socket
    ) -> None:
        """Go on with an answer that did not fit into the socket at once."""
        try:
            sent = client.send(rest)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.drop(conn, client)
            return
        self.keep(conn)
        if rest := rest[sent:]:
            go_on = partial(self.on_client_socket_writable, conn, rest)
            self.poller.modify(client, selectors.EVENT_WRITE, go_on)
        else:
            go_on = partial(self.on_client_socket_readable, conn)
            self.poller.modify(client, selectors.EVENT_READ, go_on)

    def keep(self, conn: TConn) -> None:
        """Put off the end of a connection, in a queue that is sorted by it."""
        wanted = time.monotonic() + self.cfg.keepalive
        if wanted - conn.timeout > STALE_SECONDS and self.alive:
            self.keepalived_conns.remove(conn)
            conn.timeout = wanted
            self.keepalived_conns.append(conn)

    def drop(self, conn: TConn, client: socket.socket) -> None:
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()


@lru_cache(maxsize=2048)
def asked_by(
    head: bytes, secure_headers: tuple[tuple[str, str], ...]
) -> tuple[Mapping[str, Any], Key] | None:
    """Return what a head asks for and under which key, None where the cache is not to be asked."""
    environ = environ_of(head, secure_headers)
    if environ is None or (key := cache_key(environ)) is None:
        return None
    return environ, key


def start_of(status: str) -> bytes:
    """Return the first lines of an answer, as gunicorn writes them."""
    return started_at(status, int(time.time()))


@lru_cache(maxsize=8)
def started_at(status: str, second: int) -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Server: {SERVER}", f"Date: {http_date(second)}",
             "Connection: keep-alive", "")  # fmt: skip
    return "\r\n".join(lines).encode("latin-1")
