"""Data rights at scale on a started site: what they take, what visitors feel, what the form tells.

Visitors and whoever asks come over HTTP; export and erasure run in processes of their own beside
the site, as its worker would do them.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlencode

from tests.bench.harness import Site, load, prepared_data, row, say, verdict

POSTS, CALLS, WARM, QUIET_SECONDS = 100, 1000, 50, 10
KNOWN, UNKNOWN = "nora@xn--bcher-kva.example", "nobody@example.com"
FORM_MS = 2
FORM = "application/x-www-form-urlencoded"


def measure_privacy(only: str = "") -> None:
    """Print the figures of data rights beside what is asked for."""
    with prepared_data("--posts", str(POSTS), "--comments", "0") as (data, seeded):
        site = Site(data, read_cache=False)
        say(inside(site, "seed"))
        say(inside(site, "export"))
        with site:
            measure_erasure(site, seeded)
            measure_form(site.port)


def inside(site: Site, step: str) -> str:
    return site.run_inside("tests.bench.privacy", step).strip()


@dataclass
class Visitor:
    """Somebody who reads a page and writes a comment, over and over, while the block runs."""

    port: int
    post_id: int
    path: str
    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)

    def __enter__(self) -> "Visitor":
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.visit)
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.is_over.set()
        self.thread.join()

    def visit(self) -> None:
        site = HTTPConnection("127.0.0.1", self.port, timeout=120)
        number = 0
        while not self.is_over.is_set():
            number += 1
            self.reads.append(timed(lambda: asked(site, "GET", self.path, wanted=200)))
            body = {"comment_post_ID": self.post_id, "comment": f"Meanwhile {perf_counter()}",
                    "author": "Somebody", "email": f"somebody{number}@example.net"}  # fmt: skip
            self.writes.append(
                timed(lambda: asked(site, "POST", "/wp-comments-post.php", body, wanted=302))  # noqa: B023  called at once
            )
            sleep(0.05)


def timed(call: Callable[[], Any]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def asked(
    site: HTTPConnection, method: str, path: str, body: dict[str, Any] | None = None,
    *, wanted: int,
) -> tuple[bytes, str]:  # fmt: skip
    """Return body and headers of an answer, but for its date; another status ends the run."""
    headers = {"Content-Type": FORM, "Origin": f"http://127.0.0.1:{site.port}"} if body else {}
    site.request(method, path, urlencode(body) if body else None, headers)
    answer = site.getresponse()
    content = answer.read()
    if answer.status != wanted:
        raise SystemExit(f"{path} answered {answer.status}.")
    told = sorted((name, value) for name, value in answer.getheaders() if name.lower() != "date")
    return content, str(told)


def measure_erasure(site: Site, seeded: dict[str, Any]) -> None:
    """Erase the person, and say what a visitor felt of it."""
    quiet, beside = (
        Visitor(site.port, seeded["first_post"], seeded["first_url"]) for _ in range(2)
    )
    with quiet:
        sleep(QUIET_SECONDS)
    with beside:
        say(inside(site, "erase"))
    for name, alone, meanwhile in (
        ("reads", quiet.reads, beside.reads),
        ("writes", quiet.writes, beside.writes),
    ):
        say(f"  {name} alone: {felt(alone)}; meanwhile: {felt(meanwhile)} of {len(meanwhile)}")


def felt(times: list[float]) -> str:
    return f"median {median(times) * 1000:.0f} ms, slowest {max(times) * 1000:.0f} ms"


def measure_form(port: int) -> None:
    """Ask by turns for two addresses, while the worker does what follows."""
    site = HTTPConnection("127.0.0.1", port, timeout=120)
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    answers: dict[str, set[tuple[bytes, str]]] = {KNOWN: set(), UNKNOWN: set()}
    for call in range(2 * (CALLS + WARM)):
        address = (KNOWN, UNKNOWN)[call % 2]
        start = perf_counter()
        answer = asked(
            site, "POST", "/privacy/requests/", {"kind": "export", "email": address}, wanted=302
        )
        if call >= 2 * WARM:
            times[address].append(perf_counter() - start)
        answers[address].add(answer)
    known, unknown = (median(times[each]) * 1000 for each in (KNOWN, UNKNOWN))
    apart = abs(known - unknown)
    row(f"request form, medians of {CALLS} calls each, ms apart", f"{apart:.2f}",
        verdict(apart, FORM_MS, at_most=True))  # fmt: skip
    same = "same" if answers[KNOWN] == answers[UNKNOWN] else "DIFFERENT"
    say(f"  (known {known:.2f} ms, unknown {unknown:.2f} ms, {same} bytes; {load()})")
