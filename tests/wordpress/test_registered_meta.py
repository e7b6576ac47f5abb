"""Custom fields that are registered: read and written of whatever has them, as WordPress does."""

import json
import re

import pytest

from accounts.ending import end_account
from accounts.personal_data import AccountData
from accounts.services import MODERATORS, create_user
from comments.models import VisitorComment
from comments.personal_data.comments import CommentData
from core.extensions.content_kinds import content_kinds, kinds_from
from tests.api.conftest import as_administrator, as_editor, client_of  # noqa: F401  fixtures
from tests.wordpress import made
from tests.wordpress.test_content_kinds import BASE, bring_in, get  # noqa: F401  fixtures
from tests.wordpress.test_writing_kinds import exported, send

pytestmark = pytest.mark.django_db
NOTES = re.compile(r"<wp:meta_key><!\[CDATA\[(\w+)\]\]></wp:meta_key>\s*"
                   r"<wp:meta_value><!\[CDATA\[(\w+)\]\]>")  # fmt: skip
KEYS = [
    {"object_type": "user", "key": "phone", "single": True},
    {"object_type": "user", "key": "skills"},
    {"object_type": "user", "key": "_level", "type": "integer", "single": True},
    {"object_type": "user", "key": "tier", "type": "integer", "single": True,
     "capability": "edit_users"},
    {"object_type": "comment", "key": "rating", "type": "integer", "single": True},
    {"object_type": "comment", "key": "notes"},
    {"object_type": "comment", "key": "_flag", "type": "integer", "single": True},
    {"object_type": "post", "subtype": "post", "key": "colour", "single": True},
    {"object_type": "post", "subtype": "post", "key": "also"},
    {"object_type": "term", "subtype": "category", "key": "shelf", "single": True},
]  # fmt: skip


@pytest.fixture(autouse=True)
def registered(db):
    keys = [{**key, "show_in_rest": True} for key in KEYS]
    with content_kinds.temporarily(kinds_from("tests.meta", {"meta": keys})):
        yield


@pytest.fixture
def member(home):
    return create_user(username="mia", email="mia@example.org", password="pass")


@pytest.fixture
def comment(post, as_editor):  # noqa: F811
    made_here = send(as_editor, "POST", "comments", {
        "post": post.pk, "content": "Well said", "meta": {"rating": 5, "notes": ["n"]},
    }, 201)  # fmt: skip
    return made_here["id"]


def test_meta_of_accounts_is_read_and_written(member, client_of, as_administrator):  # noqa: F811
    mine = client_of(member)
    key = f"users/{member.pk}"

    assert get(mine, "users/me")["meta"] == {"_level": 0, "phone": "", "skills": [], "tier": 0}
    changed = send(as_administrator, "POST", key, {"meta": {"phone": "123", "skills": ["a", "b"]}})
    assert next(iter(changed["meta"])) == "persisted_preferences"
    assert (changed["meta"]["phone"], changed["meta"]["skills"]) == ("123", ["a", "b"])
    assert send(mine, "POST", "users/me", {"meta": {"phone": None}})["meta"]["phone"] == ""
    assert send(mine, "POST", "users/me", {"meta": {"skills": "x"}})["meta"]["skills"] == ["x"]
    assert send(mine, "POST", "users/me", {"meta": {"else": "x"}})["meta"]["skills"] == ["x"]
    member.refresh_from_db()
    assert member.meta == {"skills": ["x"]}


def test_what_may_not_be_written_is_refused(member, client_of, as_administrator):  # noqa: F811
    mine = client_of(member)

    for client in (mine, as_administrator):
        assert send(client, "POST", "users/me", {"meta": {"_level": 4}}, 403) == {
            "code": "rest_cannot_update",
            "message": "Sorry, you are not allowed to edit the _level custom field.",
            "data": {"key": "_level", "status": 403},
        }
    assert send(mine, "POST", "users/me", {"meta": {"tier": 4}}, 403)["data"]["key"] == "tier"
    assert send(mine, "POST", "users/me", {"meta": {"tier": None}}, 403)["code"] == (
        "rest_cannot_delete"
    )
    tier = send(as_administrator, "POST", f"users/{member.pk}", {"meta": {"tier": 4}})
    assert tier["meta"]["tier"] == 4
    assert send(mine, "POST", "users/me", {"meta": {"phone": {"a": 1}}}, 400) == {
        "code": "rest_invalid_type",
        "message": "meta.phone is not of type string.",
        "data": {"status": 400},
        "additional_data": [{"param": "meta.phone"}],
    }
    assert send(mine, "POST", "users/me", {"meta": "x"}, 400)["data"]["params"] == {
        "meta": "Invalid parameter."
    }
    wrong = send(as_administrator, "POST", "users", {
        "username": "zed", "email": "zed@example.org", "password": "long-enough-82",
        "meta": {"_level": 9},
    }, 403)  # fmt: skip
    assert wrong["code"] == "rest_cannot_update"


