"""A stand-in that speaks Akismet's protocol on loopback, its failures included.

Endpoints: 1.1/verify-key, 1.1/comment-check, 1.1/submit-spam, 1.1/submit-ham, 1.2/usage-limit.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

GUARANTEED_SPAM = "akismet-guaranteed-spam"
THANKS = "Thanks for making the web a better place."
NO_KEY = "invalid"


class AkismetServer(ThreadingHTTPServer):
    """Answers as Akismet does.

    `fault` is "", 500, 429, nonsense, empty, huge, invalid (the key is revoked), or drip (a byte
    each half second); `delay_seconds`, `discards`, `recheck_after` and `alert` change the rest.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received = []
        self.delay_seconds = 0.0
        self.fault = ""
        self.discards = False
        self.recheck_after = 0
        self.alert = ()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def calls(self, name):
        """Return the forms of the calls of one kind, each field with all its values."""
        return [form for call, form in self.received if call == name]


class Handler(BaseHTTPRequestHandler):
    server: AkismetServer

    def do_GET(self):
        parts = urlsplit(self.path)
        self.server.received.append((parts.path.rsplit("/", 1)[-1], parse_qs(parts.query)))
        usage = {"limit": 350, "usage": 300, "percentage": "85.71", "throttled": False}
        self.answer(200, "nonsense" if self.server.fault else json.dumps(usage))

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        form = parse_qs(self.rfile.read(length).decode(), keep_blank_values=True)
        call = urlsplit(self.path).path.rsplit("/", 1)[-1]
        self.server.received.append((call, form))
        time.sleep(self.server.delay_seconds)
        match self.server.fault:
            case "500":
                return self.answer(500, "Internal Server Error")
            case "429":
                return self.answer(429, "", {"Retry-After": "60"})
            case "nonsense":
                return self.answer(200, "maybe?")
            case "empty":
                return self.answer(200, "")
            case "huge":
                return self.answer(200, "true" * 100_000)
            case "invalid":
                return self.answer(200, NO_KEY, {"X-akismet-debug-help": "Unknown key"})
            case "drip":
                return self.drip()
        if call == "verify-key":
            return self.answer(200, "valid")
        if call != "comment-check":
            return self.answer(200, THANKS)
        return self.judge(form)

    def judge(self, form):
        said = " ".join(form.get("comment_author", []) + form.get("comment_author_email", []))
        is_spam = GUARANTEED_SPAM in said
        headers = {"X-akismet-guid": "guid-1"}
        if is_spam and self.server.discards:
            headers["X-akismet-pro-tip"] = "discard"
        if not is_spam and self.server.recheck_after:
            headers["X-akismet-recheck-after"] = str(self.server.recheck_after)
        if self.server.alert:
            headers["X-akismet-alert-code"], headers["X-akismet-alert-msg"] = self.server.alert
        self.answer(200, "true" if is_spam else "false", headers)

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "60")
        self.end_headers()
        for _ in range(60):
            try:
                self.wfile.write(b"t")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.5)

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

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except ConnectionError:  # a client that waits no longer
            self.close_connection = True


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
