"""Data rights at scale: a person with 10,000 comments among a million, and what the form tells.

The site and its comments are made first. Then each figure is taken in a process of its own, inside
Django, and the form's on the started site, over HTTP. BENCH_COMMENTS is how many comments there
are, BENCH_OWN how many of them are the person's.
"""

import os
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Mod
from django.test import Client
from django.test.utils import override_settings
from django_comments.models import Comment

from comments.models import Flag, ModerationAct, OutgoingCopy, ScreeningRecord, VisitorComment
from comments.repeats import author_ref
from comments.services import NewComment, submit_comment
from pages.models import PostPage
from privacy import services
from privacy.erasure import removed_by_provider
from privacy.models import DataRequest, Kind
from tests.bench.bulk import add_comments, chosen
from tests.bench.harness import Site, load, prepared_data, row, say, verdict

COMMENTS = int(os.environ.get("BENCH_COMMENTS", "1000000"))
OWN = int(os.environ.get("BENCH_OWN", "10000"))
POSTS, CALLS, WARM = 100, 1000, 50
# One mailbox, as three people might write it: case, and both forms of a domain beyond ASCII.
SPELLINGS = ("nora@b\u00fccher.example", "Nora@B\u00dcCHER.example", "nora@xn--bcher-kva.example")
PERSON, NOBODY = SPELLINGS[2], "nobody@example.com"
EXPORT_SECONDS, EXPORT_MB, ERASURE_SECONDS, FORM_MS = 10, 64, 20, 2


def measure_privacy(only: str = "") -> None:
    """Print the figures of data rights beside what is asked for."""
    with prepared_data("--posts", str(POSTS), "--comments", "0") as (data, seeded):
        site = Site(data, read_cache=False)
        say(site.run_inside(__name__, "seed").strip())
        for step in ("export", "erase"):
            say(site.run_inside(__name__, step).strip())
        with site:
            measure_form(site.port)


def main(step: str) -> None:
    """Take one step inside Django."""
    {"seed": seed, "export": measure_export, "erase": measure_erasure}[step]()


def seed() -> None:
    """Write the comments: one by the service, the others as copies of its rows in threads of five.

    Of the person's, half are answered and so leave a place, half are answers. Each has what a
    submission and a moderator leave beside a comment.
    """
    start = perf_counter()
    posts = list(PostPage.objects.live().order_by("pk").values_list("pk", flat=True))
    with override_settings(COMMENTS_FLOOD_SECONDS=0):
        first = submit_comment(
            NewComment(
                target_id=posts[0], text="The first words, about tea and more.",
                author_name="Somebody", author_email="somebody@example.net",
                ip_address="192.0.2.1", user_agent="Browser/1", referrer="https://example.net/",
            )
        )  # fmt: skip
    add_comments(first, COMMENTS, status="approved", target=f"({chosen('n / 1000', posts)})")
    every = max(5, COMMENTS * 2 // OWN // 5 * 5)
    numbered = VisitorComment.objects.filter(pk__gt=first.pk).annotate(
        place=Mod(F("pk") - first.pk - 1, every)
    )
    own = list(numbered.filter(place__in=[0, 3]).order_by("pk").values_list("pk", flat=True)[:OWN])
    with transaction.atomic():
        for place, spelling in enumerate(SPELLINGS):
            for keys in in_portions(own[place :: len(SPELLINGS)]):
                Comment.objects.filter(pk__in=keys).update(user_email=spelling, user_name="Nora")
                VisitorComment.objects.filter(pk__in=keys).update(author_ref=author_ref(spelling))
        for keys in in_portions(own):
            beside(keys)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(
        f"{COMMENTS:,} comments below {len(posts)} posts, {len(own):,} of one person in three "
        f"spellings, {connection.vendor} (written in {perf_counter() - start:.0f} s); {load()}"
    )


def in_portions(keys: Sequence[int]) -> list[Sequence[int]]:
    return [keys[at : at + 500] for at in range(0, len(keys), 500)]


def beside(keys: Sequence[int]) -> None:
    """Add what is kept beside comments: a decision of screening, a copy, an act, some flags."""
    evidence = {"screener": "words", "code": "words", "message": "Words", "data": {}, "weight": 1.0}
    ScreeningRecord.objects.bulk_create(
        ScreeningRecord(comment_id=key, source="submission", outcome="hold", score=0.5,
                        evidence=[evidence] * 3)
        for key in keys
    )  # fmt: skip
    OutgoingCopy.objects.bulk_create(
        OutgoingCopy(comment_id=key, processor="Akismet", fields=["text"]) for key in keys
    )
    ModerationAct.objects.bulk_create(
        ModerationAct(comment_id=key, batch="00000000-0000-0000-0000-000000000001",
                      old_status="hold", new_status="approved", note="seen")
        for key in keys
    )  # fmt: skip
    Flag.objects.bulk_create(
        Flag(comment_id=key, reason="other", voter="somebody") for key in keys[::10]
    )


@dataclass
class Visitors:
    """Somebody who reads a page and writes a comment, over and over, while the block runs."""

    post_id: int
    path: str
    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)

    def __enter__(self) -> "Visitors":
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.visit)
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.is_over.set()
        self.thread.join()

    def visit(self) -> None:
        client, number = Client(), 0
        while not self.is_over.is_set():
            number += 1
            self.reads.append(timed(lambda: client.get(self.path)))
            self.writes.append(timed(lambda: self.write(number)))  # noqa: B023  called at once
            sleep(0.05)
        connection.close()

    def write(self, number: int) -> None:
        submit_comment(
            NewComment(
                target_id=self.post_id, text=f"Meanwhile {number} {perf_counter()}",
                author_name="Somebody", author_email="somebody@example.net",
                ip_address=f"192.0.{number % 250}.{number // 250 % 250}",
            )
        )  # fmt: skip


