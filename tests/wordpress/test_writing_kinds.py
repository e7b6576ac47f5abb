"""Items of declared types are written over REST as WordPress writes them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from accounts.services import AUTHORS, CONTRIBUTORS, EDITORS, create_user, delete_user
from core.signals import entry_deleted, entry_published, entry_unpublished, entry_updated
from tests.api.conftest import as_administrator, as_editor, client_of  # noqa: F401  fixtures
from tests.wordpress import made
from tests.wordpress.test_content_kinds import (  # noqa: F401  fixtures
    BASE,
    bring_in,
    declared,
    get,
    library,
)
from wordpress.exporting.running import Export
from wordpress.models import KeptRecord
from wordpress.tasks import publish_due_items

pytestmark = pytest.mark.django_db
SIGNALS = {"published": entry_published, "updated": entry_updated,
           "unpublished": entry_unpublished, "deleted": entry_deleted}  # fmt: skip


def send(client, method, path, body=None, status=200):
    answer = client.generic(method, f"{BASE}/{path}", json.dumps(body or {}), "application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


@pytest.fixture
def write(as_administrator, declared):  # noqa: F811
    def write(path, body, status=200, method="POST"):
        return send(as_administrator, method, path, body, status)

    return write


@pytest.fixture
def book(write):
    return write("books", {"title": "First", "content": "Text", "status": "publish"}, 201)


GROUPS = {"subscriber": [], "contributor": [CONTRIBUTORS], "author": [AUTHORS],
          "editor": [EDITORS]}  # fmt: skip


@pytest.fixture
def make_account(home):
    def make_account(role):
        return create_user(username=role, email=f"{role}@example.org", password="pass",
                           groups=GROUPS[role])  # fmt: skip

    return make_account


@pytest.fixture
def told():
    found = []
    receivers = []
    for name, signal in SIGNALS.items():

        def receive(sender, *, name=name, entry_id, kind, **kwargs):
            found.append((name, kind, entry_id))

        signal.connect(receive)
        receivers.append((signal, receive))
    yield found
    for signal, receive in receivers:
        signal.disconnect(receive)


def test_an_item_is_made_as_wordpress_makes_it(write, administrator, as_administrator):  # noqa: F811
    answer = as_administrator.post(
        f"{BASE}/books",
        {"title": "First", "content": "Text", "status": "publish", "meta": {"pages": 12}},
        content_type="application/json",
    )
    item = answer.json()

    assert answer.status_code == 201
    assert answer["Location"].endswith(f"/wp-json/wp/v2/books/{item['id']}")
    assert list(item) == [
        "id", "date", "date_gmt", "guid", "modified", "modified_gmt", "password", "slug",
        "status", "type", "link", "title", "content", "excerpt", "author", "featured_media",
        "template", "meta", "genres", "permalink_template", "generated_slug", "_links",
    ]  # fmt: skip
    assert (item["slug"], item["status"], item["author"]) == ("first", "publish", administrator.pk)
    assert item["link"].endswith("/book/first/")
    assert item["guid"]["raw"] == item["link"]
    assert item["permalink_template"].endswith("/book/%pagename%/")
    assert item["content"]["rendered"] == "<p>Text</p>\n"
    assert item["meta"] == {"pages": 12, "in_print": True, "also": []}
    assert list(item["_links"]) == [
        "self", "collection", "about", "author", "wp:attachment", "wp:term", "wp:action-publish",
        "wp:action-unfiltered-html", "wp:action-assign-author", "wp:action-create-genres",
        "wp:action-assign-genres", "curies",
    ]  # fmt: skip


def test_empty_items_are_refused(write):
    assert write("books", {}, 400)["code"] == "empty_content"
    # WordPress asks for words only of types that support all of them.
    assert write("room", {"status": "publish"}, 201)["slug"] == "1-2"
    assert write("books", {"content": "x", "meta": {"pages": 3}}, 201)["slug"] == ""
    assert KeptRecord.objects.filter(type="book").count() == 1


def test_slugs_are_free_once_they_are_public(write, book):
    draft = write("books", {"title": "First"}, 201)

    assert (draft["slug"], draft["generated_slug"]) == ("", "first-2")
    assert draft["link"].endswith(f"/?post_type=book&p={draft['id']}")
    assert write(f"books/{draft['id']}", {"status": "publish"})["slug"] == "first-2"
    chosen = write(f"books/{draft['id']}", {"slug": "First of All"})
    assert chosen["slug"] == "first-of-all"
    untitled = write("books", {"excerpt": "only", "status": "publish"}, 201)
    assert untitled["slug"] == str(untitled["id"])


def test_the_trash_keeps_an_item_until_it_is_taken_out(write, book, visitor):
    path = f"books/{book['id']}"
    trashed = write(path, {}, method="DELETE")

    assert (trashed["status"], trashed["slug"]) == ("trash", "first__trashed")
    assert trashed["permalink_template"].endswith("/book/%pagename%/")
    assert write(path, {}, 410, "DELETE")["code"] == "rest_already_trashed"
    assert get(visitor, path, 401)["code"] == "rest_forbidden"
    assert get(visitor, "books") == []
    assert write(path, {"status": "trash"})["status"] == "trash"
    restored = write(path, {"status": "draft"})
    assert (restored["status"], restored["slug"]) == ("draft", "first")
    assert KeptRecord.objects.get().fields["meta"] == []
    deleted = write(f"{path}?force=true", {}, method="DELETE")
    assert deleted["deleted"] is True
    assert "_links" not in deleted["previous"]
    assert write(path, {"title": "x"}, 404)["code"] == "rest_post_invalid_id"
    assert KeptRecord.objects.count() == 0


def test_a_date_to_come_schedules_and_the_clock_publishes(write, visitor, told):
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        item = write("books", {"title": "Later", "status": "publish",
                               "date_gmt": "2026-01-02T00:00:00"}, 201)  # fmt: skip
        assert (item["status"], item["slug"]) == ("future", "later")
        assert item["link"].endswith(f"/?post_type=book&p={item['id']}")
        assert get(visitor, "search?search=later") == []
        publish_due_items.func()
        assert get(visitor, f"books/{item['id']}", 401)
        assert told == []
    with time_machine.travel(datetime(2026, 1, 2, 0, 1, tzinfo=UTC), tick=False):
        publish_due_items.func()
        publish_due_items.func()

        assert get(visitor, f"books/{item['id']}")["status"] == "publish"
        assert told == [("published", "book", item["id"])]
        past = write(f"books/{item['id']}", {"date": "2021-01-01T00:00:00"})
        assert (past["status"], past["date"]) == ("publish", "2021-01-01T00:00:00")


def test_a_draft_has_the_date_of_its_publication(write):
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        draft = write("books", {"title": "Draft"}, 201)
    with time_machine.travel(datetime(2026, 2, 1, tzinfo=UTC), tick=False):
        shown = write(f"books/{draft['id']}", {"status": "publish"})

    assert draft["date_gmt"] == "2026-01-01T00:00:00"
    assert shown["date_gmt"] == "2026-02-01T00:00:00"


def test_private_and_protected_items_stay_so(write, book, visitor):
    path = f"books/{book['id']}"
    assert write(path, {"password": "sesame"})["password"] == "sesame"
    assert get(visitor, path)["content"] == {"rendered": "", "protected": True}
    private = write(path, {"status": "private"})
    assert (private["password"], private["title"]["rendered"]) == ("", "Private: First")
    assert get(visitor, path, 401)["code"] == "rest_forbidden"
    assert get(visitor, "search?search=first") == []
    assert write(path, {"password": "x" * 256}, 400)["code"] == "rest_invalid_param"


def test_wrong_values_are_refused_as_by_wordpress(write, book):
    path = f"books/{book['id']}"

    assert write("books", {"id": 5, "title": "x"}, 400)["code"] == "rest_post_exists"
    assert write(path, {"author": 999}, 400)["code"] == "rest_invalid_author"
    status = write(path, {"status": "bogus"}, 400)
    assert status["data"]["params"]["status"] == (
        "status is not one of publish, future, draft, pending, and private."
    )
    template = write(path, {"template": "bogus"}, 400)
    assert template["data"]["params"]["template"] == "template is not one of ."
    assert write(path, {"featured_media": 999})["featured_media"] == 0
    # What a type does not have is not looked at.
    assert "menu_order" not in write(path, {"menu_order": 4, "parent": 7, "sticky": True})
    assert KeptRecord.objects.get().parent == 0


def test_rooms_form_a_tree(write, visitor):
    top = write("room", {"title": "Top", "status": "publish"}, 201)
    below = write("room", {"title": "Below", "parent": top["id"], "menu_order": 2,
                           "status": "publish"}, 201)  # fmt: skip

    assert list(top) == [
        "id", "date", "date_gmt", "guid", "modified", "modified_gmt", "password", "slug",
        "status", "type", "link", "title", "parent", "menu_order", "template",
        "permalink_template", "generated_slug", "_links",
    ]  # fmt: skip
    assert below["link"].endswith("/room/top/below/")
    assert below["permalink_template"].endswith("/room/top/%pagename%/")
    wrong = write(f"room/{below['id']}", {"parent": 99999}, 400)
    assert (wrong["code"], wrong["message"]) == (
        "rest_post_invalid_id", "Invalid post parent ID.",
    )  # fmt: skip
    for parent in (below["id"], top["id"]):
        assert write(f"room/{top['id']}", {"parent": parent})["parent"] == 0
    assert write("room", {"title": "2024", "status": "publish"}, 201)["slug"] == "2024-2"
    beside = write("room", {"title": "Below", "status": "publish"}, 201)
    assert beside["slug"] == "below"
    write(f"room/{top['id']}?force=true", {}, method="DELETE")
    moved = get(visitor, f"room/{below['id']}")
    assert (moved["parent"], moved["link"].endswith("/room/below/")) == (0, True)


def test_pictures_are_chosen(write, book, image):
    path = f"books/{book['id']}"

    shown = write(path, {"featured_media": image.pk})
    assert shown["featured_media"] == image.pk
    assert "wp:featuredmedia" in shown["_links"]
    get_image_model().objects.all().delete()
    assert write(path, {"title": "Second"})["featured_media"] == 0


def test_terms_are_assigned(library, as_administrator, visitor):  # noqa: F811
    item = send(as_administrator, "POST", "books/502", {"genres": [72, 70, 99999]})

    assert item["genres"] == [70, 72]
    assert [each["id"] for each in get(visitor, "books?genres=72")] == [503, 502]
    assert get(visitor, "genres/71")["count"] == 0
    assert send(as_administrator, "POST", "books/502", {"genres": []})["genres"] == []


def test_imported_items_are_changed_and_not_imported_over(library, as_administrator, bring_in,  # noqa: F811
                                                          visitor):  # fmt: skip
    send(as_administrator, "POST", "books/501", {"title": "Mine", "meta": {"pages": 5}})

    report = bring_in(made.author(), made.item(501, kind="book", title="Theirs"),
                      made.item(502, kind="book", title="Theirs too"))  # fmt: skip

    assert get(visitor, "books/501")["title"]["rendered"] == "Mine"
    assert get(visitor, "books/502")["title"]["rendered"] == "Theirs too"
    told = {each["item"]: each["code"] for each in report["problems"]}
    assert told == {"Item of a plugin (book 501)": "edited_here"}
    fields = KeptRecord.objects.get(number=501, is_term=False).fields
    assert ["internal", "secret-margin"] in fields["meta"]
    assert ["_edit_lock", "1:1"] in fields["meta"]
    assert ["pages", "5"] in fields["meta"]


def test_what_wordpress_does_not_know_is_written_by_nobody(library, as_administrator):  # noqa: F811
    assert send(as_administrator, "POST", "books/507", {"title": "x"}, 403)["code"] == (
        "rest_cannot_edit"
    )
    assert send(as_administrator, "DELETE", "books/507", {}, 403)["code"] == "rest_cannot_delete"


# By role: making a draft, publishing, changing another's published item, Allow of both routes.
ANSWERS = {
    "visitor": ((401, "rest_cannot_create"), (401, "rest_cannot_create"),
                (401, "rest_cannot_edit"), "GET", "GET"),
    "subscriber": ((403, "rest_cannot_create"), (403, "rest_cannot_create"),
                   (403, "rest_cannot_edit"), "GET", "GET"),
    "contributor": ((201, None), (403, "rest_cannot_publish"), (403, "rest_cannot_edit"),
                    "GET, POST", "GET"),
    "author": ((201, None), (201, None), (403, "rest_cannot_edit"), "GET, POST", "GET"),
    "editor": ((201, None), (201, None), (200, None), "GET, POST",
               "GET, POST, PUT, PATCH, DELETE"),
}  # fmt: skip


@pytest.mark.parametrize("role", ANSWERS)
def test_roles_may_what_wordpress_s_may(role, book, make_account, visitor, client_of):  # noqa: F811
    client = visitor if role == "visitor" else client_of(make_account(role))
    draft, public, change, collection, item = ANSWERS[role]

    def outcome(path, body):
        answer = client.post(f"{BASE}/{path}", body, content_type="application/json")
        return answer.status_code, answer.json().get("code")

    assert outcome("books", {"title": "Mine"}) == draft
    assert outcome("books", {"title": "Mine", "status": "publish"}) == public
    assert outcome(f"books/{book['id']}", {"title": "Mine"}) == change
    assert client.delete(f"{BASE}/books/99999").json()["code"] == "rest_post_invalid_id"
    assert client.options(f"{BASE}/books")["Allow"] == collection
    assert client.options(f"{BASE}/books/{book['id']}")["Allow"] == item
    assert client.get(f"{BASE}/books/{book['id']}")["Allow"] == item


def test_authors_write_in_their_own_name(declared, make_account, client_of):  # noqa: F811
    author, editor = make_account("author"), make_account("editor")
    client = client_of(author)
    mine = send(client, "POST", "books", {"title": "Mine", "status": "publish"}, 201)
    other = send(client_of(editor), "POST", "books", {"title": "Draft of another"}, 201)

    assert send(client, "POST", f"books/{mine['id']}", {"title": "Changed"})["author"] == author.pk
    assert send(client, "POST", "books", {"title": "x", "author": editor.pk}, 403)["code"] == (
        "rest_cannot_edit_others"
    )
    shown = [each["id"] for each in get(client, "books?status=any&context=edit")]
    assert shown == [mine["id"]]
    assert get(client, f"books/{other['id']}", 403)["code"] == "rest_forbidden"
    assert send(client, "DELETE", f"books/{mine['id']}")["status"] == "trash"


def test_writes_are_told_and_on_the_log(write, told, administrator):
    item = write("books", {"title": "First"}, 201)["id"]
    for body in ({"status": "publish"}, {"title": "Again"}, {"status": "private"},
                 {"status": "publish"}):  # fmt: skip
        write(f"books/{item}", body)
    write(f"books/{item}", {}, method="DELETE")
    write(f"books/{item}?force=true", {}, method="DELETE")

    deeds = ["published", "updated", "unpublished", "published", "unpublished", "deleted"]
    assert told == [(deed, "book", item) for deed in deeds]
    entries = ModelLogEntry.objects.filter(content_type__model="keptrecord").order_by("pk")
    assert [entry.action for entry in entries] == [
        "wagtail.create", "wagtail.publish", "wagtail.edit", "wagtail.unpublish",
        "wagtail.publish", "pages.trash", "wagtail.delete",
    ]  # fmt: skip
    assert {entry.user_id for entry in entries} == {administrator.pk}
    assert all(registry.action_exists(entry.action) for entry in entries)
    assert "First" not in {entry.label for entry in entries}


def test_items_follow_their_author(write, book, administrator, make_account, visitor):
    heir = make_account("author")
    delete_user(administrator, heir_id=heir.pk)

    assert get(visitor, f"books/{book['id']}")["author"] == heir.pk


def test_writes_come_in_batches_and_are_described(declared, as_administrator, visitor):  # noqa: F811
    answer = as_administrator.post("/wp-json/batch/v1", {"requests": [
        {"path": "/wp/v2/books", "body": {"title": "One", "status": "publish"}},
        {"path": "/wp/v2/books", "body": {}},
    ]}, content_type="application/json")  # fmt: skip

    assert [each["status"] for each in answer.json()["responses"]] == [201, 400]
    described = visitor.options(f"{BASE}/books").json()
    assert list(described["endpoints"][1]["args"]) == [
        "date", "date_gmt", "slug", "status", "password", "title", "content", "author", "excerpt",
        "featured_media", "meta", "template", "genres",
    ]  # fmt: skip
    assert [link["rel"].rpartition("/")[2] for link in described["schema"]["links"]] == [
        "action-publish", "action-unfiltered-html", "action-assign-author",
        "action-assign-genres", "action-create-genres",
    ]  # fmt: skip
    paths = visitor.get("/wp-json/candour/v1/openapi.json").json()["paths"]
    assert {"get", "post", "put", "patch", "delete"} <= set(paths["/wp/v2/books/{id}"])


def test_lists_for_editors_cost_the_same_queries_for_any_length(write, as_administrator):  # noqa: F811
    made_here = [write("books", {"title": f"Draft {n}"}, 201)["id"] for n in range(3)]

    def cost(keys):
        query = f"{BASE}/books?context=edit&status=any&include={','.join(map(str, keys))}"
        as_administrator.get(query)
        with CaptureQueriesContext(connection) as context:
            assert len(as_administrator.get(query).json()) == len(keys)
        return len(context)

    assert cost(made_here[:1]) == cost(made_here)


def exported(*, whole=False):
    """Return the site's export, from its first item on where not the whole is asked for."""
    text = "".join(Export().pieces())
    return text if whole else text.partition("<item>")[2]


