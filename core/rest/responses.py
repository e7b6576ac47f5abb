"""Turning a REST answer into bytes and headers as WordPress sends them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.rest.declare import RestResponse
from core.rest.errors import RestError
from core.rest.query import build_query
from core.rest.urls import api_discovery_link

JSON = "application/json; charset=UTF-8"
CALLBACK = re.compile(r"[\w.]{1,100}", re.ASCII)
METHODS = "OPTIONS, GET, POST, PUT, PATCH, DELETE"
UNCACHED = {
    "Expires": "Wed, 11 Jan 1984 05:00:00 GMT",
    "Cache-Control": "no-cache, must-revalidate, max-age=0",
}


def error_response(error: RestError) -> RestResponse:
    """Return the body of an error: code, message and data with the status."""
    body = {
        "code": error.code,
        "message": error.message,
        "data": {"status": error.status, **error.data},
    }
    return RestResponse(body, status=error.status, headers=dict(error.headers))


def paging_links(response: RestResponse, url: str, query: Mapping[str, Any], page: int) -> str:
    """Return the Link value that leads to the neighbouring pages, or nothing."""
    pages = response.pages or 0
    links = []
    if page > 1:
        # WordPress leads back to the last page that exists, even when that is none.
        links.append((min(page - 1, pages), "prev"))
    if page < pages:
        links.append((page + 1, "next"))
    return ", ".join(
        f'<{url}?{build_query({**query, "page": number})}>; rel="{rel}"' for number, rel in links
    )


def link_header(response: RestResponse) -> str:
    return ", ".join(
        f'<{url}>; rel="{rel}"' + "".join(f"; {extra}" for extra in extras)
        for rel, url, *extras in response.links
    )


def pick_fields(data: Any, wanted: Iterable[str]) -> Any:
    """Return only the wanted fields, dotted for inner ones, in the order of the data."""
    tree: dict[str, Any] = {}
    for field in wanted:
        level = tree
        for part in field.strip().split("."):
            level = level.setdefault(part, {})
    return [pick(item, tree) for item in data] if isinstance(data, list) else pick(data, tree)


def pick(item: Any, tree: Mapping[str, Any]) -> Any:
    if not isinstance(item, dict) or not tree:
        return item
    return {key: pick(value, tree[key]) for key, value in item.items() if key in tree}


def render(
    response: RestResponse, http: HttpRequest, *, allow: str, is_signed_in: bool, link: str
) -> HttpResponse:
    """Return the HTTP answer with all of WordPress's headers."""
    headers = dict(response.headers)
    if response.total is not None:
        headers |= {"X-WP-Total": str(response.total), "X-WP-TotalPages": str(response.pages or 0)}
    if link:
        headers["Link"] = link
    if allow:
        headers["Allow"] = allow
    status = response.status
    data = response.data
    if "_envelope" in http.GET:
        whole = orjson.loads(data) if isinstance(data, bytes) else data
        counted = {name: int(value) if name.startswith("X-WP-Total") else value
                   for name, value in headers.items()}  # fmt: skip
        data = {"body": whole, "status": status, "headers": counted or []}
        headers, status = {}, 200
    body = data if isinstance(data, bytes) else orjson.dumps(data)
    content_type = JSON
    if callback := http.GET.get("_jsonp", ""):
        if CALLBACK.fullmatch(callback):
            body = b"/**/" + callback.encode() + b"(" + body + b")"
            content_type = "application/javascript; charset=UTF-8"
        else:
            error = RestError("rest_callback_invalid", "Invalid JSONP callback function.", 400)
            body, status = orjson.dumps(error_response(error).data), 400
    answer = HttpResponse(body, status=status, content_type=content_type)
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Access-Control-Expose-Headers"] = "X-WP-Total, X-WP-TotalPages, Link"
    answer.headers["Access-Control-Allow-Headers"] = (
        "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type"
    )
    answer.headers["Link"] = api_discovery_link()
    for name, value in headers.items():
        answer.headers[name] = value
    if is_signed_in or http.headers.get("X-HTTP-Method-Override"):
        for name, value in UNCACHED.items():
            answer.headers[name] = value
    set_cors(answer, http, is_signed_in=is_signed_in)
    return answer


def set_cors(answer: HttpResponseBase, http: HttpRequest, *, is_signed_in: bool) -> None:
    """Let other origins read: those of CORS_ALLOWED_ORIGINS with credentials, and where none are
    named every origin, but only public answers and never with credentials."""
    origin = http.headers.get("Origin", "")
    if origin:
        is_named = origin in settings.CORS_ALLOWED_ORIGINS
        if is_named or (not settings.CORS_ALLOWED_ORIGINS and not is_signed_in):
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Allow-Methods"] = METHODS
        if is_named:
            answer.headers["Access-Control-Allow-Credentials"] = "true"
        answer.headers["Vary"] = "Origin"
    elif http.method == "GET" and not is_signed_in:
        answer.headers["Vary"] = "Origin"
