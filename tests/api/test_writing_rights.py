"""Who may write what over wp/v2: every role, every route, every method, in WordPress's words."""

import pytest

from accounts.services import AUTHORS, CONTRIBUTORS, create_user
from pages.models import PostPage
from pages.services.writing import create_entry, trash_entry
from pages.statuses import status_of
from tests.api.test_writing import POSTS, Writer, error_of

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "subscriber", "contributor", "author", "editor", "administrator")
STATUSES = ("draft", "pending", "publish", "private", "trash")
# What WordPress 6.1's map_meta_cap lets each role do with posts of its own and of others.
OWN = {
    "contributor": {"draft", "pending", "private"},
    "author": set(STATUSES),
}
EVERYTHING = {"editor", "administrator"}


@pytest.fixture
def cast(editor, administrator, stranger, journal):
    def make(name, group):
        return create_user(username=name, email=f"{name}@example.org", password="pass",
                           display_name=name, groups=[group])  # fmt: skip

    return {
        "anonymous": None, "subscriber": stranger, "contributor": make("contributor", CONTRIBUTORS),
        "author": make("author", AUTHORS), "editor": editor, "administrator": administrator,
    }  # fmt: skip


def made(journal, user, status):
    entry = create_entry(PostPage, journal, user=user, title=f"{status} of {user.pk}",
                         status="publish" if status == "trash" else status)  # fmt: skip
    return trash_entry(entry, user=user) if status == "trash" else entry


@pytest.mark.parametrize("role", ROLES)
def test_who_changes_and_deletes_whose_post(role, cast, journal, client):
    me = cast[role]
    writer = Writer(client, me)
    owner = cast["editor"] if role != "editor" else cast["administrator"]
    refusal = 401 if me is None else 403
    for status in STATUSES:
        others = made(journal, owner, status)
        is_allowed = role in EVERYTHING
        path = f"{POSTS}/{others.pk}"
        for method in ("PUT", "PATCH", "POST"):
            answer = writer.send(method, path, {"excerpt": method})
            wanted = (200,) if is_allowed else (refusal, "rest_cannot_edit")
            assert outcome(answer) == wanted, (role, status, method)
        answer = writer.delete(f"{path}?force=true")
        assert outcome(answer) == ((200,) if is_allowed else (refusal, "rest_cannot_delete"))
        if me is None or role == "subscriber":
            continue
        own = made(journal, me, status)
        is_allowed = role in EVERYTHING or status in OWN[role]
        answer = writer.put(f"{POSTS}/{own.pk}", {"excerpt": "x"})
        assert outcome(answer) == ((200,) if is_allowed else (403, "rest_cannot_edit")), status
        answer = writer.delete(f"{POSTS}/{own.pk}?force=true")
        assert outcome(answer) == ((200,) if is_allowed else (403, "rest_cannot_delete")), status


def outcome(answer):
    return (answer.status_code,) if answer.status_code < 400 else error_of(answer)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", ["posts", "pages"])
def test_who_makes_which_status(role, kind, cast, client):
    me, path = cast[role], f"/wp-json/wp/v2/{kind}"
    writer = Writer(client, me)
    writes = role in EVERYTHING or (kind == "posts" and role in {"contributor", "author"})
    publishes = writes and role != "contributor"
    for status in ("draft", "pending", "publish", "private", "future"):
        answer = writer.post(path, {"title": "x", "status": status})
        if not writes:
            assert outcome(answer) == (401 if me is None else 403, "rest_cannot_create")
        elif publishes or status in {"draft", "pending"}:
            assert answer.status_code == 201
        else:
            assert outcome(answer) == (403, "rest_cannot_publish")
    allow = writer.send("OPTIONS", path).headers["Allow"]
    assert ("POST" in allow) is writes


def test_contributor_only_writes_drafts_of_their_own(cast, client, journal):
    writer, editor = Writer(client, cast["contributor"]), cast["editor"]
    made_of = writer.post(POSTS, {"title": "Mine", "content": "x", "slug": "chosen"}).json()["id"]
    path = f"{POSTS}/{made_of}"

    assert error_of(writer.put(path, {"status": "publish"})) == (403, "rest_cannot_publish")
    assert error_of(writer.put(path, {"author": editor.pk})) == (403, "rest_cannot_edit_others")
    assert error_of(writer.post(POSTS, {"title": "x", "author": editor.pk})) == (
        403, "rest_cannot_edit_others",
    )  # fmt: skip
    assert error_of(writer.put(path, {"sticky": True})) == (403, "rest_cannot_assign_sticky")
    assert writer.put(path, {"status": "pending", "slug": "wanted"}).status_code == 200
    waiting = PostPage.objects.get(pk=made_of)
    assert status_of(waiting) == "pending"
    assert not waiting.slug.startswith("wanted")
    Writer(client, editor).put(path, {"status": "publish"})
    assert error_of(writer.put(path, {"title": "x"})) == (403, "rest_cannot_edit")
    assert error_of(writer.delete(path)) == (403, "rest_cannot_delete")
    assert writer.send("OPTIONS", path).headers["Allow"] == "GET"


def test_refusals_to_strangers_are_401_and_say_the_same(cast, client, journal):
    writer = Writer(client)
    assert error_of(writer.post(POSTS, {"title": "x", "author": 7})) == (
        401, "rest_cannot_edit_others",
    )  # fmt: skip
    assert error_of(writer.post(POSTS, {"title": "x", "sticky": True})) == (
        401, "rest_cannot_assign_sticky",
    )  # fmt: skip
    assert error_of(writer.put(f"{POSTS}/999999", {"title": "x"})) == (404, "rest_post_invalid_id")


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_and_keeps_revisions(role, cast, journal, client):
    me, editor = cast[role], cast["editor"]
    writer = Writer(client, me)
    post = made(journal, editor, "publish")
    Writer(client, editor).put(f"{POSTS}/{post.pk}", {"title": "Second"})
    allowed = role in EVERYTHING
    refusal = 401 if me is None else 403

    listed = writer.get(f"{POSTS}/{post.pk}/revisions")
    kept = writer.post(f"{POSTS}/{post.pk}/autosaves", {"title": "Kept"})

    assert outcome(listed) == ((200,) if allowed else (refusal, "rest_cannot_read"))
    assert outcome(kept) == ((200,) if allowed else (refusal, "rest_cannot_edit"))
    assert outcome(writer.get(f"{POSTS}/{post.pk}/autosaves")) == (
        (200,) if allowed else (refusal, "rest_cannot_read")
    )
    post.refresh_from_db()
    assert post.title == "Second"
    revision = post.revisions.order_by("-pk").first()
    path = f"{POSTS}/{post.pk}/revisions/{revision.pk}"
    assert outcome(writer.get(path)) == ((200,) if allowed else (refusal, "rest_cannot_read"))
    assert outcome(writer.delete(f"{path}?force=true")) == (refusal, "rest_cannot_delete")
