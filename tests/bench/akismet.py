"""Writes while Akismet takes its time: eight visitors wait for it, and nobody else does."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from threading import Event
from typing import Any
from urllib.request import Request, urlopen

from tests.bench.harness import CONNECTIONS, Site, fetch, load, prepared_data, row, say, verdict
from tests.servers.akismet import running

DELAY_SECONDS, SECONDS = 2.0, 12
PAUSE_SECONDS = 0.05
WANTED_MS = 100


def post(site: Site, path: str, body: dict[str, Any]) -> None:
    request = Request(
        f"{site.url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urlopen(request, timeout=60) as answer:
        answer.read()


def milliseconds_of(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def measure_slow_akismet(only: str = "") -> None:
    """Measure other writes, and reading, while eight visitors comment without a pause.

    The writes are reactions, which nobody screens, and comments of disallowed words, which are
    sure before Akismet is asked.
    """
    with running() as akismet, prepared_data("--posts", "2", "--comments", "50") as (data, seeded):
        akismet.delay_seconds = DELAY_SECONDS
        site = Site(
            data, read_cache=True, AKISMET_API_KEY="bench", AKISMET_API_URL=akismet.url
        )  # fmt: skip
        site.set_discussion(disallowed_keys="zebra", comment_previously_approved=False)
        comments = "/wp-json/wp/v2/comments"
        key = seeded["first_post"]
        listed = json.loads(fetch_of(site, f"{comments}?post={key}&per_page=50"))
        keys = [each["id"] for each in listed]
        stopping = Event()

        def comment(visitor: int) -> list[float]:
            times: list[float] = []
            while not stopping.is_set():
                number = f"{visitor}-{len(times)}"
                body = {"post": key, "author_name": f"Ann {visitor}", "content":
                        f"The lantern {number} hangs above the harbour since {time.time_ns()}.",
                        "author_email": f"ann{number}@example.org"}  # fmt: skip
                times.append(milliseconds_of(lambda: post(site, comments, body)))  # noqa: B023
            return times

        def write_otherwise() -> dict[str, list[float]]:
            found: dict[str, list[float]] = {"reactions": [], "comments that are sure": [],
                                             "pages read": []}  # fmt: skip
            number = 0
            while not stopping.is_set():
                number += 1
                at = f"/wp-json/candour/v1/comments/{keys[number % len(keys)]}/reactions"
                body = {"post": key, "author_name": "Bob", "content": f"A zebra, number {number}.",
                        "author_email": f"bob{number}@example.org"}  # fmt: skip
                for name, call in (
                    ("reactions", lambda: post(site, at, {"kind": "like"})),  # noqa: B023
                    ("comments that are sure", lambda: post(site, comments, body)),  # noqa: B023
                    ("pages read", lambda: fetch(f"{site.url}{seeded['first_url']}")),
                ):
                    found[name].append(milliseconds_of(call))
                time.sleep(PAUSE_SECONDS)
            return found

        with site, ThreadPoolExecutor(CONNECTIONS + 1) as pool:
            visitors = [pool.submit(comment, number) for number in range(CONNECTIONS)]
            time.sleep(1)
            others = pool.submit(write_otherwise)
            time.sleep(SECONDS)
            stopping.set()
            waited = sorted(each for visitor in visitors for each in visitor.result())
            say(
                f"Akismet takes {DELAY_SECONDS:.0f} s, {CONNECTIONS} visitors comment; ms; {load()}"
            )
            for name, times in others.result().items():
                times.sort()
                worst = times[-1 - len(times) // 100]
                row(f"{name}: {len(times)}, median {median(times):.0f}, 99 %", f"{worst:.0f}",
                    verdict(worst, WANTED_MS, at_most=True))  # fmt: skip
            row(f"the visitors' comments: {len(waited)}, median", f"{median(waited):.0f}")
            row("slowest of them", f"{waited[-1]:.0f}", verdict(waited[-1], 2500, at_most=True))
            row("calls that reached Akismet", f"{len(akismet.calls('comment-check'))}")


def fetch_of(site: Site, path: str) -> bytes:
    with site:
        return fetch(f"{site.url}{path}")[0]
