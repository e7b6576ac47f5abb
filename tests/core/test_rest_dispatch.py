import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from core.errors import CMSError
from core.extensions.people import authenticators
from core.rest.arguments import CONTEXT_ARG, PAGE_ARG, PER_PAGE_ARG, order_args
from core.rest.authentication import rest_nonce
from core.rest.declare import Arg, Endpoint
from core.rest.errors import RestError
from tests.api.shapes import recorded
from tests.core.conftest import url

NO_ROUTE = {
    "code": "rest_no_route",
    "message": "No route was found matching the URL and request method.",
    "data": {"status": 404},
}


def refuse(request):
    raise RestError("rest_refused", "No.", 403 if request.user.is_authenticated else 401)


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("DELETE", "/things")])
def test_path_or_method_without_a_route_is_not_found(routes, echo, client, method, path):
    routes("/things", echo("GET", "POST"))

    answer = client.generic(method, url(path))

    assert (answer.status_code, answer.json()) == (404, NO_ROUTE)
    assert "Allow" not in answer.headers


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/things", {}),
        ("/things/", {}),
        ("/THINGS", {}),
        ("/things/me", {"me": True}),
        ("/things/7", {"id": 7}),
        ("/Things/7/parts/Left", {"id": 7, "part": "Left"}),
        ("/by-name-of-Ann", {"name": "Ann"}),
    ],
)
def test_path_is_matched_as_wordpress_matches_it(routes, echo, client, path, expected):
    number = Arg(name="id", type="integer")
    routes("/things", echo())
    routes(r"/things/(?P<id>[\d]+)", echo(args=[number]))
    routes("/things/me", echo(args=[Arg(name="me", type="boolean", default=True)]))
    routes(r"/things/(?P<id>[\d]+)/parts/(?P<part>[\w-]+)", echo(args=[number]))
    routes(r"/by-name-of-(?P<name>[\w]+)", echo())

    answer = client.get(url(path))

    assert answer.status_code == 200
    assert answer.json()["params"] == expected


def test_number_in_the_path_is_ascii(routes, echo, client):
    routes(r"/things/(?P<id>[\d]+)", echo())

    assert client.get(url("/things/٣")).status_code == 404


def test_head_answers_the_headers_of_get_without_a_body(routes, echo, client):
    routes("/things", echo())

    got, head = client.get(url("/things")), client.head(url("/things"))

    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(got.content))
    assert head.headers["Allow"] == got.headers["Allow"] == "GET"
    assert client.head(url("/things?_envelope")).status_code == 200


@pytest.mark.parametrize(
    ("sent", "query", "headers", "seen"),
    [
        ("POST", "?_method=DELETE", {}, "DELETE"),
        ("POST", "?_method=patch", {}, "PATCH"),
        ("POST", "", {"X-HTTP-Method-Override": "DELETE"}, "DELETE"),
        ("POST", "?_method=TRACE", {}, "POST"),
        ("GET", "?_method=DELETE", {}, "GET"),
        ("GET", "", {"X-HTTP-Method-Override": "DELETE"}, "GET"),
    ],
)
def test_method_is_overridden_over_post_alone(routes, echo, client, sent, query, headers, seen):
    routes("/things", echo("GET", "POST", "PATCH", "DELETE"))

    answer = client.generic(sent, url(f"/things{query}"), headers=headers)

    assert answer.json()["method"] == seen


