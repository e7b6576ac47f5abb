import re
from html import unescape

import pytest

from core.rest.declare import Arg, all_routes
from core.rest.index import with_namespaces
from core.rest.openapi import openapi_path

PATH = "/wp-json/candour/v1/openapi.json"
TYPES = {"string", "integer", "number", "boolean", "array", "object", "null"}


@pytest.fixture
def document(db, client):
    return client.get(PATH).json()


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def schemas(value):
    """Every schema of the document: what stands under a name that holds schemas."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"schema", "items"}:
                yield inner
            if key in {"properties", "schemas"}:
                yield from inner.values()
            yield from schemas(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from schemas(inner)


def test_every_registered_route_and_method_is_described(document):
    described = {(path, method) for path, method, _ in operations(document)}

    assert described == {
        (openapi_path(route.pattern)[0], method.lower())
        for route in with_namespaces(all_routes())
        for endpoint in route.endpoints
        for method in endpoint.methods
    }
    assert ("/wp/v2/posts/{id}", "get") in described
    assert ("/wp/v2/comments", "post") in described


def test_document_has_the_structure_of_openapi_3_1(document):
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"].keys() >= {"title", "version"}
    assert document["servers"][0]["url"].endswith("/wp-json")
    for requirement in document["security"]:
        assert requirement.keys() <= document["components"]["securitySchemes"].keys()
    identifiers = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(identifiers) == len(set(identifiers))
    for path, method, operation in operations(document):
        assert path.startswith("/")
        assert method in {"get", "post", "put", "patch", "delete"}
        assert operation["responses"].keys() == {"2XX", "default"}
        assert all(answer["description"] for answer in operation["responses"].values())
        parameters = operation["parameters"]
        names = [(parameter["in"], parameter["name"]) for parameter in parameters]
        assert len(names) == len(set(names))
        assert {name for where, name in names if where == "path"} == set(
            re.findall(r"{(\w+)}", path)
        )
        for parameter in parameters:
            assert parameter["in"] in {"path", "query"}
            assert isinstance(parameter["required"], bool)
            assert parameter["required"] or parameter["in"] == "query"
        assert method in {"post", "put", "patch"} or "requestBody" not in operation


def test_schemas_are_json_schema(document):
    found = list(schemas(document))

    assert len(found) > 100
    for schema in found:
        if "$ref" in schema:
            name = schema["$ref"].removeprefix("#/components/schemas/")
            assert name in document["components"]["schemas"]
            continue
        kinds = schema.get("type", [])
        assert ({kinds} if isinstance(kinds, str) else set(kinds)) <= TYPES
        assert isinstance(schema.get("required", []), list)
        assert isinstance(schema.get("enum", []), list)
        if "pattern" in schema:
            re.compile(schema["pattern"])


@pytest.mark.parametrize(
    ("pattern", "path", "patterns"),
    [
        ("/wp/v2/posts", "/wp/v2/posts", {}),
        (r"/wp/v2/posts/(?P<id>[\d]+)", "/wp/v2/posts/{id}", {"id": r"^[\d]+$"}),
        (r"/a/(?P<user>(?:[\d]+|me))/b/(?P<uuid>[\w\-]+)/c", "/a/{user}/b/{uuid}/c",
         {"user": r"^(?:[\d]+|me)$", "uuid": r"^[\w\-]+$"}),
        (r"/a/(?P<odd>\)[x]\()", "/a/{odd}", {"odd": r"^\)[x]\($"}),
    ],
)  # fmt: skip
def test_pattern_becomes_a_path_template(pattern, path, patterns):
    assert openapi_path(pattern) == (path, patterns)


def test_parameters_stand_where_they_are_sent(routes, echo, client):
    args = [Arg(name="id", type="integer"), Arg(name="name", required=True),
            Arg(name="tags", type="array", items={"type": "string"})]  # fmt: skip
    routes(r"/things/(?P<id>[\d]+)", echo("GET", "DELETE", args=args), echo("PUT", args=args),
           schema=lambda: {"type": "object", "title": "thing"})  # fmt: skip

    item = client.get(PATH).json()["paths"]["/test/v1/things/{id}"]

    assert [(p["in"], p["name"], p["required"]) for p in item["get"]["parameters"]] == [
        ("path", "id", True), ("query", "name", True), ("query", "tags", False),
    ]  # fmt: skip
    assert item["get"]["parameters"][2]["explode"] is False
    assert item["get"]["responses"]["2XX"]["content"]["application/json"]["schema"]["title"] == (
        "thing"
    )
    assert item["put"]["requestBody"] == {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "name": {"type": "string"},
                        "tags": {"type": "array", "items": {"type": "string"}},
                    },
                    "required": ["name"],
                }
            }
        },
    }


def test_page_for_people_lists_every_route_with_a_line_to_try(home, client):
    page = client.get("/api/docs/")
    shown = unescape(page.content.decode())

    assert page.status_code == 200
    assert "<script" not in shown
    assert " style=" not in shown
    for route in all_routes():
        if route.namespace:
            assert f"<code>{openapi_path(route.pattern)[0]}</code>" in shown
    assert shown.count("curl ") == sum(
        len(route.endpoints) for route in with_namespaces(all_routes()) if route.namespace
    )
    assert "curl 'http://127.0.0.1:8000/wp-json/wp/v2/posts/1'" in shown
    assert "curl -X DELETE -u 'NAME:APPLICATION-PASSWORD'" in shown
