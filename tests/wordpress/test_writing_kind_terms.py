"""Terms of declared taxonomies are written over REST as WordPress writes them."""

import pytest

from core.extensions.content_kinds import content_kinds, kinds_from
from tests.api.conftest import as_administrator, client_of  # noqa: F401  fixtures
from tests.wordpress import made
from tests.wordpress.test_content_kinds import (  # noqa: F401  fixtures
    BASE,
    bring_in,
    declared,
    filed,
    get,
    library,
    term,
)
from tests.wordpress.test_writing_kinds import exported, make_account, send  # noqa: F401
from wordpress.models import KeptRecord

pytestmark = pytest.mark.django_db
MOODS = {"taxonomies": [{"name": "mood", "rest_base": "moods", "types": ["book"]}]}


@pytest.fixture
def write(as_administrator, declared):  # noqa: F811
    with content_kinds.temporarily(kinds_from("tests.moods", MOODS)):
        yield lambda path, body, status=200, method="POST": send(
            as_administrator, method, path, body, status
        )


def test_a_term_is_made_as_wordpress_makes_it(write, as_administrator):  # noqa: F811
    answer = as_administrator.post(
        f"{BASE}/genres",
        {"name": " Prose ", "slug": "prose", "description": "D", "meta": {"shelf": "A"}},
        content_type="application/json",
    )
    item = answer.json()

    assert answer.status_code == 201
    assert answer["Location"].endswith(f"/wp/v2/genres/{item['id']}")
    assert list(item) == ["id", "count", "description", "link", "name", "slug", "taxonomy",
                          "parent", "meta", "_links"]  # fmt: skip
    assert (item["name"], item["meta"]) == ("Prose", {"shelf": "A"})
    schema = as_administrator.options(f"{BASE}/genres").json()["schema"]
    assert schema["properties"]["taxonomy"]["enum"] == ["genre"]
    below = write("genres", {"name": "Novel", "parent": item["id"]}, 201)
    assert (below["slug"], below["parent"]) == ("novel", item["id"])
    assert write("genres", {"name": "Novel"}, 201)["slug"] == "novel-2"
    taken = write("genres", {"name": "prose"}, 400)
    assert taken == {
        "code": "term_exists",
        "message": "A term with the name provided already exists with this parent.",
        "data": {"status": 400, "term_id": item["id"]},
        "additional_data": [item["id"], item["id"]],
    }
    assert write("genres", {"name": "X", "parent": 9999}, 400)["code"] == "rest_term_invalid"
    assert write("genres", {}, 400)["code"] == "rest_missing_callback_param"


def test_a_flat_taxonomy_has_no_parents(write):
    glad = write("moods", {"name": "Glad"}, 201)

    assert "parent" not in glad
    assert write("moods", {"name": "X", "parent": 1}, 400)["code"] == (
        "rest_taxonomy_not_hierarchical"
    )
    assert write("moods", {"name": "Sad", "parent": None}, 201)["slug"] == "sad"
    assert [each["name"] for each in write("moods?parent=x", None, 200, "GET")] == ["Glad", "Sad"]
    taken = write("moods", {"name": "glad"}, 400)
    assert taken["message"] == "A term with the name provided already exists in this taxonomy."


def test_a_renamed_term_keeps_its_items_and_those_below(library, write, visitor):  # noqa: F811
    changed = write("genres/70", {"name": "Stories", "slug": "stories"})

    assert (changed["name"], changed["slug"], changed["count"]) == ("Stories", "stories", 1)
    assert get(visitor, "genres/71")["parent"] == 70
    assert get(visitor, "books/501")["genres"] == [70]
    filings = KeptRecord.objects.get(number=501, is_term=False).fields["filings"]
    assert filings == [{"taxonomy": "genre", "slug": "stories", "name": "Stories"}]
    assert write("genres/70", {"slug": "crime"}, 400)["code"] == "duplicate_term_slug"
    # What is put below itself stands at the top, as in WordPress.
    assert write("genres/70", {"parent": 71})["parent"] == 0
    assert write("genres/71", {"parent": 0})["parent"] == 0
    assert write("genres/71", {"meta": {"shelf": "Z"}})["meta"] == {"shelf": "Z"}


