import pytest

from core.rest.arguments import COLLECTION_ARGS, Arg
from core.rest.authentication import rest_nonce
from core.rest.collections import paginate
from core.rest.declare import Endpoint, RestResponse
from core.rest.errors import RestError
from core.rest.responses import pick_fields
from tests.core.conftest import url

ITEM = {
    "id": 1,
    "title": {"rendered": "A", "raw": "a"},
    "slug": "a",
    "content": {"rendered": "<p>", "protected": False},
}


@pytest.fixture
def things(routes):
    """A collection of seven things."""

    def handler(request):
        offset, limit, pages = paginate(7, request)
        numbers = range(1, 8)[offset : offset + limit]
        return RestResponse([{**ITEM, "id": number} for number in numbers], total=7, pages=pages)

    args = (
        *COLLECTION_ARGS,
        Arg(name="offset", type="integer"),
        Arg(name="sticky", type="boolean"),
        Arg(name="post", type="array", items={"type": "integer"}),
    )
    routes("/things", Endpoint(methods=("GET",), handler=handler, args=args))
    return url("/things")


def ids(answer):
    return [item["id"] for item in answer.json()]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("id,slug", {"id": 1, "slug": "a"}),
        ("slug, id", {"id": 1, "slug": "a"}),
        ("id,title.rendered", {"id": 1, "title": {"rendered": "A"}}),
        ("title.rendered,title", {"title": {"rendered": "A", "raw": "a"}}),
        ("title,title.rendered", {"title": {"rendered": "A", "raw": "a"}}),
        (["id", "content.protected", "nothing"], {"id": 1, "content": {"protected": False}}),
        ("nothing", {}),
    ],
)
def test_fields_are_picked_in_the_order_of_the_data(wanted, expected):
    assert pick_fields(ITEM, wanted) == expected
    assert list(pick_fields([ITEM], wanted)[0]) == list(expected)


def test_fields_are_picked_from_ready_json_and_errors_stay_whole(routes, client):
    routes("/ready", Endpoint(methods=("GET",), handler=lambda _: RestResponse(b'{"a":1,"b":2}')))

    assert client.get(url("/ready")).content == b'{"a":1,"b":2}'
    assert client.get(url("/ready?_fields=b")).content == b'{"b":2}'
    assert client.get(url("/nothing?_fields=b")).json()["code"] == "rest_no_route"


@pytest.mark.parametrize(
    ("query", "found", "link"),
    [
        ("?per_page=3", [1, 2, 3], '<{}?per_page=3&page=2>; rel="next"'),
        ("?per_page=3&page=2&_fields=id,slug", [4, 5, 6],
         '<{}?per_page=3&page=1&_fields=id%2Cslug>; rel="prev", '
         '<{}?per_page=3&page=3&_fields=id%2Cslug>; rel="next"'),
        ("?per_page=3&page=3", [7], '<{}?per_page=3&page=2>; rel="prev"'),
        ("?per_page=3&offset=5", [6, 7], '<{}?per_page=3&offset=5&page=2>; rel="next"'),
        ("?per_page=5&post=11&sticky=TRUE", [1, 2, 3, 4, 5],
         '<{}?per_page=5&post%5B0%5D=11&sticky=1&page=2>; rel="next"'),
        ("?per_page=6&offset=99999999999999999999", [],
         '<{}?per_page=6&offset=9223372036854775807&page=2>; rel="next"'),
        ("", [1, 2, 3, 4, 5, 6, 7], None),
    ],
)  # fmt: skip
def test_paging_headers_are_wordpress_own(things, client, query, found, link):
    answer = client.get(f"{things}{query}")

    assert ids(answer) == found
    assert answer.headers["X-WP-Total"] == "7"
    whole = f"http://still.example{things}"
    expected = link or '<http://still.example/wp-json/>; rel="https://api.w.org/"'
    assert answer.headers["Link"] == expected.replace("{}", whole)


@pytest.mark.parametrize(
    ("numbers", "link"),
    [
        (60, "post%5B0%5D=1000&post%5B1%5D=1001&"),
        (200, "post=1000%2C1001%2C"),
        (2000, "https://api.w.org/"),
    ],
)
def test_paging_headers_of_a_long_query_stay_short(things, client, numbers, link):
    wanted = ",".join(str(1000 + number) for number in range(numbers))

    answer = client.get(f"{things}?per_page=3&post={wanted}&page=2")

    assert link in answer.headers["Link"]
    assert len(answer.headers["Link"]) <= 3000
    assert (answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"]) == ("7", "3")


def test_page_past_the_end_is_refused_or_empty_as_its_kind_does(things, client):
    class Asked:
        params = {"page": 9, "per_page": 3}

    assert client.get(f"{things}?page=9").json()["code"] == "rest_post_invalid_page_number"
    with pytest.raises(RestError):
        paginate(7, Asked())
    assert paginate(7, Asked(), refuses_past_end=False) == (7, 3, 3)
    assert paginate(0, Asked()) == (0, 3, 0)


def test_envelope_carries_status_and_headers_in_the_body(things, client):
    answer = client.get(f"{things}?_envelope&per_page=3&_fields=id")

    assert answer.json() == {
        "body": [{"id": 1}, {"id": 2}, {"id": 3}],
        "status": 200,
        "headers": {
            "X-WP-Total": 7,
            "X-WP-TotalPages": 3,
            "Link": f"<http://still.example{things}?_envelope&per_page=3&_fields=id&page=2>; "
            'rel="next"',
            "Allow": "GET",
        },
    }
    assert "X-WP-Total" not in answer.headers
    assert "Allow" not in answer.headers


def test_envelope_of_an_error_answers_200(things, client):
    answer = client.get("/wp-json/nothing?_envelope")

    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["headers"]) == (404, [])
    assert answer.json()["body"]["code"] == "rest_no_route"