def test_an_account_is_made_with_its_fields(as_administrator, visitor):  # noqa: F811
    zed = send(as_administrator, "POST", "users", {
        "username": "zed", "email": "zed@example.org", "password": "long-enough-82",
        "meta": {"phone": "9"},
    }, 201)  # fmt: skip

    assert zed["meta"]["phone"] == "9"
    properties = visitor.options(f"{BASE}/users").json()["schema"]["properties"]["meta"]
    assert list(properties["properties"]) == [
        "persisted_preferences", "phone", "skills", "_level", "tier",
    ]  # fmt: skip


def test_fields_of_an_account_are_exported_and_go_with_it(member):
    member.meta = {"phone": ["0123-canary"]}
    member.save()

    item = next(iter(AccountData().export([str(member.pk)])))
    assert item.data["custom_fields"] == {"phone": ["0123-canary"]}
    end_account(member.pk)
    member.refresh_from_db()
    assert member.meta == {}


def test_meta_of_comments_is_read_and_written(comment, as_editor, visitor):  # noqa: F811
    path = f"comments/{comment}"

    assert get(visitor, path)["meta"] == {"_flag": 0, "notes": ["n"], "rating": 5}
    assert send(as_editor, "POST", path, {"meta": {"rating": 4}})["meta"]["rating"] == 4
    assert send(as_editor, "POST", path, {"meta": {"_flag": 4}}, 403)["code"] == (
        "rest_cannot_update"
    )
    assert send(as_editor, "POST", path, {"meta": {"rating": "x"}}, 400)["code"] == (
        "rest_invalid_type"
    )
    assert get(visitor, "comments?_fields=meta")[0]["meta"]["rating"] == 4
    schema = visitor.options(f"{BASE}/comments").json()["schema"]["properties"]["meta"]
    assert schema["properties"]["rating"]["type"] == "integer"


def test_who_comments_writes_no_fields(post, member, client_of, visitor):  # noqa: F811
    sent = {"post": post.pk, "content": "Mine", "meta": {"rating": 3}}

    assert send(client_of(member), "POST", "comments", sent, 403) == {
        "code": "rest_cannot_update",
        "message": "Sorry, you are not allowed to edit the rating custom field.",
        "data": {"key": "rating", "status": 403},
    }
    assert VisitorComment.objects.count() == 0
    unknown = {"post": post.pk, "content": "Mine", "meta": {"else": 3}}
    assert send(client_of(member), "POST", "comments", unknown, 201)["meta"]["rating"] == 0


def test_moderators_write_the_fields_of_comments(comment, client_of):  # noqa: F811
    moderator = create_user(username="mod", email="mod@example.org", password="pass",
                            groups=[MODERATORS])  # fmt: skip

    written = send(client_of(moderator), "POST", f"comments/{comment}", {"meta": {"notes": []}})
    assert written["meta"]["notes"] == []


def test_fields_of_a_comment_are_exported_and_erased(comment):
    item = next(iter(CommentData().export([str(comment)])))
    assert item.data["custom_fields"] == {"rating": ["5"], "notes": ["n"]}

    row = VisitorComment.objects.get(pk=comment)
    assert CommentData().anonymise([str(comment)]).removed == 1
    row.refresh_from_db()
    assert (row.comment, row.meta) == ("Well said", {})


def test_fields_of_imported_comments_are_read_and_given_back(bring_in, visitor, as_editor):  # noqa: F811
    note = made.meta(rating="4", other="quiet").replace("postmeta", "commentmeta")
    noted = made.comment(301).replace("</wp:comment>", f"{note}</wp:comment>")
    bring_in(made.author(), made.item(11, comments=noted))

    assert get(visitor, "comments/301")["meta"]["rating"] == 4
    assert "quiet" not in json.dumps(get(visitor, "comments/301"))
    send(as_editor, "POST", "comments/301", {"meta": {"rating": 2}})
    assert dict(NOTES.findall(exported())) == {"rating": "2", "other": "quiet"}


def test_wrong_fields_of_posts_and_terms_are_refused_in_wordpress_s_words(post, as_editor):  # noqa: F811
    for path, body, param, kind in (
        (f"posts/{post.pk}", {"meta": {"colour": ["x"]}}, "meta.colour", "string"),
        (f"posts/{post.pk}", {"meta": {"also": ["x", {"a": 2}]}}, "meta.also[1]", "string"),
        ("categories", {"name": "Tea", "meta": {"shelf": {"x": 1}}}, "meta.shelf", "string"),
    ):
        refused = send(as_editor, "POST", path, body, 400)
        assert refused["code"] == "rest_invalid_type"
        assert refused["message"] == f"{param} is not of type {kind}."
        assert refused["additional_data"] == [{"param": param}]
    assert send(as_editor, "POST", f"posts/{post.pk}", {"meta": []})["meta"]["colour"] == ""
