"""Posts and pages beside recorded answers: edit context, passwords, parameters and schemas."""

from datetime import UTC, datetime

import pytest
from wagtail.models import PageViewRestriction

from accounts.services import create_application_password
from pages.models import Category, StandardPage, Tag
from pages.services.content import make_page
from tests.api.roles import roles
from tests.api.shapes import differences, recorded
from tests.api.test_reading import basic

pytestmark = [pytest.mark.django_db, pytest.mark.samples]
BASE = "/wp-json/wp/v2"


@pytest.fixture
def admin_key(administrator):
    with roles(administrator=administrator):
        yield basic(administrator, create_application_password(administrator, "Tests")[1])


@pytest.fixture
def guarded(make_post, editor):
    post = make_post(
        "Behind a password", body=[("paragraph", "<p>Behind a password body.</p>")],
        published_at=datetime(2026, 1, 5, 10, tzinfo=UTC), comments_open=True,
        terms={"categories": [Category.objects.create(name="Uncategorized")]},
    )  # fmt: skip
    PageViewRestriction.objects.create(
        page=post, restriction_type=PageViewRestriction.PASSWORD, password="sesame"
    )
    return post


@pytest.fixture
def made(home, make_post, editor):
    tea = Category.objects.create(name="Tea", slug="tea")
    make_post("A post", terms={"categories": [tea], "tags": [Tag.objects.create(name="How")]})
    about = make_page(home, StandardPage(title="About", author=editor), user=editor)
    make_page(about, StandardPage(title="Contact", author=editor), user=editor)


@pytest.mark.parametrize("name", ["posts", "pages"])
@pytest.mark.parametrize("kind", ["collection", "item"])
def test_edit_context_has_the_recorded_keys(samples, visitor, made, admin_key, name, kind):
    theirs = recorded(samples, f"{name}-edit", kind)
    listed = visitor.get(f"{BASE}/{name}?context=edit", headers=admin_key)
    key = next(item["id"] for item in listed.json() if item["slug"] in ("a-post", "contact"))
    path = f"{BASE}/{name}" + (f"/{key}" if kind == "item" else "")

    answer = visitor.get(f"{path}?context=edit", headers=admin_key)

    ours = answer.json() if kind == "item" else [i for i in listed.json() if i["id"] == key]
    assert differences(ours, theirs["body"]) == []
    links = ours["_links"] if kind == "item" else ours[0]["_links"]
    wanted = theirs["body"]["_links"] if kind == "item" else theirs["body"][0]["_links"]
    actions = [rel for rel in wanted if rel.startswith("wp:action-")]
    assert [rel for rel in links if rel.startswith("wp:action-")] == actions
    assert {"Expires", "Cache-Control"} <= set(answer.headers)


@pytest.mark.parametrize("name", ["posts", "pages"])
def test_permalink_template_and_generated_slug_are_as_recorded(visitor, made, admin_key, name):
    items = visitor.get(f"{BASE}/{name}?context=edit", headers=admin_key).json()
    by_slug = {item["slug"]: item for item in items}
    if name == "posts":
        post = by_slug["a-post"]
        assert post["permalink_template"].endswith("/2026/03/01/%postname%/")
        assert post["generated_slug"] == "a-post"
    else:
        assert by_slug["contact"]["permalink_template"].endswith("/about/%pagename%/")
        assert by_slug["about"]["permalink_template"].endswith("/%pagename%/")
        assert by_slug["contact"]["parent"] == by_slug["about"]["id"]


@pytest.mark.parametrize(
    ("record", "query"),
    [("item_without_password", ""), ("item_right_password", "?password=sesame"),
     ("item_wrong_password", "?password=wrong"), ("item_as_admin_edit", "?context=edit")],
)  # fmt: skip
def test_protected_post_is_answered_as_recorded(
    samples, visitor, guarded, admin_key, record, query
):
    theirs = recorded(samples, "password-protected", record)
    headers = admin_key if "auth" in theirs["request"] else None

    answer = visitor.get(f"{BASE}/posts/{guarded.pk}{query}", headers=headers)

    assert answer.status_code == theirs["status"]
    if answer.status_code == 200:
        assert answer.headers["Allow"].startswith("GET")
        assert differences(answer.json(), theirs["body"]) == []
        assert (
            answer.json()["content"]["protected"] is answer.json()["excerpt"]["protected"] is True
        )
        shown = answer.json()["content"]["rendered"].strip()
        assert shown == theirs["body"]["content"]["rendered"].strip()
        assert answer.json()["excerpt"]["rendered"] == theirs["body"]["excerpt"]["rendered"]
        assert answer.json().get("password") == theirs["body"].get("password")
    else:
        assert answer.json() == theirs["body"]
        assert answer.headers.get("Allow") == theirs["headers"].get("Allow")


