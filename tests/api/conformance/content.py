"""The content of the reference WordPress: the same items, words, dates and numbers."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from PIL import Image
from wagtail.models import Page, PageViewRestriction

from accounts.models import User
from accounts.services import create_application_password, create_user
from comments.models import VisitorComment
from comments.services import store_imported
from media.models import SiteImage
from media.services import store_image
from pages.block_editor.keeping import set_raw
from pages.models import (
    Category,
    PostIndexPage,
    PostPage,
    SiteIdentitySettings,
    StandardPage,
    Tag,
)
from pages.services.content import make_page, publish
from tests.api.conformance.php_random import PhpRandom

WORDS = [
    "river", "stone", "lantern", "harbour", "winter", "orchard", "copper", "quiet", "signal",
    "meadow", "paper", "engine", "violet", "northern", "kettle", "bridge", "saffron", "window",
    "cargo", "thimble", "walnut", "ember", "ridge", "compass", "linen", "tide", "amber", "drift",
    "quarry", "bell",
]  # fmt: skip
POSTS, COMMENTS, FIRST_POST = 50, 1000, 11
CLOSED, PASSWORD, PRIVATE, DRAFT, FUTURE, TRASHED, PINGED, FEW = range(61, 69)
PARAGRAPH = "<!-- wp:paragraph -->\n<p>{}</p>\n<!-- /wp:paragraph -->"


@dataclass
class Reference:
    """What requests need of the made content."""

    admin: User
    application_password: str


class Maker:
    """Makes everything in the order in which the reference was seeded."""

    def __init__(self, home: Page) -> None:
        self.random = PhpRandom(20261122)
        self.home = home
        self.kind = ContentType.objects.get_for_model(PostPage)

    def say(self, count: int) -> str:
        words = (WORDS[self.random.between(0, len(WORDS) - 1)] for _ in range(count))
        return f"{' '.join(words).capitalize()}."

    def make(self) -> Reference:
        self.home.site_name, self.home.tagline = "Reference WordPress", ""
        self.home.save()
        Page.objects.filter(pk=self.home.pk).update(
            first_published_at=datetime(2025, 1, 1, tzinfo=UTC)
        )
        own = SiteIdentitySettings.load()
        own.contact_email = "admin@example.test"
        own.save()
        self.authors = self.people()
        password = create_application_password(self.authors[0], "reference checks")[1]
        self.categories, self.tags = self.terms()
        self.images = self.pictures()
        self.pages()
        self.journal = make_page(self.home, PostIndexPage(pk=901, title="Journal", slug="journal"))
        posts = [self.post(number) for number in range(1, POSTS + 1)]
        self.special_posts()
        self.thread(posts[0], COMMENTS)
        self.thread(PostPage.objects.get(pk=FEW), 20)
        for post in posts[1:11]:
            self.thread(post, 3)
        self.odd_comments()
        User.objects.filter(pk__in=[4, 5]).update(is_public_author=False)
        return Reference(self.authors[0], password)

    def people(self) -> list[User]:
        User.objects.all().delete()
        made = []
        for key, (login, name, group) in enumerate(
            [("admin", "admin", ""), ("edith", "Edith Editor", "Editors"),
             ("arthur", "Arthur Author", "Authors"), ("connie", "Connie Contributor",
             "Contributors"), ("sam", "Sam Subscriber", "")], 1,
        ):  # fmt: skip
            made.append(
                create_user(
                    pk=key, username=login, email=f"{login}@example.test",
                    password=f"local-{login}", display_name=name, public_slug=login,
                    website=f"https://{login}.example.test" if key > 1 else "http://example.test",
                    description="" if key == 1 else f"About {name}.", is_superuser=key == 1,
                    is_staff=key == 1, groups=[group] if group else [],
                )
            )  # fmt: skip
        return made

    def terms(self) -> tuple[list[Category], list[Tag]]:
        Category(pk=1, name="Uncategorized", slug="uncategorized").save()
        categories = [
            Category(pk=2, name="News"), Category(pk=3, name="Recipes"),
            Category(pk=4, name="Travel"), Category(pk=5, name="Field Notes"),
        ]  # fmt: skip
        for category in categories:
            category.description = f"Posts about {category.name}"
            category.save()
        soups = Category(pk=6, name="Soups & Stews", slug="soups", parent=categories[1])
        soups.save()
        # Tags are numbered when the first post has them, as in the reference.
        names = ("slow", "autumn", "café", "how-to", "archive", "photo")
        tags = [Tag(name=name, slug=name.replace("é", "e")) for name in names]
        return [*categories, soups], tags

    def pictures(self) -> list[SiteImage]:
        image = Image.new("RGB", (1200, 800), (40, 90, 140))
        for _ in range(40):
            for most in (1200, 800, 255, 255, 255):
                self.random.between(0, most)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=80)
        made = []
        for number, name in enumerate(["blue-dots", "more-dots", "still-dots"]):
            made.append(
                store_image(
                    out.getvalue(), name=f"{name}.jpg", title=name.replace("-", " ").title(),
                    uploaded_by=self.authors[0], id=4 + number, caption=f"Caption of {name}",
                    description=f"Alt text of {name}",
                )
            )  # fmt: skip
            moment = datetime(2026, 1, 1 + number, 8, tzinfo=UTC)
            SiteImage.objects.filter(pk=4 + number).update(created_at=moment)
        return made

    def pages(self) -> None:
        about = self.page(7, self.home, "About", 1, "About this reference site.", open_=True)
        for number, name in enumerate(["Team", "Contact", "Terms"]):
            parent = about if number < 2 else self.home
            self.page(8 + number, parent, name, number + 2, f"Page {name}.")

    def page(
        self, key: int, parent: Page, title: str, order: int, words: str, *, open_: bool = False
    ) -> StandardPage:
        page = StandardPage(
            pk=key, title=title, slug=title.lower(), menu_order=order, comments_open=open_,
            author=self.authors[0], published_at=datetime(2026, 1, order, 9, tzinfo=UTC),
        )  # fmt: skip
        write(page, PARAGRAPH.format(words))
        made = make_page(parent, page, user=self.authors[0])
        dated(made)
        return made

    def post(self, number: int) -> PostPage:
        body = "".join(f"{PARAGRAPH.format(self.say(45))}\n\n" for _ in range(4))
        body += f"<!-- wp:heading -->\n<h2>{self.say(4)}</h2>\n<!-- /wp:heading -->\n\n"
        body += (
            f"<!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>{self.say(6)}</li>\n"
            "<!-- /wp:list-item --></ul>\n<!-- /wp:list -->\n\n"
        )
        linked = 'Ampersand &amp; “curly” text, <a href="https://example.test/">a link</a> and '
        body += PARAGRAPH.format(f"{linked}<em>emphasis</em>. {self.say(30)}")
        first = self.tags[number % 6]
        second = self.tags[(number * 5 + 1) % 6]
        for tag in (first, second):
            if tag.pk is None:
                tag.pk = 7 + Tag.objects.count()
                tag.save(force_insert=True)
        return self.published(
            PostPage(
                pk=FIRST_POST + number - 1, title=f"Post number {number}: {self.say(4)}",
                slug=f"post-number-{number}", author=self.authors[number % 3],
                published_at=datetime(2026, 1, 10, 10, tzinfo=UTC) + timedelta(days=number),
                excerpt="" if number % 4 else f"Hand-written excerpt {number}",
                featured_image=self.images[number % 3] if number % 3 == 1 else None,
                is_sticky=number == 2,
            ),
            body,
            terms={"categories": [self.categories[number % 5]], "tags": [first, second]},
        )  # fmt: skip

    def published(self, post: PostPage, body: str, **more: object) -> PostPage:
        post.pings_open = True
        write(post, body)
        made = make_page(self.journal, post, user=self.authors[0], **more)
        dated(made)
        return made

    def special_posts(self) -> None:
        for key, title, slug in (
            (CLOSED, "Closed to comments", "closed-to-comments"),
            (PASSWORD, "Behind a password", "behind-a-password"),
            (PRIVATE, "Private post", "private-post"), (DRAFT, "Draft post", "draft-post"),
            (FUTURE, "Scheduled post", "scheduled-post"), (TRASHED, "Trashed post", "trashed-post"),
            (PINGED, "Post with a pingback", "post-with-a-pingback"),
            (FEW, "Post with twenty comments", "post-with-twenty-comments"),
        ):  # fmt: skip
            post = PostPage(
                pk=key, title=title, slug=slug, author=self.authors[0],
                published_at=datetime(2026, 1, 5, 10, tzinfo=UTC), comments_open=key != CLOSED,
            )  # fmt: skip
            terms = {"categories": [Category.objects.get(pk=1)]}
            self.published(post, PARAGRAPH.format(f"{title} body."), terms=terms)
        restrict(PASSWORD, PageViewRestriction.PASSWORD, password="sesame")
        restrict(PRIVATE, PageViewRestriction.GROUPS)
        for key in (DRAFT, FUTURE, TRASHED):
            PostPage.objects.get(pk=key).unpublish()
        future = PostPage.objects.get(pk=FUTURE)
        future.published_at = future.go_live_at = datetime(2031, 1, 1, 10, tzinfo=UTC)
        publish(future)
        PostPage.objects.filter(pk=TRASHED).update(
            trashed_at=timezone.now(), status_before_trash="publish"
        )

    def thread(self, post: PostPage, count: int) -> None:
        made: list[int] = []
        depth: dict[int, int] = {}
        for i in range(1, count + 1):
            parent = 0
            if i > 5 and i % 3:
                asked = made[self.random.between(max(0, len(made) - 60), len(made) - 1)]
                parent = asked if depth[asked] < 5 else 0
            who = self.random.between(1, 200)
            is_member = i % 25 == 0
            comment = self.comment(
                post.pk, f"Comment {i}. {self.say(self.random.between(12, 60))}",
                datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=i * 97), parent=parent,
                user_name="Sam Subscriber" if is_member else f"Reader {who}",
                user_email="sam@example.test" if is_member else f"reader{who}@example.test",
                user_url="" if is_member or who % 4 else f"https://reader{who}.example.test",
                ip_address=f"192.0.2.{who % 250}", user_agent="seed",
                user_id=5 if is_member else None,
            )  # fmt: skip
            made.append(comment.pk)
            depth[comment.pk] = depth[parent] + 1 if parent else 1

    def comment(
        self, post: int, words: str, at: datetime, *, parent: int = 0, status: str = "approved",
        **fields: object,
    ) -> VisitorComment:  # fmt: skip
        return store_imported(
            VisitorComment(
                content_type=self.kind, object_pk=str(post), site_id=settings.SITE_ID,
                comment=words, submit_date=at, target_id=post, channel="import",
                imported_at=timezone.now(),
                language=settings.LANGUAGE_CODE, **fields,
            ),
            parent_id=parent, status=status,
        )  # fmt: skip

    def odd_comments(self) -> None:
        at = datetime(2026, 3, 5, tzinfo=UTC)
        for status in ("hold", "spam", "trash"):
            self.comment(
                FEW, "Held back.", at, status=status, user_name="Mallory",
                user_email="mallory@example.test", ip_address="192.0.2.9",
            )  # fmt: skip


def write(page: PostPage | StandardPage, body: str) -> None:
    """Give a page block-editor text."""
    set_raw(page, body)


def dated(page: PostPage | StandardPage) -> None:
    """Say that a page was changed last when it was published first."""
    Page.objects.filter(pk=page.pk).update(
        last_published_at=page.published_at, first_published_at=page.published_at,
        latest_revision_created_at=page.published_at,
    )  # fmt: skip


def restrict(key: int, kind: str, **fields: str) -> None:
    PageViewRestriction.objects.create(page_id=key, restriction_type=kind, **fields)


def restart_numbers() -> None:
    """Let comments be numbered from two: WordPress's own first comment was deleted."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER SEQUENCE django_comments_id_seq RESTART WITH 2")
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'django_comments'")
            cursor.execute("INSERT INTO sqlite_sequence VALUES ('django_comments', 1)")
