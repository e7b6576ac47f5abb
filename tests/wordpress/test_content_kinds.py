"""Custom types, taxonomies and fields: declared, imported, and then read like WordPress's own."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.content_checks import check_content_kinds
from cms.env import Environment
from core.extensions.content_kinds import (
    ContentKindError,
    ContentKinds,
    MetaKey,
    content_kinds,
    kinds_from,
)
from core.rest.declare import route_sources
from pages.api import terms as api_terms
from pages.models import Category, PostPage
from pages.services import terms as service_terms
from tests.api.conftest import as_editor, client_of  # noqa: F401  fixtures
from tests.wordpress import made
from tests.wordpress.test_importing import bring_in  # noqa: F401  a fixture
from wordpress.api import term_writing
from wordpress.models import KeptFiling, KeptRecord
from wordpress.personal_data import KeptData
from wordpress.services import terms as kept_terms

pytestmark = pytest.mark.django_db
BASE = "/wp-json/wp/v2"
DECLARED = {
    "types": [
        {"name": "book", "rest_base": "books", "labels": {"name": "Books", "singular_name": "Book"},
         "supports": ["title", "editor", "author", "excerpt", "thumbnail", "custom-fields"]},
        {"name": "room", "hierarchical": True, "supports": ["title", "page-attributes"]},
    ],
    "taxonomies": [
        {"name": "genre", "rest_base": "genres", "types": ["book"], "hierarchical": True,
         "labels": {"name": "Genres", "singular_name": "Genre"}},
    ],
    "meta": [
        {"key": "pages", "subtype": "book", "type": "integer", "single": True,
         "show_in_rest": True, "description": "How long it is."},
        {"key": "in_print", "subtype": "book", "type": "boolean", "single": True,
         "default": True, "show_in_rest": True},
        {"key": "also", "subtype": "book", "show_in_rest": True},
        {"key": "internal", "subtype": "book", "single": True},
        {"key": "colour", "subtype": "post", "single": True, "show_in_rest": True},
        {"key": "_score", "subtype": "post", "type": "integer", "single": True,
         "show_in_rest": True, "capability": "manage_options"},
        {"key": "shelf", "object_type": "term", "single": True, "show_in_rest": True},
    ],
}  # fmt: skip


def term(slug, *, taxonomy="genre", parent="", number=0, extra=""):
    return (
        f"<wp:term><wp:term_id>{number}</wp:term_id><wp:term_taxonomy>{taxonomy}</wp:term_taxonomy>"
        f"<wp:term_slug>{slug}</wp:term_slug><wp:term_parent>{parent}</wp:term_parent>"
        f"<wp:term_name>{slug.title()}</wp:term_name>{extra}</wp:term>"
    )


def filed(slug, taxonomy="genre"):
    return f'<category domain="{taxonomy}" nicename="{slug}">{slug.title()}</category>'


def book(number, title, **fields):
    fields.setdefault("text", f"<p>About {title}.</p>")
    return made.item(number, kind="book", title=title, **fields)


@pytest.fixture
def declared():
    with content_kinds.temporarily(kinds_from("tests", DECLARED)):
        yield


@pytest.fixture
def library(declared, bring_in):  # noqa: F811
    """Three public books, and one in each way of being hidden."""
    bring_in(
        made.author(),
        # Whoever has written a post is known to everybody.
        made.item(9, title="A post"),
        term("fiction", number=70, extra=made.meta(shelf="A").replace("postmeta", "termmeta")),
        term("crime", parent="fiction", number=71), term("poetry", number=72),
        book(501, "Alpha", day="2024-01-01",
             extra=filed("fiction") + made.meta(pages="320", internal="secret-margin",
                                                also="one", _edit_lock="1:1")),
        book(502, "Beta", day="2024-02-01", extra=filed("crime") + made.meta(in_print="")),
        book(503, "Gamma", day="2024-03-01", extra=filed("poetry") + filed("drama")),
        book(504, "Quokka draft", text="Quokka", status="draft", extra=filed("poetry")),
        book(505, "Quokka private", text="Quokka", status="private", extra=filed("poetry")),
        book(506, "Locked", text="Quokka inside", password="sesame",
             extra=made.meta(pages="66")),
        book(507, "Quokka order", text="Quokka", status="wc-processing"),
        book(508, "Quokka gone", text="Quokka", status="trash"),
    )  # fmt: skip


def get(client, path, status=200):
    answer = client.get(f"{BASE}/{path}")
    assert answer.status_code == status, answer.content
    return answer.json()


def ids(client, query):
    return [item["id"] for item in get(client, f"books?{query}")]


def test_declared_kinds_are_among_types_and_taxonomies(declared, visitor, as_editor):  # noqa: F811
    types, taxonomies = get(visitor, "types"), get(visitor, "taxonomies")

    assert list(types)[:3] == ["post", "page", "attachment"]
    assert list(types)[-2:] == ["book", "room"]
    assert list(types["book"]) == list(types["post"])
    assert types["book"]["taxonomies"] == ["genre"]
    assert types["book"]["rest_base"] == "books"
    assert types["book"]["_links"]["wp:items"][0]["href"].endswith("/wp/v2/books")
    assert taxonomies["genre"]["types"] == ["book"]
    assert list(taxonomies["genre"]) == list(taxonomies["category"])
    assert list(get(visitor, "taxonomies?type=book")) == ["genre"]
    edited = get(as_editor, "types/book?context=edit")
    assert edited["labels"]["singular_name"] == "Book"
    assert edited["labels"]["add_new_item"] == "Add New Post"
    assert edited["supports"]["custom-fields"] is True
    assert list(edited) == list(get(as_editor, "types/post?context=edit"))


def test_declared_kinds_are_in_the_index_with_their_schemas(declared, visitor):
    routes = visitor.get("/wp-json/").json()["routes"]

    assert {"/wp/v2/books", r"/wp/v2/books/(?P<id>[\d]+)", "/wp/v2/genres"} <= set(routes)
    assert "genres" in routes["/wp/v2/books"]["endpoints"][0]["args"]
    schema = visitor.options(f"{BASE}/books").json()["schema"]
    assert schema["title"] == "book"
    assert schema["properties"]["meta"]["properties"]["pages"] == {
        "type": "integer", "description": "How long it is.", "default": 0,
    }  # fmt: skip
    assert visitor.get("/wp-json/candour/v1/openapi.json").json()["paths"]["/wp/v2/books/{id}"]


def test_without_a_declaration_kept_items_are_nowhere(bring_in, visitor):  # noqa: F811
    bring_in(made.author(), book(501, "Alpha"))

    assert KeptRecord.objects.count() == 1
    assert get(visitor, "books", 404)["code"] == "rest_no_route"
    assert "book" not in get(visitor, "types")
    assert route_sources.get("wordpress.kept").routes() == ()


def test_imported_items_are_shown_whole(library, visitor):
    item = get(visitor, "books/501")

    assert list(item) == [
        "id", "date", "date_gmt", "guid", "modified", "modified_gmt", "slug", "status", "type",
        "link", "title", "content", "excerpt", "author", "featured_media", "template", "meta",
        "genres", "_links",
    ]  # fmt: skip
    assert item["title"] == {"rendered": "Alpha"}
    assert item["content"]["rendered"] == "<p>About Alpha.</p>\n"
    assert item["genres"] == [70]
    assert item["meta"] == {"also": ["one"], "in_print": True, "pages": 320}
    assert get(visitor, f"users/{item['author']}")["name"] == "Anna Old"
    assert get(visitor, "books/502")["meta"] == {"also": [], "in_print": False, "pages": 0}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [506, 503, 502, 501]),
        ("order=asc&orderby=title", [501, 502, 503, 506]),
        ("orderby=id&order=asc&per_page=2&page=2", [503, 506]),
        ("search=alpha", [501]),
        ("search=alpha&orderby=relevance", [501]),
        ("include=502,501&orderby=include", [502, 501]),
        ("exclude=506,501", [503, 502]),
        ("slug=entry-503", [503]),
        ("after=2024-01-15T00:00:00&before=2024-02-15T00:00:00", [502]),
        ("genres=70", [501]),
        ("genres[terms]=70&genres[include_children]=true", [502, 501]),
        ("genres_exclude=70,71", [506, 503]),
        ("offset=3", [501]),
        ("parent=x&parent_exclude[]=x&menu_order=x", [506, 503, 502, 501]),
    ],
)
def test_lists_take_wordpress_s_parameters(library, visitor, query, expected):
    assert ids(visitor, query) == expected


def test_lists_count_and_page(library, visitor):
    answer = visitor.get(f"{BASE}/books?per_page=3")

    assert answer["X-WP-Total"] == "4"
    assert answer["X-WP-TotalPages"] == "2"
    assert 'rel="next"' in answer["Link"]
    assert get(visitor, "books?page=9", 400)["code"] == "rest_post_invalid_page_number"
    assert get(visitor, "books?_fields=id,title.rendered&per_page=1") == [
        {"id": 506, "title": {"rendered": "Locked"}}
    ]


def test_terms_are_read_with_their_items(library, visitor):
    listed = get(visitor, "genres?orderby=name")

    assert [(each["name"], each["count"], each["parent"]) for each in listed] == [
        ("Crime", 1, 70), ("Drama", 1, 0), ("Fiction", 1, 0), ("Poetry", 1, 0),
    ]  # fmt: skip
    assert get(visitor, "genres/70")["meta"] == {"shelf": "A"}
    assert [each["id"] for each in get(visitor, "genres?post=501")] == [70]
    assert [each["id"] for each in get(visitor, "genres?parent=70")] == [71]
    assert get(visitor, "genres/999", 404)["code"] == "rest_term_invalid"
    embedded = get(visitor, "books/503?_embed")["_embedded"]
    assert [each["name"] for each in embedded["wp:term"][0]] == ["Drama", "Poetry"]
    assert embedded["author"][0]["name"] == "Anna Old"


def test_lists_cost_the_same_queries_for_any_length(library, visitor):
    def cost(query):
        visitor.get(f"{BASE}/books?{query}")
        with CaptureQueriesContext(connection) as context:
            assert visitor.get(f"{BASE}/books?{query}").status_code == 200
        return len(context)

    assert cost("_embed&include=501,502") == cost("_embed&include=501,502,503,506")


def search(client, query):
    return [
        (each["type"], each.get("subtype"), each["id"]) for each in get(client, f"search?{query}")
    ]


def test_search_finds_items_beside_posts_and_pages(library, visitor, as_editor):  # noqa: F811
    item = get(visitor, "search?search=alpha")[0]

    assert item == {
        "id": 501, "title": "Alpha", "url": get(visitor, "books/501")["link"],
        "type": "post", "subtype": "book",
        "_links": {
            "self": [{"embeddable": True, "href": "http://127.0.0.1:8000/wp-json/wp/v2/books/501"}],
            "about": [{"href": "http://127.0.0.1:8000/wp-json/wp/v2/types/book"}],
            "collection": [{"href": "http://127.0.0.1:8000/wp-json/wp/v2/search"}],
        },
    }  # fmt: skip
    everything = search(visitor, "search=a&per_page=100")
    assert {("post", "book", 501), ("post", "post", 9)} <= set(everything)
    assert search(visitor, "subtype=book&search=about") == [
        ("post", "book", 503), ("post", "book", 502), ("post", "book", 501),
    ]  # fmt: skip
    assert search(visitor, "subtype=book,page&include=501,9") == [("post", "book", 501)]
    assert ("post", "book", 501) not in search(visitor, "exclude=501&per_page=100")
    assert search(visitor, "search=locked") == []
    assert search(as_editor, "search=locked") == [("post", "book", 506)]
    embedded = get(visitor, "search?search=alpha&_embed")[0]["_embedded"]["self"][0]
    assert embedded["title"] == {"rendered": "Alpha"}


def test_search_pages_through_all_kinds_in_one_order(library, visitor):
    whole = search(visitor, "per_page=100")
    answer = visitor.get(f"{BASE}/search?per_page=2")

    assert answer["X-WP-Total"] == str(len(whole))
    pages = range(1, int(answer["X-WP-TotalPages"]) + 1)
    assert [one for page in pages for one in search(visitor, f"per_page=2&page={page}")] == whole


def test_search_finds_terms_of_declared_taxonomies(library, visitor):
    Category.objects.create(name="Fictions", slug="fictions")
    found = search(visitor, "type=term&search=fiction")

    assert [(kind, key) for kind, _, key in found if kind == "genre"] == [("genre", 70)]
    assert [kind for kind, _, _ in found] == ["genre", "category"]
    assert search(visitor, "type=term&subtype=genre&search=fiction") == [("genre", None, 70)]


def test_search_names_the_subtypes_that_are_declared(library, visitor):
    refused = get(visitor, "search?subtype=nope", 400)

    names = "post, page, book, room, category, post_tag, genre, and any"
    assert refused["data"]["params"]["subtype"] == f"subtype[0] is not one of {names}."
    described = visitor.options(f"{BASE}/search").json()
    enum = described["endpoints"][0]["args"]["subtype"]["items"]["enum"]
    assert ", ".join(enum) == names.replace("and ", "")
    assert described["schema"]["properties"]["subtype"]["enum"] == enum[:-1]


def test_search_costs_the_same_queries_for_any_length(library, visitor):
    def cost(query):
        visitor.get(f"{BASE}/search?{query}")
        with CaptureQueriesContext(connection) as context:
            assert visitor.get(f"{BASE}/search?{query}").status_code == 200
        return len(context)

    for query in ("subtype=book&_embed", "_embed"):
        assert cost(f"{query}&include=501") == cost(f"{query}&include=501,502,503,506")


def test_items_below_others_are_linked_below_them(declared, bring_in, visitor):  # noqa: F811
    bring_in(
        made.author(), made.item(601, kind="room", title="Hall", slug="hall"),
        made.item(602, kind="room", title="Niche", slug="niche", parent=601),
    )  # fmt: skip

    assert get(visitor, "room/602")["link"].endswith("/room/hall/niche/")
    assert get(visitor, "search?search=niche")[0]["url"].endswith("/room/hall/niche/")


READINGS = ("books", "books?search=quokka", "books?_embed", "books?include=504,505,507,508",
            "books?genres=72", "books?slug=entry-504", "genres?_embed", "search?search=quokka",
            "books/506", "books/501", "posts?search=quokka", "books?author=7",
            "books?orderby=relevance&search=quokka", "search?subtype=book&_embed",
            "search?include=504,505,507,508", "search?type=term&_embed")  # fmt: skip


@pytest.mark.parametrize("path", READINGS)
def test_what_is_hidden_is_found_nowhere(library, visitor, path):
    text = visitor.get(f"{BASE}/{path}").content.decode()

    for word in ("Quokka", "quokka inside", "sesame", "secret-margin", "_edit_lock", "internal"):
        assert word not in text.replace("search=quokka", ""), word
    assert '"pages": 66' not in text


def test_hidden_items_are_refused_and_not_counted(library, visitor):
    for key in (504, 505, 507, 508):
        assert get(visitor, f"books/{key}", 401)["code"] == "rest_forbidden"
        assert get(visitor, f"genres?post={key}", 401)["code"] == "rest_forbidden_context"
    assert get(visitor, "genres/72")["count"] == 1
    assert visitor.get(f"{BASE}/books?search=quokka")["X-WP-Total"] == "0"
    assert get(visitor, "books?status=draft", 400)["code"] == "rest_invalid_param"
    assert get(visitor, "books?context=edit", 401)["code"] == "rest_forbidden_context"


def test_password_opens_an_item(library, visitor):
    shut = get(visitor, "books/506")
    opened = get(visitor, "books/506?password=sesame")

    assert shut["content"] == {"rendered": "", "protected": True}
    assert shut["meta"]["pages"] == 0
    assert "Quokka inside" in opened["content"]["rendered"]
    assert opened["meta"]["pages"] == 66
    assert get(visitor, "books/506?password=wrong", 403)["code"] == ("rest_post_incorrect_password")


def test_editors_read_what_is_not_published(library, as_editor):  # noqa: F811
    assert set(ids(as_editor, "status=any&context=edit")) == {501, 502, 503, 504, 505, 506}
    edited = get(as_editor, "books/506?context=edit")
    assert edited["password"] == "sesame"
    assert edited["content"]["raw"] == "Quokka inside"
    assert get(as_editor, "books/507", 403)["code"] == "rest_forbidden"


def test_meta_of_posts_is_read_and_written(declared, bring_in, visitor, as_editor):  # noqa: F811
    kept = made.meta(colour="red", _secret="s3cret", other="quiet")
    bring_in(made.author(), made.item(11, extra=kept))
    path = f"{BASE}/posts/11"

    assert get(visitor, "posts/11")["meta"] == {"_score": 0, "colour": "red"}
    answer = as_editor.post(path, {"meta": {"colour": "blue", "other": "loud"}},
                            content_type="application/json")  # fmt: skip

    assert answer.json()["meta"] == {"_score": 0, "colour": "blue"}
    post = PostPage.objects.get(pk=11)
    assert post.meta == {"colour": ["blue"], "_secret": ["s3cret"], "other": ["quiet"]}
    assert post.latest_revision.content["meta"]["colour"] == ["blue"]
    refused = as_editor.post(path, {"meta": {"_score": 3}}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "rest_cannot_update")
    wrong = as_editor.post(path, {"meta": {"colour": {"a": 1}}}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "rest_invalid_type")
    removed = as_editor.post(path, {"meta": {"colour": None}}, content_type="application/json")
    assert removed.json()["meta"]["colour"] == ""
    text = visitor.get(f"{BASE}/posts?_embed&search=s3cret").content.decode()
    assert "s3cret" not in text.replace("search=s3cret", "")
    assert "s3cret" not in visitor.get(path).content.decode()


def test_meta_of_terms_is_read_and_written(declared, visitor, as_editor):  # noqa: F811
    category = Category.objects.create(name="Tea", meta={"shelf": ["B"], "hidden": ["x"]})
    path = f"{BASE}/categories/{category.pk}"

    assert get(visitor, f"categories/{category.pk}")["meta"] == {"shelf": "B"}
    answer = as_editor.post(path, {"meta": {"shelf": "C"}}, content_type="application/json")

    assert answer.json()["meta"] == {"shelf": "C"}
    category.refresh_from_db()
    assert category.meta == {"shelf": ["C"], "hidden": ["x"]}


def test_fields_of_terms_that_others_write_meanwhile_stay(library, as_editor, monkeypatch):  # noqa: F811
    category, genre = Category.objects.create(name="Tea"), KeptRecord.objects.get(number=72)
    more = [MetaKey(key="row", object_type="term", single=True, show_in_rest=True)]

    def others_first(*_what):
        Category.objects.filter(pk=category.pk).update(meta={"row": ["2"]})
        KeptRecord.objects.filter(pk=genre.pk).update(
            fields=genre.fields | {"meta": [["row", "2"]]}
        )

    for module in (api_terms, service_terms):
        monkeypatch.setattr(module, "wait_turn", others_first, raising=False)
    for module in (term_writing, kept_terms):
        monkeypatch.setattr(module, "take_turn", others_first, raising=False)
    with content_kinds.temporarily(ContentKinds(identifier="tests.row", meta=more)):
        for path in (f"categories/{category.pk}", "genres/72"):
            answer = as_editor.post(
                f"{BASE}/{path}", {"meta": {"shelf": "C"}}, content_type="application/json"
            )
            assert answer.json()["meta"] == {"shelf": "C", "row": "2"}


def test_erasing_a_kept_item_takes_it_off_the_list(library, visitor):
    assert 501 in ids(visitor, "")
    record = KeptRecord.objects.get(number=501, is_term=False)

    assert KeptData().erase([str(record.pk)]).removed == 1

    assert 501 not in ids(visitor, "")


def test_second_source_gets_numbers_of_its_own(library, bring_in, visitor):  # noqa: F811
    bring_in(made.author(), book(501, "Other Alpha"), site="https://other.example")

    numbers = {record.title: record.number for record in KeptRecord.objects.filter(type="book")}
    assert numbers["Alpha"] == 501
    assert numbers["Other Alpha"] == 509


def test_what_was_kept_before_there_were_lists_is_listed(library):
    def rows():
        # A term has no date of its own; what stands in its place is the moment it was kept.
        dates = {"published_at", "modified_at"}
        return [
            {name: value for name, value in row.items() if not (row["is_term"] and name in dates)}
            for row in KeptRecord.objects.order_by("pk").values()
        ]

    before, filings = rows(), set(KeptFiling.objects.values_list("record", "taxonomy", "slug"))
    KeptRecord.objects.update(number=-F("pk"), title="", slug="", status="", author=None,
                              published_at=timezone.now(), modified_at=timezone.now())  # fmt: skip
    KeptFiling.objects.all().delete()
    migration = import_module("wordpress.migrations.0002_kept_lists")

    migration.number(apps, None)
    migration.fill(apps, None)

    assert rows() == before
    assert set(KeptFiling.objects.values_list("record", "taxonomy", "slug")) == filings


def test_declarations_that_cannot_be_meant_are_refused(tmp_path):
    with pytest.raises(ContentKindError, match="has the type"):
        MetaKey(key="_secret", type="object")
    with pytest.raises(ContentKindError, match="colour is not known"):
        kinds_from("tests", {"types": [{"name": "book", "colour": "red"}]})
    with pytest.raises(ContentKindError, match="incomplete"):
        kinds_from("tests", {"types": [{"rest_base": "books"}]})
    with pytest.raises(ContentKindError, match="object type"):
        kinds_from("tests", {"meta": [{"key": "a", "object_type": "menu"}]})
    clash = {"types": [{"name": "post", "rest_base": "posts", "taxonomies": ["nothing"]}]}
    with content_kinds.temporarily(kinds_from("tests", clash)):
        assert [error.id for error in check_content_kinds()] == ["cms.E004"] * 3
    assert check_content_kinds() == []


def test_setting_names_a_file(tmp_path):
    path = tmp_path / "kinds.json"
    path.write_text(json.dumps(DECLARED), encoding="utf-8")

    assert Environment({"CONTENT_KINDS": str(path)}).json_file("CONTENT_KINDS") == DECLARED
    assert Environment({}).json_file("CONTENT_KINDS") == {}
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match="JSON object"):
        Environment({"CONTENT_KINDS": str(path)}).json_file("CONTENT_KINDS")
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        Environment({"CONTENT_KINDS": str(tmp_path / "none")}).json_file("CONTENT_KINDS")
