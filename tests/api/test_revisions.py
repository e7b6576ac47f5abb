"""Revisions and autosaves over wp/v2, which are Wagtail's."""

import pytest

from pages.models import PostPage
from tests.api.test_writing import POSTS, Writer, error_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, administrator, journal):
    return Writer(client, administrator)


@pytest.fixture
def path(admin, post):
    for title in ("Second", "Third", "Fourth"):
        admin.put(f"{POSTS}/{post.pk}", {"title": title, "content": f"Words of {title}"})
    return f"{POSTS}/{post.pk}"


def titles(answer):
    return [item["title"]["rendered"] for item in answer.json()]


def test_list_is_paged_searched_and_sorted(admin, path):
    whole = admin.get(f"{path}/revisions")
    assert titles(whole) == ["Fourth", "Third", "Second"]
    assert (whole.headers["X-WP-Total"], whole.headers["X-WP-TotalPages"]) == ("3", "1")
    second = admin.get(f"{path}/revisions?per_page=1&page=2")
    assert titles(second) == ["Third"]
    assert second.headers["X-WP-TotalPages"] == "3"
    assert 'rel="prev"' in second.headers["Link"]
    assert titles(admin.get(f"{path}/revisions?search=Third")) == ["Third"]
    keys = [item["id"] for item in whole.json()]
    kept = admin.get(f"{path}/revisions?include={keys[2]},{keys[0]}&orderby=include")
    assert [item["id"] for item in kept.json()] == [keys[2], keys[0]]
    assert titles(admin.get(f"{path}/revisions?order=asc&exclude={keys[0]}")) == [
        "Second", "Third",
    ]  # fmt: skip
    assert titles(admin.get(f"{path}/revisions?offset=2")) == ["Second"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [("page=9&per_page=1", 400, "rest_revision_invalid_page_number"),
     ("offset=3", 400, "rest_revision_invalid_offset_number"),
     ("orderby=relevance", 400, "rest_no_search_term_defined"),
     ("orderby=include", 400, "rest_orderby_include_missing_include"),
     ("per_page=0", 400, "rest_invalid_param")],
)  # fmt: skip
def test_mistakes_in_lists(query, status, code, admin, path):
    assert error_of(admin.get(f"{path}/revisions?{query}")) == (status, code)


def test_item_shows_what_was_written(admin, path):
    key = admin.get(f"{path}/revisions").json()[1]["id"]

    item = admin.get(f"{path}/revisions/{key}?context=edit").json()

    assert item["title"] == {"raw": "Third", "rendered": "Third"}
    assert item["content"]["raw"] == "Words of Third"
    assert "Words of Third" in item["content"]["rendered"]
    assert error_of(admin.get(f"{path}/revisions/999999")) == (404, "rest_post_invalid_id")
    assert error_of(admin.get(f"{POSTS}/999999/revisions")) == (404, "rest_post_invalid_parent")


def test_revision_of_another_post_is_not_found_here(admin, path, make_post):
    other = make_post("Other")
    admin.put(f"{POSTS}/{other.pk}", {"title": "Changed"})
    theirs = admin.get(f"{POSTS}/{other.pk}/revisions").json()[0]["id"]

    assert error_of(admin.get(f"{path}/revisions/{theirs}")) == (404, "rest_post_invalid_id")
    assert error_of(admin.delete(f"{path}/revisions/{theirs}?force=true")) == (
        404, "rest_post_invalid_id",
    )  # fmt: skip


def test_nobody_deletes_a_revision(admin, path):
    before = titles(admin.get(f"{path}/revisions"))
    newest = admin.get(f"{path}/revisions").json()[0]["id"]

    for query in ("", "?force=true"):
        refusal = error_of(admin.delete(f"{path}/revisions/{newest}{query}"))
        assert refusal == (403, "rest_cannot_delete")
    assert titles(admin.get(f"{path}/revisions")) == before


def test_autosave_is_one_for_each_person_and_changes_nothing(admin, path, post, editor, client):
    latest = PostPage.objects.get(pk=post.pk).latest_revision_id

    first = admin.post(f"{path}/autosaves", {"title": "Once", "content": "Half"}).json()
    again = admin.post(f"{path}/autosaves", {"title": "Twice", "content": "More"}).json()
    theirs = Writer(client, editor).post(f"{path}/autosaves", {"title": "Other"}).json()

    assert first["id"] == again["id"] != theirs["id"]
    stored = PostPage.objects.get(pk=post.pk)
    assert (stored.title, stored.latest_revision_id) == ("Fourth", latest)
    assert sorted(titles(admin.get(f"{path}/autosaves"))) == ["Other", "Twice"]
    one = admin.get(f"{path}/autosaves/{again['id']}?context=edit").json()
    assert one["content"]["raw"] == "More"
    assert one["slug"] == f"{post.pk}-autosave-v1"
    assert error_of(admin.get(f"{path}/autosaves/{latest}")) == (404, "rest_post_no_autosave")
    assert admin.get(f"{path}/revisions").headers["X-WP-Total"] == "5"


def test_autosave_that_says_what_the_post_says_is_forgotten(admin, path):
    admin.post(f"{path}/autosaves", {"title": "Once"})

    same = admin.post(f"{path}/autosaves", {"title": "Fourth"})

    assert error_of(same) == (400, "rest_autosave_no_changes")
    assert admin.get(f"{path}/autosaves").json() == []


def test_autosave_of_ones_own_draft_saves_it(admin):
    key = admin.post(POSTS, {"title": "Mine"}).json()["id"]

    answer = admin.post(f"{POSTS}/{key}/autosaves", {"title": "Mine, longer"})

    assert (answer.status_code, answer.json()["id"]) == (200, key)
    assert PostPage.objects.get(pk=key).title == "Mine, longer"
    assert admin.get(f"{POSTS}/{key}/autosaves").json() == []


def test_autosave_is_refused_what_a_write_is_refused(admin, path):
    assert error_of(admin.post(f"{POSTS}/999999/autosaves", {"title": "x"})) == (
        404, "rest_post_invalid_id",
    )  # fmt: skip
    assert error_of(admin.post(f"{path}/autosaves", {"title": "x", "author": 99999})) == (
        400, "rest_invalid_author",
    )  # fmt: skip
