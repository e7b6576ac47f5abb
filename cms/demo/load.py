"""Writing the demo site, or an empty one, through the rooms' own services."""

import json
import secrets
import string
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import EDITORS, MODERATORS, OFFICERS, create_user
from cms.demo.markdown import Document, read_document, to_blocks
from comments.models import VisitorComment
from comments.network_keys import hash_of
from comments.services import store_imported
from core.extensions.acceptance import Person, acceptance_gate
from media.models import SiteImage
from media.services import store_image
from pages.importing import read_policy
from pages.models import (
    Category,
    HomePage,
    MenuItem,
    PolicyPage,
    PostIndexPage,
    PostPage,
    SiteIdentitySettings,
    StandardPage,
    Tag,
)
from pages.services.content import as_translation, make_home, make_page, publish
from pages.services.policies import publish_policy
from plugins.cart.models import Product

CONTENT = Path(__file__).parent / "content"
CHINESE = "zh-hans"
ROLES = (
    ("admin", "Administrator: may do everything", ()),
    ("editor", "Editor: pages, policies, pictures", (EDITORS,)),
    ("moderator", "Moderator: visitor comments", (MODERATORS,)),
    ("officer", "Data officer: data requests", (OFFICERS,)),
    ("member", "Member: a registered visitor", ()),
)
LOGINS = "demo_logins.json"
TEAM = ("admin", "editor", "moderator", "officer")


def site_exists() -> bool:
    """Tell whether the site has a home page, demo or own."""
    return HomePage.objects.exists()


def demo_logins() -> list[dict[str, str]]:
    """Return the logins made at the first start, kept beside the other secrets."""
    path = settings.DATA_DIR / "secrets" / LOGINS
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def load_demo(*, with_content: bool) -> None:
    """Make the first home page and, with content, everything of the demo shop."""
    if not with_content:
        make_home(settings.LANGUAGE_CODE, title="Home", site_name="A new site")
        return
    demo = Demo()
    with transaction.atomic():
        demo.load()
    demo.keep_logins()


