"""Settings, batches, oEmbed and the API by query, over REST."""

import pytest

from pages.models import HomePage, Tag

pytestmark = pytest.mark.django_db


def test_settings_are_read_and_changed_by_managers_alone(as_administrator, as_editor, visitor):
    path = "/wp-json/wp/v2/settings"

    assert visitor.get(path).status_code == 401
    assert as_editor.get(path).status_code == 403
    changed = as_administrator.post(
        path, {"title": "Tea & Clay", "timezone": "Europe/London"}, content_type="application/json"
    )

    assert changed.json()["title"] == "Tea &amp; Clay"
    assert changed.json()["timezone"] == "Europe/London"
    assert visitor.get("/wp-json/").json()["name"] == "Tea & Clay"


def test_setting_that_is_sent_back_or_null_stays_as_it_is(as_administrator, home):
    path = "/wp-json/wp/v2/settings"
    for title in ("Tea & Clay", "Tea &amp; Clay", None):
        changed = as_administrator.post(path, {"title": title, "email": None},
                                        content_type="application/json")  # fmt: skip
        assert (changed.status_code, changed.json()["title"]) == (200, "Tea &amp; Clay")


def test_setting_that_is_a_fact_is_refused_and_nothing_is_changed(as_administrator, home):
    answer = as_administrator.post(
        "/wp-json/wp/v2/settings", {"title": "Other", "posts_per_page": 3},
        content_type="application/json",
    )  # fmt: skip

    assert answer.status_code == 400
    assert list(answer.json()["data"]["params"]) == ["posts_per_page"]
    assert HomePage.objects.get(pk=home.pk).site_name == "Test site"


def test_draft_of_the_first_page_stays_a_draft(as_administrator, home):
    draft = HomePage.objects.get(pk=home.pk)
    draft.hero_heading = "Not yet"
    draft.save_revision()

    as_administrator.post(
        "/wp-json/wp/v2/settings", {"title": "Other"}, content_type="application/json"
    )

    home.refresh_from_db()
    assert (home.site_name, home.hero_heading) == ("Other", "")
    latest = home.get_latest_revision_as_object()
    assert (latest.site_name, latest.hero_heading) == ("Other", "Not yet")


def batch(client, *requests, **more):
    return client.post(
        "/wp-json/batch/v1", {"requests": list(requests), **more}, content_type="application/json"
    )


def test_batch_answers_each_request_as_if_it_had_come_alone(as_editor, home):
    answer = batch(
        as_editor,
        {"path": "/wp/v2/tags", "body": {"name": "One"}},
        {"path": "/wp/v2/tags/999999", "method": "DELETE", "body": {"force": True}},
        {"path": "/wp/v2/comments", "body": {}},
    )

    assert answer.status_code == 207
    made, missing, never = answer.json()["responses"]
    assert (made["status"], made["body"]["name"]) == (201, "One")
    assert made["headers"]["Location"].endswith(f"/wp/v2/tags/{made['body']['id']}")
    assert (missing["status"], missing["body"]["code"]) == (404, "rest_term_invalid")
    assert never["body"]["code"] == "rest_batch_not_allowed"


def test_batch_that_must_be_valid_runs_nothing_where_one_is_not(as_editor, home):
    answer = batch(
        as_editor, {"path": "/wp/v2/tags", "body": {"name": "One"}},
        {"path": "/wp/v2/tags", "body": {}}, validation="require-all-validate",
    )  # fmt: skip

    assert answer.json()["failed"] == "validation"
    assert answer.json()["responses"][0] is None
    assert not Tag.objects.exists()


def test_batch_has_at_most_25_requests(as_editor, home):
    answer = batch(as_editor, *[{"path": "/wp/v2/tags", "body": {"name": "x"}}] * 26)

    assert answer.status_code == 400
    details = answer.json()["data"]["details"]["requests"]
    assert details["code"] == "rest_too_many_items"


def test_stranger_writes_nothing_by_a_batch(visitor, home):
    answer = batch(visitor, {"path": "/wp/v2/tags", "body": {"name": "One"}})

    assert answer.json()["responses"][0]["status"] == 401
    assert not Tag.objects.exists()


def test_api_is_also_at_the_address_by_query(visitor, post):
    for address in ("/", "/index.php"):
        answer = visitor.get(f"{address}?rest_route=/wp/v2/posts/{post.pk}&_fields=id")

        assert answer.json() == {"id": post.pk}
    assert visitor.get("/index.php?s=tea")["Location"] == "/?s=tea"


def test_oembed_tells_what_a_post_is_and_of_nothing_hidden(visitor, post, make_post):
    hidden = make_post("Hidden")
    hidden.unpublish()

    shown = visitor.get("/wp-json/oembed/1.0/embed", {"url": post.full_url}).json()
    secret = visitor.get("/wp-json/oembed/1.0/embed", {"url": hidden.full_url})

    assert shown["title"] == "A post"
    assert shown["author_name"] == "Edith"
    assert "script" not in shown["html"]
    assert (secret.status_code, secret.json()["code"]) == (404, "oembed_invalid_url")
    xml = visitor.get("/wp-json/oembed/1.0/embed", {"url": post.full_url, "format": "xml"})
    assert xml.headers["Content-Type"].startswith("text/xml")
    proxied = visitor.get("/wp-json/oembed/1.0/proxy", {"url": post.full_url})
    assert proxied.status_code == 401


@pytest.mark.parametrize("width", ["\u00b2", "wide", "-1", ""])
def test_oembed_takes_its_own_width_where_none_that_is_a_number_is_asked_for(visitor, post, width):
    answer = visitor.get("/wp-json/oembed/1.0/embed", {"url": post.full_url, "maxwidth": width})

    assert (answer.status_code, answer.json()["width"]) == (200, 600)
