"""One view for every REST route, in WordPress's order of checks."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from core.errors import CMSError
from core.rest.arguments import check_arguments
from core.rest.authentication import authenticate
from core.rest.declare import Endpoint, RestRequest, RestResponse, Route
from core.rest.embedding import embed, wanted_relations
from core.rest.errors import RestError
from core.rest.index import describe_options
from core.rest.matching import find_route
from core.rest.query import nest, parse_query
from core.rest.responses import (
    error_response,
    link_header,
    paging_links,
    pick_fields,
    render,
    set_cors,
)
from core.rest.urls import rest_url

logger = logging.getLogger(__name__)

OVERRIDABLE = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


# Sessions count only with a nonce (core.rest.authentication), which is this API's own guard.
@csrf_exempt
def rest_view(request: HttpRequest, route: str | None = None) -> HttpResponseBase:
    """Answer a REST request at a path below /wp-json."""
    path = (route or "/").rstrip("/") or "/"
    query = parse_query(request.META.get("QUERY_STRING", ""))
    user: Any = AnonymousUser()
    found: tuple[Route, dict[str, str]] | None = None
    allow = link = ""
    try:
        user = authenticate(request)
        method = overridden_method(request, query)
        found = find_route(path)
        response, asked = answer(method, path, found, query, request, user)
        if response.file is not None:
            set_cors(response.file, request, is_signed_in=user.is_authenticated)
            return response.file
        if asked is not None:
            if response.total is not None:
                shown = {**query, **{name: asked.params[name] for name in query
                                     if name in asked.params and is_nested(asked.params[name])}}  # fmt: skip
                link = paging_links(response, rest_url(path), shown, asked.params.get("page", 1))
            allow = allowed_methods(found, asked) if found else ""
        link = link or link_header(response)
        response.data = finish(response.data, query, request, user)
    except RestError as error:
        response = error_response(error)
        if found is not None and error.code not in {"rest_no_route", "rest_cookie_invalid_nonce"}:
            allow = allow_after(error, found, query, request, user)
    if request.method == "HEAD":
        response.data = b""
    return render(response, request, allow=allow, is_signed_in=user.is_authenticated, link=link)


def is_nested(value: Any) -> bool:
    return isinstance(value, list | dict)


def overridden_method(request: HttpRequest, query: Mapping[str, Any]) -> str:
    method = request.method or "GET"
    if method == "POST":
        wanted = str(query.get("_method") or request.headers.get("X-HTTP-Method-Override") or "")
        if wanted.upper() in OVERRIDABLE:
            return wanted.upper()
    return method


def answer(
    method: str,
    path: str,
    found: tuple[Route, dict[str, str]] | None,
    query: Mapping[str, Any],
    http: HttpRequest,
    user: Any,
) -> tuple[RestResponse, RestRequest | None]:
    """Return the answer of a route's handler and the request it was given."""
    if found is None:
        raise RestError(
            "rest_no_route", "No route was found matching the URL and request method.", 404
        )
    route, in_path = found
    if method == "OPTIONS":
        asked = request_for(route, method, {**query, **in_path}, http, user)
        return RestResponse(describe_options(route)), asked
    wanted = "GET" if method == "HEAD" else method
    endpoint = next((each for each in route.endpoints if wanted in each.methods), None)
    if endpoint is None:
        raise RestError(
            "rest_no_route", "No route was found matching the URL and request method.", 404
        )
    given: dict[str, Any] = dict(query)
    if wanted != "GET":
        given |= body_parameters(http)
    given |= in_path
    asked = request_for(route, wanted, given, http, user)
    asked.params = check_arguments(endpoint.args, given)
    if endpoint.permission is not None:
        endpoint.permission(asked)
    return call(endpoint, asked), asked


def request_for(
    route: Route, method: str, given: Mapping[str, Any], http: HttpRequest, user: Any
) -> RestRequest:
    language = str(given.get("lang", ""))
    known = {code for code, _ in settings.LANGUAGES}
    return RestRequest(
        http=http,
        method=method,
        route=route,
        params=dict(given),
        given=frozenset(given),
        user=user,
        locale=language if language in known else settings.LANGUAGE_CODE,
    )