def test_a_deleted_term_is_gone_from_its_items(library, write, bring_in, visitor):  # noqa: F811
    assert write("genres/70", {}, 501, "DELETE")["code"] == "rest_trash_not_supported"
    deleted = write("genres/70?force=true", {}, method="DELETE")

    assert (deleted["deleted"], deleted["previous"]["name"]) == (True, "Fiction")
    assert "_links" not in deleted["previous"]
    assert get(visitor, "genres/70", 404)["code"] == "rest_term_invalid"
    assert get(visitor, "genres/71")["parent"] == 0
    assert get(visitor, "books/501")["genres"] == []
    assert get(visitor, "search?type=term&search=fiction") == []
    report = bring_in(made.author(), term("fiction", number=70))
    assert get(visitor, "genres/70", 404)
    assert [each["code"] for each in report["problems"]] == ["deleted_here"]


def test_what_two_sites_had_is_one_term(library, write, bring_in, visitor):  # noqa: F811
    bring_in(
        made.author(), term("fiction", number=170),
        made.item(801, kind="book", title="Other", extra=filed("fiction")),
        site="https://other.example",
    )  # fmt: skip

    assert [each["name"] for each in get(visitor, "genres?orderby=name")].count("Fiction") == 1
    other = KeptRecord.objects.get(title="Other").number
    assert {each["id"] for each in get(visitor, "books?genres=70")} == {501, other}
    write("genres/70?force=true", {}, method="DELETE")
    assert "Fiction" not in [each["name"] for each in get(visitor, "genres")]


def test_an_import_leaves_what_was_written_here(library, write, bring_in, visitor):  # noqa: F811
    write("genres/72", {"name": "Verse"})
    report = bring_in(made.author(), term("poetry", number=72, parent="fiction"))

    assert get(visitor, "genres/72")["name"] == "Verse"
    assert [each["code"] for each in report["problems"]] == ["edited_here"]


def test_terms_written_here_go_out_and_come_back(write, bring_in):  # noqa: F811
    prose = write("genres", {"name": "Prose", "meta": {"shelf": "A"}}, 201)
    novel = write("genres", {"name": "Novel", "parent": prose["id"]}, 201)
    write("books", {"title": "First", "genres": [novel["id"]], "status": "publish"}, 201)
    text = exported(whole=True)

    KeptRecord.objects.all().delete()
    bring_in(text=text)

    terms = {each.title: each.fields for each in KeptRecord.objects.filter(is_term=True)}
    assert terms["Novel"]["parent"] == "prose"
    assert terms["Prose"]["meta"] == [["shelf", "A"]]
    item = KeptRecord.objects.get(is_term=False)
    assert item.fields["filings"] == [{"taxonomy": "genre", "slug": "novel", "name": "Novel"}]


# By role: making in a tree, making without one, changing, deleting, Allow of both collections.
ANSWERS = {
    "visitor": ((401, "rest_cannot_create"), (401, "rest_cannot_create"),
                (401, "rest_cannot_update"), (401, "rest_cannot_delete"), "GET", "GET"),
    "subscriber": ((403, "rest_cannot_create"), (403, "rest_cannot_create"),
                   (403, "rest_cannot_update"), (403, "rest_cannot_delete"), "GET", "GET"),
    "contributor": ((403, "rest_cannot_create"), (201, None), (403, "rest_cannot_update"),
                    (403, "rest_cannot_delete"), "GET", "GET, POST"),
    "editor": ((201, None), (201, None), (200, None), (501, "rest_trash_not_supported"),
               "GET, POST", "GET, POST"),
}  # fmt: skip


@pytest.mark.parametrize("role", ANSWERS)
def test_roles_may_what_wordpress_s_may(role, write, make_account, visitor, client_of):  # noqa: F811
    key = write("genres", {"name": "Prose"}, 201)["id"]
    client = visitor if role == "visitor" else client_of(make_account(role))
    tree, flat, change, deletion, *allowed = ANSWERS[role]

    def outcome(method, path, body=None):
        answer = client.generic(method, f"{BASE}/{path}", body or "{}", "application/json")
        return answer.status_code, answer.json().get("code")

    assert outcome("POST", "genres", '{"name": "Mine"}') == tree
    assert outcome("POST", "moods", '{"name": "Mine"}') == flat
    assert outcome("POST", f"genres/{key}", '{"description": "x"}') == change
    assert outcome("DELETE", f"genres/{key}") == deletion
    assert [client.options(f"{BASE}/{base}")["Allow"] for base in ("genres", "moods")] == allowed
