from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.rest.arguments import (
    COLLECTION_ARGS,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    SLUG_ARG,
    date_args,
    order_args,
)
from core.rest.collections import paginate
from core.rest.declare import Arg, Endpoint, RestResponse
from tests.core.conftest import url

ARGS = (
    *COLLECTION_ARGS, *date_args(), EXCLUDE_ARG, INCLUDE_ARG, OFFSET_ARG, SLUG_ARG,
    *order_args("date", "id"), Arg(name="sticky", type="boolean"),
    Arg(name="terms", type=("object", "array"), one_of=(
        {"title": "List", "type": "array", "items": {"type": "integer"}},
        {"title": "Query", "type": "object", "properties": {"terms": {"type": "integer"}}},
    )),
    Arg(name="email", format="email"),
    Arg(name="ip", format="ip"), Arg(name="site", format="uri"), Arg(name="size", type="number"),
)  # fmt: skip
CODES = {"rest_invalid_param", "rest_post_invalid_page_number", "rest_callback_invalid",
         "rest_cookie_invalid_nonce", "rest_invalid_json"}  # fmt: skip
NAMES = st.sampled_from(
    [*(arg.name for arg in ARGS), "_fields", "_embed", "_envelope", "_jsonp", "_method", "_wpnonce",
     "lang", "nothing", "", "["]
)  # fmt: skip
KEYS = st.sampled_from(["", "[]", "[0]", "[a]", "[a][]", "[", "]", "[²]"])
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.sampled_from(["", "0", "1e400", "9" * 400, "0001-01-01T00:00:00+14:00", "true", "a\0b"]),
)
QUERIES = st.lists(
    st.tuples(NAMES, KEYS, VALUES).map(lambda part: f"{quote(part[0] + part[1])}={quote(part[2])}"),
    max_size=6,
).map("&".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([arg.name for arg in ARGS]), inner, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip


@pytest.fixture
def things(routes):
    def handler(request):
        offset, limit, pages = paginate(1000, request)
        numbers = list(range(1000))[offset : offset + limit]
        return RestResponse([{"id": number} for number in numbers], total=1000, pages=pages)

    routes("/things", Endpoint(methods=("GET", "POST"), handler=handler, args=ARGS))
    return url("/things")


def assert_documented(answer):
    """Any request is answered, or refused with a code we know in WordPress's shape."""
    if answer.headers["Content-Type"].startswith("application/javascript"):
        return
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    body, status = answer.json(), answer.status_code
    if isinstance(body, dict) and "body" in body:
        body, status = body["body"], body["status"]
    if status == 200:
        assert isinstance(body, list)
        return
    assert status in {400, 403}
    assert list(body) == ["code", "message", "data"]
    assert body["code"] in CODES
    assert body["message"]
    assert body["data"]["status"] == status
    if body["code"] == "rest_invalid_param":
        assert body["message"] == f"Invalid parameter(s): {', '.join(body['data']['params'])}"
        assert body["data"]["params"].keys() == body["data"]["details"].keys()


# Every example asks the same site, which keeps nothing of what it was asked.
EXAMPLES = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@EXAMPLES
@given(QUERIES)
def test_any_query_gets_an_answer_in_wordpress_shape(things, query):
    assert_documented(Client().get(f"{things}?{query}"))


@EXAMPLES
@given(JSON)
def test_any_body_gets_an_answer_in_wordpress_shape(things, body):
    assert_documented(Client().post(things, body, content_type="application/json"))


@EXAMPLES
@given(st.binary(max_size=60), st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "text/plain", "image/jpeg"]
))  # fmt: skip
def test_any_bytes_get_an_answer_in_wordpress_shape(things, body, content_type):
    assert_documented(Client().generic("POST", things, body, content_type=content_type))
