"""The OpenAPI 3.1 description of every route, from the same declarations as everything else."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from core.extensions.site import site_provider
from core.rest.arguments import schema_of
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route, all_routes
from core.rest.index import with_namespaces
from core.rest.urls import rest_url

WITH_BODY = {"POST", "PUT", "PATCH"}
ERROR_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "description": "What went wrong, as WordPress says it.",
    "properties": {
        "code": {"type": "string", "description": "Stable and lower-case."},
        "message": {"type": "string"},
        "data": {
            "type": ["object", "null"],
            "properties": {
                "status": {"type": "integer", "description": "The HTTP status."},
                "params": {"description": "Parameters that are missing or wrong."},
                "details": {"type": "object"},
            },
        },
    },
    "required": ["code", "message", "data"],
}


def openapi_path(pattern: str) -> tuple[str, dict[str, str]]:
    """Return a route's pattern as /posts/{id}, and each parameter's own pattern by name."""
    path, patterns, position = "", {}, 0
    while (start := pattern.find("(?P<", position)) >= 0:
        name_end = pattern.index(">", start)
        end, depth = name_end, 1
        while depth:
            end += 1
            if pattern[end] == "\\":
                end += 1
            else:
                depth += {"(": 1, ")": -1}.get(pattern[end], 0)
        name = pattern[start + 4 : name_end]
        patterns[name] = f"^{pattern[name_end + 1 : end]}$"
        path += f"{pattern[position:start]}{{{name}}}"
        position = end + 1
    return path + pattern[position:], patterns


def json_schema(arg: Arg) -> dict[str, Any]:
    return dict(described(schema_of(arg)))


def describe_operation(
    route: Route, endpoint: Endpoint, method: str, patterns: Mapping[str, str]
) -> dict[str, Any]:
    """Return one method of one path."""
    by_name = {arg.name: arg for arg in endpoint.args}
    parameters: list[dict[str, Any]] = []
    for name, pattern in patterns.items():
        schema = json_schema(by_name[name]) if name in by_name else {"type": "string"}
        description = schema.pop("description", "")
        if schema.get("type") == "string":
            schema.setdefault("pattern", pattern)
        parameters.append(
            {"name": name, "in": "path", "required": True, "description": description,
             "schema": schema}
        )  # fmt: skip
    others = [arg for arg in endpoint.args if arg.name not in patterns]
    operation: dict[str, Any] = {
        "operationId": operation_id(method, route.pattern),
        "tags": [tag_of(route)],
        "parameters": parameters,
    }
    if method in WITH_BODY:
        if others:
            operation["requestBody"] = request_body(others)
    else:
        parameters.extend(query_parameter(arg) for arg in others)
    answer: dict[str, Any] = {"description": "The answer."}
    if route.schema is not None:
        item = described(route.schema())
        is_list = method == "GET" and "per_page" in by_name
        shown = {"type": "array", "items": item} if is_list else item
        answer["content"] = {"application/json": {"schema": shown}}
    operation["responses"] = {
        "2XX": answer,
        "default": {
            "description": "An error.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        },
    }
    return operation


def described(schema: Any) -> Any:
    """Return a schema as JSON Schema has it.

    WordPress writes no properties as an empty list, choices as an object, and what is required
    with each property, where JSON Schema has it with the object that holds the properties.
    """
    if isinstance(schema, list):
        return [described(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {key: described(inner) for key, inner in schema.items() if key != "properties"}
    if isinstance(found.get("required"), bool):
        del found["required"]
    if isinstance(schema.get("enum"), Mapping):
        found["enum"] = list(schema["enum"].values())
    if "properties" in schema:
        inner = dict(schema["properties"] or {})
        if not inner and isinstance(found.get("type"), str):
            # An object without properties is answered as an empty list.
            found["type"] = [found["type"], "array"]
        found["properties"] = {name: described(each) for name, each in inner.items()}
        required = [name for name, each in inner.items() if each.get("required") is True]
        if required:
            found["required"] = required
    return found


def query_parameter(arg: Arg) -> dict[str, Any]:
    schema = json_schema(arg)
    parameter: dict[str, Any] = {
        "name": arg.name,
        "in": "query",
        "required": arg.required,
        "description": schema.pop("description", ""),
        "schema": schema,
    }
    if arg.type == "array":
        parameter |= {"style": "form", "explode": False}
    elif arg.type == "object":
        parameter |= {"style": "deepObject", "explode": True}
    return parameter


def request_body(args: list[Arg]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {arg.name: described(json_schema(arg)) for arg in args},
    }
    required = [arg.name for arg in args if arg.required]
    if required:
        schema["required"] = required
    return {"required": bool(required), "content": {"application/json": {"schema": schema}}}


def operation_id(method: str, pattern: str) -> str:
    path, _ = openapi_path(pattern)
    return "_".join([method.lower(), *re.findall(r"[\w-]+", path)])


def tag_of(route: Route) -> str:
    rest = route.pattern.removeprefix(f"/{route.namespace}").strip("/")
    return f"{route.namespace} {rest.split('/')[0]}".strip() or "index"


@lru_cache(maxsize=4)
def document(routes: tuple[Route, ...], server: str, title: str) -> bytes:
    """Return the whole description as JSON."""
    paths: dict[str, Any] = {}
    for route in with_namespaces(routes):
        path, patterns = openapi_path(route.pattern)
        operations = {
            method.lower(): describe_operation(route, endpoint, method, patterns)
            for endpoint in route.endpoints
            for method in endpoint.methods
        }
        paths.setdefault(path, {}).update(operations)
    return orjson.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": title,
                "version": "1",
                "description": "WordPress's wp/v2 and what this site adds to it. Every GET also "
                "takes _fields, _embed, _envelope and _jsonp.",
            },
            "servers": [{"url": server}],
            # Reading what is public needs no credentials.
            "security": [{}, {"applicationPassword": []}],
            "paths": paths,
            "components": {
                "schemas": {"Error": ERROR_SCHEMA},
                "securitySchemes": {
                    "applicationPassword": {
                        "type": "http",
                        "scheme": "basic",
                        "description": "A user name and an application password.",
                    }
                },
            },
        }
    )


def openapi(request: RestRequest) -> RestResponse:
    """Answer the OpenAPI description."""
    title = site_provider.get().identity().name
    return RestResponse(document(all_routes(), rest_url(""), title))


OPENAPI = Route(
    pattern="/candour/v1/openapi.json",
    namespace="candour/v1",
    endpoints=[Endpoint(methods=("GET",), handler=openapi)],
)
