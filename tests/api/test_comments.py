"""wp/v2/comments beside recorded answers, and what moderators do over REST."""

import json

import pytest

from accounts.services import create_application_password
from comments.models import EarlierText, ModerationAct, Status, VisitorComment
from comments.services import NewComment, change_status, submit_comment
from tests.api.shapes import differences, recorded
from tests.api.test_reading import basic

pytestmark = pytest.mark.django_db
COMMENTS = "/wp-json/wp/v2/comments"


@pytest.fixture
def own(post):
    from comments.models import DiscussionSettings

    settings = DiscussionSettings.load()
    settings.anonymous_rest = True
    settings.save()
    return settings


@pytest.fixture
def key(moderator):
    return basic(moderator, create_application_password(moderator, "Tests")[1])


@pytest.fixture
def editor_key(editor):
    return basic(editor, create_application_password(editor, "Tests")[1])


@pytest.fixture
def write(post):
    def write(text, status=Status.APPROVED, **fields):
        values = {"author_name": "Nora", "author_email": "nora@example.org", "user_agent": "B"}
        comment = submit_comment(
            NewComment(target_id=fields.pop("on", post).pk, text=text, **{**values, **fields})
        )
        change_status([comment.pk], status)
        comment.refresh_from_db()
        return comment

    return write


@pytest.fixture
def send(visitor, post, own):
    def send(headers=None, **body):
        values = {"post": post.pk, "author_name": "Nora", "author_email": "nora@example.org",
                  "content": "Over REST."}  # fmt: skip
        sent = {name: value for name, value in {**values, **body}.items() if value is not None}
        return visitor.post(
            COMMENTS, json.dumps(sent), content_type="application/json", headers=headers
        )

    return send


def ids(answer):
    return [item["id"] for item in answer.json()]


def test_comment_that_is_sent_has_the_recorded_shape_and_headers(samples, send, visitor):
    answer = send()
    theirs = recorded(samples, "comments-anonymous", "plain_first")

    assert answer.status_code == 201
    assert list(answer.json()) == list(theirs["body"])
    assert differences(answer.json(), theirs["body"]) == []
    assert answer.json()["content"]["rendered"] == "<p>Over REST.</p>\n"
    assert answer.json()["status"] == "hold"
    assert answer["Location"].endswith(f"/wp/v2/comments/{answer.json()['id']}")
    assert "X-Candour-Edit-Token" in answer["Access-Control-Expose-Headers"]
    shown = visitor.get(
        f"{COMMENTS}/{answer.json()['id']}?unapproved={answer.json()['id']}"
        f"&moderation-hash={answer['X-Candour-Moderation-Hash']}"
    )
    assert shown.json()["content"] == answer.json()["content"]
    assert not answer.cookies


REFUSALS = {
    "missing_name_and_email": {"author_name": None, "author_email": None},
    "missing_content": {"content": None},
    "missing_post": {"post": None},
    "invalid_email": {"author_email": "not-an-address"},
    "empty_email": {"author_email": ""},
    "name_too_long": {"author_name": "n" * 246},
    "content_too_long": {"content": "x" * 80_000},
    "sets_author": {"author": 1},
    "sets_author_ip": {"author_ip": "192.0.2.1"},
    "sets_status": {"status": "approve"},
}


@pytest.mark.samples
@pytest.mark.parametrize("name", REFUSALS)
def test_refusal_is_the_recorded_one(samples, send, name):
    theirs = recorded(samples, "comments-anonymous", name)

    answer = send(**REFUSALS[name])

    assert answer.status_code == theirs["status"]
    assert answer.json() == theirs["body"]


@pytest.mark.samples
def test_duplicate_flood_and_closed_are_the_recorded_ones(samples, send, settings, make_post):
    send()
    again = send()
    settings.COMMENTS_FLOOD_SECONDS = 15
    flood = send(content="Another one, too soon.")
    closed = send(post=make_post("Closed", comments_open=False).pk)

    for answer, name in ((again, "plain_duplicate"), (flood, "flood"), (closed, "closed_post")):
        theirs = recorded(samples, "comments-anonymous", name)
        assert (answer.status_code, answer.json()) == (theirs["status"], theirs["body"])


