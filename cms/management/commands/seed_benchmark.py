"""`manage.py seed_benchmark --posts N --comments M`: the content that benchmarks read and write."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from accounts.models import User
from accounts.services import create_user
from comments.models import VisitorComment
from comments.services import store_imported
from pages.models import Category, HomePage, PostIndexPage, PostPage
from pages.services.content import make_home, make_page

WORDS = [
    "amber",
    "bell",
    "bridge",
    "cargo",
    "compass",
    "copper",
    "drift",
    "ember",
    "engine",
    "harbour",
    "kettle",
    "lantern",
    "linen",
    "meadow",
    "northern",
    "orchard",
    "paper",
    "quarry",
    "quiet",
    "ridge",
    "river",
    "saffron",
    "signal",
    "stone",
    "thimble",
    "tide",
    "violet",
    "walnut",
    "window",
    "winter",
]
DEEPEST = 4
TOP_LEVEL_SHARE = 0.4


class Command(BaseCommand):
    """Write posts and one long thread, the same for the same numbers."""

    help = "Write N posts and M approved threaded comments on the first of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--posts", type=int, default=50)
        parser.add_argument("--comments", type=int, default=1000)
        parser.add_argument("--few", type=int, default=0, help="comments on the second post")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        self.random = random.Random(20260101)  # noqa: S311  repeatable filling, no secret
        index = self.index()
        author = User.objects.filter(username="benchmark").first() or create_user(
            username="benchmark", email="", password=self.words(6), display_name="Bench Mark"
        )
        category, _ = Category.objects.get_or_create(slug="benchmark", defaults={"name": "Bench"})
        with transaction.atomic():
            posts = [self.post(index, author, category, i) for i in range(1, options["posts"] + 1)]
            if posts:
                self.thread(posts[0], options["comments"])
            if len(posts) > 1:
                self.thread(posts[1], options["few"])
        named = {"first": posts[:1], "second": posts[1:2], "last": posts[-1:]}
        result: dict[str, Any] = {"posts": len(posts), "comments": options["comments"]}
        for name, found in named.items():
            result[f"{name}_post"] = found[0].pk if found else None
            result[f"{name}_url"] = found[0].get_url() if found else None
        self.stdout.write(
            json.dumps(result)
            if options["json"]
            else f"{len(posts)} posts, first {result['first_url']}"
        )

    def index(self) -> PostIndexPage:
        home = HomePage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).first()
        home = home or make_home(settings.LANGUAGE_CODE, title="Home", site_name="Benchmark")
        index = PostIndexPage.objects.filter(locale=home.locale).first()
        return index or make_page(home, PostIndexPage(title="Journal", slug="journal"))

    def words(self, count: int) -> str:
        return " ".join(self.random.choice(WORDS) for _ in range(count))

    def post(self, index: PostIndexPage, author: User, category: Category, number: int) -> PostPage:
        slug = f"benchmark-post-{number}"
        found = PostPage.objects.filter(slug=slug, locale=index.locale).first()
        if found is not None:
            return found
        page = PostPage(
            title=f"Post number {number}: {self.words(4)}",
            slug=slug,
            author=author,
            published_at=datetime(2026, 1, 10, 10, tzinfo=UTC) + timedelta(days=number),
            excerpt=self.words(20),
        )
        page.body = page.body.stream_block.normalize(
            [
                ("paragraph", f"<p>{self.words(50)}.</p>" * 5),
                ("heading", {"text": self.words(4), "level": "2"}),
            ]
        )
        return make_page(index, page, user=author, terms={"categories": [category]})

    def thread(self, post: PostPage, count: int) -> None:
        kind = ContentType.objects.get_for_model(PostPage)
        have = VisitorComment.objects.on(post.pk).count()
        open_parents: list[VisitorComment] = []
        for number in range(have + 1, count + 1):
            parent = None
            if open_parents and self.random.random() > TOP_LEVEL_SHARE:
                parent = self.random.choice(open_parents[-40:])
            reader = self.random.randrange(200)
            comment = store_imported(
                VisitorComment(
                    content_type=kind,
                    object_pk=str(post.pk),
                    site_id=settings.SITE_ID,
                    user_name=f"Reader {reader}",
                    user_email=f"reader{reader}@example.org",
                    comment=f"Comment {number}. {self.words(self.random.randint(8, 60))}.",
                    submit_date=datetime(2026, 2, 1, tzinfo=UTC) + timedelta(minutes=number),
                    target_id=post.pk,
                    language=settings.LANGUAGE_CODE,
                    channel="import",
                ),
                parent_id=parent.pk if parent else 0,
            )
            if comment.level < DEEPEST:
                open_parents.append(comment)
