"""Policies and agreements through the read cache: nobody is asked for a text that has gone."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils import timezone

from cms.read_cache import ReadCache
from tests.cms.test_read_cache import SameTransactionReader

pytestmark = pytest.mark.django_db


class Counting:
    """The site's own application, counting how often the cache asks it."""

    def __init__(self):
        self.application, self.asked = get_wsgi_application(), 0

    def __call__(self, environ, start_response):
        self.asked += 1
        return self.application(environ, start_response)


@pytest.fixture
def site():
    # The end of a request would close the connection that the test's transaction is on.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Counting()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def read(site):
    cache = ReadCache(site, reader=SameTransactionReader())

    def read(path):
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "",
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        return b"".join(cache(environ, lambda status, headers: None)).decode()

    return read


def terms(publish, text, **fields):
    return publish(text, kind="terms", title="Terms", acceptance="acceptance",
                   triggers=["comment"], **fields)  # fmt: skip


def test_form_in_a_kept_page_asks_for_the_new_version_at_once(publish, post, site, read):
    terms(publish, "One.")
    assert "agree-terms-1" in read(post.get_url())
    read(post.get_url())
    assert site.asked == 1

    terms(publish, "Two.")

    assert "agree-terms-2" in read(post.get_url())
    assert "agree-terms-1" not in read(post.get_url())


def test_form_in_a_kept_page_asks_for_an_announced_version_from_its_moment_on(
    publish, post, site, read
):
    now = timezone.now()
    terms(publish, "One.")
    terms(publish, "Two.", effective_at=now + timedelta(hours=1))
    with time_machine.travel(now + timedelta(minutes=59, seconds=59), tick=False):
        assert "agree-terms-1" in read(post.get_url())
        read(post.get_url())
        assert site.asked == 1

    with time_machine.travel(now + timedelta(hours=1), tick=False):
        assert "agree-terms-2" in read(post.get_url())


POLICIES = "/wp-json/candour/v1/policies"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("/terms/", "Old words.", "New words."),
        ("/terms/text/", "Old words.", "New words."),
        ("/terms/versions/", "Announced", "Former version"),
        ("/terms/versions/1/", "takes effect on", "This is a former version"),
        ("/terms/versions/2/", "This version is announced", "In force"),
        ("/", "announcement", "Terms"),
        (POLICIES, '"in_force":1', '"in_force":2'),
        (f"{POLICIES}/terms", '"announced":2', '"announced":null'),
        (f"{POLICIES}/terms/versions", '"status":"announced"', '"status":"superseded"'),
        (f"{POLICIES}/terms/versions/2", '"status":"announced"', '"status":"in-force"'),
        (f"{POLICIES}/terms/in-force", '"number":1', '"number":2'),
        (f"{POLICIES}/feed", "Takes effect on", "<summary"),
        ("/wp-json/wp/v2/pages", "Old words.", "New words."),
    ],
)
def test_nothing_that_is_kept_outlives_the_switch(publish, site, read, path, before, after):
    switch = timezone.now() + timedelta(days=30)
    terms(publish, "Old words.")
    terms(publish, "New words.", effective_at=switch, material=["rights"])

    with time_machine.travel(switch - timedelta(milliseconds=1), tick=False):
        assert before in read(path)
        read(path)
        assert site.asked == 1
    with time_machine.travel(switch, tick=False):
        shown = read(path)
    assert after in shown
    assert before not in shown


def test_box_of_a_former_version_is_no_agreement_and_the_new_one_is_offered(publish, post, client):
    terms(publish, "One.")
    terms(publish, "Two.")

    answer = client.post(
        "/wp-comments-post.php",
        {"comment_post_ID": post.pk, "comment": "Good.", "author": "Ann",
         "email": "ann@example.org", "agree-terms-1": "yes"},
    )  # fmt: skip

    assert answer.status_code == 403
    assert "agree-terms-2" in answer.text
    assert "no-store" in answer["Cache-Control"]
