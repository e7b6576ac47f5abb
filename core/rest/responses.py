"""Turning a REST answer into bytes and headers as WordPress sends them."""

import re
from collections.abc import Mapping
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
READING = ("OPTIONS", "GET", "HEAD")
# nginx reads all headers of an answer into 4 kB, and refuses an answer with longer ones.
LONGEST_LINK = 3000
Tree = dict[str, Any]
UNCACHED = {
    "Expires": "Wed, 11 Jan 1984 05:00:00 GMT",
    "Cache-Control": "no-cache, must-revalidate, max-age=0",
}


def error_response(error: RestError) -> RestResponse:
    """Return the body of an error: code, message and data with the status."""
    data = None if error.data is None else {"status": error.status, **error.data}
    body: dict[str, Any] = {"code": error.code, "message": error.message, "data": data}
    if error.additional_data:
        body["additional_data"] = error.additional_data
    return RestResponse(body, status=error.status, headers=dict(error.headers))


def paging_links(
    response: RestResponse, url: str, query: Mapping[str, Any], checked: Mapping[str, Any]
) -> str:
    """Return the Link value that leads to the neighbouring pages, or nothing.

    As in WordPress, it repeats the query with what the checks made of its parameters, lists with
    an index each. Where that is longer than LONGEST_LINK the query is repeated as it was given, and
    where that is too long as well there are no links: X-WP-TotalPages tells what there is.
    """
    page, pages = checked.get("page", 1), response.pages or 0
    if response.total is None or not isinstance(page, int):
        # A list that is whole declares no `page`, so that a given one stays an unchecked word.
        return ""
    links = []
    if page > 1:
        # WordPress leads back to the last page that exists, even when that is none.
        links.append((min(page - 1, pages), "prev"))
    if page < pages:
        links.append((page + 1, "next"))
    written = {name: repeated(checked.get(name), value) for name, value in query.items()}
    for shown in (written, query):
        header = ", ".join(
            f'<{url}?{build_query({**shown, "page": number})}>; rel="{rel}"'
            for number, rel in links
        )
        if len(header) <= LONGEST_LINK:
            return header
    return ""


def repeated(checked: Any, given: Any) -> Any:
    return checked if isinstance(checked, bool | int | list | dict) else given


def link_header(response: RestResponse) -> str:
    return ", ".join(
        f'<{url}>; rel="{rel}"' + "".join(f"; {extra}" for extra in extras)
        for rel, url, *extras in response.links
    )


def is_callback(name: Any) -> bool:
    """Tell whether `_jsonp` names a function and nothing else."""
    return isinstance(name, str) and CALLBACK.fullmatch(name) is not None


def pick_fields(data: Any, wanted: Any) -> Any:
    """Return only the wanted fields, dotted for inner ones, in the order of the data.

    `wanted` is a list, or names parted by commas or spaces.
    """
    names = wanted if isinstance(wanted, list) else re.split(r"[\s,]+", str(wanted))
    tree: Tree = {}
    for name in names:
        level = tree
        *outer, last = str(name).strip().split(".")
        for part in outer:
            inner = level.setdefault(part, {})
            if inner is None:
                break
            level = inner
        else:
            level[last] = None
    return [pick(item, tree) for item in data] if isinstance(data, list) else pick(data, tree)


def pick(item: Any, tree: "Tree | None") -> Any:
    # None stands for the whole of a field, also where a part of it is wanted as well.
    if not isinstance(item, dict) or tree is None:
        return item
    return {key: pick(value, tree[key]) for key, value in item.items() if key in tree}


def render(
    response: RestResponse,
    http: HttpRequest,
    query: Mapping[str, Any],
    *,
    allow: str,
    is_signed_in: bool,
    is_private: bool = False,
    link: str = "",
) -> HttpResponse:
    """Return the HTTP answer with all of WordPress's headers.

    What a signed-in person gets may not be kept by anybody, nor what is private otherwise.
    """
    headers = dict(response.headers)
    if response.total is not None:
        headers |= {"X-WP-Total": str(response.total), "X-WP-TotalPages": str(response.pages or 0)}
    if link:
        headers["Link"] = link
    if allow:
        headers["Allow"] = allow
    status = response.status
    data = response.data
    if "_envelope" in query:
        whole = orjson.loads(data) if isinstance(data, bytes) else data
        counted = {name: int(value) if name.startswith("X-WP-Total") else value
                   for name, value in headers.items()}  # fmt: skip
        data = {"body": whole, "status": status, "headers": counted or []}
        headers, status = {}, 200
    body = data if isinstance(data, bytes) else orjson.dumps(data, option=orjson.OPT_NON_STR_KEYS)
    content_type = JSON
    if callback := query.get("_jsonp"):
        # The comment keeps the body from being read as another format than a script.
        body = b"/**/" + callback.encode() + b"(" + body + b")"
        content_type = "application/javascript; charset=UTF-8"
    answer = HttpResponse(body, status=status, content_type=content_type)
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    ours = [name for name in headers if name.startswith("X-Candour-")]
    answer.headers["Access-Control-Expose-Headers"] = ", ".join(
        ["X-WP-Total", "X-WP-TotalPages", "Link", *ours]
    )
    answer.headers["Access-Control-Allow-Headers"] = (
        "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type"
    )
    answer.headers["Link"] = api_discovery_link()
    for name, value in headers.items():
        answer.headers[name] = value
    if is_signed_in or is_private:
        for name, value in UNCACHED.items():
            answer.headers[name] = value
    set_cors(answer, http, is_signed_in=is_signed_in)
    return answer


# What routes of ours read beyond WordPress's headers, such as the token of a comment's author.
OWN_HEADER = re.compile(r"\bX-Candour-[A-Za-z-]+", re.IGNORECASE)


def set_cors(answer: HttpResponseBase, http: HttpRequest, *, is_signed_in: bool) -> None:
    """Let scripts of other origins read.

    WordPress lets every origin do everything, with the visitor's cookies. Here an origin of
    CORS_ALLOWED_ORIGINS may do that; where none is named, every origin may read public answers,
    without cookies and without writing.
    """
    origin = http.headers.get("Origin", "")
    if origin:
        wanted = http.headers.get("Access-Control-Request-Method", http.method or "")
        if origin in settings.CORS_ALLOWED_ORIGINS:
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Allow-Methods"] = METHODS
            answer.headers["Access-Control-Allow-Credentials"] = "true"
            asked = http.headers.get("Access-Control-Request-Headers", "")
            if ours := OWN_HEADER.findall(asked):
                allowed = answer.headers.get("Access-Control-Allow-Headers", "")
                answer.headers["Access-Control-Allow-Headers"] = ", ".join([allowed, *ours])
        elif not settings.CORS_ALLOWED_ORIGINS and not is_signed_in and wanted in READING:
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Allow-Methods"] = ", ".join(READING)
        answer.headers["Vary"] = "Origin"
    elif http.method == "GET" and not is_signed_in:
        answer.headers["Vary"] = "Origin"