class Demo:
    """One run of the loader; it remembers what it made by the names in the content files."""

    def __init__(self) -> None:
        self.site = tomllib.loads((CONTENT / "site.toml").read_text(encoding="utf-8"))
        self.logins: list[dict[str, str]] = []
        self.images: dict[str, SiteImage] = {}
        self.authors: dict[str, User] = {}
        self.posts: dict[str, PostPage] = {}
        self.years_back = years_to_go_back(self.site["written_on"], timezone.localdate())

    def moment(self, value: Any) -> datetime:
        """Read a moment or a day of the content, which never lies ahead of the clock."""
        moment = datetime.fromisoformat(str(value))
        return moment.replace(year=moment.year - self.years_back)

    def load(self) -> None:
        """Write everything, in the order in which one thing refers to another."""
        self.make_logins()
        self.make_authors()
        self.store_images()
        self.make_terms()
        english = self.make_home(settings.LANGUAGE_CODE, "home.en.md", self.site["site"])
        chinese = self.make_home(CHINESE, "home.zh-hans.md", self.site["site"][CHINESE])
        self.make_identity()
        self.make_pages(english)
        self.make_posts(english, CONTENT / "posts")
        self.make_posts(chinese, CONTENT / "posts" / CHINESE)
        self.make_policies(english, chinese)
        self.make_agreements()
        self.make_products()
        self.make_menu(english, chinese)
        self.make_comments()

    def make_logins(self) -> None:
        alphabet = string.ascii_lowercase + string.digits
        for name, role, groups in ROLES:
            password = "-".join(
                "".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(3)
            )
            create_user(
                username=name,
                email=f"{name}@{self.site['site']['contact_email'].rpartition('@')[2]}",
                password=password,
                display_name=name.capitalize() if name != "member" else "Robin Hale",
                groups=groups,
                is_superuser=name == "admin",
                is_staff=name == "admin",
            )
            self.logins.append({"username": name, "password": password, "role": role})

    def keep_logins(self) -> None:
        """Keep the logins for later starts, once the accounts are committed."""
        path = settings.DATA_DIR / "secrets" / LOGINS
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(self.logins), encoding="utf-8")

    def make_authors(self) -> None:
        for author in self.site["authors"]:
            self.authors[author["key"]] = create_user(
                username=f"author-{secrets.token_hex(6)}",
                email="",
                password=secrets.token_urlsafe(32),
                display_name=author["display_name"],
                public_slug=author["slug"],
                description=author["bio"],
            )

    def store_images(self) -> None:
        author = next(iter(self.authors.values()))
        for path in sorted((CONTENT / "images").glob("*.jpg")):
            title = path.stem.replace("-", " ").replace("_", " ").capitalize()
            self.images[path.name] = store_image(
                path.read_bytes(), name=path.name, title=title, uploaded_by=author
            )

    def make_terms(self) -> None:
        for category in self.site["categories"]:
            parent = Category.objects.filter(slug=category.get("parent", "")).first()
            Category.objects.create(
                slug=category["slug"],
                name=category["name"],
                description=category.get("description", ""),
                parent=parent,
            )
        for tag in self.site["tags"]:
            Tag.objects.create(slug=tag["slug"], name=tag["name"])

    def make_home(self, language: str, file: str, words: dict[str, Any]) -> HomePage:
        document = read_document(CONTENT / file)
        facts = document.facts
        home = make_home(
            language,
            title=facts["title"],
            site_name=words["name"],
            tagline=words["tagline"],
            hero_heading=facts["hero_heading"],
            hero_text=facts["hero_text"],
            hero_image=self.image(facts.get("hero_image"), facts.get("hero_image_alt", "")),
            hero_image_alt=facts.get("hero_image_alt", ""),
        )
        home.features = home.features.stream_block.normalize(
            [
                (
                    "feature",
                    {
                        "heading": feature["heading"],
                        "text": feature["text"],
                        "image": self.image(feature.get("image"), feature.get("image_alt", "")),
                        "alt": feature.get("image_alt", ""),
                        "url": feature.get("url", ""),
                    },
                )
                for feature in facts.get("features", [])
            ]
        )
        home.body = self.body(home, document)
        publish(home)
        return home

    def image(self, name: str | None, alt: str = "") -> SiteImage | None:
        image = self.images.get(name or "")
        if image is not None and alt and not image.description:
            image.description = alt[:255]
            image.save(update_fields=["description", "modified_at"])
        return image

    def body(self, page: Any, document: Document) -> Any:
        return page.body.stream_block.normalize(to_blocks(document.text, self.image))

    def make_identity(self) -> None:
        own, site = SiteIdentitySettings.load(), self.site["site"]
        own.timezone = site.get("timezone", "Europe/London")
        for name in ("legal_name", "address", "contact_email", "privacy_email", "minors_email"):
            setattr(own, name, site.get(name, ""))
        own.save()

    def make_pages(self, home: HomePage) -> None:
        made: dict[Path, StandardPage] = {}
        for path in sorted((CONTENT / "pages").rglob("*.md"), key=lambda each: len(each.parts)):
            document = read_document(path)
            facts = document.facts
            alt = facts.get("featured_alt", "")
            page = StandardPage(
                title=facts["title"],
                slug=facts["slug"],
                featured_image=self.image(facts.get("featured_image"), alt),
                featured_alt=alt,
            )
            page.body = self.body(page, document)
            parent = made.get(path.parent, home)
            made[path.with_suffix("")] = make_page(parent, page)

    def make_posts(self, home: HomePage, folder: Path) -> None:
        is_chinese = folder.name == CHINESE
        index = PostIndexPage(title="手记" if is_chinese else "Journal", slug="journal")
        first = PostIndexPage.objects.first()
        if first is not None:
            index = as_translation(index, first)
        make_page(home, index)
        documents = [read_document(path) for path in sorted(folder.glob("*.md"))]
        for document in sorted(documents, key=lambda each: each.facts["published_on"]):
            self.make_post(index, document)

    def make_post(self, index: PostIndexPage, document: Document) -> None:
        facts = document.facts
        alt = facts.get("featured_alt", "")
        post = PostPage(
            title=facts["title"],
            slug=facts["slug"],
            published_at=self.moment(facts["published_on"]),
            author=self.authors[facts["author"]],
            excerpt=facts.get("excerpt", ""),
            featured_image=self.image(facts.get("featured_image"), alt),
            featured_alt=alt,
            is_sticky=facts.get("sticky", False),
            comments_open=facts.get("comments_open", True),
        )
        original = self.posts.get(facts.get("translation_of", ""))
        if original is not None:
            post = as_translation(post, original)
        post.body = self.body(post, document)
        make_page(
            index,
            post,
            user=self.authors[facts["author"]],
            terms={
                "categories": Category.objects.filter(slug__in=facts.get("categories", [])),
                "tags": Tag.objects.filter(slug__in=facts.get("tags", [])),
            },
        )
        self.posts[facts["slug"]] = post

    def make_policies(self, english: HomePage, chinese: HomePage) -> None:
        for folder in sorted((CONTENT / "policies").iterdir()):
            versions = sorted(folder.glob("v*.en.md"), key=lambda path: path.name)
            for path in versions:
                page = self.publish_policy(english, folder.name, path, None)
                translated = path.with_name(path.name.replace(".en.md", f".{CHINESE}.md"))
                if translated.exists():
                    self.publish_policy(chinese, folder.name, translated, page)

    def publish_policy(
        self, home: HomePage, kind: str, path: Path, translation_of: PolicyPage | None
    ) -> PolicyPage:
        document = read_document(path)
        facts = document.facts
        is_coming = facts.get("is_announced", False)
        effective_at = self.moment(facts["effective_at"])
        if is_coming:
            effective_at = next_such_day(effective_at, datetime.now(effective_at.tzinfo))
        page, _ = publish_policy(
            parent=home,
            kind=kind,
            title=facts["title"],
            slug=facts["slug"],
            clauses=read_policy(document.text, "markdown"),
            summary=facts["summary"],
            updated_on=self.moment(facts["updated_on"]).date(),
            effective_at=effective_at,
            material=facts.get("material", []),
            reduces_rights=facts.get("reduces_rights", False),
            acceptance=facts.get("acceptance", "none"),
            # The demo's past is written down afterwards, and says so.
            is_recorded_later=not is_coming,
            translation_of=translation_of,
        )
        return page

    def make_agreements(self) -> None:
        """Have the team agree to what registering asks for; the member is asked at sign-in."""
        gate = acceptance_gate.get()
        for user in User.objects.filter(username__in=TEAM):
            person = Person.of(user)
            required = gate.required("register", locale=settings.LANGUAGE_CODE, person=person)
            gate.record(
                [(each.document, each.number) for each in required],
                person=person, locale=settings.LANGUAGE_CODE, surface="registration",
            )  # fmt: skip

    def make_products(self) -> None:
        listed = tomllib.loads((CONTENT / "products.toml").read_text(encoding="utf-8"))["products"]
        for position, product in enumerate(listed):
            alt = product.get("image_alt", "")
            Product.objects.create(
                slug=product["slug"],
                name=product["name"],
                description=product["description"],
                price_minor=product["price_minor"],
                currency=product.get("currency", "GBP"),
                image=self.image(product.get("image"), alt),
                image_alt=alt,
                stock=product["stock"],
                position=position,
            )

    def make_menu(self, english: HomePage, chinese: HomePage) -> None:
        for home, items in ((english, self.site["menu"]), (chinese, self.site["menu_zh"])):
            for position, item in enumerate(items):
                MenuItem.objects.create(
                    locale=home.locale,
                    label=item["label"],
                    url=item["target"],
                    position=position,
                )

    def make_comments(self) -> None:
        listed = tomllib.loads((CONTENT / "comments.toml").read_text(encoding="utf-8"))["comments"]
        kind = ContentType.objects.get_for_model(PostPage)
        made: dict[str, int] = {}
        for item in listed:
            post = self.posts[item["post"]]
            comment = store_imported(
                VisitorComment(
                    content_type=kind,
                    object_pk=str(post.pk),
                    site_id=settings.SITE_ID,
                    user_name=item["author_name"],
                    user_email=item.get("author_email", ""),
                    user_url=item.get("author_url", ""),
                    comment=item["text"],
                    submit_date=self.moment(item["at"]),
                    ip_address=item.get("ip"),
                    target_id=post.pk,
                    user_agent=item.get("user_agent", ""),
                    language=post.locale.language_code,
                    channel="import",
                    ip_hash=hash_of(item.get("ip", ""), self.moment(item["at"]).date()),
                    # Spam and trash are there to be seen for as long as those of today.
                    imported_at=timezone.now() if item.get("state") in {"spam", "trash"} else None,
                ),
                parent_id=made.get(item.get("parent", ""), 0),
                status=item.get("state", "approved"),
            )
            made[item["key"]] = comment.pk


def years_to_go_back(written_on: date, today: date) -> int:
    """Return by how many years a clock is behind the day on which the demo was written."""
    years = 0
    while written_on.replace(year=written_on.year - years) > today:
        years += 1
    return years


def next_such_day(moment: datetime, now: datetime) -> datetime:
    """Return the first moment of this day and month that can still be announced in good time."""
    earliest = now + timedelta(days=settings.POLICIES_NOTICE_DAYS + 30)
    while moment < earliest:
        moment = moment.replace(year=moment.year + 1)
    return moment
