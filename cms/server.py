"""The web server and the worker, forked from one process that has set up once."""

import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

STOP_SECONDS = 20
# How long requests that are under way may take once the site is told to stop.
GRACE_SECONDS = 10
HARMLESS_VARIABLES = {"DJANGO_SETTINGS_MODULE", "HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ"}
THREADS = 4
# Visitors do not wait for what nobody waits for, such as encoding pictures.
WORKER_NICENESS = 10


class PortTakenError(Exception):
    """Another program listens there already."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, so that a taken port is known before anything slow begins."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise PortTakenError(str(error.strerror)) from error
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


def serve_web(host: str, port: int) -> None:
    """Serve the application that this process has loaded, by workers that are forked from it.

    Requests are not logged: their addresses could hold what people searched for. Granian hands the
    environment of the process to each request, so that what has secrets in it goes before.
    """
    for name in os.environ.keys() - HARMLESS_VARIABLES:
        del os.environ[name]
    Granian(
        "cms.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.WEB_WORKERS,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        backlog=2048,
        backpressure=512,
        http=HTTPModes.http1,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        log_level=LogLevels.warning,
    ).serve()


def serve_until_stopped(
    listener: socket.socket, run_worker: Callable[[], None], when_ready: Callable[[], None]
) -> int:
    """Fork web server and worker, tell when the site answers, and stop both on a signal.

    A worker that ends by itself is started again; a web server that does ends everything.
    Returns the exit code: 0 after a signal, 1 after a fault.
    """
    from cms.wsgi import application  # noqa: F401  imported before the fork, shared by all

    connections.close_all()
    gc.collect()
    gc.freeze()
    stopping = False

    def stop(*_: Any) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    host, port = listener.getsockname()[:2]
    listener.close()

    def work() -> None:
        os.nice(WORKER_NICENESS)
        run_worker()

    web = fork(lambda: serve_web(host, port))
    worker = fork(work)
    children = {web, worker}
    code = 0
    wait_until_answering(host, port, lambda: not stopping)
    if not stopping:
        when_ready()
    while not stopping:
        ended = reap_child()
        if ended == web:
            print("The web server ended by itself.", file=sys.stderr)  # noqa: T201  no logger is left
            children.discard(web)
            code, stopping = 1, True
        elif ended == worker:
            time.sleep(1)
            children.discard(worker)
            if not stopping:
                worker = fork(work)
                children.add(worker)
        else:
            time.sleep(0.2)
    end(children)
    return code


def fork(target: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        target()
        code = 0
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def reap_child() -> int | None:
    try:
        pid, _ = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return pid or None


def wait_until_answering(host: str, port: int, go_on: Callable[[], bool]) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104  an address to ask
    until = time.monotonic() + 60
    while go_on() and time.monotonic() < until:
        try:
            with urlopen(f"http://{host}:{port}/healthz", timeout=2):
                return
        except URLError as error:
            # A refusal by the site itself, such as an unknown host name, is an answer too.
            if hasattr(error, "code"):
                return
            time.sleep(0.05)
        except OSError:
            time.sleep(0.05)


def end(children: set[int]) -> None:
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    while children and time.monotonic() < until:
        for pid in list(children):
            try:
                if os.waitpid(pid, os.WNOHANG)[0]:
                    children.discard(pid)
            except ChildProcessError:
                children.discard(pid)
        time.sleep(0.05)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
