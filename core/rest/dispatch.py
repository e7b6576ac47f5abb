"""One view for every REST route, in WordPress's order of checks."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from core.errors import CMSError
from core.rest.allowing import allowed_methods
from core.rest.arguments import check_arguments
from core.rest.authentication import authenticate
from core.rest.body import body_parameters
from core.rest.declare import Endpoint, RestRequest, RestResponse, Route
from core.rest.embedding import embed, wanted_relations
from core.rest.errors import RestError
from core.rest.index import describe_options
from core.rest.matching import find_route
from core.rest.query import parse_query
from core.rest.responses import (
    error_response,
    is_callback,
    link_header,
    paging_links,
    pick_fields,
    render,
    set_cors,
)
from core.rest.urls import rest_url

logger = logging.getLogger(__name__)

OVERRIDABLE = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
Found = tuple[Route, dict[str, str]]
# How many items of a collection `_embed` reads at once, which is the most that any answers.
MOST_ITEMS = 100


# Sessions count only with a nonce (core.rest.authentication), which is this API's own guard.
@csrf_exempt
def rest_view(request: HttpRequest, route: str | None = None) -> HttpResponseBase:
    """Answer a REST request at a path below /wp-json."""
    path = (route or "/").rstrip("/") or "/"
    query = parse_query(request.META.get("QUERY_STRING", ""))
    user: Any = AnonymousUser()
    asked: RestRequest | None = None
    allow = link = ""
    is_private = False
    try:
        refuse_bad_callback(query)
        user = authenticate(request, given_nonce(request, query))
        method = overridden_method(request, query)
        found = find_route(path, "" if method == "OPTIONS" else method)
        if found is None and method == "OPTIONS":
            # WordPress answers that nothing is known of the path.
            response, is_in = RestResponse([]), user.is_authenticated
            return render(response, request, query, allow="", is_signed_in=is_in)
        asked = request_for(found, method, query, request, user)
        response = answer(asked)
        if response.file is not None:
            set_cors(response.file, request, is_signed_in=user.is_authenticated)
            return response.file
        link = paging_links(response, rest_url(path), query, asked.params) or link_header(response)
        allow = allowed_methods(asked)
        response.data = finish(response.data, query, asked)
    except RestError as error:
        response = error_response(error)
        if asked is not None:
            allow = allowed_methods(asked, error=error)
        # WordPress forbids to keep these two answers, whoever asked.
        is_private = error.code == "rest_cookie_invalid_nonce" or (
            "X-HTTP-Method-Override" in request.headers and error.status < 500
        )
    rendered = render(
        response, request, query, allow=allow, link=link,
        is_signed_in=user.is_authenticated, is_private=is_private,
    )  # fmt: skip
    if request.method == "HEAD":
        rendered.headers["Content-Length"] = str(len(rendered.content))
        rendered.content = b""
    return rendered


def refuse_bad_callback(query: dict[str, Any]) -> None:
    if "_jsonp" in query and not is_callback(query["_jsonp"]):
        del query["_jsonp"]
        raise RestError("rest_callback_invalid", "Invalid JSONP callback function.", 400)


def given_nonce(request: HttpRequest, query: Mapping[str, Any]) -> str:
    return request.headers.get("X-WP-Nonce") or str(query.get("_wpnonce") or "")


def overridden_method(request: HttpRequest, query: Mapping[str, Any]) -> str:
    # WordPress lets `_method` turn a GET into a write; here nothing acts on GET.
    method = request.method or "GET"
    if method == "POST":
        wanted = str(query.get("_method") or request.headers.get("X-HTTP-Method-Override") or "")
        if wanted.upper() in OVERRIDABLE:
            method = wanted.upper()
    return "GET" if method == "HEAD" else method


def request_for(
    found: Found | None, method: str, query: Mapping[str, Any], http: HttpRequest, user: Any
) -> RestRequest:
    """Return the request before its body is read and its parameters are checked."""
    if found is None:
        raise no_route()
    route, in_path = found
    given = {**query, **in_path}
    language = str(given.get("lang", ""))
    known = {code for code, _ in settings.LANGUAGES}
    return RestRequest(
        http=http,
        method=method,
        route=route,
        params=given,
        in_path=in_path,
        given=frozenset(given),
        user=user,
        locale=language if language in known else settings.LANGUAGE_CODE,
    )


def no_route() -> RestError:
    return RestError(
        "rest_no_route", "No route was found matching the URL and request method.", 404
    )


def answer(asked: RestRequest) -> RestResponse:
    """Return what the route answers; the request's parameters are checked from here on."""
    if asked.method == "OPTIONS":
        return RestResponse(describe_options(asked.route))
    endpoint = endpoint_for(asked)
    check(endpoint, asked)
    return respond(endpoint, asked)


def endpoint_for(asked: RestRequest) -> Endpoint:
    endpoint = next((each for each in asked.route.endpoints if asked.method in each.methods), None)
    if endpoint is None:
        raise no_route()
    return endpoint


def check(endpoint: Endpoint, asked: RestRequest) -> None:
    """Read the request's body and check all of its parameters."""
    if asked.method != "GET":
        body = body_parameters(asked.http) if asked.body is None else asked.body
        # An item's number in the path cannot be changed by the body.
        asked.params = {**asked.params, **body, **asked.in_path}
        asked.given = frozenset(asked.params)
    asked.params = check_arguments(endpoint.args, asked.params, asked)


def respond(endpoint: Endpoint, asked: RestRequest) -> RestResponse:
    """Return what the endpoint answers to a request that was checked."""
    if asked.locale == settings.LANGUAGE_CODE:
        return call(endpoint, asked)
    with translation.override(asked.locale):
        return call(endpoint, asked)


