import sqlite3
from datetime import UTC, datetime, timedelta

import brotli
import pytest
import time_machine
from django.db import transaction

from cms.generation_reader import GenerationReader, commits_of
from cms.read_cache import ReadCache, cache_key
from core.generations import (
    PAGES,
    comments_of,
    depend_on,
    expire_at,
    raise_generations,
    read_generations,
)


class Site:
    """A WSGI application that counts how often it is asked."""

    def __init__(
        self, body=b"text " * 200, headers=(), status="200 OK", depends_on=(), expires=None
    ):
        self.body, self.headers, self.status = body, list(headers), status
        self.depends_on, self.expires = depends_on, expires
        self.asked = 0

    def __call__(self, environ, start_response):
        self.asked += 1
        depend_on(*self.depends_on)
        if self.expires:
            expire_at(self.expires)
        start_response(self.status, [("Content-Type", "text/html; charset=utf-8"), *self.headers])
        return [self.body]


class SameTransactionReader:
    """Reads within the test's transaction, which a connection of its own would not see."""

    read = staticmethod(read_generations)

    def are_current(self, generations):
        return read_generations(generations) == generations


def cached(site, **options):
    return ReadCache(site, reader=SameTransactionReader(), **options)


def get(cache, path="/", method="GET", **extra):
    answer = {}

    def start_response(status, headers):
        answer["status"], answer["headers"] = status, dict(headers)

    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "site",
        "wsgi.url_scheme": "http", **extra,
    }  # fmt: skip
    answer["body"] = b"".join(cache(environ, start_response))
    return answer


pytestmark = pytest.mark.django_db


def test_second_read_is_served_without_asking_the_site():
    site = Site()
    cache = cached(site)

    first, second = get(cache), get(cache)

    assert first == second
    assert site.asked == 1


def test_read_after_a_committed_write_is_fresh():
    site = Site(depends_on=[comments_of(7)])
    cache = cached(site)
    get(cache)

    site.body = b"new"
    raise_generations(comments_of(7))

    assert get(cache)["body"] == b"new"


def test_write_to_another_page_keeps_the_entry():
    site = Site(depends_on=[comments_of(7)])
    cache = cached(site)
    get(cache)

    raise_generations(comments_of(8))
    get(cache)

    assert site.asked == 1


def test_every_answer_depends_on_the_pages_even_if_it_does_not_say_so():
    site = Site()
    cache = cached(site)
    get(cache)

    raise_generations(PAGES)
    get(cache)

    assert site.asked == 2


def test_write_that_is_rolled_back_changes_nothing():
    site = Site()
    cache = cached(site)
    get(cache)

    with transaction.atomic():
        raise_generations(PAGES)
        transaction.set_rollback(True)
    get(cache)

    assert site.asked == 1


def test_write_during_rendering_makes_the_entry_stale_at_once():
    """An entry tagged with what was read after rendering would hide the write for ever."""

    class SlowSite(Site):
        def __call__(self, environ, start_response):
            answer = super().__call__(environ, start_response)
            if self.asked == 1:
                raise_generations(PAGES)
            return answer

    site = SlowSite()
    cache = cached(site)

    get(cache)
    get(cache)

    assert site.asked == 2


def test_entry_ends_exactly_at_the_switch_of_a_policy():
    switch = datetime(2027, 1, 15, tzinfo=UTC)
    site = Site(expires=switch)
    cache = cached(site)
    with time_machine.travel(switch - timedelta(seconds=1), tick=False):
        get(cache)
        get(cache)
    assert site.asked == 1

    with time_machine.travel(switch, tick=False):
        get(cache)

    assert site.asked == 2


@pytest.mark.parametrize(
    "headers",
    [
        [("Set-Cookie", "candour_csrf=x")],
        [("Cache-Control", "max-age=0, no-store, private")],
        [("Cache-Control", "no-cache")],
    ],
)
def test_answer_for_one_person_is_never_stored(headers):
    site = Site(headers=headers)
    cache = cached(site)

    get(cache)
    get(cache)

    assert site.asked == 2