def test_longest_body_is_taken_and_one_byte_more_is_not(send):
    assert send(content="x" * 65_525).status_code == 201
    refused = send(content="x" * 65_526)
    assert (refused.status_code, refused.json()["code"]) == (400, "comment_content_column_length")


def test_reply_across_posts_or_to_what_is_hidden_is_refused(send, write, make_post):
    elsewhere = write("Elsewhere.", on=make_post("Another"))
    hidden = write("Hidden.", status=Status.HOLD)

    for parent in (elsewhere.pk, hidden.pk, 999_999):
        answer = send(parent=parent)
        assert (answer.status_code, answer.json()["code"]) == (400, "rest_comment_invalid_parent")
    seen = write("Seen.")
    assert send(parent=seen.pk).json()["parent"] == seen.pk


@pytest.mark.samples
def test_edit_context_has_the_recorded_shape(samples, visitor, write, key):
    write("Words.")

    answer = visitor.get(f"{COMMENTS}?context=edit", headers=key)

    assert (
        differences(answer.json(), recorded(samples, "comments-edit", "collection", "body")) == []
    )
    assert answer.json()[0]["author_email"] == "n***@e***"
    assert visitor.get(f"{COMMENTS}?context=edit").status_code == 401


@pytest.mark.samples
def test_options_describe_what_the_recorded_ones_do(samples, visitor, post):
    for path, name in ((COMMENTS, "collection"), (f"{COMMENTS}/1", "item")):
        ours = visitor.options(path).json()
        theirs = recorded(samples, "options-comments", name)
        if name == "item":
            described = {tuple(e["methods"]): set(e["args"]) for e in theirs["endpoints"]}
            mine = {tuple(e["methods"]): set(e["args"]) for e in ours["endpoints"]}
            assert all(args <= mine[methods] for methods, args in described.items())
            continue
        assert ours["schema"] == theirs["body"]["schema"]
        for endpoint, recorded_one in zip(
            ours["endpoints"], theirs["body"]["endpoints"], strict=True
        ):
            assert endpoint["methods"] == recorded_one["methods"]
            for arg, wanted in recorded_one["args"].items():
                assert arg in endpoint["args"], arg
                assert endpoint["args"][arg]["description"] == wanted["description"], arg


def test_moderator_changes_words_author_and_date(visitor, write, key, stranger):
    comment = write("As it was.")

    answer = visitor.put(
        f"{COMMENTS}/{comment.pk}",
        json.dumps({"content": {"raw": "Better <b>words</b>."}, "author_name": "N. <i>N.</i>",
                    "author_url": "n.example", "author_email": "n@example.org",
                    "date_gmt": "2026-01-02T03:04:05"}),
        content_type="application/json", headers=key,
    )  # fmt: skip

    item = answer.json()
    assert answer.status_code == 200
    assert item["content"] == {
        "rendered": "<p>Better <b>words</b>.</p>\n",
        "raw": "Better <b>words</b>.",
    }
    assert (item["author_name"], item["author_url"]) == ("N. N.", "https://n.example")
    assert item["author_email"] == "n***@e***"
    assert VisitorComment.objects.get(pk=comment.pk).user_email == "n@example.org"
    assert item["date_gmt"] == "2026-01-02T03:04:05"
    assert EarlierText.objects.get(comment=comment).text == "As it was."
    assert visitor.get(COMMENTS).json()[0]["content"]["rendered"] == item["content"]["rendered"]
    named = visitor.patch(f"{COMMENTS}/{comment.pk}", json.dumps({"author": stranger.pk}),
                          content_type="application/json", headers=key).json()  # fmt: skip
    assert (named["author"], named["author_name"]) == (stranger.pk, "Stan")
    assert named["author_email"] == "s***@e***"
    assert VisitorComment.objects.get(pk=comment.pk).user_email == "stranger@example.org"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"content": ""}, 400, "rest_comment_content_invalid"),
        ({"author": 999_999}, 400, "rest_comment_author_invalid"),
        ({"author_email": "nobody"}, 400, "rest_invalid_param"),
        ({"post": 1}, 400, "rest_comment_invalid_post_id"),
        ({"parent": 77}, 400, "rest_comment_invalid_parent"),
        ({"type": "note"}, 404, "rest_comment_invalid_type"),
        ({"status": "nonsense"}, 500, "rest_comment_failed_edit"),
    ],
)
def test_change_that_cannot_be_changes_nothing(visitor, write, key, body, status, code):
    comment = write("As it was.")

    answer = visitor.post(f"{COMMENTS}/{comment.pk}", json.dumps(body),
                          content_type="application/json", headers=key)  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    comment.refresh_from_db()
    assert (comment.comment, comment.status) == ("As it was.", Status.APPROVED)


