"""What the body of a request says: a JSON object or a form."""

from typing import Any

import orjson
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from core.rest.errors import RestError
from core.rest.query import nest, parse_query

FORM = "application/x-www-form-urlencoded"


def body_parameters(http: HttpRequest) -> dict[str, Any]:
    """Return the body's parameters; a body of another type, such as a picture, has none.

    A body with a disposition is a file, also where a program such as curl calls each body a form.
    Raises RestError rest_invalid_json, rest_invalid_body or rest_body_too_large.
    """
    content_type = (http.content_type or "").lower()
    try:
        if content_type == FORM and "Content-Disposition" not in http.headers:
            return parse_query(http.body.decode(errors="replace"))
        if content_type == "multipart/form-data":
            return nest((name, value) for name, values in http.POST.lists() for value in values)
        if content_type != "application/json" and not content_type.endswith("+json"):
            return {}
        return json_parameters(http.body)
    except RequestDataTooBig as error:
        raise RestError("rest_body_too_large", "The body is too large.", 413) from error
    except (BadRequest, MultiPartParserError, SuspiciousOperation) as error:
        raise RestError("rest_invalid_body", "The body could not be read.", 400) from error


def json_parameters(text: bytes) -> dict[str, Any]:
    if not text:
        return {}
    try:
        body = orjson.loads(text)
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
