"""/batch/v1: up to 25 writes in one request, with WordPress's rules."""

from typing import Any
from urllib.parse import urlsplit

import orjson

from core.rest.allowing import allowed_methods
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route
from core.rest.dispatch import check, endpoint_for, request_for, respond
from core.rest.errors import RestError
from core.rest.matching import find_route
from core.rest.query import parse_query
from core.rest.responses import error_response, link_header

MOST = 25
MULTI_STATUS = 207
REQUEST = {
    "type": "object",
    "properties": {
        "method": {"type": "string", "enum": ["POST", "PUT", "PATCH", "DELETE"], "default": "POST"},
        "path": {"type": "string", "required": True},
        "body": {"type": "object", "properties": [], "additionalProperties": True},
        "headers": {
            "type": "object",
            "properties": [],
            "additionalProperties": {"type": ["string", "array"], "items": {"type": "string"}},
        },
    },
}
Prepared = tuple[RestRequest | None, Endpoint | None, RestError | None]


def run_batch(batch: RestRequest) -> RestResponse:
    """Answer all requests of a batch, each as if it had come alone.

    With require-all-validate nothing is run where one of them is not valid.
    """
    prepared = [prepare(each, batch) for each in batch.params["requests"]]
    if batch.params["validation"] == "require-all-validate" and any(
        error is not None for _, _, error in prepared
    ):
        failed = [None if error is None else enclosed(error_response(error))
                  for _, _, error in prepared]  # fmt: skip
        return RestResponse({"failed": "validation", "responses": failed}, status=MULTI_STATUS)
    return RestResponse({"responses": [run(*each) for each in prepared]}, status=MULTI_STATUS)


def prepare(wanted: dict[str, Any], batch: RestRequest) -> Prepared:
    """Return a request of the batch with its endpoint, checked, or the error that it has."""
    asked = None
    try:
        path, query = parted(str(wanted.get("path") or ""))
        asked = request_for(
            find_route(path), wanted.get("method") or "POST", query, batch.http, batch.user
        )
        asked.body = wanted.get("body") or {}
        endpoint = endpoint_for(asked)
        if not endpoint.allow_batch:
            raise RestError(
                "rest_batch_not_allowed",
                "The requested route does not support batch requests.",
                400,
            )
        check(endpoint, asked)
    except RestError as error:
        return asked, None, error
    return asked, endpoint, None


def parted(path: str) -> tuple[str, dict[str, Any]]:
    """Return the path and the query of an address below /wp-json."""
    try:
        parts = urlsplit(path)
    except ValueError:
        parts = None
    if parts is None or not parts.path:
        raise RestError("parse_path_failed", "Could not parse the path.", 400)
    return parts.path, parse_query(parts.query)


def run(
    asked: RestRequest | None, endpoint: Endpoint | None, error: RestError | None
) -> dict[str, Any]:
    """Return the answer to one request, in an envelope."""
    response = None
    if error is None and asked is not None and endpoint is not None:
        try:
            response = respond(endpoint, asked)
        except RestError as failed:
            error = failed
    if response is None:
        response = error_response(error or RestError("parse_path_failed", "", 400))
    headers = dict(response.headers)
    if link := link_header(response):
        headers["Link"] = link
    if asked is not None and (allow := allowed_methods(asked, error=error)):
        headers["Allow"] = allow
    return enclosed(response, headers)


def enclosed(response: RestResponse, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return a response inside a body; PHP writes headers that are none as an empty array."""
    body = orjson.loads(response.data) if isinstance(response.data, bytes) else response.data
    return {"body": body, "status": response.status, "headers": headers or []}


BATCH = Route(
    pattern="/batch/v1",
    namespace="",
    endpoints=[
        Endpoint(
            methods=("POST",),
            handler=run_batch,
            answers=(MULTI_STATUS,),
            args=(
                Arg(name="validation", enum=("require-all-validate", "normal"), default="normal"),
                Arg(name="requests", type="array", required=True, max_items=MOST, items=REQUEST),
            ),
        )
    ],
)
