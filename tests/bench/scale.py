"""Comments by the million: a page of them, and the moderators' queue.

Runs inside Django: tests.bench.run calls main() in a data folder of its own, on the database that
DATABASE_URL names, SQLite without it.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from time import perf_counter

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from comments.models import DiscussionSettings, VisitorComment
from comments.services import store_imported
from pages.models import PostPage
from tests.bench.bulk import add_comments, chosen
from tests.bench.harness import load, row, say, verdict

MANY = int(os.environ.get("BENCH_MANY", "1000000"))
HELD = 100_000
CALLS, ROUNDS = 7, 3
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
WANTED_RATIO, WANTED_MS = 1.5, 300


def milliseconds_of(call: Callable[[], object]) -> float:
    """Return the median time of a warm call: the best of several, as other load only adds."""
    call()
    return min(median(timed(call) for _ in range(CALLS)) for _ in range(ROUNDS))


def timed(call: Callable[[], object]) -> float:
    begun = perf_counter()
    call()
    return (perf_counter() - begun) * 1000


def get(client: Client, url: str) -> int:
    """Ask for an address, and return how many queries that took."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url} answered {answer.status_code}.")
    return len(captured)


def fill(post: PostPage, count: int) -> VisitorComment:
    """Write a thread of `count` comments below a post; return the last of them."""
    kind = ContentType.objects.get_for_model(PostPage)
    parent = None
    for number in range(count):
        comment = store_imported(
            VisitorComment(
                content_type=kind, object_pk=str(post.pk), site_id=1, target_id=post.pk,
                user_name=f"Reader {number % 200}", user_email=f"reader{number % 200}@example.org",
                comment=f"Comment {number}. " + "amber bell bridge cargo compass copper. " * 6,
                language="en", channel="import",
                submit_date=BEGINNING + timedelta(minutes=number),
            ),
            parent_id=parent.pk if parent and number % 3 else 0,
        )  # fmt: skip
        parent = comment if number % 3 != 2 else None
    return comment


def measure_pages(post: PostPage, other: PostPage, template: VisitorComment) -> None:
    """Compare what a page of comments takes, with few comments on the site and with many."""
    comments = "/wp-json/wp/v2/comments"
    client = Client(SERVER_NAME="127.0.0.1")
    own = DiscussionSettings.load()
    own.page_comments = True
    own.save()
    paths = {
        "page, 50 top comments": post.get_url(),
        "page, its last page of comments": f"{post.get_url()}comment-page-1/",
        "REST, 100 of the post": f"{comments}?post={post.pk}&per_page=100",
        "REST, 100 of the post, page 5": f"{comments}?post={post.pk}&per_page=100&page=5",
        "REST, 100 of the site": f"{comments}?per_page=100",
        "feed of the site": "/comments/feed/",
    }
    few = {name: milliseconds_of(partial(client.get, path)) for name, path in paths.items()}
    say(f"1,000 comments below one post, then {MANY:,} more below others; ms; {load()}")
    begun = perf_counter()
    add_comments(template, MANY, status="approved", target="(900000 + n / 1000 % 1000)")
    say(f"({MANY:,} comments written in {perf_counter() - begun:.0f} s, {connection.vendor})")
    for name, path in paths.items():
        many = milliseconds_of(partial(client.get, path))
        row(name, f"{few[name]:.1f} {many:.1f} ({get(client, path)} queries)",
            verdict(many / few[name], WANTED_RATIO, at_most=True))  # fmt: skip
    add_comments(template, MANY // 10, status="approved", target=str(other.pk))
    say(f"A post with {MANY // 10:,} comments of its own; ms")
    for name, path in {
        "its page, 50 top comments": other.get_url(),
        "REST, 100 of it": f"{comments}?post={other.pk}&per_page=100",
        "REST, 100 of it, page 500": f"{comments}?post={other.pk}&per_page=100&page=500",
    }.items():
        row(name, f"{milliseconds_of(partial(client.get, path)):.1f}")


def measure_queue(posts: list[PostPage], template: VisitorComment) -> None:
    """Measure the moderators' queue with each of its filters, counts included."""
    add_comments(
        template, HELD, status="hold", target=f"({chosen('n / 1000', [post.pk for post in posts])})"
    )
    boss = User.objects.create_superuser("bench-boss", "boss@example.org", "bench pass phrase")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(boss)
    queue = reverse("visitor_comments:queue")
    middle = VisitorComment.objects.filter(status="hold").order_by("pk")[HELD // 2]
    addresses = {
        "the queue": "",
        "the approved": "status=approved",
        "by score": "order=score",
        "oldest first": "order=oldest",
        "from the middle": f"after={middle.pk}",
        "one post": f"post={posts[0].pk}",
        "one reason": "reason=words",
        "one reason, by score": "reason=words&order=score",
        "a range of scores": "score_from=40&score_to=60",
        "a range of days": "since=2026-01-01&until=2026-01-02",
        "days without any": "since=2020-01-01&until=2020-01-02",
        "one author": f"by={middle.pk}",
        "post, reason and score": f"post={posts[0].pk}&reason=words&score_from=90",
    }
    for name, data in {
        "words that many have": {"words": "compass"},
        "words that one has": {"words": f"Comment {HELD - 7}."},
        "words that none has": {"words": "zebra"},
        "an author": {"author": "reader4999@example.org"},
        "an author that is none": {"author": "nobody-of-these"},
    }.items():
        leads_to = client.post(reverse("visitor_comments:search"), {"status": "hold", **data})
        addresses[name] = leads_to.headers["Location"].partition("?")[2]
    say(f"The queue at {HELD:,} held comments, with its counts; ms; {load()}")
    for name, query in addresses.items():
        url = f"{queue}?{query}"
        warm = milliseconds_of(lambda url=url: client.get(url))
        cold = min(timed(lambda url=url: (cache.clear(), client.get(url))) for _ in range(3))
        row(name, f"{warm:.0f}, filters counted anew {cold:.0f} ({get(client, url)} queries)",
            verdict(cold, WANTED_MS, at_most=True))  # fmt: skip


def main() -> None:
    posts = list(PostPage.objects.order_by("pk"))
    template = fill(posts[0], 1000)
    measure_pages(posts[0], posts[1], template)
    measure_queue(posts, template)
