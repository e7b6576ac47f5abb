"""Akismet as a screener, through the akismet package.

The package hides the response's headers and its address; an httpx client of our own reads the
one and sets the other. Sent are the fields listed in SENT, and nothing else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import akismet
import httpx
from django.conf import settings

from core.extensions.screening import Evidence, Outcome, Submission, Verdict

# Screeners run by identifier: what calls out comes behind the rules, which may spare the call.
IDENTIFIER = "comments.service.akismet"
TIMEOUT_SECONDS = 3.0
SENT = ("user_ip", "user_agent", "referrer", "permalink", "comment_type", "comment_author",
        "comment_author_email", "comment_author_url", "comment_content", "comment_date_gmt",
        "blog_lang", "blog_charset")  # fmt: skip


class RedirectedTransport(httpx.BaseTransport):
    """Sends requests to the address that AKISMET_API_URL names instead of Akismet's own."""

    def __init__(self, base: str) -> None:
        self.base = httpx.URL(base)
        self.inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(
            scheme=self.base.scheme, host=self.base.host, port=self.base.port
        )
        request.headers["Host"] = request.url.netloc.decode()
        return self.inner.handle_request(request)

    def close(self) -> None:
        self.inner.close()


@contextmanager
def connected() -> Iterator[tuple[akismet.SyncClient, dict[str, str]]]:
    """Give a client and the mapping in which it leaves the last response's headers.

    The package's own context manager would verify the key with a call of its own each time.
    """
    headers: dict[str, str] = {}

    def keep(response: httpx.Response) -> None:
        headers.clear()
        headers.update({name.lower(): value for name, value in response.headers.items()})

    http = httpx.Client(
        transport=RedirectedTransport(settings.AKISMET_API_URL)
        if settings.AKISMET_API_URL
        else None,
        timeout=TIMEOUT_SECONDS,
        headers={"User-Agent": f"Candour/0.1 | {akismet.USER_AGENT}"},
        event_hooks={"response": [keep]},
    )
    config = akismet.Config(key=settings.AKISMET_API_KEY, url=settings.AKISMET_BLOG_URL)
    with http:
        yield akismet.SyncClient(config=config, http_client=http), headers


def payload(submission: Submission) -> dict[str, Any]:
    """Return what is sent, named as in SENT; the address first, empty fields left out."""
    values = {
        "user_ip": submission.ip_address,
        "user_agent": submission.user_agent,
        "referrer": submission.referrer,
        "permalink": submission.target_link,
        "comment_type": "reply" if submission.is_reply else "comment",
        "comment_author": submission.author_name,
        "comment_author_email": submission.author_email,
        "comment_author_url": submission.author_url,
        "comment_content": submission.text,
        "comment_date_gmt": submission.submitted_at.isoformat(timespec="seconds"),
        "blog_lang": submission.language.replace("-", "_"),
        "blog_charset": "UTF-8",
    }
    return {name: value for name, value in values.items() if value}


class AkismetScreener:
    """Asks Akismet where a key is set. Any fault raises, so that the comment is held."""

    identifier = IDENTIFIER

    def screen(self, submission: Submission) -> Verdict:
        if not settings.AKISMET_API_KEY:
            return Verdict(Outcome.PASS)
        with connected() as (asking, headers):
            answer = asking.comment_check(**payload(submission))
        guid = headers.get("x-akismet-guid", "")
        if answer == akismet.CheckResponse.DISCARD:
            evidence = Evidence("akismet_discard", "Akismet calls it blatant spam.", 4.0)
            return Verdict(Outcome.SPAM, 1.0, (evidence,), guid)
        if answer == akismet.CheckResponse.SPAM:
            evidence = Evidence("akismet_spam", "Akismet calls it spam.", 3.0)
            return Verdict(Outcome.SPAM, 0.95, (evidence,), guid)
        evidence = Evidence("akismet_ham", "Akismet calls it no spam.", -1.0)
        return Verdict(Outcome.PASS, 0.05, (evidence,), guid)


def report(submission: Submission, *, is_spam: bool) -> None:
    """Tell Akismet that a moderator decided otherwise; raises akismet.AkismetError on a fault."""
    values: Mapping[str, Any] = payload(submission)
    with connected() as (asking, _):
        (asking.submit_spam if is_spam else asking.submit_ham)(**values)