def call(endpoint: Endpoint, asked: RestRequest) -> RestResponse:
    try:
        return endpoint.handler(asked)
    except RestError:
        raise
    except CMSError as error:
        raise RestError(error.code, str(error), 400, **error.data) from error
    except Exception as error:
        # The exception's text may hold personal data: its type and the route must do.
        logger.error("REST %s failed: %s", asked.route.pattern, type(error).__name__)
        if settings.DEBUG:
            raise
        raise RestError(
            "internal_server_error",
            "There has been a critical error on this website. Try again later.",
            500,
        ) from error


def body_parameters(http: HttpRequest) -> dict[str, Any]:
    content_type = (http.content_type or "").lower()
    if content_type in FORM_TYPES:
        return nest((name, value) for name, values in http.POST.lists() for value in values)
    if not (content_type == "application/json" or content_type.endswith("+json")) or not http.body:
        return {}
    try:
        body = orjson.loads(http.body)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict | list):
        raise RestError(
            "rest_invalid_json",
            "Invalid JSON body passed.",
            400,
            json_error_code=4,
            json_error_message="Syntax error",
        )
    return body if isinstance(body, dict) else {}


def finish(data: Any, query: Mapping[str, Any], http: HttpRequest, user: Any) -> Any:
    """Embed and pick fields where the query asks for it."""
    named = query.get("_embed")
    relations = wanted_relations(",".join(named) if isinstance(named, list) else named)
    fields = query.get("_fields")
    if isinstance(data, bytes) and (relations is not None or fields):
        data = orjson.loads(data)
    if relations is not None:
        data = embed(data, relations, lambda path: fetch(path, http, user))
    if fields:
        data = pick_fields(data, fields if isinstance(fields, list) else str(fields).split(","))
    return data


def fetch(path: str, http: HttpRequest, user: Any) -> Any:
    """Return the body that a GET of a path in embed context answers, or the body of its error."""
    path, _, query_string = path.partition("?")
    query = {**parse_query(query_string), "context": "embed"}
    try:
        response, _ = answer("GET", path, find_route(path), query, http, user)
    except RestError as error:
        return error_response(error).data
    return orjson.loads(response.data) if isinstance(response.data, bytes) else response.data


def allowed_methods(
    found: tuple[Route, dict[str, str]], asked: RestRequest, *, passed: bool = True
) -> str:
    """Return the methods that the asker may use here, as the Allow header lists them.

    The method that was answered is allowed (unless `passed` is off); the others' permissions are
    asked with what the path says, since the query was written for this one.
    """
    route, in_path = found
    allowed = []
    for endpoint in route.endpoints:
        for method in endpoint.methods:
            if passed and method == asked.method:
                allowed.append(method)
                continue
            probe = replace(
                asked, method=method, params={"context": "view", **probe_params(in_path)}
            )
            if method == asked.method:
                probe = replace(probe, params={**asked.params, **probe.params})
            try:
                if endpoint.permission is not None:
                    endpoint.permission(probe)
            except RestError:
                continue
            allowed.append(method)
    return ", ".join(allowed)


def probe_params(in_path: Mapping[str, str]) -> dict[str, Any]:
    return {name: int(value) if value.isdigit() and len(value) < 19 else value
            for name, value in in_path.items()}  # fmt: skip


# WordPress looks these up while it asks for permission, so that reading is not allowed either.
FOUND_BY_PERMISSION = {
    "rest_post_invalid_id", "rest_comment_invalid_id", "rest_user_invalid_id", "rest_term_invalid",
    "rest_status_invalid", "rest_forbidden", "rest_cannot_read", "rest_cannot_read_post",
    "rest_user_cannot_view", "rest_forbidden_context",
}  # fmt: skip


def allow_after(
    error: RestError,
    found: tuple[Route, dict[str, str]],
    query: Mapping[str, Any],
    http: HttpRequest,
    user: Any,
) -> str:
    """Return the Allow header of an error; an item that is not there or not readable has none."""
    if error.code in FOUND_BY_PERMISSION and http.method in {"GET", "HEAD"}:
        return ""
    method = "GET" if http.method == "HEAD" else http.method or "GET"
    asked = request_for(found[0], method, {**query, **found[1]}, http, user)
    return allowed_methods(found, asked, passed=method == "GET")
