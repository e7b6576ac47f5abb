"""Who asks, and what is asked for: an account of every role, and content of everyone's."""

import base64
import json
import re
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client

from accounts.models import User
from accounts.roles import ADMINISTRATOR, groups_of_roles
from accounts.services import create_application_password, create_user

ROLES = ("anonymous", "subscriber", "contributor", "author", "editor", "administrator")
READING = ("GET", "HEAD", "OPTIONS")
NAMED = re.compile(r"\{([a-z]+(?:\.[a-z]+)*)\}")
PATHS = {
    "post": "posts", "page": "pages", "block": "blocks", "media": "media",
    "comment": "comments", "category": "categories", "tag": "tags", "menu": "menus",
    "menuitem": "menu-items",
}  # fmt: skip
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
# What a comment or a picture of a name lies below; `onown` is somebody else's below one's own post.
BELOW = {
    "own": "post.others.publish", "others": "post.others.publish", "onown": "post.own.publish",
    "private": "post.others.private", "draft": "post.others.draft",
    "password": "post.others.password", "ondraft": "post.others.draft",
    "onprivate": "post.others.private",
}  # fmt: skip
HIDING = {"private": {"status": "private"}, "draft": {"status": "draft"},
          "password": {"password": "secret"}}  # fmt: skip


class NobodyError(LookupError):
    """A request names something of one's own, and the one who asks has no account."""


class Cast:
    """The accounts, and the content that requests name, made when it is first named.

    `{post.own.draft}` is a draft of the account of `role`, `{post.others.draft}` one of `other`,
    who is an author. `boss` is an administrator, who makes everything.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.role = "anonymous"
        self.numbers: dict[str, Any] = {"site": settings.SITE_URL}
        self.headers: dict[str, dict[str, str]] = {"anonymous": {}}
        for name, role in (("boss", ADMINISTRATOR), ("other", "author"), ("silent", "subscriber"),
                           *((role, role) for role in ROLES[1:])):  # fmt: skip
            self.join(name, role)

    def join(self, name: str, role: str) -> None:
        user: User = create_user(
            username=f"the-{name}", email=f"{name}@example.org", password="a long one 7",
            display_name=f"the-{name}", groups=groups_of_roles([role]),
            is_superuser=role == ADMINISTRATOR, is_staff=role == ADMINISTRATOR,
        )  # fmt: skip
        row, password = create_application_password(user, "tests")
        self.numbers |= {f"user.{name}": user.pk, f"password.{name}": str(row.uuid)}
        token = base64.b64encode(f"{user.username}:{password}".encode()).decode()
        self.headers[name] = {"Authorization": f"Basic {token}"}

    def make_all(self, names: set[str]) -> None:
        """Make all that is named, so that lists answer the same whatever is asked first."""
        for self.role in ROLES:
            for name in sorted(names):
                if not (self.role == "anonymous" and is_own(name)):
                    self.number(name)
        self.role = "anonymous"

    def ask(self, method: str, path: str, body: Any = None) -> HttpResponseBase:
        """Ask as the role does, and take back whatever came of it."""
        path, body = self.filled(path), self.filled(body)
        with transaction.atomic():
            answer = self.send(self.role, method, path, body)
            if method not in READING:
                transaction.set_rollback(True)
        if method not in READING:
            cache.clear()
        return answer

    def send(self, who: str, method: str, path: str, body: Any = None) -> HttpResponseBase:
        headers, kind = dict(self.headers[who]), "application/json"
        if body is None:
            data, kind = b"", "application/octet-stream"
        elif "upload" in body:
            data, kind = DOT, "image/png"
            headers["Content-Disposition"] = f"attachment; filename={body['upload']}"
        else:
            data = json.dumps(body).encode()
        return self.client.generic(
            method, f"/wp-json{path}", data, content_type=kind, headers=headers
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
        if is_own(name) and self.role == "anonymous":
            raise NobodyError(name)
        kind, *rest = name.split(".")
        if rest == ["me"]:
            return self.numbers[f"{kind}.{self.role}"]
        key = f"{self.role} {name}" if is_own(name) else name
        if key not in self.numbers:
            self.numbers[key] = getattr(self, f"make_{kind}")(*rest)
        return self.numbers[key]

    def make(self, path: str, who: str = "boss", **body: Any) -> dict[str, Any]:
        answer = self.send(who, "POST", f"/wp/v2/{path}", body)
        assert answer.status_code in (200, 201), (path, body, answer.content)
        return answer.json()

    def owner(self, whose: str) -> str:
        return self.role if whose == "own" else "other"

    def make_entry(self, kind: str, whose: str, state: str) -> int:
        fields: dict[str, Any] = {"status": state, "date": "2026-01-01T10:00:00"}
        if state in {"password", "trash", "closed"}:
            fields["status"] = "publish"
        if state == "password":
            fields["password"] = "secret"
        if state == "closed":
            fields["comment_status"] = "closed"
        if state == "future":
            fields["date"] = "2031-01-01T10:00:00"
        author = self.numbers[f"user.{self.owner(whose)}"]
        made = self.make(PATHS[kind], title=f"{whose} {state}", content="Words.", author=author,
                         **{"comment_status": "open", **fields})  # fmt: skip
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

    def make_autosave(self, kind: str, whose: str) -> int:
        above = self.number(f"{kind}.{whose}.publish")
        return self.make(f"{PATHS[kind]}/{above}/autosaves", content="Unsaved.")["id"]

    def make_media(self, whose: str) -> int:
        answer = self.send("boss", "POST", "/wp/v2/media", {"upload": "dot.png"})
        made = answer.json()["id"]
        below = {"post": self.number(BELOW[whose])} if whose.startswith("on") else {}
        author = self.numbers[f"user.{self.owner(whose)}"]
        self.make(f"media/{made}", title=whose, author=author, **below)
        return made

    def make_comment(self, where: str, state: str) -> int:
        post = self.number(BELOW[where])
        # Nobody comments on what is not public: it was public once.
        if where in HIDING:
            self.make(f"posts/{post}", status="publish", password="")
        made = self.make("comments", post=post, content=f"Said {where} {state} by {self.role}.",
                         date_gmt="2026-01-02T03:04:05", author_name="m",
                         author_email="m@example.org")["id"]  # fmt: skip
        if where in HIDING:
            self.make(f"posts/{post}", **HIDING[where])
        status = {"approved": "approve"}.get(state, state)
        author = self.numbers[f"user.{self.owner(where)}"]
        self.make(f"comments/{made}", author=author, status=status)
        return made

    def make_term(self, kind: str) -> int:
        return self.make(PATHS[kind], name="Kettles")["id"]

    def make_menu(self, name: str) -> int:
        return self.make("menus", name=f"Menu {name}")["id"]

    def make_menuitem(self, name: str) -> int:
        return self.make("menu-items", title=name, url="https://example.org/", type="custom",
                         status="publish", menus=self.number("menu.one"))["id"]  # fmt: skip

    def make_block(self, whose: str, state: str) -> int:
        return self.make("blocks", title=f"{whose} {state}", content="Words.", status=state)["id"]


def is_own(name: str) -> bool:
    return not {"own", "onown", "me"}.isdisjoint(name.split("."))
