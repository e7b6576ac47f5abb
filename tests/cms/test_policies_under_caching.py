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
