import pytest

from core.rest.arguments import (
    COLLECTION_ARGS,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    date_args,
    id_arg,
    order_args,
    schema_of,
    slug_arg,
)
from core.rest.declare import Arg, Route, rest_routes
from tests.api.shapes import recorded
from tests.core.conftest import url


@pytest.mark.samples
def test_index_says_what_wordpress_says_of_the_site(samples, site, db, client):
    theirs = recorded(samples, "index", "body")

    ours = client.get("/wp-json/").json()

    assert list(ours) == list(theirs)
    assert {key: type(value) for key, value in ours.items()} == {
        key: type(value) for key, value in theirs.items()
    }
    assert (ours["name"], ours["url"]) == ("Still", "http://still.example")
    assert (ours["timezone_string"], ours["gmt_offset"] in {1, 2}) == ("Europe/Paris", True)
    assert ours["_links"] == theirs["_links"]
    assert ours["authentication"]["application-passwords"]["endpoints"]["authorization"] == (
        "http://still.example/account/application-passwords/"
    )
    for path in ("/", "/wp/v2"):
        shown = {**ours["routes"][path]}
        shown["_links"] = {"self": [{"href": f"http://example.test/wp-json{path}"}]}
        assert shown == theirs["routes"][path]
        assert list(shown) == list(theirs["routes"][path])


@pytest.mark.samples
@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("/wp/v2/posts", (*COLLECTION_ARGS, *date_args(), EXCLUDE_ARG, INCLUDE_ARG, OFFSET_ARG,
                          slug_arg(),
                          *order_args("author", "date", "id", "include", "modified", "parent",
                                      "relevance", "slug", "include_slugs", "title"))),
        ("/wp/v2/comments", (*COLLECTION_ARGS, *date_args(of="comments published"),
                             *order_args("date", "date_gmt", "id", "include", "post", "parent",
                                         "type", default="date_gmt", of="comment"))),
        ("/wp/v2/categories", (*COLLECTION_ARGS, slug_arg("terms"),
                               *order_args("id", "include", "name", "slug", "include_slugs",
                                           "term_group", "description", "count", default="name",
                                           order="asc", of="term"))),
        (r"/wp/v2/users/(?P<id>[\d]+)", (id_arg("user"),)),
    ],
)  # fmt: skip
def test_usual_parameters_are_described_as_recorded(samples, path, args):
    theirs = recorded(samples, "index", "body")["routes"][path]["endpoints"][0]["args"]

    for arg in args:
        shown = schema_of(arg)
        shown["default"] = list(shown["default"]) if shown.get("default") == () else (
            shown.get("default")
        )  # fmt: skip
        assert {k: v for k, v in shown.items() if k != "default" or v is not None} == (
            theirs[arg.name]
        )


def test_namespace_of_a_stranger_is_indexed_by_itself(routes, echo, client):
    routes("/things", echo("GET", "POST"))
    routes(r"/things/(?P<id>[\d]+)", echo())

    index, own = client.get("/wp-json/").json(), client.get("/wp-json/test/v1").json()

    assert index["namespaces"][0] == "wp/v2"
    assert "test/v1" in index["namespaces"]
    assert list(own) == ["namespace", "routes", "_links"]
    assert list(own["routes"]) == [
        "/test/v1", "/test/v1/things", r"/test/v1/things/(?P<id>[\d]+)",
    ]  # fmt: skip
    assert own["routes"].items() <= index["routes"].items()
    assert own["routes"]["/test/v1/things"]["_links"] == {
        "self": [{"href": "http://still.example/wp-json/test/v1/things"}]
    }
    assert "_links" not in own["routes"][r"/test/v1/things/(?P<id>[\d]+)"]
    assert own["_links"] == {"up": [{"href": "http://still.example/wp-json/"}]}


def test_namespace_keeps_an_index_of_its_own(routes, echo, client):
    with rest_routes.temporarily(
        Route(pattern="/own/v1", namespace="own/v1", endpoints=[echo()])
    ):  # fmt: skip
        assert client.get("/wp-json/own/v1?a=1").json()["params"] == {"a": "1"}


def test_options_describe_methods_parameters_and_schema(routes, echo, client):
    routes(
        "/things",
        echo("GET", args=[Arg(name="n", type="integer", description="A number.")]),
        echo("POST"),
        schema=lambda: {"title": "thing", "type": "object"},
    )

    answer = client.options(url("/things"))

    assert answer.status_code == 200
    assert answer.headers["Allow"] == "GET, POST"
    assert answer.json() == {
        "namespace": "test/v1",
        "methods": ["GET", "POST"],
        "endpoints": [
            {
                "methods": ["GET"],
                "args": {
                    "n": {"description": "A number.", "type": "integer", "required": False}
                },
            },
            {"methods": ["POST"], "args": []},
        ],
        "schema": {"title": "thing", "type": "object"},
        "_links": {"self": [{"href": "http://still.example/wp-json/test/v1/things"}]},
    }  # fmt: skip
    assert list(answer.json()) == ["namespace", "methods", "endpoints", "schema", "_links"]


def test_index_follows_the_site_address(routes, echo, client, settings):
    routes("/things", echo())
    client.get("/wp-json/")
    settings.SITE_URL = "https://moved.example"

    index = client.get("/wp-json/").json()

    assert (index["url"], index["home"]) == ("https://moved.example", "http://still.example")
    shown = index["routes"]["/test/v1/things"]
    assert shown["_links"]["self"][0]["href"] == "https://moved.example/wp-json/test/v1/things"
