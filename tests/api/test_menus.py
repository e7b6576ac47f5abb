"""Menus, reusable blocks and what the editor asks for, over wp/v2."""

import pytest

from pages.models import Category, MenuItem, ReusableBlock
from tests.api.roles import roles

pytestmark = pytest.mark.django_db
MENUS, ITEMS = "/wp-json/wp/v2/menus", "/wp-json/wp/v2/menu-items"


@pytest.fixture
def boss(as_administrator):
    return as_administrator


def post(client, path, **fields):
    return client.post(path, fields, content_type="application/json")


def test_menu_of_entries_of_every_kind(boss, home):
    category = Category(name="Tea")
    category.save()
    menu = post(boss, MENUS, name="Top").json()

    custom = post(boss, ITEMS, title="Shop", url="/shop/", menus=menu["id"])
    page = post(boss, ITEMS, type="post_type", object="page", object_id=home.pk,
                menus=menu["id"], parent=custom.json()["id"])  # fmt: skip
    term = post(boss, ITEMS, type="taxonomy", object_id=category.pk, menus=menu["id"])

    assert [each.status_code for each in (custom, page, term)] == [201, 201, 201]
    assert custom.json()["url"].startswith("http")
    assert page.json()["title"]["raw"] == "Home"
    assert page.json()["parent"] == custom.json()["id"]
    assert term.json()["object"] == "category"
    listed = boss.get(f"{ITEMS}?menus={menu['id']}").json()
    assert len(listed) == 3


def test_entry_that_leads_nowhere_or_below_itself_is_refused(boss, home):
    menu = post(boss, MENUS, name="Top").json()
    one = post(boss, ITEMS, title="One", url="/one/", menus=menu["id"]).json()
    two = post(boss, ITEMS, title="Two", url="/two/", menus=menu["id"], parent=one["id"])

    nowhere = post(boss, ITEMS, title="Nowhere", menus=menu["id"])
    script = post(boss, ITEMS, title="Run", url="javascript:alert(1)", menus=menu["id"])
    circle = post(boss, f"{ITEMS}/{one['id']}", parent=two.json()["id"])

    assert [each.status_code for each in (nowhere, script, circle)] == [400, 400, 400]
    assert MenuItem.objects.get(pk=one["id"]).parent is None


def test_deleted_entry_leaves_what_was_below_it(boss, home):
    menu = post(boss, MENUS, name="Top").json()
    one = post(boss, ITEMS, title="One", url="/one/", menus=menu["id"]).json()
    two = post(boss, ITEMS, title="Two", url="/two/", menus=menu["id"], parent=one["id"])

    assert boss.delete(f"{ITEMS}/{one['id']}").status_code == 501
    assert boss.delete(f"{ITEMS}/{one['id']}?force=true").json()["deleted"] is True
    assert MenuItem.objects.get(pk=two.json()["id"]).parent is None


def test_main_menu_is_the_one_at_the_top_of_every_page(boss, home, visitor):
    post(boss, ITEMS, title="Our shop", url="/shop/")

    location = boss.get("/wp-json/wp/v2/menu-locations").json()["primary"]

    assert location["menu"] == MenuItem.objects.get().menu_id
    assert "Our shop" in visitor.get("/").content.decode()


@pytest.mark.parametrize("fields", [{"locations": ["primary"]}, {"auto_add": True}])
def test_what_a_menu_cannot_do_is_refused_by_its_name(boss, home, fields):
    menu = post(boss, MENUS, name="Top").json()

    for path, more in ((MENUS, {"name": "New"}), (f"{MENUS}/{menu['id']}", {})):
        answer = post(boss, path, **fields, **more)
        assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_param")
        assert list(answer.json()["data"]["params"]) == list(fields)
    assert len(boss.get(MENUS).json()) == 1
    main = post(boss, f"{MENUS}/{menu['id']}", slug="main", locations=["primary"])
    assert main.json()["locations"] == ["primary"]
    assert post(boss, f"{MENUS}/{menu['id']}", **main.json()).status_code == 200
    assert post(boss, f"{MENUS}/{menu['id']}", locations=[]).status_code == 400


@pytest.mark.parametrize("status", ["draft", "pending", "private", "future"])
def test_entry_that_should_wait_is_refused_and_not_published(boss, home, status):
    menu = post(boss, MENUS, name="Top").json()

    answer = post(boss, ITEMS, title="One", url="/one/", menus=menu["id"], status=status)

    assert list(answer.json()["data"]["params"]) == ["status"]
    assert not MenuItem.objects.exists()


def test_entry_can_be_sent_back_as_it_was_answered(boss, home):
    menu = post(boss, MENUS, name="Top").json()
    made = post(boss, ITEMS, title="One", url="/one/", menus=menu["id"]).json()
    MenuItem.objects.create(menu_id=menu["id"], locale=home.locale, label="Two", url="/two/")

    assert made["menu_order"] == 1
    for item in boss.get(f"{ITEMS}?menus={menu['id']}&context=edit").json():
        back = boss.put(f"{ITEMS}/{item['id']}", item, content_type="application/json")
        assert back.status_code == 200
        assert back.json() == item


def test_entry_of_a_page_becomes_a_link_of_its_own(boss, home):
    menu = post(boss, MENUS, name="Top").json()
    made = post(boss, ITEMS, type="post_type", object="page", object_id=home.pk,
                menus=menu["id"]).json()  # fmt: skip

    changed = post(boss, f"{ITEMS}/{made['id']}", type="custom", url="https://example.org/").json()

    assert (changed["type"], changed["url"]) == ("custom", "https://example.org/")


