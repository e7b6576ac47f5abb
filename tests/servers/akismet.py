"""A stand-in that speaks Akismet's protocol on loopback: verify-key, comment-check, submit-*."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

GUARANTEED_SPAM = "akismet-guaranteed-spam"


class AkismetServer(ThreadingHTTPServer):
    """Answers as Akismet does; `delay_seconds`, `fault` and `discards` change how."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received = []
        self.delay_seconds = 0.0
        self.fault = ""
        self.discards = False

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: AkismetServer

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        form = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        fields = {name: values[-1] for name, values in form.items()}
        call = urlsplit(self.path).path.rsplit("/", 1)[-1]
        self.server.received.append((call, fields))
        time.sleep(self.server.delay_seconds)
        if self.server.fault == "500":
            self.answer(500, "Internal Server Error")
        elif self.server.fault == "nonsense":
            self.answer(200, "maybe?")
        elif call == "verify-key":
            self.answer(200, "valid")
        elif call == "comment-check":
            text = " ".join(
                (fields.get("comment_author", ""), fields.get("comment_author_email", ""))
            )
            is_spam = GUARANTEED_SPAM in text
            headers = {"X-akismet-guid": "guid-1"}
            if is_spam and self.server.discards:
                headers["X-akismet-pro-tip"] = "discard"
            self.answer(200, "true" if is_spam else "false", headers)
        else:
            self.answer(200, "Thanks for making the web a better place.")

    def answer(self, status, body, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        pass


@contextmanager
def running():
    """Serve for the block."""
    server = AkismetServer()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
