"""A person with 10,000 comments among a million: what an export and an erasure of theirs take.

Runs inside Django, a step in a process of its own: tests.bench.data_rights calls main() with each.
BENCH_COMMENTS is how many comments there are, BENCH_OWN how many of them are the person's.
"""

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Mod
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
from tests.bench.harness import load, row, say, verdict

COMMENTS = int(os.environ.get("BENCH_COMMENTS", "1000000"))
OWN = int(os.environ.get("BENCH_OWN", "10000"))
# One mailbox, as three people might write it: case, and both forms of a domain beyond ASCII.
SPELLINGS = ("nora@b\u00fccher.example", "Nora@B\u00dcCHER.example", "nora@xn--bcher-kva.example")
PERSON = SPELLINGS[2]
EXPORT_SECONDS, EXPORT_MB, ERASURE_SECONDS = 10, 64, 20


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
    """Erase the person and say how long it took."""
    before = memory_mb("VmRSS")
    requests: list[DataRequest] = []
    took = timed(lambda: requests.append(services.run_now(Kind.ERASURE, PERSON, "en")))
    removed = removed_by_provider(requests[0]).get("comments.comments", 0)
    row("erasure beside a visitor, s", f"{took:.1f}", verdict(took, ERASURE_SECONDS, at_most=True))
    more = memory_mb("VmHWM") - before
    say(f"  ({removed:,} comments removed, {requests[0].state}, {more:.0f} MB more; {load()})")
