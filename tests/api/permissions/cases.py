"""What is asked in every role: each method of every route, for things of everyone in every state.

`{post.own.draft}` stands for the number of a draft of the account that asks, `{post.others.draft}`
for that of another author's. POST, PUT and PATCH of one thing are one endpoint, there and here:
each is asked for one thing of a kind, and POST alone for the others.

Run as a program this writes all requests for record.php, which asks a WordPress.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

Case = tuple[str, str, Any]
NOWHERE = 99999999
STATES = ("publish", "draft", "pending", "private", "future", "password", "trash")
LISTED = ("publish", "draft", "pending", "private", "future", "trash", "any")
OWNERS = ("own", "others")
PEOPLE = ("me", "other", "boss", "silent")
TERMS = {"categories": "term.category", "tags": "term.tag"}
# Of which a site that has no themes as WordPress has them answers that there are none.
NAMED = {
    "templates": {"slug": "x", "title": "x"}, "template-parts": {"slug": "x", "area": "header"},
    "themes": {}, "plugins": {"slug": "no-such"}, "sidebars": {"widgets": []},
    "widgets": {"id_base": "block", "sidebar": "no-such"}, "widget-types": {},
}  # fmt: skip


def read(path: str, *queries: str) -> Iterator[Case]:
    """Yield GET of a path, by itself and in the context of editing, and with each query."""
    for query in ("", "context=edit", *queries):
        glue = "&" if "?" in path else "?"
        yield "GET", f"{path}{glue}{query}" if query else path, None


def ask(method: str, path: str, *bodies: Any) -> Iterator[Case]:
    for body in bodies or (None,):
        yield method, path, body


def every_method(path: str, body: Any) -> Iterator[Case]:
    """Yield each method once, so that also those are asked that a route does not have."""
    yield from read(path)
    for method in ("HEAD", "OPTIONS", "DELETE"):
        yield from ask(method, path)
    for method in ("POST", "PUT", "PATCH"):
        yield from ask(method, path, body)


def every_item(path: str, body: Any) -> Iterator[Case]:
    """Yield each method for a thing, and what may be asked of one that is not there."""
    yield from every_method(path, body)
    yield from ask("DELETE", f"{path}?force=true")
    yield from item(f"{path.rpartition('/')[0]}/{NOWHERE}", body)


def item(path: str, body: Any, *more: Any) -> Iterator[Case]:
    """Yield what may be done to one thing of which another one is asked with every method."""
    yield from read(path)
    yield from ask("OPTIONS", path)
    yield from ask("POST", path, body, *more)
    yield from ask("DELETE", f"{path}?force=true")


def lists(path: str, *queries: str) -> Iterator[Case]:
    whole = [f"{query}&per_page=100" for query in queries]
    yield from read(path, "context=embed", "context=nonsense", "per_page=0", "page=99",
                    "orderby=nonsense", *whole)  # fmt: skip
    for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
        yield from ask(method, path)


def entries(kind: str) -> Iterator[Case]:
    base, words = f"/wp/v2/{kind}s", {"title": "New words"}
    chosen = [f"status={state}" for state in LISTED]
    yield from lists(
        base, *chosen, "status=any&context=edit", "status=draft&context=edit", "status=nonsense",
        "status=publish,draft", "author={user.me}", "author={user.other}", "search=private",
        "search=draft", "order=asc", "context=edit",
        f"include={{{kind}.others.draft}}", f"include={{{kind}.others.private}}",
        f"include={{{kind}.own.draft}}&status=any", "slug=no-such",
    )  # fmt: skip
    states = [{"status": state} for state in
              ("publish", "draft", "pending", "private", "trash", "nonsense")]  # fmt: skip
    changes = (
        {"author": "{user.other}"}, {"author": "{user.boss}"}, {"author": NOWHERE},
        {"password": "secret"}, {"date": "2031-01-01T00:00:00", "status": "publish"},
        {"slug": "new-words"}, {"comment_status": "closed"}, {"featured_media": NOWHERE},
        {"featured_media": "{media.others}"}, {"template": "no-such.php"},
        {"date": "nonsense"}, {"parent": NOWHERE} if kind == "page" else {"sticky": True},
        {"parent": "{page.others.publish}"} if kind == "page" else {
            "categories": ["{term.category}"], "tags": ["{term.tag}"]},
    )  # fmt: skip
    for change in ({}, *states, *changes):
        yield from ask("POST", base, {**words, **change})
    yield from ask("POST", base, {}, {"title": "x", "id": f"{{{kind}.others.publish}}"})
    for owner in OWNERS:
        for state in STATES:
            one = f"{base}/{{{kind}.{owner}.{state}}}"
            yield from item(one, words, {"status": "publish"})
            yield from ask("DELETE", one)
        one = f"{base}/{{{kind}.{owner}.publish}}"
        for change in changes:
            yield from ask("POST", one, change)
        yield from ask("POST", one, *states, {})
        for query in ("password=secret", "password=wrong", "password=secret&context=edit"):
            yield from ask("GET", f"{base}/{{{kind}.{owner}.password}}?{query}")
    yield from every_item(f"{base}/{{{kind}.others.publish}}", words)
    other = {"post": "page", "page": "post"}[kind]
    for strange in (f"{{{other}.others.publish}}", f"{{{other}.others.draft}}"):
        yield from item(f"{base}/{strange}", words)


def histories(kind: str) -> Iterator[Case]:
    base = f"/wp/v2/{kind}s"
    for owner in OWNERS:
        for state in STATES:
            above = f"{base}/{{{kind}.{owner}.{state}}}"
            yield from ask("GET", f"{above}/revisions")
            yield from ask("GET", f"{above}/autosaves")
            yield from ask("POST", f"{above}/autosaves", {"title": "Kept words"})
        above, key = f"{base}/{{{kind}.{owner}.publish}}", f"{{revision.{kind}.{owner}}}"
        yield from item(f"{above}/revisions/{key}", {"title": "x"})
        unsaved = f"{above}/autosaves/{{autosave.{kind}.{owner}}}"
        yield from item(unsaved, {"title": "x"})
    above = f"{base}/{{{kind}.others.publish}}"
    yield from every_method(f"{above}/revisions", {"title": "x"})
    yield from every_method(f"{above}/revisions/{{revision.{kind}.others}}", {"title": "x"})
    yield from item(f"{above}/revisions/{NOWHERE}", {"title": "x"})
    yield from every_method(f"{above}/autosaves", {"title": "x"})
    yield from every_method(f"{above}/autosaves/{{autosave.{kind}.others}}", {"title": "x"})
    yield from item(f"{above}/autosaves/{NOWHERE}", {"title": "x"})
    # A revision of one entry is not found below another one.
    strange = f"{base}/{{{kind}.own.publish}}/revisions/{{revision.{kind}.others}}"
    yield from item(strange, {"title": "x"})
    for part in ("revisions", "autosaves"):
        yield from item(f"{base}/{NOWHERE}/{part}", {"title": "x"})


def media() -> Iterator[Case]:
    base, words = "/wp/v2/media", {"title": "New words"}
    yield from lists(
        base, "status=inherit", "status=private", "status=trash", "status=any", "status=draft",
        "author={user.me}", "author={user.other}", "parent={post.others.draft}",
        "parent={post.others.private}", "media_type=nonsense", "search=ondraft",
        "include={media.ondraft}",
    )  # fmt: skip
    yield from ask("POST", base, None, {}, words, {"upload": "dot.png"})
    yield from ask("POST", f"{base}?post={{post.others.publish}}", {"upload": "dot.png"})
    yield from ask("POST", f"{base}?post={{post.own.draft}}", {"upload": "dot.png"})
    yield from ask("POST", f"{base}?post={NOWHERE}", {"upload": "dot.png"})
    for name in ("own", "ondraft", "onprivate"):
        yield from item(f"{base}/{{media.{name}}}", words)
    yield from every_item(f"{base}/{{media.others}}", words)
    for name in ("own", "others"):
        for change in ({"author": "{user.other}"}, {"author": "{user.boss}"}, {"alt_text": "a"},
                       {"post": "{post.others.publish}"}, {"post": "{post.own.draft}"},
                       {"post": NOWHERE}, {"status": "nonsense"},
                       {"status": "private"}):  # fmt: skip
            yield from ask("POST", f"{base}/{{media.{name}}}", change)
    sizes, turn = {"action": "create-image-subsizes"}, {"src": "/no-such.png", "rotation": 90}
    for deed, body in (("post-process", sizes), ("edit", turn)):
        yield from every_method(f"{base}/{{media.others}}/{deed}", body)
        for name in ("media.own", "media.ondraft", str(NOWHERE)):
            number = name if name.isdigit() else f"{{{name}}}"
            yield from ask("POST", f"{base}/{number}/{deed}", body, {})


def comments() -> Iterator[Case]:
    base, words = "/wp/v2/comments", {"content": "Other words."}
    yield from lists(
        base, *(f"status={state}" for state in ("approve", "hold", "spam", "trash", "all")),
        "status=hold&context=edit", "author={user.me}", "author={user.other}",
        "author_exclude={user.other}", "author_email=m@example.org", "type=pingback",
        *(f"post={{post.others.{state}}}" for state in STATES), f"post={NOWHERE}",
        "post={post.own.publish}", "post={post.others.password}&password=secret",
        "include={comment.others.hold}", "include={comment.draft.approved}",
        "include={comment.private.approved}", "include={comment.password.approved}",
        "search=draft", "search=private", "parent={comment.others.approved}",
    )  # fmt: skip
    for owner in OWNERS:
        for state in STATES:
            said = {"post": f"{{post.{owner}.{state}}}", "content": "Words."}
            yield from ask("POST", base, said)
    said = {"post": "{post.others.publish}", "content": "Words."}
    yield from ask(
        "POST", base, {}, {"content": "Words."}, {"post": NOWHERE, "content": "Words."},
        {"post": "{post.others.publish}"}, {**said, "content": ""},
        {**said, "post": "{media.others}"},
        *({**said, **more} for more in (
            {"author": "{user.other}"}, {"author": "{user.me}"}, {"author": NOWHERE},
            {"author_name": "m", "author_email": "m@example.org"}, {"author_email": "nonsense"},
            {"author_name": "m"}, {"author_ip": "192.0.2.1"}, {"status": "approve"},
            {"status": "hold"}, {"type": "pingback"}, {"date": "2026-01-02T03:04:05"},
            {"parent": "{comment.others.approved}"}, {"parent": NOWHERE},
            {"id": "{comment.others.approved}"},
        )),
        {"post": "{post.others.closed}", "content": "Words."},
        {"post": "{page.others.publish}", "content": "Words."},
    )  # fmt: skip
    for where in ("own", "others", "onown"):
        for state in ("approved", "hold", "spam", "trash"):
            one = f"{base}/{{comment.{where}.{state}}}"
            yield from item(one, words, {"status": "approve"})
            yield from ask("DELETE", one)
    for where in ("private", "draft", "password"):
        for state in ("approved", "hold"):
            yield from item(f"{base}/{{comment.{where}.{state}}}", words)
    yield from ask("GET", f"{base}/{{comment.password.approved}}?password=secret")
    yield from ask("GET", f"{base}/{{comment.password.approved}}?password=wrong")
    for where in ("own", "others"):
        for change in ({"author": "{user.boss}"}, {"author": NOWHERE}, {"author_name": "m"},
                       {"post": "{post.others.private}"}, {"post": NOWHERE}, {"content": ""},
                       {"type": "pingback"}, {"date": "2026-01-02T03:04:05"}, {"parent": NOWHERE},
                       {"author_ip": "192.0.2.1"}, {"status": "nonsense"}, {}):  # fmt: skip
            yield from ask("POST", f"{base}/{{comment.{where}.approved}}", change)
    yield from every_item(f"{base}/{{comment.others.approved}}", words)


def users() -> Iterator[Case]:
    base, words = "/wp/v2/users", {"description": "New words"}
    made = {"username": "new-one", "email": "new@example.org", "password": "a long one 7"}
    yield from lists(
        base, "roles=editor", "roles=nonsense", "capabilities=edit_posts", "who=authors",
        "orderby=email", "orderby=registered_date", "orderby=slug", "search=the-silent",
        "has_published_posts=true", "has_published_posts=post", "include={user.silent}",
        "search=silent@example.org",
    )  # fmt: skip
    yield from ask("POST", base, {}, {"username": "new-one"}, made,
                   {**made, "roles": ["administrator"]}, {**made, "roles": ["nonsense"]},
                   {**made, "email": "nonsense"}, {**made, "email": "other@example.org"},
                   {**made, "username": "the-other"})  # fmt: skip
    changes = (
        {"roles": ["administrator"]}, {"roles": ["subscriber"]}, {"roles": ["nonsense"]},
        {"roles": []}, {"name": "New name"}, {"username": "another"}, {"email": "nonsense"},
        {"email": "other@example.org"}, {"password": "another long one 8"},
    )  # fmt: skip
    for name in (f"{{user.{person}}}" for person in PEOPLE):
        yield from item(f"{base}/{name}", words)
        for heir in ("{user.other}", "{user.boss}", NOWHERE, "false"):
            yield from ask("DELETE", f"{base}/{name}?force=true&reassign={heir}")
    for name in ("me", "{user.me}", "{user.silent}"):
        for change in changes:
            yield from ask("POST", f"{base}/{name}", change)
    yield from ask("DELETE", f"{base}/me?force=true&reassign={{user.other}}")
    yield from ask("DELETE", f"{base}/me?force=true&reassign={NOWHERE}")
    for name in ("me", "{user.other}"):
        yield from every_method(f"{base}/{name}", words)
    yield from item(f"{base}/{NOWHERE}", words)


def application_passwords() -> Iterator[Case]:
    words = {"name": "tablet"}
    for name in ("me", "{user.other}", NOWHERE):
        base = f"/wp/v2/users/{name}/application-passwords"
        yield from every_method(base, words)
        yield from item(f"{base}/{NOWHERE}", words)
        yield from every_method(f"{base}/introspect", words)
    for name in PEOPLE:
        base = f"/wp/v2/users/{{user.{name}}}/application-passwords"
        yield from item(base, words)
        yield from item(f"{base}/{{password.{name}}}", words)
    yield from every_method(f"{base}/{{password.silent}}", words)
    yield from item("/wp/v2/users/{user.other}/application-passwords/{password.silent}",
                    {"name": "tablet"})  # fmt: skip


def terms() -> Iterator[Case]:
    for name, key in TERMS.items():
        base, words = f"/wp/v2/{name}", {"description": "New words"}
        yield from lists(
            base, "post={post.others.publish}", "post={post.others.draft}", "post={post.own.draft}",
            "post={post.others.private}", "post={post.others.password}", "post={post.others.trash}",
            f"post={NOWHERE}", "hide_empty=true", "search=kettles", f"include={{{key}}}",
            "slug=kettles",
        )  # fmt: skip
        yield from ask("POST", base, {}, {"name": "New one"}, {"name": "New one", "slug": "a b"},
                       {"name": "New one", "parent": NOWHERE}, {"name": "Kettles"},
                       {"name": "New one", "parent": "{term.category}"})  # fmt: skip
        yield from every_item(f"{base}/{{{key}}}", words)
        yield from ask("POST", f"{base}/{{{key}}}", {"parent": NOWHERE}, {"name": "Pots"})
    yield from item("/wp/v2/tags/{term.category}", {"name": "Pots"})
    yield from item("/wp/v2/categories/{term.tag}", {"name": "Pots"})


def menus() -> Iterator[Case]:
    base, words = "/wp/v2/menus", {"description": "New words"}
    yield from lists(base, "search=nonsense", "include={menu.one}")
    yield from ask("POST", base, {}, {"name": "New one"}, {"name": "Menu one"},
                   {"name": "New one", "locations": ["no-such"]})  # fmt: skip
    yield from every_item(f"{base}/{{menu.one}}", words)
    yield from item(f"{base}/{{term.category}}", words)
    base, words = "/wp/v2/menu-items", {"title": "New words"}
    yield from lists(base, "menus={menu.one}", "status=draft", "include={menuitem.one}")
    made = {"title": "x", "url": "https://example.org/", "type": "custom", "status": "publish"}
    yield from ask("POST", base, {}, made, {**made, "menus": "{menu.one}"},
                   {**made, "menus": NOWHERE}, {**made, "status": "nonsense"})  # fmt: skip
    yield from every_item(f"{base}/{{menuitem.one}}", words)
    base = "/wp/v2/menu-locations"
    for path in (base, f"{base}/primary"):
        yield from every_method(path, {"menu": "{menu.one}"})
    yield from read(f"{base}/no-such")


def blocks() -> Iterator[Case]:
    base, words = "/wp/v2/blocks", {"title": "New words"}
    yield from lists(base, "status=draft", "status=any", "status=trash", "search=own",
                     "include={block.others.draft}", "status=draft&context=edit")  # fmt: skip
    made = {"title": "x", "content": "y"}
    yield from ask("POST", base, {}, made, {**made, "status": "publish"},
                   {**made, "status": "draft"}, {**made, "status": "nonsense"})  # fmt: skip
    for owner in OWNERS:
        for state in ("publish", "draft"):
            yield from item(f"{base}/{{block.{owner}.{state}}}", words, {"status": "publish"})
    yield from every_item(f"{base}/{{block.others.publish}}", words)
    yield from ask("DELETE", f"{base}/{{block.own.publish}}")


def descriptions() -> Iterator[Case]:
    for base, names in {
        "taxonomies": ("category", "post_tag", "nav_menu", "no-such"),
        "types": ("post", "page", "attachment", "wp_block", "nav_menu_item", "no-such"),
        "statuses": ("publish", "draft", "private", "trash", "no-such"),
        "block-types": ("core/paragraph", "core", "no-such", "core/no-such", "no-such/paragraph"),
        "block-patterns": ("patterns", "categories"),
    }.items():
        if base != "block-patterns":
            yield from every_method(f"/wp/v2/{base}", {"name": "x"})
        for name in names:
            yield from read(f"/wp/v2/{base}/{name}")
        yield from every_method(f"/wp/v2/{base}/{names[0]}", {"name": "x"})
        yield from ask("OPTIONS", f"/wp/v2/{base}/{names[-1]}")
    yield from ask("GET", "/wp/v2/taxonomies?type=post")
    yield from ask("GET", "/wp/v2/taxonomies?type=nonsense")


def looks() -> Iterator[Case]:
    for name, body in NAMED.items():
        yield from every_method(f"/wp/v2/{name}", body)
        yield from every_method(f"/wp/v2/{name}/no-such", body)
    for name in ("templates", "template-parts"):
        yield from item(f"/wp/v2/{name}/no-such//no-such", {"title": "x"})
    yield from read("/wp/v2/themes", "status=active", "status=inactive", "status=nonsense")
    yield from ask("GET", "/wp/v2/plugins?status=active")
    yield from item("/wp/v2/plugins/no-such/no-such", {"status": "active"})
    yield from ask("POST", "/wp/v2/sidebars/no-such", {"widgets": ["no-such"]})
    base = "/wp/v2/navigation"
    yield from lists(base, "status=draft", "status=publish", "status=any")
    yield from ask("POST", base, {}, {"title": "x"}, {"title": "x", "status": "publish"})
    yield from every_method(f"{base}/{NOWHERE}", {"title": "x"})


def settings() -> Iterator[Case]:
    yield from every_method("/wp/v2/settings", {"title": "Another name"})
    yield from ask(
        "POST", "/wp/v2/settings", {"posts_per_page": 7}, {"posts_per_page": "nonsense"},
        {"default_comment_status": "nonsense"}, {"default_comment_status": "closed"},
        {"timezone": "Europe/Paris"}, {"no_such": 1}, {"email": "nonsense"},
    )  # fmt: skip


def searching() -> Iterator[Case]:
    yield from every_method("/wp/v2/search", {"search": "x"})
    for query in (
        "search=draft", "search=private", "search=publish", "search=password", "type=term",
        "type=term&page=99",
        "type=term&search=kettles", "type=post-format", "type=nonsense", "subtype=nonsense",
        "subtype=page", "subtype=post&search=trash", "per_page=0", "page=99",
        "include={post.others.draft}", "include={post.others.publish}", "type=term&subtype=tag",
    ):  # fmt: skip
        yield from ask("GET", f"/wp/v2/search?{query}")


def batches() -> Iterator[Case]:
    yield from every_method("/batch/v1", {"requests": []})
    inner = (
        {"path": "/wp/v2/posts", "method": "POST", "body": {"title": "x"}},
        {"path": "/wp/v2/posts", "method": "GET"},
        {"path": "/wp/v2/posts/{post.others.draft}", "method": "PUT", "body": {"title": "x"}},
        {"path": "/wp/v2/pages/{page.others.publish}?force=true", "method": "DELETE"},
        {"path": "/wp/v2/tags", "method": "POST", "body": {"name": "New one"}},
        {"path": "/wp/v2/users", "method": "POST", "body": {"username": "x"}},
        {"path": "/wp/v2/menus", "method": "POST", "body": {"name": "New one"}},
        {"path": "/wp/v2/no-such", "method": "POST"},
    )  # fmt: skip
    for one in inner:
        yield from ask("POST", "/batch/v1", {"requests": [one]})
    both = {"requests": [inner[0], inner[2]]}
    yield from ask("POST", "/batch/v1", both, {**both, "validation": "require-all-validate"},
                   {"requests": "nonsense"})  # fmt: skip


def others() -> Iterator[Case]:
    yield from every_method("/", {"x": 1})
    for path in ("/wp/v2", "/oembed/1.0", "/oembed/1.0/embed", "/oembed/1.0/proxy",
                 "/wp/v2/no-such"):  # fmt: skip
        yield from every_method(path, {"x": 1})
    for state in (*STATES, "closed"):
        for kind in ("post", "page"):
            if (kind, state) != ("page", "closed"):
                address = f"{{site}}/?p={{{kind}.others.{state}}}"
                yield from ask("GET", f"/oembed/1.0/embed?url={address}")
    yield from ask("GET", "/oembed/1.0/embed?url={site}/?p={post.own.draft}")
    yield from ask("GET", "/oembed/1.0/proxy?url={site}/?p={post.others.draft}")
    yield from ask("GET", "/oembed/1.0/proxy?url={site}/?p={post.others.publish}")
    yield from ask("GET", "/oembed/1.0/embed?url=https://elsewhere.example/")


def all_cases() -> Iterator[Case]:
    for kind in ("post", "page"):
        yield from entries(kind)
        yield from histories(kind)
    for part in (media, comments, users, application_passwords, terms, menus, blocks,
                 descriptions, looks, settings, searching, batches, others):  # fmt: skip
        yield from part()


def name_of(case: Case) -> str:
    method, path, body = case
    return f"{method} {path}" + ("" if body is None else f" {json.dumps(body)}")


def case_of(name: str) -> Case:
    method, path, *body = name.split(" ", 2)
    return method, path, json.loads(body[0]) if body else None


def by_name(cases: Iterable[Case]) -> dict[str, Case]:
    return {name_of(case): case for case in cases}


if __name__ == "__main__":
    json.dump([[name, *case] for name, case in by_name(all_cases()).items()], sys.stdout)