@pytest.mark.parametrize("status", ["hold", "spam", "trash", "approved"])
def test_moderator_writes_what_nobody_is_to_see_yet(visitor, post, key, status):
    body = {"post": post.pk, "content": "Not yet.", "status": status}

    made = visitor.post(COMMENTS, body, content_type="application/json", headers=key).json()

    assert made["status"] == status
    shown = visitor.get(f"{COMMENTS}?post={post.pk}").json()
    assert len(shown) == (status == "approved")
    wrong = visitor.post(COMMENTS, {**body, "status": "nonsense"}, content_type="application/json",
                         headers=key)  # fmt: skip
    assert (wrong.status_code, list(wrong.json()["data"]["params"])) == (400, ["status"])


def test_states_lead_there_and_back_and_each_is_an_act(visitor, write, key, moderator):
    comment = write("Words.")

    def move(status):
        answer = visitor.post(f"{COMMENTS}/{comment.pk}", {"status": status}, headers=key)
        assert answer.status_code == 200
        return answer.json()["status"]

    words = ["hold", "approve", "spam", "unspam", "trash", "untrash", "0", "1"]
    states = ["hold", "approved", "spam", "approved", "trash", "approved", "hold", "approved"]
    assert [move(word) for word in words] == states
    assert ModerationAct.objects.filter(by=moderator).count() == 8
    assert move("approved") == "approved"


@pytest.mark.samples
def test_trash_and_deletion_answer_as_recorded(samples, visitor, write, key):
    comment = write("Words.")
    address = f"{COMMENTS}/{comment.pk}"

    assert visitor.delete(address).status_code == 401
    assert visitor.delete(address, headers=key).json()["status"] == "trash"
    again = visitor.delete(address, headers=key)
    assert (again.status_code, again.json()) == (
        410, recorded(samples, "writes-as-admin", "comment_trash_again", "body"),
    )  # fmt: skip
    gone = visitor.delete(f"{address}?force=true", headers=key).json()
    assert gone["deleted"] is True
    assert list(gone["previous"]) == list(
        recorded(samples, "writes-as-admin", "comment_delete_force", "body")["previous"]
    )
    assert visitor.get(address).status_code == 404


def test_lists_filter_as_wordpress_does(visitor, write, make_post, key, stranger):
    other = make_post("Another")
    one = write("One apple.")
    two = write("Two.", parent_id=one.pk, author_name="Xaver")
    three = write("Three.", on=other, user=stranger)
    deep = write("Deep.", parent_id=two.pk)

    def found(query, **headers):
        return ids(visitor.get(f"{COMMENTS}?{query}&orderby=id&order=asc", headers=headers))

    assert found(f"post={one.target_id}") == [one.pk, two.pk, deep.pk]
    assert found("parent=0") == [one.pk, three.pk]
    assert found(f"parent={one.pk}") == [two.pk]
    assert found(f"parent_exclude=0,{two.pk}") == [two.pk]
    assert found(f"exclude={one.pk},{two.pk}") == [three.pk, deep.pk]
    assert found("search=apple") == [one.pk]
    assert found("search=Xaver") == [two.pk]
    assert found("search=nora@example") == []
    assert found("search=nora@example", **key) == [one.pk, two.pk, deep.pk]
    assert found(f"author={stranger.pk}", **key) == [three.pk]
    assert found(f"author_exclude={stranger.pk}&include={three.pk},{one.pk}", **key) == [one.pk]
    assert found("author_email=NORA@example.org", **key) == [one.pk, two.pk, deep.pk]
    assert found("type=pingback", **key) == []
    wanted = [three.pk, one.pk, two.pk]
    listed = visitor.get(
        f"{COMMENTS}?orderby=include&order=asc&include={','.join(map(str, wanted))}"
    )
    assert ids(listed) == wanted