@pytest.mark.parametrize("name", ["posts", "pages"])
def test_options_describe_lists_and_schema_as_recorded(samples, visitor, made, name):
    theirs = recorded(samples, f"options-{name}", "collection", "body")

    ours = visitor.options(f"{BASE}/{name}").json()

    site = ours["_links"]["self"][0]["href"].partition("/wp-json")[0]
    for link in theirs["schema"]["links"]:
        link["href"] = link["href"].replace("http://example.test", site)
    assert ours["endpoints"][0] == theirs["endpoints"][0]
    assert list(ours["endpoints"][0]["args"]) == list(theirs["endpoints"][0]["args"])
    assert ours["schema"] == theirs["schema"]
    assert list(ours["schema"]["properties"]) == list(theirs["schema"]["properties"])
    assert ours["_links"].keys() == theirs["_links"].keys()


@pytest.mark.parametrize("name", ["posts", "pages"])
def test_options_describe_reading_of_an_item_as_recorded(samples, visitor, made, name):
    theirs = recorded(samples, f"options-{name}", "item")["endpoints"][0]
    key = visitor.get(f"{BASE}/{name}").json()[0]["id"]

    answer = visitor.options(f"{BASE}/{name}/{key}")

    assert set(answer.json()["endpoints"][0]["args"]) == set(theirs["args"])
    assert answer.headers["Allow"] == "GET"
    assert "Allow" not in visitor.options(f"{BASE}/{name}/999999").headers


def test_search_is_described_as_recorded(samples, visitor, made):
    theirs = recorded(samples, "options-search", "collection", "body")

    ours = visitor.options(f"{BASE}/search").json()

    assert ours["endpoints"] == theirs["endpoints"]
    assert ours["schema"] == theirs["schema"]


@pytest.mark.parametrize("context", ["view", "embed", "edit"])
def test_search_answers_as_recorded(samples, visitor, made, context):
    theirs = recorded(samples, f"search-{context}", "collection")

    answer = visitor.get(f"{BASE}/search?search=post&per_page=2&context={context}")

    assert answer.status_code == theirs["status"]
    if context == "edit":
        assert answer.json() == theirs["body"]
    else:
        assert differences(answer.json(), theirs["body"]) == []
        assert answer.json()[0]["title"] == "A post"


@pytest.mark.parametrize(
    "name",
    [
        "search_bad_type",
        "search_bad_subtype",
        "two_bad_parameters",
        "unknown_parameter_is_ignored",
        "unknown_id_page_is_a_post",
    ],
)
def test_mistakes_of_reading_are_answered_as_recorded(samples, visitor, made, name):  # fmt: skip
    theirs = recorded(samples, "errors", name)

    answer = visitor.get(theirs["request"]["path"])

    assert answer.status_code == theirs["status"]
    if answer.status_code != 200:
        assert answer.json() == theirs["body"]
    assert answer.headers.get("Allow") == theirs["headers"].get("Allow")


HIDDEN = {"private": "private_post_without_auth", "draft": "draft_post_without_auth",
          "future": "future_post_without_auth", "trash": "trashed_post_without_auth"}  # fmt: skip


@pytest.mark.parametrize("status", HIDDEN)
def test_hidden_post_is_refused_as_recorded(samples, visitor, in_status, status):
    theirs = recorded(samples, "errors", HIDDEN[status])

    answer = visitor.get(f"{BASE}/posts/{in_status(status).pk}")

    assert (answer.status_code, answer.json()) == (theirs["status"], theirs["body"])
    assert answer.headers.get("Allow") == theirs["headers"].get("Allow")