def test_what_is_written_here_goes_out_and_comes_back(write, book, bring_in, administrator):  # noqa: F811
    write(f"books/{book['id']}", {"excerpt": "Short", "meta": {"pages": 9, "also": ["a", "b"]}})
    write("books", {"title": "Draft", "content": "Only a draft"}, 201)
    top = write("room", {"title": "Top", "status": "publish"}, 201)
    write("room", {"title": "Below", "status": "publish", "parent": top["id"]}, 201)
    text = exported()

    assert text.count("<wp:post_type><![CDATA[book]]></wp:post_type>") == 2
    assert f"<dc:creator><![CDATA[{administrator.username}]]></dc:creator>" in text
    whole = exported(whole=True)
    KeptRecord.objects.all().delete()
    bring_in(text=whole)
    again = {each.title: each for each in KeptRecord.objects.filter(is_term=False)}
    assert again["First"].fields["excerpt"] == "Short"
    assert again["First"].status == "publish"
    assert again["Draft"].fields["date_gmt"] == "0000-00-00 00:00:00"
    assert again["Below"].parent == again["Top"].wordpress_id
    assert exported() == text


def test_dates_of_items_are_those_that_were_sent(write, book):
    at = timezone.now().replace(microsecond=0) - timedelta(days=3)
    sent = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")

    assert write(f"books/{book['id']}", {"date_gmt": sent})["date_gmt"] == sent
    assert KeptRecord.objects.get().published_at == at