@pytest.mark.parametrize(
    "query", ["author=1", "author_email=nora@example.org", "status=hold", "type=all",
              "author_exclude=3"],
)  # fmt: skip
def test_what_only_moderators_may_ask_is_told_to_nobody_else(visitor, write, query, stranger):
    write("Words.")

    answer = visitor.get(f"{COMMENTS}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (401, "rest_forbidden_param")
    theirs = basic(stranger, create_application_password(stranger, "Tests")[1])
    assert visitor.get(f"{COMMENTS}?{query}", headers=theirs).status_code == 403


def test_pages_of_a_list_hold_every_comment_once(visitor, write):
    written = [write(f"Number {number}.").pk for number in range(7)]

    pages = [visitor.get(f"{COMMENTS}?per_page=3&page={page}") for page in (1, 2, 3, 4)]

    assert [key for page in pages for key in ids(page)] == written[::-1]
    assert {(page["X-WP-Total"], page["X-WP-TotalPages"]) for page in pages} == {("7", "3")}
    assert ids(visitor.get(f"{COMMENTS}?per_page=2&offset=3")) == [written[3], written[2]]


def test_embed_brings_parent_post_and_author(visitor, write, stranger):
    one = write("One.", user=stranger)
    write("Two.", parent_id=one.pk)

    two, first = visitor.get(f"{COMMENTS}?_embed").json()

    assert two["_embedded"]["in-reply-to"][0]["content"]["rendered"] == "<p>One.</p>\n"
    assert two["_embedded"]["up"][0]["title"]["rendered"] == "A post"
    author = first["_embedded"]["author"][0]
    # Who has published nothing is no public author, as in WordPress.
    assert author.get("id") == stranger.pk or author["code"] == "rest_user_cannot_view"
    assert first["_links"]["children"][0]["href"].endswith(f"comments?parent={one.pk}")


def test_comments_of_what_the_public_may_not_read_are_not_shown(visitor, write, post, key):
    comment = write("Words.")
    post.unpublish()

    assert visitor.get(COMMENTS).json() == []
    below = visitor.get(f"{COMMENTS}?post={post.pk}")
    assert (below.status_code, below.json()["code"]) == (401, "rest_cannot_read_post")
    answer = visitor.get(f"{COMMENTS}/{comment.pk}")
    assert (answer.status_code, answer.json()["code"]) == (401, "rest_cannot_read")
    assert visitor.get(f"{COMMENTS}/{comment.pk}", headers=key).status_code == 200


def test_pictures_of_authors_go_with_the_setting(visitor, write, own):
    write("Words.")
    assert list(visitor.get(COMMENTS).json()[0]["author_avatar_urls"]) == ["24", "48", "96"]
    own.show_avatars = False
    own.save()

    assert "author_avatar_urls" not in visitor.get(COMMENTS).json()[0]
    assert "author_avatar_urls" not in visitor.options(COMMENTS).json()["schema"]["properties"]


def test_list_costs_the_same_queries_whoever_wrote(visitor, write, stranger, editor):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as context:
            assert visitor.get(f"{COMMENTS}?per_page=100").status_code == 200
        return len(context)

    write("One.")
    few = cost()
    for number, user in enumerate([stranger, editor, None] * 4):
        write(f"More {number}.", user=user, author_name=f"N{number}")

    assert cost() == few


def test_editor_of_posts_moderates_too(visitor, write, editor_key):
    comment = write("Words.", status=Status.HOLD)

    answer = visitor.post(f"{COMMENTS}/{comment.pk}", {"status": "approve"}, headers=editor_key)

    assert answer.status_code == 200
    assert VisitorComment.objects.get().status == Status.APPROVED


@pytest.fixture
def key_elsewhere(moderator, key, make_post):
    """A moderator's key whose groups moderate below another post alone."""
    from comments.scopes import set_scopes

    for group in moderator.groups.all():
        set_scopes(group.pk, [make_post("Only here").pk])
    return key


def test_moderator_of_a_part_of_the_site_reads_no_more_than_the_public_elsewhere(
    write, visitor, key_elsewhere
):
    held = write("It waits.", Status.HOLD)
    shown = write("Seen by all.")

    assert visitor.get(f"{COMMENTS}/{held.pk}", headers=key_elsewhere).status_code == 403
    for query in ("status=hold", "status=all", "search=nora@example.org&context=edit",
                  "author_email=nora@example.org"):  # fmt: skip
        answer = visitor.get(f"{COMMENTS}?{query}", headers=key_elsewhere)
        assert (answer.status_code, answer.json(), answer["X-WP-Total"]) == (200, [], "0")
    edit = visitor.get(f"{COMMENTS}/{shown.pk}?context=edit", headers=key_elsewhere)
    assert edit.status_code == 403
    assert ids(visitor.get(COMMENTS, headers=key_elsewhere)) == [shown.pk]


@pytest.mark.parametrize("body", [{"content": "Mine."}, {"status": "trash"}, {"author_name": "X"}])
def test_moderator_of_a_part_of_the_site_changes_nothing_elsewhere(
    write, visitor, key_elsewhere, body
):
    comment = write("Seen by all.")
    before = VisitorComment.objects.values().get(pk=comment.pk)

    changed = visitor.post(
        f"{COMMENTS}/{comment.pk}", json.dumps(body), content_type="application/json",
        headers=key_elsewhere,
    )  # fmt: skip
    assert (changed.status_code, changed.json()["code"]) == (403, "rest_cannot_edit")
    for force in ("", "?force=true"):
        gone = visitor.delete(f"{COMMENTS}/{comment.pk}{force}", headers=key_elsewhere)
        assert (gone.status_code, gone.json()["code"]) == (403, "rest_cannot_delete")
    assert VisitorComment.objects.values().get(pk=comment.pk) == before


def test_moderator_of_a_part_of_the_site_moderates_there(write, visitor, moderator, key, post):
    from comments.scopes import set_scopes

    for group in moderator.groups.all():
        set_scopes(group.pk, [post.pk])
    held = write("It waits.", Status.HOLD)

    assert ids(visitor.get(f"{COMMENTS}?status=hold", headers=key)) == [held.pk]
    answer = visitor.post(
        f"{COMMENTS}/{held.pk}", json.dumps({"status": "approved"}),
        content_type="application/json", headers=key,
    )  # fmt: skip
    assert answer.json()["status"] == "approved"
    assert visitor.delete(f"{COMMENTS}/{held.pk}?force=true", headers=key).status_code == 200


def test_evidence_is_not_deleted_over_rest(write, visitor, moderator, key):
    from datetime import timedelta

    from django.utils import timezone

    from comments.services import holding

    comment = write("Evidence.")
    holding.set_hold(
        comment.pk, reason="Case", legal_basis="Law", by=moderator,
        until=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip

    answer = visitor.delete(f"{COMMENTS}/{comment.pk}?force=true", headers=key)

    assert (answer.status_code, answer.json()["code"]) == (409, "comment_held")
    assert VisitorComment.objects.get(pk=comment.pk).comment


@pytest.mark.parametrize("query", ["search=secretword", "post={post}", "post={post}&search=secret"])
def test_counts_tell_nothing_of_what_the_public_may_not_read(write, visitor, post, query):
    write("A secretword.")
    post.live = False
    post.save()

    answer = visitor.get(f"{COMMENTS}?{query.format(post=post.pk)}")

    if "post=" in query:
        assert (answer.status_code, answer.json()["code"]) == (401, "rest_cannot_read_post")
        assert "X-WP-Total" not in answer
    else:
        assert (answer.json(), answer["X-WP-Total"]) == ([], "0")


def test_word_of_a_moderator_counts_where_they_moderate(send, write, key_elsewhere, own):
    own.comment_moderation = True
    own.save()

    answer = send(key_elsewhere, status=None, author_name=None, author_email=None)

    assert answer.json()["status"] == "hold"
    assert "author_email" not in answer.json()
