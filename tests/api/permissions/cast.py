"""Who asks, and what is asked for: an account of every role, and content of everyone's."""

import base64
import json
import re
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from accounts.models import User
from accounts.roles import ADMINISTRATOR, groups_of_roles
from accounts.services import create_application_password, create_user
from core.generations import Kept

NAMED = re.compile(r"\{([a-z]+\.[a-z.]+)\}")
PATHS = {
    "post": "posts", "page": "pages", "block": "blocks", "media": "media",
    "comment": "comments", "category": "categories", "tag": "tags", "menu": "menus",
    "menuitem": "menu-items",
}  # fmt: skip
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
# What a comment of a name lies below; `onown` is somebody else's below one's own post.
BELOW = {
    "own": "post.others.publish", "others": "post.others.publish", "onown": "post.own.publish",
    "private": "post.others.private", "draft": "post.others.draft",
    "password": "post.others.password",
}  # fmt: skip


class Cast:
    """The accounts, and the content that a request names, made when it is first named.

    `{post.own.draft}` is a draft of the account that asks, `{post.others.draft}` one of `other`,
    who is an author. `boss` is the administrator who makes everything.
    """

    def __init__(self, client: Client, role: str) -> None:
        self.client = client
        self.numbers: dict[str, Any] = {}
        self.headers: dict[str, dict[str, str]] = {"anonymous": {}}
        self.join("boss", ADMINISTRATOR)
        self.join("other", "author")
        self.join("silent", "subscriber")
        if role != "anonymous":
            self.join("me", role)
        self.role = "anonymous" if role == "anonymous" else "me"

    def join(self, name: str, role: str) -> None:
        user: User = create_user(
            username=f"the-{name}", email=f"{name}@example.org", password="a long one 7",
            display_name=name, groups=groups_of_roles([role]),
            is_superuser=role == ADMINISTRATOR, is_staff=role == ADMINISTRATOR,
        )  # fmt: skip
        self.numbers[f"user.{name}"] = user.pk
        password = create_application_password(user, "tests")[1]
        token = base64.b64encode(f"{user.username}:{password}".encode()).decode()
        self.headers[name] = {"Authorization": f"Basic {token}"}

    def ask(self, method: str, path: str, body: Any = None) -> HttpResponseBase:
        """Ask as the role does, and take back whatever came of it."""
        path, body = self.filled(path), self.filled(body)
        with transaction.atomic():
            answer = self.send(self.role, method, path, body)
            transaction.set_rollback(True)
        cache.clear()
        Kept.forget_all()
        return answer

    def send(self, who: str, method: str, path: str, body: Any = None) -> HttpResponseBase:
        data = b"" if body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if body is None else "application/json"
        return self.client.generic(
            method, f"/wp-json{path}", data, content_type=kind, headers=self.headers[who]
        )

    def filled(self, value: Any) -> Any:
        """Return a path or a body with the numbers of the things that it names."""
        if isinstance(value, dict):
            return {key: self.filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner) for inner in value]
        if not isinstance(value, str):
            return value
        if (whole := NAMED.fullmatch(value)) is not None:
            return self.number(whole[1])
        return NAMED.sub(lambda found: str(self.number(found[1])), value)

    def number(self, name: str) -> Any:
        if name not in self.numbers:
            kind, *rest = name.split(".")
            self.numbers[name] = getattr(self, f"make_{kind}")(*rest)
        return self.numbers[name]

    def make(self, path: str, who: str = "boss", **body: Any) -> dict[str, Any]:
        answer = self.send(who, "POST", f"/wp/v2/{path}", body)
        assert answer.status_code in (200, 201), (path, body, answer.content)
        return answer.json()

    def owner(self, whose: str) -> str:
        return "me" if whose == "own" else "other"

    def make_entry(self, kind: str, whose: str, state: str) -> int:
        fields: dict[str, Any] = {"status": state}
        if state in {"password", "trash", "closed"}:
            fields["status"] = "publish"
        if state == "password":
            fields["password"] = "secret"
        if state == "closed":
            fields["comment_status"] = "closed"
        author = self.number(f"user.{self.owner(whose)}")
        made = self.make(PATHS[kind], title=f"{whose} {state}", content="Words.", author=author,
                         **fields)  # fmt: skip
        if state == "trash":
            self.send("boss", "DELETE", f"/wp/v2/{PATHS[kind]}/{made['id']}")
        return made["id"]

    def make_post(self, whose: str, state: str) -> int:
        return self.make_entry("post", whose, state)

    def make_page(self, whose: str, state: str) -> int:
        return self.make_entry("page", whose, state)

    def make_revision(self, kind: str, whose: str) -> int:
        path = f"{PATHS[kind]}/{self.number(f'{kind}.{whose}.publish')}"
        self.make(path, content="Other words.")
        return self.send("boss", "GET", f"/wp/v2/{path}/revisions").json()[0]["id"]

    def make_media(self, whose: str) -> int:
        answer = self.client.post(
            "/wp-json/wp/v2/media", DOT, content_type="image/png",
            headers={**self.headers["boss"],
                     "Content-Disposition": "attachment; filename=dot.png"},
        )  # fmt: skip
        made = answer.json()["id"]
        self.make(f"media/{made}", author=self.number(f"user.{self.owner(whose)}"))
        return made

    def make_comment(self, where: str, state: str) -> int:
        post = self.number(BELOW[where].replace("draft", "publish"))
        if where == "draft":
            # Nobody comments on a draft: it was public once.
            post = self.make_post("others", "publish")
        author = self.number("user.me" if where == "own" else "user.other")
        made = self.make("comments", post=post, content=f"Said {where} {state}.", author=author,
                         date_gmt="2026-01-02T03:04:05", author_name="m",
                         author_email="m@example.org")["id"]  # fmt: skip
        if where == "draft":
            self.make(f"posts/{post}", status="draft")
        if state == "trash":
            self.send("boss", "DELETE", f"/wp/v2/comments/{made}")
        else:
            self.make(f"comments/{made}", status="approve" if state == "approved" else state)
        return made

    def make_term(self, kind: str) -> int:
        return self.make(PATHS[kind], name="Kettles")["id"]

    def make_menu(self, name: str) -> int:
        return self.make("menus", name=f"Menu {name}")["id"]

    def make_menuitem(self, name: str) -> int:
        return self.make("menu-items", title=name, url="https://example.org/", type="custom",
                         status="publish", menus=self.number("menu.one"))["id"]  # fmt: skip

    def make_block(self, whose: str, state: str) -> int:
        return self.make("blocks", title=whose, content="Words.", status=state)["id"]

    def make_password(self, whose: str) -> str:
        path = f"users/{self.number(f'user.{whose}')}/application-passwords"
        return self.make(path, name="phone")["uuid"]