def test_fault_is_never_stored():
    site = Site(status="500 Internal Server Error")
    cache = cached(site)

    assert get(cache)["status"].startswith("500")
    get(cache)

    assert site.asked == 2


@pytest.mark.parametrize(
    "extra",
    [
        {"HTTP_COOKIE": "candour_session=abc"},
        {"HTTP_COOKIE": "comment_author=Nora; candour_cart=1"},
        {"HTTP_AUTHORIZATION": "Basic abc"},
        {"HTTP_X_WP_NONCE": "abc"},
        {"REQUEST_METHOD": "POST"},
        {"PATH_INFO": "/admin/"},
        {"PATH_INFO": "/account/login/"},
    ],
)
def test_person_who_may_see_something_else_passes_by(extra):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", **extra}

    assert cache_key(environ) is None


def test_remembered_comment_fields_do_not_pass_by_since_no_answer_shows_them():
    assert cache_key({"REQUEST_METHOD": "GET", "HTTP_COOKIE": "comment_author_email=n"}) is not None


def test_body_is_compressed_once_for_the_encoding_that_is_asked_for():
    site = Site()
    cache = cached(site)

    answer = get(cache, HTTP_ACCEPT_ENCODING="gzip, br")

    assert answer["headers"]["Content-Encoding"] == "br"
    assert brotli.decompress(answer["body"]) == site.body
    assert "Accept-Encoding" in answer["headers"]["Vary"]
    assert int(answer["headers"]["Content-Length"]) == len(answer["body"])


def test_unchanged_answer_is_304_without_a_body():
    cache = cached(Site())
    etag = get(cache)["headers"]["ETag"]

    answer = get(cache, HTTP_IF_NONE_MATCH=etag)

    assert answer["status"] == "304 Not Modified"
    assert answer["body"] == b""


def test_head_has_the_headers_of_get_and_no_body():
    cache = cached(Site())

    head, got = get(cache, method="HEAD"), get(cache)

    assert head["body"] == b""
    assert head["headers"] == got["headers"]


def test_hosts_and_queries_have_entries_of_their_own():
    site = Site()
    cache = cached(site)

    get(cache)
    get(cache, HTTP_HOST="other")
    get(cache, QUERY_STRING="page=2")

    assert site.asked == 3


def test_store_stays_within_its_bytes():
    site = Site(body=b"x" * 1000)
    cache = cached(site, most_bytes=3000)

    for number in range(10):
        get(cache, path=f"/{number}/")

    assert cache.store.bytes <= 3000
    assert len(cache.store.entries) == 3


@pytest.mark.django_db(transaction=True)
def test_reader_of_its_own_connection_sees_what_is_committed():
    reader = GenerationReader()
    assert reader.read([PAGES, "never"])["never"] == 0
    before = reader.read([PAGES])

    raise_generations(PAGES)

    assert reader.read([PAGES]) != before


@pytest.mark.django_db(transaction=True)
def test_answer_is_current_until_a_generation_that_it_names_is_raised():
    reader = GenerationReader()
    made_from = reader.read([PAGES, "other"])
    assert reader.are_current(made_from)

    raise_generations("another")
    assert reader.are_current(made_from)

    raise_generations("other")
    assert not reader.are_current(made_from)
    assert not reader.are_current(made_from)
    assert reader.are_current(reader.read([PAGES, "other"]))


def test_state_of_a_file_changes_with_every_commit_of_anybody(tmp_path):
    name = str(tmp_path / "site.sqlite3")
    writer = sqlite3.connect(name, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE counted (value INTEGER)")
    state = commits_of(name)
    seen = {state()}
    assert seen != {b""}

    for number in range(50):
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO counted VALUES (?)", [number])
        assert state() in seen
        writer.execute("COMMIT")
        assert state() not in seen
        seen.add(state())
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = state()
    writer.execute("INSERT INTO counted VALUES (0)")
    assert state() != before


def test_file_without_a_log_tells_no_state(tmp_path):
    name = str(tmp_path / "site.sqlite3")
    with sqlite3.connect(name) as writer:
        writer.execute("CREATE TABLE counted (value INTEGER)")
    assert commits_of(name)() == b""
