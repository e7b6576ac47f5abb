"""A web server of its own process: the real worker around a site of four addresses.

`python -m tests.cms.worker_site`: says the port on its first line, and ends with its input.
"""

import os
import sys
import threading
import time

from gunicorn.app.base import BaseApplication

from cms.read_cache import ReadCache
from cms.server import listen

LARGE = b"0123456789abcdef" * 150_000


class Generations:
    """Stands in for the database: one number, raised by a POST."""

    def __init__(self):
        self.value = 0

    def read(self, names):
        return dict.fromkeys(names, self.value)

    def are_current(self, generations):
        return all(value == self.value for value in generations.values())


class Site:
    """Answers what was asked; /slow takes its time, /large is larger than a socket takes."""

    def __init__(self, generations):
        self.generations = generations
        self.asked = 0

    def __call__(self, environ, start_response):
        environ["wsgi.input"].read()
        if environ["REQUEST_METHOD"] == "POST":
            self.generations.value += 1
        if environ["PATH_INFO"] == "/slow":
            time.sleep(2)
        self.asked += 1
        body = f"{environ['PATH_INFO']} {environ['QUERY_STRING']} {self.asked}".encode()
        if environ["PATH_INFO"] == "/large":
            body = LARGE
        headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        if environ["PATH_INFO"] == "/slow":
            headers.append(("Cache-Control", "no-store"))
        start_response("200 OK", headers)
        return [body]


class Server(BaseApplication):
    """One process of two threads."""

    def __init__(self, listener):
        self.listener = listener
        super().__init__()

    def load_config(self):
        self.cfg.set("bind", f"fd://{self.listener.fileno()}")
        self.cfg.set("worker_class", "cms.web_worker.WebWorker")
        self.cfg.set("workers", int(sys.argv[1]))
        self.cfg.set("threads", 2)
        self.cfg.set("keepalive", 5)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("control_socket_disable", True)

    def load(self):
        generations = Generations()
        site = Site(generations)
        if sys.argv[2] == "bare":
            return lambda environ, start: answer_with_process(environ, start)
        return ReadCache(site, reader=generations)


def answer_with_process(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    time.sleep(0.05)
    return [str(os.getpid()).encode()]


def end_with_input():
    sys.stdin.read()
    os.killpg(0, 15)


if __name__ == "__main__":
    os.setpgid(0, 0)
    listener = listen("127.0.0.1", 0)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    threading.Thread(target=end_with_input, daemon=True).start()
    Server(listener).run()