@pytest.mark.parametrize("path", [MENUS, ITEMS, "/wp-json/wp/v2/menu-locations"])
def test_strangers_see_and_change_no_menus(visitor, home, path):
    answer = visitor.get(path)

    assert (answer.status_code, answer.json()["code"]) == (401, "rest_cannot_view")
    if path != "/wp-json/wp/v2/menu-locations":
        assert post(visitor, path, name="x", title="x").status_code == 401


def test_reusable_block_is_for_those_who_write(as_editor, visitor, client_of, stranger):
    text = "<!-- wp:paragraph --><p>Words.</p><!-- /wp:paragraph -->"
    made = post(as_editor, "/wp-json/wp/v2/blocks", title="Note", content=text, status="publish")

    assert made.status_code == 201
    path = f"/wp-json/wp/v2/blocks/{made.json()['id']}"
    assert as_editor.get(path).json()["content"]["raw"] == text
    assert visitor.get("/wp-json/wp/v2/blocks").json() == []
    assert visitor.get(path).status_code == 401
    assert post(client_of(stranger), path, title="Mine").status_code == 403
    assert ReusableBlock.objects.get().title == "Note"


BLOCKS = "/wp-json/wp/v2/blocks"


def test_reusable_block_goes_to_the_trash_and_back(as_editor):
    made = post(as_editor, BLOCKS, title="Note", content="Words.", status="publish").json()
    path = f"{BLOCKS}/{made['id']}"

    trashed = as_editor.delete(path)

    assert (trashed.status_code, trashed.json()["status"]) == (200, "trash")
    assert trashed.json()["slug"] == "note__trashed"
    again = as_editor.delete(path)
    assert (again.status_code, again.json()["code"]) == (410, "rest_already_trashed")
    assert as_editor.get(f"{BLOCKS}?status=any").json() == []
    assert [each["id"] for each in as_editor.get(f"{BLOCKS}?status=trash").json()] == [made["id"]]
    assert ReusableBlock.texts_of([made["id"]]) == {}
    assert post(as_editor, path, title="New", status="trash").json()["status"] == "trash"
    back = post(as_editor, path, status="publish").json()
    assert (back["status"], back["slug"], back["title"]["raw"]) == ("publish", "note", "New")
    gone = as_editor.delete(f"{path}?force=true")
    assert gone.json()["deleted"] is True
    assert as_editor.get(path).json()["code"] == "rest_post_invalid_id"


@pytest.mark.parametrize("status", ["draft", "pending", "private"])
def test_reusable_block_has_its_status_and_date(as_editor, editor, client_of, stranger, status):
    made = post(as_editor, BLOCKS, title="Note", status=status, date="2026-03-04T05:06:07").json()

    assert (made["status"], made["date"]) == (status, "2026-03-04T05:06:07")
    assert [each["id"] for each in as_editor.get(f"{BLOCKS}?status=any").json()] == [made["id"]]
    assert as_editor.get(f"{BLOCKS}?status=publish").json() == []
    with roles(editor=editor, author=stranger):
        asked = client_of(stranger).get(f"{BLOCKS}/{made['id']}")
    assert (asked.status_code, asked.json()["code"]) == (403, "rest_forbidden")


@pytest.mark.parametrize(
    "fields",
    [{"status": "future"}, {"date": "2099-01-01T00:00:00"}, {"status": "trash"},
     {"status": "gone"}, {"password": "secret"}, {"template": "wide"}],
)  # fmt: skip
def test_what_a_reusable_block_cannot_be_is_refused_by_its_name(as_editor, fields):
    answer = post(as_editor, BLOCKS, title="Note", **fields)

    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_param")
    assert list(answer.json()["data"]["params"]) == list(fields)
    assert not ReusableBlock.objects.exists()


@pytest.mark.parametrize("title", [{"raw": {}}, {"raw": ["a"]}, {"raw": True}, ["a"], False])
@pytest.mark.parametrize("path", ["blocks", "posts", "media"])
def test_text_that_is_none_is_refused_by_its_name(as_editor, journal, path, title):
    answer = post(as_editor, f"/wp-json/wp/v2/{path}", title=title, status="publish")

    assert (answer.status_code, answer.json()["code"]) == (400, "rest_invalid_param")
    assert "title" in answer.json()["data"]["params"]


def test_number_is_taken_as_a_text(as_editor, journal):
    one = post(as_editor, "/wp-json/wp/v2/blocks", title={"raw": 7}, content=8)
    none = post(as_editor, "/wp-json/wp/v2/blocks", title={"raw": None}, content="Words.")

    assert [one.status_code, none.status_code] == [201, 201]
    assert none.json()["title"]["raw"] == ""
    assert (one.json()["title"]["raw"], one.json()["content"]["raw"]) == ("7", "8")


@pytest.mark.parametrize(
    "path", ["templates", "template-parts", "sidebars", "widgets", "block-patterns/patterns"]
)
def test_what_the_site_has_none_of_is_an_empty_list_or_a_refusal(visitor, as_administrator, path):
    assert visitor.get(f"/wp-json/wp/v2/{path}").status_code == 401
    assert visitor.get("/wp-json/wp/v2/navigation").json() == []


def test_block_types_are_those_that_content_is_made_of(as_editor, visitor):
    names = [each["name"] for each in as_editor.get("/wp-json/wp/v2/block-types").json()]

    assert {"core/paragraph", "core/columns", "core/gallery"} <= set(names)
    assert as_editor.get("/wp-json/wp/v2/block-types/core/quote").json()["title"] == "Quote"
    assert visitor.get("/wp-json/wp/v2/block-types").status_code == 401
