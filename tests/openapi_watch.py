"""Every answer of the REST API in any test is one that the OpenAPI document describes."""

from functools import lru_cache

import orjson
from jsonschema_rs import Draft202012Validator

from core.extensions.content_kinds import content_kinds
from core.rest.dispatch import rest_view
from core.rest.matching import find_route
from core.rest.openapi import Components, describe_operation, openapi_path

# What a handler answers whose code has failed; tests have handlers that do.
FAULT = "internal_server_error"
# What has been found since the test began.
found: list[str] = []


def watch(get_response):
    """Middleware that keeps what no document describes."""

    def handle(request):
        response = get_response(request)
        if request.resolver_match is not None and request.resolver_match.func is rest_view:
            found.extend(faults(request, response))
        return response

    return handle


def faults(request, response):
    matched = find_route((request.resolver_match.kwargs.get("route") or "").rstrip("/") or "/")
    method = asked_method(request)
    if matched is None or "_envelope" in request.GET:
        return []
    route, _ = matched
    if endpoint_of(route, method) is None:
        return []
    place = f"{method} {route.pattern} answered {response.status_code}"
    described = answers_of(route, method, repr(list(content_kinds))).get(str(response.status_code))
    body = None if request.method == "HEAD" else body_of(request, response)
    if response.status_code == 500 and body and body["code"] == FAULT:
        return []
    if described is None:
        return [f"{place}, which the document does not name: {response.content[:200]!r}"]
    if body is None or ("_fields" in request.GET and response.status_code < 400):
        return []
    return [f"{place}: {'/'.join(map(str, each.instance_path))}: {each.message[:300]}"
            for each in described.iter_errors(body)]  # fmt: skip


def asked_method(request):
    method = request.method
    if method == "POST":
        wanted = request.GET.get("_method") or request.headers.get("X-HTTP-Method-Override") or ""
        method = wanted.upper() or method
    return "GET" if method == "HEAD" else method


def body_of(request, response):
    is_json = response.headers["Content-Type"].startswith("application/json")
    return orjson.loads(response.content) if is_json else None


def endpoint_of(route, method):
    return next((each for each in route.endpoints if method in each.methods), None)


@lru_cache(maxsize=4096)
def answers_of(route, method, _declared):
    """Return by status what checks the JSON of an answer; declared fields are in its schemas."""
    endpoint, patterns = endpoint_of(route, method), openapi_path(route.pattern)[1]
    components = Components()
    operation = describe_operation(route, endpoint, method, patterns, components)
    named = {"responses": components.responses, "schemas": components.schemas}
    return {
        status: Draft202012Validator({**schema_of(answer, named), "components": named})
        for status, answer in operation["responses"].items()
    }


def schema_of(answer, components):
    if "$ref" in answer:
        answer = components["responses"][answer["$ref"].rpartition("/")[2]]
    return answer["content"].get("application/json", {}).get("schema", {})
