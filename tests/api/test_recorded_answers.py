"""wp/v2 beside the recorded answers of a real WordPress 6.1.9."""

import pytest

from comments.services import change_status
from pages.models import Category, Tag
from tests.api.shapes import differences, recorded

pytestmark = [pytest.mark.django_db, pytest.mark.samples]


@pytest.fixture
def content(make_post, image, editor, moderator):
    category = Category.objects.create(name="Tea & more", slug="tea")
    tag = Tag.objects.create(name="How to", slug="how-to")
    return make_post(
        "A post & its title", featured_image=image, excerpt="",
        terms={"categories": [category], "tags": [tag]},
    )  # fmt: skip


@pytest.fixture
def comment(content, moderator):
    from comments.services import NewComment, submit_comment

    return submit_comment(NewComment(target_id=content.pk, text="Words.", user=moderator))


ROUTES = {
    "posts": "posts", "pages": "pages", "categories": "categories", "tags": "tags",
    "media": "media", "users": "users", "comments": "comments",
}  # fmt: skip


@pytest.mark.parametrize("context", ["view", "embed"])
@pytest.mark.parametrize("name", ROUTES)
def test_collection_and_item_have_the_recorded_shape(
    name, context, samples, visitor, content, comment
):
    answer = visitor.get(f"/wp-json/wp/v2/{name}?context={context}")
    theirs = recorded(samples, f"{name}-{context}", "collection")

    assert answer.status_code == 200
    assert answer.json(), name
    assert differences(answer.json(), theirs["body"]) == []
    for header in theirs["headers"]:
        if header not in {"Link"} or "wp-json/" in theirs["headers"][header]:
            assert header in answer.headers, header
    key = answer.json()[0]["id"]
    item = visitor.get(f"/wp-json/wp/v2/{name}/{key}?context={context}")
    wanted = recorded(samples, f"{name}-{context}", "item", "body")
    assert differences(item.json(), wanted) == []


@pytest.mark.parametrize("name", ["types", "statuses", "taxonomies"])
def test_kinds_have_the_recorded_shape(name, samples, visitor, home):
    ours = visitor.get(f"/wp-json/wp/v2/{name}").json()
    theirs = recorded(samples, f"{name}-view", "collection", "body")

    for key, item in ours.items():
        assert differences(item, theirs[key]) == []


def test_index_has_the_recorded_keys(samples, visitor, home):
    ours = visitor.get("/wp-json/").json()
    theirs = recorded(samples, "index", "body")

    assert list(ours) == list(theirs)
    assert {"wp/v2", "candour/v1"} <= set(ours["namespaces"])
    route = ours["routes"]["/wp/v2/posts"]
    assert list(route) == list(theirs["routes"]["/wp/v2/posts"])
    assert set(route["endpoints"][0]["args"]) <= {
        *theirs["routes"]["/wp/v2/posts"]["endpoints"][0]["args"]
    }


ERRORS = [
    "unknown_route", "unknown_namespace", "unknown_id_post", "unknown_id_comment",
    "unknown_id_user", "unknown_id_media", "unknown_id_category", "unknown_type",
    "unknown_taxonomy", "unknown_status", "id_not_a_number", "per_page_1000", "per_page_0",
    "per_page_text", "bad_order_alone", "bad_date", "bad_orderby",
    "bad_status_parameter", "status_draft_without_auth", "page_past_end_posts",
    "orderby_relevance_without_search", "put_collection", "delete_collection", "bad_json_body",
    "create_post_without_auth", "create_page_without_auth", "create_category_without_auth",
    "create_media_without_auth", "users_me_without_auth", "context_edit_without_auth",
    "comments_of_unknown_post", "wrong_application_password_users_me", "bad_nonce",
]  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_mistake_is_answered_as_recorded(name, samples, visitor, content, comment):
    record = recorded(samples, "errors", name)
    request = record["request"]
    headers = dict(request.get("headers") or {})
    body = request.get("raw", "")
    if "json" in request:
        import json

        body, headers["Content-Type"] = json.dumps(request["json"]), "application/json"
    content_type = headers.pop("Content-Type", "application/octet-stream")

    answer = visitor.generic(
        request["method"], request["path"], body, content_type=content_type, headers=headers
    )

    assert answer.status_code == record["status"]
    assert answer.json() == record["body"]
    assert answer.headers.get("Allow") == record["headers"].get("Allow")
    vary = answer.headers.get("Vary", "").removesuffix(", Cookie") or None
    assert vary == record["headers"].get("Vary")


ANONYMOUS = [
    "missing_everything", "missing_name_and_email", "missing_content", "missing_post",
    "invalid_email", "empty_email", "name_too_long", "sets_author", "sets_author_ip", "sets_status",
    "first_comment_is_held", "form_encoded_like",
]  # fmt: skip


@pytest.mark.parametrize("name", [name for name in ANONYMOUS if name != "form_encoded_like"])
def test_anonymous_comment_is_answered_as_recorded(name, samples, visitor, content):
    from comments.models import DiscussionSettings

    own = DiscussionSettings.load()
    own.anonymous_rest = True
    own.save()
    record = recorded(samples, "comments-anonymous", name)
    body = dict(record["request"]["json"])
    if "post" in body:
        body["post"] = content.pk

    answer = visitor.post("/wp-json/wp/v2/comments", body, content_type="application/json")

    assert answer.status_code == record["status"]
    if record["status"] == 201:
        assert differences(answer.json(), record["body"]) == []
        assert answer.json()["status"] == record["body"]["status"]
        assert answer.headers["Location"].endswith(f"/wp-json/wp/v2/comments/{answer.json()['id']}")
    else:
        assert answer.json() == record["body"]


def test_anonymous_comment_is_refused_as_recorded_where_the_site_does_not_allow_it(
    samples, visitor, content
):
    from comments.models import DiscussionSettings

    own = DiscussionSettings.load()
    own.anonymous_rest = False
    own.save()
    record = recorded(samples, "comments-anonymous", "refused_by_default")
    body = {**record["request"]["json"], "post": content.pk}

    answer = visitor.post("/wp-json/wp/v2/comments", body, content_type="application/json")

    assert (answer.status_code, answer.json()) == (record["status"], record["body"])


def test_held_comment_is_hidden_as_recorded(samples, visitor, comment):
    change_status([comment.pk], "hold")
    record = recorded(samples, "errors", "held_comment_without_auth")

    answer = visitor.get(f"/wp-json/wp/v2/comments/{comment.pk}")

    assert (answer.status_code, answer.json()) == (record["status"], record["body"])
