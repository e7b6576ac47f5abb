import json
import re
from html import unescape
from io import StringIO
from pathlib import Path

import jsonschema_rs
import pytest
import schemathesis
from django.core.management import CommandError, call_command

from comments.models import DiscussionSettings
from core.rest.declare import Arg, all_routes
from core.rest.index import with_namespaces
from core.rest.openapi import openapi_path

PATH = "/wp-json/candour/v1/openapi.json"
FILE = Path(__file__).resolve().parents[2] / "docs/reference/openapi.json"
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
        assert all(re.fullmatch("[245][0-9]{2}", status) for status in operation["responses"])
        assert {status[0] for status in operation["responses"]} >= {"2", "4"}
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


def test_document_is_what_openapi_3_1_allows(document):
    schemathesis.openapi.from_dict(document).validate()


def test_schemas_are_json_schema(document):
    found = list(schemas(document))

    assert len(found) > 100
    for schema in found:
        jsonschema_rs.meta.validate(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
        )
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

    document = client.get(PATH).json()
    item = document["paths"]["/test/v1/things/{id}"]

    assert [(p["in"], p["name"], p["required"]) for p in item["get"]["parameters"]] == [
        ("path", "id", True), ("query", "name", True), ("query", "tags", False),
    ]  # fmt: skip
    assert item["get"]["parameters"][2]["explode"] is False
    assert item["get"]["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/thing"
    }
    assert document["components"]["schemas"]["thing"] == {"type": "object", "title": "thing"}
    assert item["put"]["requestBody"] == {
        "$ref": "#/components/requestBodies/put_test_v1_things_id"
    }
    assert document["components"]["requestBodies"]["put_test_v1_things_id"] == {
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


def test_committed_file_is_what_the_command_writes(db, tmp_path):
    written = tmp_path / "openapi.json"
    call_command("openapi", output=written)

    assert FILE.read_bytes() == written.read_bytes(), (
        "write it anew: manage.py openapi --output docs/reference/openapi.json"
    )


def test_command_prints_the_document_or_tells_what_it_has_written(db, tmp_path):
    printed, told = StringIO(), StringIO()
    call_command("openapi", stdout=printed)
    call_command("openapi", "--json", output=tmp_path / "openapi.json", stdout=told)

    found = json.loads(printed.getvalue())
    assert found == json.loads((tmp_path / "openapi.json").read_bytes())
    assert json.loads(told.getvalue())["paths"] == len(found["paths"])
    with pytest.raises(CommandError) as failed:
        call_command("openapi", output=tmp_path / "missing" / "openapi.json")
    assert failed.value.returncode == 1


def test_document_follows_the_settings_of_the_site(db, client):
    def shown():
        return client.get(PATH).json()["components"]["schemas"]["comment"]["properties"]

    assert "author_avatar_urls" in shown()
    own = DiscussionSettings.load()
    own.show_avatars = False
    own.save()
    assert "author_avatar_urls" not in shown()


def test_statuses_follow_from_the_declaration(routes, echo, client):
    def refuse(request):
        raise AssertionError

    routes("/things", echo("GET", "POST"))
    routes(r"/things/(?P<id>[\d]+)", echo("DELETE", permission=refuse, answers=(202,),
                                          refusals=(409, 501)))  # fmt: skip

    document = client.get(PATH).json()

    def statuses(path, method):
        return set(document["paths"][f"/test/v1{path}"][method]["responses"])

    assert statuses("/things", "get") == {"200", "400", "403"}
    assert statuses("/things", "post") == {"200", "400", "403", "413"}
    assert statuses("/things/{id}", "delete") == {
        "202", "400", "401", "403", "404", "409", "413", "501",
    }  # fmt: skip
    conflict = document["paths"]["/test/v1/things/{id}"]["delete"]["responses"]["409"]
    named = conflict["$ref"].removeprefix("#/components/responses/")
    content = document["components"]["responses"][named]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Error"}
