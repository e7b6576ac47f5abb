"""Categories and tags over wp/v2: WordPress's rules, refusals and addresses."""

import pytest

from pages.models import Category, Tag, Term
from pages.services.terms import create_term

pytestmark = pytest.mark.django_db


def make(client, name, **fields):
    return client.post(
        "/wp-json/wp/v2/categories", {"name": name, **fields}, content_type="application/json"
    )


def test_term_is_made_with_a_slug_of_its_name(as_editor):
    answer = make(as_editor, "Soups & Stews — café")

    assert answer.status_code == 201
    assert answer.json()["slug"] == "soups-stews-cafe"
    assert answer.json()["name"] == "Soups &amp; Stews — café"
    assert answer.headers["Location"].endswith(f"/wp-json/wp/v2/categories/{answer.json()['id']}")


def test_name_is_used_once_below_a_parent(as_editor):
    first = make(as_editor, "Tea").json()

    again = make(as_editor, "tea")
    below = make(as_editor, "Tea", parent=first["id"])

    assert (again.status_code, again.json()["code"]) == (400, "term_exists")
    assert again.json()["data"]["term_id"] == first["id"]
    assert below.status_code == 201
    assert below.json()["slug"] == "tea-tea"


def test_no_parent_says_nothing(as_editor):
    top = make(as_editor, "Tea").json()
    below = make(as_editor, "Green", parent=top["id"]).json()

    assert make(as_editor, "Coffee", parent=None).json()["parent"] == 0
    path = f"/wp-json/wp/v2/categories/{below['id']}"
    answer = as_editor.post(path, {"parent": None}, content_type="application/json")
    assert answer.json()["parent"] == top["id"]


def test_slug_that_is_taken_gets_a_number(home):
    create_term("post_tag", name="One", slug="same")

    assert create_term("post_tag", name="Two", slug="same").slug == "same-2"
    assert create_term("post_tag", name="Three", slug="same").slug == "same-3"


@pytest.mark.parametrize("base", ["categories", "tags"])
def test_term_without_letters_has_its_number_as_slug(as_editor, visitor, base):
    def post(client, path, **fields):
        return client.post(path, fields, content_type="application/json")

    made = [post(as_editor, f"/wp-json/wp/v2/{base}", name=name) for name in ("&<", "…", "\x06")]

    assert [answer.status_code for answer in made] == [201, 201, 201]
    for term in [answer.json() for answer in made]:
        assert term["slug"] == str(term["id"])
    cleared = post(as_editor, f"/wp-json/wp/v2/{base}/{made[0].json()['id']}", slug="!")
    assert cleared.json()["slug"] == made[0].json()["slug"]
    assert visitor.get(f"/wp-json/wp/v2/{base}").status_code == 200


def test_number_of_a_term_that_is_another_ones_slug_is_told_apart(home):
    key = create_term("post_tag", name="&").pk
    create_term("post_tag", name=str(key + 2))

    assert create_term("post_tag", name="<").slug == f"{key + 2}-{key + 2}"


def test_slug_of_another_is_refused_on_update(as_editor):
    first, second = make(as_editor, "One").json(), make(as_editor, "Two").json()

    answer = as_editor.put(
        f"/wp-json/wp/v2/categories/{second['id']}", {"slug": first["slug"]},
        content_type="application/json",
    )  # fmt: skip

    assert answer.json()["code"] == "duplicate_term_slug"
    assert Category.objects.get(pk=second["id"]).slug == "two"


def test_term_cannot_stand_below_itself(as_editor):
    top = make(as_editor, "Top").json()
    low = make(as_editor, "Low", parent=top["id"]).json()

    answer = as_editor.put(
        f"/wp-json/wp/v2/categories/{top['id']}", {"parent": low["id"]},
        content_type="application/json",
    )  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (400, "rest_term_invalid")
    assert Category.objects.get(pk=top["id"]).parent is None


def test_deleted_category_hands_its_posts_and_children_on(as_editor, make_post):
    default = create_term("category", name="Uncategorized")
    top = create_term("category", name="Top")
    low = create_term("category", name="Low", parent_id=top.pk)
    post = make_post(terms={"categories": [Category.objects.get(pk=top.pk)]})

    answer = as_editor.delete(f"/wp-json/wp/v2/categories/{top.pk}?force=true")

    assert answer.json()["deleted"] is True
    assert Term.objects.get(pk=low.pk).parent is None
    filed = post.categories.through.objects.filter(postpage_id=post.pk)
    assert list(filed.values_list("category_id", flat=True)) == [default.pk]
    kept = as_editor.delete(f"/wp-json/wp/v2/categories/{default.pk}?force=true")
    assert (kept.status_code, kept.json()["code"]) == (500, "rest_cannot_delete")


def test_tag_has_no_parent(as_editor):
    tag = Tag(name="One")
    tag.save()

    answer = as_editor.post(
        "/wp-json/wp/v2/tags", {"name": "Two", "parent": tag.pk}, content_type="application/json"
    )

    assert answer.json()["code"] == "rest_taxonomy_not_hierarchical"


def test_count_tells_nothing_of_what_is_not_public(visitor, make_post):
    tag = Tag(name="One")
    tag.save()
    make_post(terms={"tags": [tag]})
    hidden = make_post("Hidden", terms={"tags": [tag]})
    hidden.unpublish()

    assert visitor.get(f"/wp-json/wp/v2/tags/{tag.pk}").json()["count"] == 1


@pytest.mark.parametrize("base", ["categories", "menus"])
def test_name_that_is_sent_back_as_it_was_answered_stays_the_same(as_administrator, base):
    """WordPress's editor sends the names of new tags escaped, and others whole records."""
    path = f"/wp-json/wp/v2/{base}"
    words = {"name": "Soups &amp; Stews &copy", "description": "a &lt; b"}
    made = as_administrator.post(path, words, content_type="application/json").json()

    sent = {name: made[name] for name in ("name", "description")}
    again = as_administrator.put(f"{path}/{made['id']}", sent, content_type="application/json")

    assert Term.objects.get(pk=made["id"]).name == "Soups & Stews &copy"
    assert sent == {"name": "Soups &amp; Stews &amp;copy", "description": "a &lt; b"}
    assert {name: again.json()[name] for name in sent} == sent
    for word in ("Soups %26 St", "Soups %26amp; St"):
        assert [each["id"] for each in as_administrator.get(f"{path}?search={word}").json()] == [
            made["id"]
        ]