def test_body_wins_over_the_query_and_the_path_over_both(routes, echo, client):
    routes(r"/things/(?P<id>[\d]+)", echo("POST", args=[Arg(name="id", type="integer")]))

    answer = client.post(
        url("/things/7?id=8&name=query&other=query"),
        {"id": 9, "name": "body"},
        content_type="application/json",
    )

    assert answer.json()["params"] == {"id": 7, "name": "body", "other": "query"}
    assert answer.json()["given"] == ["id", "name", "other"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_form_is_read_whatever_the_method(routes, echo, client, method):
    routes("/things", echo("POST", "PUT", "PATCH", "DELETE"))

    answer = client.generic(
        method, url("/things"), "tags[]=a&tags[]=b%20c&name=x",
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip

    assert answer.json()["params"] == {"tags": ["a", "b c"], "name": "x"}


@pytest.mark.parametrize(
    ("content_type", "body", "code", "status"),
    [
        ("application/json", b"{not json", "rest_invalid_json", 400),
        ("application/json", b'"text"', "rest_invalid_json", 400),
        ("application/problem+json", b"[", "rest_invalid_json", 400),
        ("multipart/form-data", b"no boundary", "rest_invalid_body", 400),
        ("application/json", b" " * 2000, "rest_body_too_large", 413),
    ],
)
def test_body_that_cannot_be_read_is_answered_as_json(
    routes, echo, client, settings, content_type, body, code, status
):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    routes("/things", echo("POST"))

    answer = client.generic("POST", url("/things"), body, content_type=content_type)

    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["data"]["status"] == status


def test_body_of_another_type_has_no_parameters(routes, echo, client):
    routes("/things", echo("POST"))

    answer = client.generic("POST", url("/things"), b"\xff\xd8", content_type="image/jpeg")

    assert answer.json()["params"] == {}


@pytest.mark.samples
@pytest.mark.parametrize(
    "name",
    ["per_page_1000", "per_page_0", "per_page_text", "two_bad_parameters", "bad_order_alone",
     "bad_date", "bad_orderby", "bad_json_body", "put_collection"],
)  # fmt: skip
def test_mistake_is_answered_as_recorded(samples, routes, echo, client, name):
    record = recorded(samples, "errors", name)
    request = record["request"]
    routes(
        "/posts",
        echo(
            args=[
                CONTEXT_ARG, PAGE_ARG, PER_PAGE_ARG, Arg(name="after", format="date-time"),
                *order_args("author", "date", "id", "include", "modified", "parent", "relevance",
                            "slug", "include_slugs", "title"),
            ]
        ),
        echo("POST", permission=refuse),
    )  # fmt: skip

    answer = client.generic(
        request["method"],
        request["path"].replace("/wp/v2/", "/test/v1/"),
        request.get("raw", ""),
        content_type=(request.get("headers") or {}).get("Content-Type", ""),
    )

    assert answer.status_code == record["status"]
    assert (
        answer.content
        == json.dumps(record["body"], separators=(",", ":"), ensure_ascii=False).encode()
    )
    for header in ("Allow", "Vary", "Link", "X-Robots-Tag", "X-Content-Type-Options",
                   "Access-Control-Expose-Headers", "Access-Control-Allow-Headers"):  # fmt: skip
        theirs = record["headers"].get(header)
        ours = answer.headers.get(header)
        assert ours == (theirs and theirs.replace("example.test", "still.example")), header


def test_missing_parameters_are_named_together(routes, echo, client):
    routes("/things", echo("POST", args=[Arg(name=n, required=True) for n in ("a", "b", "c")]))

    answer = client.post(url("/things"), {"b": "x", "c": None}, content_type="application/json")

    assert answer.json() == {
        "code": "rest_missing_callback_param",
        "message": "Missing parameter(s): a, c",
        "data": {"status": 400, "params": ["a", "c"]},
    }


def test_parameters_are_judged_before_permission(routes, echo, client):
    routes("/things", echo(args=[Arg(name="n", type="integer")], permission=refuse))

    assert client.get(url("/things?n=x")).json()["code"] == "rest_invalid_param"
    assert client.get(url("/things?n=1")).json()["code"] == "rest_refused"


def test_broken_rule_is_told_with_its_own_code(routes, client):
    class TooManyError(CMSError):
        code = "too_many"
        message = "Take fewer."

    def handler(request):
        raise TooManyError(most=3, status="odd")

    routes("/things", Endpoint(methods=("GET",), handler=handler))

    answer = client.get(url("/things"))

    assert answer.status_code == 400
    assert answer.json() == {
        "code": "too_many",
        "message": "Take fewer.",
        "data": {"status": 400, "most": 3},
    }


@pytest.mark.parametrize("where", ["handler", "permission"])
def test_unexpected_failure_is_json_and_its_text_stays_out_of_log_and_answer(
    routes, client, caplog, where
):
    def fail(request):
        raise ValueError("nora@example.org")

    works = {"handler": fail, "permission": None}
    fails_first = {"handler": fail, "permission": fail}
    routes("/things", Endpoint(methods=("GET",), **(works if where == "handler" else fails_first)))

    answer = client.get(url("/things"))

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_server_error"
    assert "ValueError" in caplog.text
    assert "/test/v1/things" in caplog.text
    assert "nora" not in caplog.text + answer.content.decode()


def test_allow_lists_what_the_asker_may_do(routes, echo, client):
    routes("/things", echo("GET"), echo("POST", "PUT", permission=refuse), echo("DELETE"))

    assert client.get(url("/things")).headers["Allow"] == "GET, DELETE"
    assert client.options(url("/things")).headers["Allow"] == "GET, DELETE"
    refused = client.post(url("/things"))
    assert (refused.status_code, refused.headers["Allow"]) == (401, "GET, DELETE")


def test_allow_leaves_out_what_cannot_be_asked(routes, echo, client, caplog):
    def careless(request):
        return request.params["never given"]

    routes("/things", echo("GET"), echo("POST", permission=careless))

    answer = client.get(url("/things"))

    assert (answer.status_code, answer.headers["Allow"]) == (200, "GET")
    assert "KeyError" in caplog.text


def test_messages_of_rules_follow_the_language_asked_for(routes, client):
    from django.utils.translation import get_language

    seen = []

    def handler(request):
        seen.append((request.locale, get_language()))
        raise CMSError("said", code="said")

    routes("/things", Endpoint(methods=("GET",), handler=handler))

    for query in ("", "?lang=zh-hans", "?lang=xx"):
        client.get(url(f"/things{query}"))

    assert seen == [("en", "en"), ("zh-hans", "zh-hans"), ("en", "en")]


@pytest.fixture
def who(routes, echo):
    routes("/who", echo("GET", "POST"))
    return url("/who")


def test_session_without_nonce_is_anonymous(who, signed_in, editor):
    answer = signed_in(editor).get(who)

    assert answer.json()["user"] is None
    assert "Expires" not in answer.headers


@pytest.mark.parametrize("way", ["header", "query"])
def test_session_with_its_nonce_is_the_user(who, signed_in, editor, way):
    nonce = rest_nonce(editor)
    query, headers = ("", {"X-WP-Nonce": nonce}) if way == "header" else (f"?_wpnonce={nonce}", {})

    answer = signed_in(editor).post(f"{who}{query}", headers=headers)

    assert answer.json()["user"] == editor.pk
    assert answer.headers["Cache-Control"] == "no-cache, must-revalidate, max-age=0"


@pytest.mark.parametrize("asker", ["nobody", "stranger", "forger", "late"])
def test_foreign_forged_or_old_nonce_is_refused(
    who, client, signed_in, editor, stranger, time_machine, asker
):
    nonce = rest_nonce(editor)
    asking = {"nobody": client, "stranger": signed_in(stranger)}.get(asker, signed_in(editor))
    if asker == "forger":
        nonce = nonce[:-1]
    if asker == "late":
        time_machine.move_to(timezone.now() + timedelta(days=1, seconds=1))

    answer = asking.get(who, headers={"X-WP-Nonce": nonce})

    assert answer.status_code == 403
    assert answer.json() == {
        "code": "rest_cookie_invalid_nonce",
        "message": "Cookie check failed",
        "data": {"status": 403},
    }
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "Allow" not in answer.headers


def test_failing_authenticator_leaves_the_asker_anonymous(who, client, caplog):
    class Broken:
        identifier = "broken"

        def authenticate(self, request):
            raise RuntimeError("secret")

    with authenticators.temporarily(Broken(), only=True):
        answer = client.get(who)

    assert answer.json()["user"] is AnonymousUser().pk
    assert "broken failed: RuntimeError" in caplog.text
    assert "secret" not in caplog.text


def test_path_with_a_line_break_is_answered_as_json(site, db, client):
    answer = client.get("/wp-json/wp/v2/po%0Asts")

    assert (answer.status_code, answer.json()["code"]) == (404, "rest_no_route")
