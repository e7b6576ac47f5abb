"""The OpenAPI 3.1 description of every route, from the same declarations as everything else."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from itertools import chain, count
from typing import Any

from core.extensions.site import site_provider
from core.rest.arguments import schema_of
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route, all_routes
from core.rest.index import with_namespaces
from core.rest.urls import rest_url

WITH_BODY = {"POST", "PUT", "PATCH"}
# WordPress writes draft 4 with names of its own.
RENAMED = {"readonly": "readOnly"}
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


class Components:
    """What operations refer to by name, so that it stands in the document once."""

    def __init__(self) -> None:
        self.schemas: dict[str, Any] = {"Error": ERROR_SCHEMA}
        self.responses: dict[str, Any] = {}
        self.bodies: dict[str, Any] = {}

    def item(self, schema: Mapping[str, Any], corrects: Mapping[str, Any]) -> dict[str, str]:
        """Keep an item's schema under its title, and return what refers to it."""
        shown = answered(described(schema))
        for name, told in corrects.items():
            property_ = {**shown["properties"][name], **told}
            shown["properties"][name] = {k: v for k, v in property_.items() if v is not None}
        title = re.sub(r"[^\w.-]", "-", str(shown.get("title", "item")), flags=re.ASCII)
        names = chain([title], (f"{title}-{number}" for number in count(2)))
        name = next(each for each in names if self.schemas.setdefault(each, shown) == shown)
        return {"$ref": f"#/components/schemas/{name}"}

    def error(self, status: int) -> dict[str, str]:
        name = re.sub(r"\W", "", phrase(status))
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        self.responses[name] = {"description": phrase(status), "content": content}
        return {"$ref": f"#/components/responses/{name}"}

    def body(self, name: str, args: list[Arg]) -> dict[str, str]:
        self.bodies[name] = request_body(args)
        return {"$ref": f"#/components/requestBodies/{name}"}


def describe_operation(
    route: Route,
    endpoint: Endpoint,
    method: str,
    patterns: Mapping[str, str],
    components: Components,
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
    if method not in WITH_BODY:
        parameters.extend(query_parameter(arg) for arg in others)
    elif others:
        # POST, PUT and PATCH of an endpoint take the same body.
        name = operation_id(endpoint.methods[0], route.pattern)
        operation["requestBody"] = components.body(name, others)
    answer = answer_of(route, endpoint, method, components)
    operation["responses"] = {
        **{str(status): {"description": phrase(status), **answer} for status in endpoint.answers},
        **{str(status): components.error(status)
           for status in refusals_of(endpoint, method, has_path=bool(patterns))},
    }  # fmt: skip
    return operation


def refusals_of(endpoint: Endpoint, method: str, *, has_path: bool) -> list[int]:
    """Return the statuses of the errors that an operation answers.

    Parameters may be wrong anywhere (400), and so may the nonce of a session (403); a permission
    asks strangers to sign in (401), what a path names may not be there (404), and a body may be
    too large (413). What else there is the endpoint declares.
    """
    found = {400, 403, *endpoint.refusals}
    if endpoint.permission is not None:
        found.add(401)
    if has_path:
        found.add(404)
    if method != "GET":
        found.add(413)
    return sorted(found)


def answer_of(
    route: Route, endpoint: Endpoint, method: str, components: Components
) -> dict[str, Any]:
    """Return what an operation answers: its own, the route's item, or a page of a list of them."""
    shown: dict[str, Any] = {}
    if endpoint.shows is not None:
        shown = answered(described(endpoint.shows()))
    elif route.schema is not None:
        shown = components.item(route.schema(), route.corrects)
        if method == "GET" and any(arg.name == "per_page" for arg in endpoint.args):
            shown = {"type": "array", "items": shown}
        elif method == "DELETE":
            shown = {"anyOf": [deleted(shown), shown]}
    schemas = {"application/json": shown}
    return {"content": {kind: {"schema": schemas.get(kind, {})} for kind in endpoint.media_types}}


def deleted(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"deleted": {"const": True}, "previous": item},
        "required": ["deleted", "previous"],
    }


def phrase(status: int) -> str:
    return HTTPStatus(status).phrase


def described(schema: Any) -> Any:
    """Return a schema as JSON Schema has it.

    WordPress writes no properties as an empty list, choices as an object, that bounds are excluded
    beside them, and what is required with each property, where JSON Schema has it with the object
    that holds the properties.
    """
    if isinstance(schema, list):
        return [described(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    found = {
        RENAMED.get(key, key): described(inner)
        for key, inner in schema.items()
        if key not in {"properties", "$schema"}
    }
    for side, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if found.get(side) is True:
            found[side] = found.pop(bound)
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


def answered(schema: Any) -> Any:
    """Return the schema of what is sent as that of what is answered.

    WordPress answers an empty text where it has no address, dates without a zone, and null where
    that is the default: formats hold for what is sent. So does what is required, since contexts
    leave it out.
    """
    if isinstance(schema, list):
        return [answered(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    named = {"properties", "patternProperties"}
    found = {
        key: {name: answered(each) for name, each in inner.items()}
        if key in named
        else answered(inner)
        for key, inner in schema.items()
        if key not in {"format", "required"}
    }
    if schema.get("default", "") is None and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
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


def describe(routes: tuple[Route, ...], *, server: str, title: str) -> dict[str, Any]:
    """Return the whole description. It is made anew each time: schemas may follow settings."""
    paths: dict[str, Any] = {}
    components = Components()
    for route in with_namespaces(routes):
        path, patterns = openapi_path(route.pattern)
        operations = {
            method.lower(): describe_operation(route, endpoint, method, patterns, components)
            for endpoint in route.endpoints
            for method in endpoint.methods
        }
        paths.setdefault(path, {}).update(operations)
    return {
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
            "schemas": components.schemas,
            "responses": components.responses,
            "requestBodies": components.bodies,
            "securitySchemes": {
                "applicationPassword": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "A user name and an application password.",
                }
            },
        },
    }


def openapi(request: RestRequest) -> RestResponse:
    """Answer the OpenAPI description."""
    title = site_provider.get().identity().name
    return RestResponse(describe(all_routes(), server=rest_url(""), title=title))


OPENAPI = Route(
    pattern="/candour/v1/openapi.json",
    namespace="candour/v1",
    endpoints=[Endpoint(methods=("GET",), handler=openapi)],
)