def test_jsonp_calls_the_function(things, client):
    answer = client.get(f"{things}?per_page=1&_fields=id&_jsonp=app.show")

    assert answer.content == b'/**/app.show([{"id":1}])'
    assert answer.headers["Content-Type"] == "application/javascript; charset=UTF-8"


@pytest.mark.parametrize(
    "name", ["alert(1)", "a;b", "a-b", "", "x" * 101, "<script>", "é", "a%0Ab"]
)
def test_jsonp_refuses_what_is_no_name_before_anything_runs(routes, client, name):
    ran = []
    routes("/run", Endpoint(methods=("POST",), handler=lambda _: ran.append(1) or RestResponse({})))

    answer = client.post(url(f"/run?_jsonp={name}"))

    assert answer.status_code == 400
    assert answer.json()["code"] == "rest_callback_invalid"
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert ran == []


ELSEWHERE = "https://elsewhere.example"
FRIEND = "https://friend.example"
ALL = "OPTIONS, GET, POST, PUT, PATCH, DELETE"
READING = "OPTIONS, GET, HEAD"


@pytest.fixture
def shared(routes, echo):
    routes("/shared", echo("GET", "POST"))
    return url("/shared")


@pytest.mark.parametrize(
    ("named", "origin", "method", "preflight_for", "origin_allowed", "methods", "credentials"),
    [
        ([], ELSEWHERE, "GET", None, ELSEWHERE, READING, None),
        ([], ELSEWHERE, "HEAD", None, ELSEWHERE, READING, None),
        ([], ELSEWHERE, "OPTIONS", "GET", ELSEWHERE, READING, None),
        ([], ELSEWHERE, "OPTIONS", "POST", None, None, None),
        ([], ELSEWHERE, "POST", None, None, None, None),
        ([], "null", "POST", None, None, None, None),
        ([FRIEND], ELSEWHERE, "GET", None, None, None, None),
        ([FRIEND], f"{FRIEND}.evil.example", "GET", None, None, None, None),
        ([FRIEND], FRIEND, "GET", None, FRIEND, ALL, "true"),
        ([FRIEND], FRIEND, "OPTIONS", "POST", FRIEND, ALL, "true"),
        ([FRIEND], FRIEND, "POST", None, FRIEND, ALL, "true"),
    ],
)
def test_other_origins_read_what_is_public_and_named_ones_do_everything(
    shared, client, settings, named, origin, method, preflight_for, origin_allowed, methods,
    credentials,
):  # fmt: skip
    settings.CORS_ALLOWED_ORIGINS = named
    headers = {"Origin": origin}
    if preflight_for:
        headers["Access-Control-Request-Method"] = preflight_for

    answer = client.generic(method, shared, headers=headers)

    assert answer.headers.get("Access-Control-Allow-Origin") == origin_allowed
    assert answer.headers.get("Access-Control-Allow-Methods") == methods
    assert answer.headers.get("Access-Control-Allow-Credentials") == credentials
    assert answer.headers["Vary"].split(", ")[0] == "Origin"


def test_answer_to_a_signed_in_person_is_for_nobody_else(shared, signed_in, editor):
    answer = signed_in(editor).get(
        shared, headers={"Origin": ELSEWHERE, "X-WP-Nonce": rest_nonce(editor)}
    )

    assert answer.json()["user"] == editor.pk
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Expires"] == "Wed, 11 Jan 1984 05:00:00 GMT"
    assert answer.headers["Cache-Control"] == "no-cache, must-revalidate, max-age=0"


def test_links_and_headers_of_a_handler_are_sent(routes, client):
    def handler(request):
        return RestResponse(
            {"id": 1},
            status=201,
            headers={"Location": "http://still.example/1"},
            links=[("alternate", "http://still.example/a/", "type=text/html")],
        )

    routes("/made", Endpoint(methods=("POST",), handler=handler, answers=(201,)))

    answer = client.post(url("/made"))

    assert answer.status_code == 201
    assert answer.headers["Location"] == "http://still.example/1"
    assert answer.headers["Link"] == ('<http://still.example/a/>; rel="alternate"; type=text/html')
