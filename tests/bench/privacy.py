"""Data rights at scale: a person with 10,000 comments among a million, and what the form tells.

Runs inside Django: tests.bench.run calls main() through `manage.py shell` in a data folder of its
own, without a web server; a thread reads and writes beside the erasure, as visitors would.
BENCH_COMMENTS is how many comments there are, BENCH_OWN how many of them are the person's.
"""

import os
import resource
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter, sleep
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django_comments.models import Comment
from django_comments_xtd.models import XtdComment

from comments.models import VisitorComment
from comments.services import NewComment, submit_comment
from pages.models import PostPage
from privacy import services
from privacy.erasure import removed_by_provider
from privacy.models import DataRequest, Kind, State
from tests.bench.harness import say

COMMENTS = int(os.environ.get("BENCH_COMMENTS", "1000000"))
OWN = int(os.environ.get("BENCH_OWN", "10000"))
CALLS, POSTS = 1000, 1000
# One mailbox, as three people might write it: case, and both forms of a domain beyond ASCII.
SPELLINGS = ("nora@b\u00fccher.example", "Nora@B\u00dcCHER.example", "nora@xn--bcher-kva.example")
PERSON, NOBODY = SPELLINGS[2], "nobody@example.com"
EXPORT_SECONDS, EXPORT_MB, ERASURE_SECONDS, FORM_MS = 10, 64, 20, 2


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


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def copies_of(table: Any, template: int, count: int, changed: dict[str, str]) -> None:
    """Insert so many copies of a row; `changed` are SQL expressions over i, by column."""
    columns = [each.column for each in table._meta.local_concrete_fields]
    quote = connection.ops.quote_name
    taken = [changed.get(column, f"base.{quote(column)}") for column in columns]
    key = table._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table._meta.db_table} ({', '.join(map(quote, columns))}) "
            "WITH RECURSIVE numbers(i) AS "
            f"(SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count}) "
            f"SELECT {', '.join(taken)} FROM numbers, {table._meta.db_table} base "
            f"WHERE base.{key} = {template}"
        )


def seed(post_id: int) -> None:
    """Write the comments: one by the service, the others as copies of its rows."""
    first = submit_comment(
        NewComment(
            target_id=post_id, text=f"The first words at {perf_counter()}.", author_name="Somebody",
            author_email="somebody@example.net", ip_address="192.0.2.1", user_agent="Browser/1",
        )
    )  # fmt: skip
    every = max(1, COMMENTS // OWN)
    number = f"(i + {first.pk})"
    spelt = " ".join(f"WHEN {place} THEN '{spelling}'" for place, spelling in enumerate(SPELLINGS))
    address = (
        f"CASE WHEN i % {every} = 0 THEN CASE i / {every} % {len(SPELLINGS)} {spelt} END "
        "ELSE 'person' || i || '@example.net' END"
    )
    padded = f"('0000000000' || {number})"
    path = f"substr({padded}, length({padded}) - 9)"
    # Below a thousand posts, of which one is there: an erasure asks for no more.
    target = f"({post_id} + (i / {every} + i) % {POSTS})"
    text = "'Some words that number ' || i || ' says about tea, and a few more of them.'"
    with transaction.atomic():
        copies_of(Comment, first.pk, COMMENTS,
                  {"id": number, "user_email": address, "comment": text,
                   "object_pk": f"CAST({target} AS varchar(64))"})  # fmt: skip
        copies_of(XtdComment, first.pk, COMMENTS,
                  {"comment_ptr_id": number, "thread_id": number, "parent_id": number})  # fmt: skip
        copies_of(
            VisitorComment, first.pk, COMMENTS,
            {"xtdcomment_ptr_id": number, "path": path, "status": "'approved'",
             "repeat_key": number, "fingerprint": number, "target_id": target},
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measure_form() -> None:
    client = Client()
    times: dict[str, list[float]] = {PERSON: [], NOBODY: []}
    answers: dict[str, set[tuple[int, bytes, str]]] = {PERSON: set(), NOBODY: set()}
    for call in range(2 * CALLS):
        address = (PERSON, NOBODY)[call % 2]
        start = perf_counter()
        answer = client.post(reverse("privacy:request"), {"kind": "export", "email": address})
        times[address].append(perf_counter() - start)
        answers[address].add((answer.status_code, answer.content, str(answer.headers)))
    known, unknown = (median(times[each]) * 1000 for each in (PERSON, NOBODY))
    say(
        f"request form, {CALLS} calls each: known {known:.2f} ms, unknown {unknown:.2f} ms, apart "
        f"{abs(known - unknown):.2f} ms (at most {FORM_MS}); "
        f"{'same' if answers[PERSON] == answers[NOBODY] else 'DIFFERENT'} bytes"
    )
    DataRequest.objects.filter(state=State.RECEIVED).delete()


@override_settings(
    ALLOWED_HOSTS=["*"],
    COMMENTS_FLOOD_SECONDS=0,
    TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}},
)
def main() -> None:
    """Print the figures of issue 6 beside what is asked for."""
    post = PostPage.objects.live().order_by("pk").first() or made_post()
    took = timed(lambda: seed(post.pk))
    say(f"{COMMENTS:,} comments, {OWN:,} of one person in three spellings (seeded in {took:.0f} s)")
    before = peak_mb()
    requests: list[DataRequest] = []
    took = timed(lambda: requests.append(services.run_now(Kind.EXPORT, PERSON, "en")))
    say(
        f"export: {took:.1f} s (at most {EXPORT_SECONDS}), {peak_mb() - before:.0f} MB more "
        f"memory (at most {EXPORT_MB}), {requests[0].files.get().size // 1024} kB, "
        f"{requests[0].state}"
    )
    quiet = Visitors(post.pk, post.get_url())
    with quiet:
        sleep(5)
    beside = Visitors(post.pk, post.get_url())
    with beside:
        took = timed(lambda: requests.append(services.run_now(Kind.ERASURE, PERSON, "en")))
    removed = removed_by_provider(requests[1]).get("comments.comments", 0)
    say(
        f"erasure: {took:.1f} s (at most {ERASURE_SECONDS}) with a visitor beside it; {removed:,} "
        f"comments removed, {requests[1].state}"
    )
    for name, alone, meanwhile in (
        ("reads", quiet.reads, beside.reads),
        ("writes", quiet.writes, beside.writes),
    ):
        say(
            f"  {name} alone: median {median(alone) * 1000:.0f} ms, slowest {max(alone) * 1000:.0f}"
            f" ms; meanwhile: median {median(meanwhile) * 1000:.0f} ms, slowest "
            f"{max(meanwhile) * 1000:.0f} ms of {len(meanwhile)}"
        )
    measure_form()


def made_post() -> PostPage:
    from django.core.management import call_command  # only where the folder is empty

    call_command("seed_benchmark", "--posts", "1", "--comments", "0", "--json")
    return PostPage.objects.live().order_by("pk").first()