def call(endpoint: Endpoint, asked: RestRequest) -> RestResponse:
    try:
        return attempt(endpoint, asked)
    except ObjectDoesNotExist:
        # Another has deleted it since it was looked for: looked for again, it is not found.
        return attempt(endpoint, asked, is_last=True)


def attempt(endpoint: Endpoint, asked: RestRequest, *, is_last: bool = False) -> RestResponse:
    try:
        if endpoint.permission is not None:
            endpoint.permission(asked)
        return endpoint.handler(asked)
    except RestError:
        raise
    except CMSError as error:
        data = {name: value for name, value in error.data.items() if name != "status"}
        raise RestError(error.code, str(error), 400, **data) from error
    except BadRequest as error:
        raise RestError("rest_invalid_body", "The body could not be read.", 400) from error
    except Exception as error:
        if isinstance(error, ObjectDoesNotExist) and asked.in_path and not is_last:
            raise
        # The exception's text may hold personal data: its type and the route must do.
        logger.error("REST %s failed: %s", asked.route.pattern, type(error).__name__)
        if settings.DEBUG:
            raise
        raise RestError(
            "internal_server_error",
            "There has been a critical error on this website. Try again later.",
            500,
        ) from error


def finish(data: Any, query: Mapping[str, Any], asked: RestRequest) -> Any:
    """Pick fields and embed where the query asks for it."""
    relations = wanted_relations(query.get("_embed"))
    fields = query.get("_fields")
    if isinstance(data, bytes) and (relations is not None or fields):
        data = orjson.loads(data)
    if fields:
        data = pick_fields(data, fields)
    if relations is not None:
        data = embed(data, relations, lambda paths: fetch_all(paths, asked))
    return data


def fetch_all(paths: Sequence[str], asked: RestRequest) -> dict[str, Any]:
    """Return by path the bodies that GETs in embed context answer, errors among them.

    What is of one kind is read at once: items through their collection, and lists that can be
    answered together by their endpoint. What is left over is asked for by itself.
    """
    requests = {path: embedded_request(path, asked) for path in paths}
    bodies: dict[str, Any] = {}
    together: dict[Route, dict[str, RestRequest]] = {}
    by_collection: dict[Route, dict[int, str]] = {}
    for path, request in requests.items():
        if request is None:
            continue
        endpoint = reading_endpoint(request.route)
        if endpoint is not None and endpoint.many is not None:
            together.setdefault(request.route, {})[path] = request
        elif "?" not in path and (collection := collection_of(path)) is not None:
            by_collection.setdefault(collection, {})[int(path.rpartition("/")[2])] = path
    for route, its_requests in together.items():
        bodies |= answer_together(reading_endpoint(route), its_requests)
    for collection, its_paths_by_id in by_collection.items():
        bodies |= items_of(collection, its_paths_by_id, asked)
    for path, request in requests.items():
        if path not in bodies:
            bodies[path] = body_of(request)
    return bodies


def embedded_request(path: str, asked: RestRequest) -> RestRequest | None:
    """Return the request for what a link leads to; of a list it is the first page."""
    path, _, query_string = path.partition("?")
    found = find_route(path)
    if found is None:
        return None
    query: dict[str, Any] = {"context": "embed", **parse_query(query_string)}
    return request_for(found, "GET", query, asked.http, asked.user)


def reading_endpoint(route: Route) -> Endpoint | None:
    return next((each for each in route.endpoints if "GET" in each.methods), None)


def collection_of(path: str) -> Route | None:
    """Return the collection that can be asked for the item at a path by its number."""
    above, _, key = path.rpartition("/")
    found = find_route(above) if key.isdigit() and len(key) < 19 else None
    endpoint = reading_endpoint(found[0]) if found else None
    names = {arg.name for arg in endpoint.args} if endpoint else set()
    return found[0] if found and {"include", "per_page", "context"} <= names else None


def items_of(collection: Route, paths: Mapping[int, str], asked: RestRequest) -> dict[str, Any]:
    """Return the items that a collection has of some numbers; it leaves out what it hides."""
    bodies: dict[str, Any] = {}
    keys = list(paths)
    for start in range(0, len(keys), MOST_ITEMS):
        query = {"context": "embed", "include": keys[start : start + MOST_ITEMS],
                 "per_page": MOST_ITEMS, "lang": asked.locale}  # fmt: skip
        found = body_of(request_for((collection, {}), "GET", query, asked.http, asked.user))
        if isinstance(found, list):
            bodies |= {paths[item["id"]]: item for item in found}
    return bodies


def answer_together(
    endpoint: Endpoint | None, requests: Mapping[str, RestRequest]
) -> dict[str, Any]:
    """Return by path what an endpoint answers to several requests that it takes together."""
    if endpoint is None or endpoint.many is None:
        return {}
    bodies: dict[str, Any] = {}
    checked: dict[str, RestRequest] = {}
    for path, request in requests.items():
        try:
            request.params = check_arguments(endpoint.args, request.params, request)
            checked[path] = request
        except RestError as error:
            bodies[path] = error_response(error).data
    answers = endpoint.many(list(checked.values())) if checked else []
    for path, each in zip(checked, answers, strict=True):
        bodies[path] = error_response(each).data if isinstance(each, RestError) else each.data
    return bodies


def body_of(request: RestRequest | None) -> Any:
    try:
        response = answer(request) if request is not None else error_response(no_route())
    except RestError as error:
        return error_response(error).data
    return orjson.loads(response.data) if isinstance(response.data, bytes) else response.data
