"""The web server's worker: the same answers whoever gives them, parser or loop."""

import http.client
import os
import socket
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from cms.request_heads import environ_of
from tests.cms.worker_site import LARGE

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def served(workers=1, site="cached"):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cms.worker_site", str(workers), site],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.test"},
    )  # fmt: skip
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(20)


@pytest.fixture(scope="module")
def port():
    with served() as port:
        yield port


@pytest.fixture
def connection(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    yield connection
    connection.close()


def ask(connection, path, method="GET", body=None, **headers):
    connection.request(
        method, path, body, {key.replace("_", "-"): value for key, value in headers.items()}
    )
    answer = connection.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    return answer.status, found, answer.read()


def raw(port, request):
    """Send bytes and return everything until the server closes or is silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=1.5) as client:
        client.sendall(request)
        received = b""
        try:
            while part := client.recv(65_536):
                received += part
        except TimeoutError:
            pass
        return received


def test_kept_connection_gets_the_same_answer_as_a_new_one(connection):
    first = ask(connection, "/page?a=1")
    again = [ask(connection, "/page?a=1") for _ in range(5)]

    for status, headers, body in again:
        assert (status, body) == (first[0], first[2])
        assert {**headers, "date": ""} == {**first[1], "date": ""}


def test_write_is_seen_by_the_next_read_on_a_kept_connection(connection):
    for _ in range(5):
        before = ask(connection, "/page?b=1")[2]
        assert ask(connection, "/page?b=1")[2] == before
        assert ask(connection, "/page", "POST", b"x=1")[0] == 200
        assert ask(connection, "/page?b=1")[2] != before


def test_known_answer_is_not_sent_again(connection):
    etag = ask(connection, "/page?c=1")[1]["etag"]

    for _ in range(3):
        status, headers, body = ask(connection, "/page?c=1", If_None_Match=f'"other", W/{etag}')
        assert (status, body, headers["etag"]) == (304, b"", etag)
        assert "content-length" not in headers


def test_head_has_the_headers_alone(connection):
    size = len(ask(connection, "/page?d=1")[2])

    for _ in range(3):
        status, headers, body = ask(connection, "/page?d=1", "HEAD")
        assert (status, headers["content-length"], body) == (200, str(size), b"")
    assert len(ask(connection, "/page?d=1")[2]) == size


def test_each_encoding_has_its_own_answer(connection):
    ask(connection, "/large")
    whole = ask(connection, "/large")
    packed = [ask(connection, "/large", Accept_Encoding="gzip, br") for _ in range(2)]

    assert "content-encoding" not in whole[1]
    assert {headers["content-encoding"] for _, headers, _ in packed} == {"br"}


def test_large_answer_arrives_whole_at_a_slow_reader(port):
    request = b"GET /large HTTP/1.1\r\nHost: site\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        for _ in range(3):
            client.sendall(request)
            received = b""
            while len(received) < len(LARGE):
                received += client.recv(20_000)
            head, _, body = received.partition(b"\r\n\r\n")
            while len(body) < len(LARGE):
                body += client.recv(200_000)
            assert head.startswith(b"HTTP/1.1 200 OK")
            assert body == LARGE


def test_reader_who_leaves_in_the_middle_costs_nobody_else(port, connection):
    ask(connection, "/large")
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            for _ in range(2):
                client.sendall(b"GET /large HTTP/1.1\r\nHost: site\r\n\r\n")
                client.recv(1000)
    assert ask(connection, "/large")[2] == LARGE


def test_requests_that_come_together_are_all_answered_in_order(port):
    one = b"GET /page?e=%d HTTP/1.1\r\nHost: site\r\n\r\n"
    warm = raw(port, one % 1)
    assert warm.count(b"HTTP/1.1 200 OK") == 1

    received = raw(port, b"".join(one % number for number in (1, 1, 2, 1)))

    assert received.count(b"HTTP/1.1 200 OK") == 4
    assert [part.split()[1] for part in received.split(b"/page ")[1:]] != []
    assert [part[:3] for part in received.split(b"/page ")[1:]] == [b"e=1", b"e=1", b"e=2", b"e=1"]


def test_head_that_arrives_in_pieces_is_answered(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        for _ in range(3):
            client.sendall(b"GET /page?f=1 HTT")
            client.sendall(b"P/1.1\r\nHost: site\r\n")
            client.sendall(b"\r\n")
            answer = http.client.HTTPResponse(client)
            answer.begin()
            assert (answer.status, answer.read()[:9]) == (200, b"/page f=1")


def test_what_is_cached_is_served_while_every_thread_waits(port, connection):
    ask(connection, "/page?g=1")
    waiting = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(2)]
    for client in waiting:
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: site\r\n\r\n")

    for _ in range(3):
        assert ask(connection, "/page?g=1")[0] == 200
    # None of the two has been answered yet.
    for client in waiting:
        client.setblocking(False)
        with pytest.raises(BlockingIOError):
            client.recv(1)
        client.close()


def test_connections_to_spare_hold_no_thread(port, connection):
    spare = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(8)]
    connection.timeout = 3

    for number in range(3):
        assert ask(connection, f"/page?h={number}")[0] == 200
    for client in spare:
        client.close()


def processes_of(port, count):
    """Return how many of so many connections at once each process took."""
    clients = [http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(count)]
    for client in clients:
        client.request("GET", "/")
    taken = Counter(client.getresponse().read() for client in clients)
    for client in clients:
        client.close()
    return taken


def test_connections_are_shared_out_among_workers():
    with served(workers=2, site="bare") as port:
        # The second process may not be there yet at the first try.
        tries = (processes_of(port, 16) for _ in range(20))
        assert any(len(taken) == 2 and min(taken.values()) >= 4 for taken in tries)


HEAD = (
    b'GET /a%20b/?c=d HTTP/1.1\r\nHost: site\r\nAccept-Encoding: br\r\nIf-None-Match: "x"\r\n\r\n'
)


def test_simple_head_is_read_as_wsgi_has_it():
    assert environ_of(HEAD) == {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/a b/", "QUERY_STRING": "c=d",
        "wsgi.url_scheme": "http", "HTTP_HOST": "site", "HTTP_ACCEPT_ENCODING": "br",
        "HTTP_IF_NONE_MATCH": '"x"',
    }  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        b"",
        HEAD[:-2],
        HEAD + b"GET",
        HEAD.replace(b"GET", b"POST"),
        HEAD.replace(b"HTTP/1.1", b"HTTP/1.0"),
        HEAD.replace(b"Host: site\r\n", b""),
        HEAD.replace(b"Host: site", b"Host: site\r\nHost: other"),
        HEAD.replace(b"/a%20b/", b"//other/"),
        HEAD.replace(b"/a%20b/", b"http://other/"),
        HEAD.replace(b"/a%20b/", b"/a#b"),
        HEAD.replace(b"c=d", b"c#d"),
        HEAD.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nX_Underscored: 1\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nX-Folded: 1\r\n 2\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nNo colon\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nX-Bare: a\rb\r\n\r\n"),
        HEAD.replace(b"\r\n\r\n", b"\r\nX-Long: " + b"a" * 9000 + b"\r\n\r\n"),
    ],
)
def test_any_other_head_is_left_to_the_parser(head):
    assert environ_of(head) is None


def test_scheme_is_believed_of_a_trusted_peer_alone():
    head = HEAD.replace(b"\r\n\r\n", b"\r\nX-Forwarded-Proto: https\r\n\r\n")
    trusted = (("X-FORWARDED-PROTO", "https"), ("X-FORWARDED-SSL", "on"))

    assert environ_of(head)["wsgi.url_scheme"] == "http"
    assert environ_of(head, trusted)["wsgi.url_scheme"] == "https"
    both = head.replace(b"\r\n\r\n", b"\r\nX-Forwarded-Ssl: on\r\n\r\n")
    assert environ_of(both, trusted) is None
