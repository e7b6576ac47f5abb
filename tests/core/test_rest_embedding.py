import pytest

from core.rest.arguments import COLLECTION_ARGS, CONTEXT_ARG, ID_ARG, INCLUDE_ARG
from core.rest.declare import Endpoint, RestResponse
from core.rest.errors import RestError
from tests.core.conftest import url

BASE = "http://still.example/wp-json/test/v1"


@pytest.fixture
def asked(routes):
    """Posts with links to authors, replies and elsewhere; the list tells what was fetched."""
    seen = []

    def post(number):
        return {
            "id": number,
            "_links": {
                "self": [{"href": f"{BASE}/posts/{number}"}],
                "author": [{"embeddable": True, "href": f"{BASE}/authors/{number % 2}"}],
                "replies": [{"embeddable": True, "href": f"{BASE}/replies?post={number}"}],
                "term": [
                    {"embeddable": True, "href": f"{BASE}/authors/7"},
                    {"href": f"{BASE}/authors/8"},
                    {"embeddable": True, "href": "https://elsewhere.example/wp-json/x"},
                ],
            },
        }

    def posts(request):
        return RestResponse([post(number) for number in (1, 2, 3)])

    def author(request):
        seen.append(f"author {request.params['id']}")
        if request.params["id"] == 0:
            raise RestError("rest_user_invalid_id", "Invalid user ID.", 404)
        return RestResponse({"id": request.params["id"], "context": request.context})

    def replies(request):
        seen.append(f"replies {request.params['post']} {request.params['per_page']}")
        return RestResponse([] if request.params["post"] != "2" else [{"id": 9}])

    routes("/posts", Endpoint(methods=("GET",), handler=posts))
    routes(r"/authors/(?P<id>[\d]+)",
           Endpoint(methods=("GET",), handler=author, args=(ID_ARG, CONTEXT_ARG)))  # fmt: skip
    routes("/replies", Endpoint(methods=("GET",), handler=replies, args=COLLECTION_ARGS))
    return seen


def test_everything_embeddable_is_fetched_once_in_embed_context(asked, client):
    posts = client.get(url("/posts?_embed")).json()

    assert sorted(asked) == sorted(
        ["author 1", "author 0", "author 7", "replies 1 10", "replies 2 10", "replies 3 10"]
    )
    assert posts[0]["_embedded"]["author"] == [{"id": 1, "context": "embed"}]
    assert posts[1]["_embedded"]["replies"] == [[{"id": 9}]]


def test_error_is_embedded_as_its_body(asked, client):
    posts = client.get(url("/posts?_embed=author")).json()

    assert posts[1]["_embedded"] == {
        "author": [
            {
                "code": "rest_user_invalid_id",
                "message": "Invalid user ID.",
                "data": {"status": 404},
            }
        ]
    }


@pytest.mark.parametrize(
    ("query", "relations"),
    [
        ("", None),
        ("?_embed", {"author", "replies", "term"}),
        ("?_embed=1", {"author", "replies", "term"}),
        ("?_embed=true", {"author", "replies", "term"}),
        ("?_embed=author", {"author"}),
        ("?_embed=author,term", {"author", "term"}),
        ("?_embed[]=author&_embed[]=term", {"author", "term"}),
        ("?_embed=self", None),
        ("?_embed=author&_fields=id", None),
        ("?_embed=author&_fields=id,_links,_embedded", {"author"}),
    ],
)
def test_named_relations_alone_are_embedded(asked, client, query, relations):
    post = client.get(url(f"/posts{query}")).json()[1]

    assert post.get("_embedded", {}).keys() == (relations or set())


def test_what_is_not_embeddable_leaves_its_place_empty(asked, client):
    post = client.get(url("/posts?_embed=term")).json()[0]

    assert post["_embedded"]["term"] == [{"id": 7, "context": "embed"}, [], []]


def test_relation_with_nothing_in_it_is_left_out(asked, client):
    posts = client.get(url("/posts?_embed=replies")).json()

    assert "_embedded" not in posts[0]
    assert "_embedded" in posts[1]


def test_page_without_links_is_left_as_it_is(routes, client):
    routes("/plain", Endpoint(methods=("GET",), handler=lambda _: RestResponse([1, {"a": 2}])))

    assert client.get(url("/plain?_embed")).json() == [1, {"a": 2}]


@pytest.fixture
def joined(routes):
    """Posts whose authors are in a collection, and whose terms are answered together."""
    seen = []

    def posts(request):
        links = [{
            "author": [{"embeddable": True, "href": f"{BASE}/people/{number}"}],
            "terms": [{"embeddable": True, "href": f"{BASE}/terms?post={number}"}],
        } for number in (1, 2, 3)]  # fmt: skip
        return RestResponse([{"id": i, "_links": each} for i, each in enumerate(links)])

    def person(request):
        seen.append(f"person {request.params['id']}")
        raise RestError("rest_user_invalid_id", "Invalid user ID.", 404)

    def people(request):
        seen.append(f"people {request.params['include']} {request.context}")
        return RestResponse([{"id": key} for key in request.params["include"] if key != 3])

    def terms(request):
        seen.append("terms alone")
        return RestResponse([])

    def many_terms(requests):
        seen.append(f"terms of {[request.params['post'] for request in requests]}")
        refused = RestError("rest_forbidden_context", "No.", 401)
        return [RestResponse([{"of": request.params["post"]}])
                if request.params["post"] != "2" else refused for request in requests]  # fmt: skip

    routes("/posts", Endpoint(methods=("GET",), handler=posts))
    routes(r"/people/(?P<id>[\d]+)",
           Endpoint(methods=("GET",), handler=person, args=(ID_ARG, CONTEXT_ARG)))  # fmt: skip
    routes("/people", Endpoint(methods=("GET",), handler=people,
                               args=(*COLLECTION_ARGS, INCLUDE_ARG)))  # fmt: skip
    routes("/terms", Endpoint(methods=("GET",), handler=terms, args=COLLECTION_ARGS,
                              many=many_terms))  # fmt: skip
    return seen


def test_what_is_of_one_kind_is_fetched_at_once_and_what_is_hidden_by_itself(joined, client):
    posts = client.get(url("/posts?_embed")).json()

    assert sorted(joined) == ["people [1, 2, 3] embed", "person 3", "terms of ['1', '2', '3']"]
    assert posts[0]["_embedded"] == {"author": [{"id": 1}], "terms": [[{"of": "1"}]]}
    assert posts[1]["_embedded"]["terms"][0]["code"] == "rest_forbidden_context"
    assert posts[2]["_embedded"]["author"][0]["code"] == "rest_user_invalid_id"