def timed(call: Callable[[], Any]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def memory_mb(name: str) -> float:
    """Return what the system says of this process: VmRSS now, VmHWM at most."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


quiet_tasks = override_settings(
    ALLOWED_HOSTS=["*"],
    COMMENTS_FLOOD_SECONDS=0,
    TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}},
)


@quiet_tasks
def measure_export() -> None:
    """Write the person's export and say how long it took, and how much memory at its peak."""
    DataRequest.objects.count()
    Path("/proc/self/clear_refs").write_text("5")
    before = memory_mb("VmRSS")
    requests: list[DataRequest] = []
    took = timed(lambda: requests.append(services.run_now(Kind.EXPORT, PERSON, "en")))
    size = requests[0].files.get().size // 1024
    row("export, s", f"{took:.1f}", verdict(took, EXPORT_SECONDS, at_most=True))
    more = memory_mb("VmHWM") - before
    row("export, MB more at its peak", f"{more:.0f}", verdict(more, EXPORT_MB, at_most=True))
    say(f"  ({size} kB, {requests[0].state}; {load()})")


@quiet_tasks
def measure_erasure() -> None:
    """Erase the person and say how long it took, and what a visitor felt of it."""
    post = PostPage.objects.live().order_by("pk").first()
    quiet, beside = (Visitors(post.pk, post.get_url()) for _ in range(2))
    with quiet:
        sleep(5)
    before = memory_mb("VmRSS")
    requests: list[DataRequest] = []
    with beside:
        took = timed(lambda: requests.append(services.run_now(Kind.ERASURE, PERSON, "en")))
    removed = removed_by_provider(requests[0]).get("comments.comments", 0)
    row("erasure beside a visitor, s", f"{took:.1f}", verdict(took, ERASURE_SECONDS, at_most=True))
    more = memory_mb("VmHWM") - before
    say(f"  ({removed:,} comments removed, {requests[0].state}, {more:.0f} MB more; {load()})")
    for name, alone, meanwhile in (
        ("reads", quiet.reads, beside.reads),
        ("writes", quiet.writes, beside.writes),
    ):
        say(
            f"  {name} alone: median {median(alone) * 1000:.0f} ms, slowest {max(alone) * 1000:.0f}"
            f" ms; meanwhile: median {median(meanwhile) * 1000:.0f} ms, slowest "
            f"{max(meanwhile) * 1000:.0f} ms of {len(meanwhile)}"
        )


def measure_form(port: int) -> None:
    """Ask the started site, whose worker does what follows, by turns for two addresses."""
    visitor = HTTPConnection("127.0.0.1", port, timeout=60)
    times: dict[str, list[float]] = {PERSON: [], NOBODY: []}
    answers: dict[str, set[tuple[int, bytes, str]]] = {PERSON: set(), NOBODY: set()}
    for call in range(2 * (CALLS + WARM)):
        address = (PERSON, NOBODY)[call % 2]
        body = urlencode({"kind": "export", "email": address})
        start = perf_counter()
        visitor.request("POST", "/privacy/requests/", body, {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{port}",
        })  # fmt: skip
        answer = visitor.getresponse()
        content = answer.read()
        if call >= 2 * WARM:
            times[address].append(perf_counter() - start)
        headers = {k: v for k, v in answer.getheaders() if k.lower() != "date"}
        answers[address].add((answer.status, content, str(headers)))
    known, unknown = (median(times[each]) * 1000 for each in (PERSON, NOBODY))
    apart = abs(known - unknown)
    row(f"request form, medians of {CALLS} calls each, ms apart", f"{apart:.2f}",
        verdict(apart, FORM_MS, at_most=True))  # fmt: skip
    same = "same" if answers[PERSON] == answers[NOBODY] else "DIFFERENT"
    statuses = sorted({status for status, _, _ in answers[PERSON]})
    say(
        f"  (known {known:.2f} ms, unknown {unknown:.2f} ms, {same} bytes, status {statuses}; "
        f"{load()})"
    )
