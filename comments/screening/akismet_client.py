"""Talking to Akismet through the akismet package, within a time that a visitor can wait.

The package hides the response's headers, its address and some fields of the protocol; an httpx
client of our own reads the first, sets the second and adds the third. A call runs in one of a
few threads, so that its whole time is bounded whatever the other side does, and so that an
Akismet that is slow never takes up all threads that serve visitors.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import akismet
import httpx
from django.conf import settings

from core.extensions.screening import CannotTellError

T = TypeVar("T")

# The visitor waits no longer; a single read or write may take half of it.
DEADLINE_SECONDS = 2.0
STEP_SECONDS = 1.0
# Of the threads that serve visitors in one process, so many may wait for Akismet at a time.
SLOTS = 2
BUSY = "busy"
RETRY_SECONDS, KEY_RETRY_SECONDS, BUSY_RETRY_SECONDS = 20 * 60, 6 * 60 * 60, 30
LONGEST_ANSWER_BYTES = 16 * 1024
LONGEST_ALERT = 300


@dataclass(frozen=True)
class Answer:
    """What Akismet said of one comment, and of the account, in its headers."""

    result: akismet.CheckResponse
    guid: str = ""
    recheck_after_seconds: float | None = None
    alert_code: str = ""
    alert_message: str = ""


class AkismetUnavailableError(CannotTellError):
    """Akismet gave no verdict. `code` says why, in the words of ServiceState."""

    def __init__(self, code: str, retry_after_seconds: float = RETRY_SECONDS) -> None:
        self.code = code
        super().__init__(retry_after_seconds)


class AddressedTransport(httpx.BaseTransport):
    """Adds fields that the package refuses, and sends to AKISMET_API_URL where one is set.

    An answer that is not whole within DEADLINE_SECONDS, or is far longer than the protocol's, is
    dropped, so that no answer that trickles in keeps a slot.
    """

    def __init__(self, base: str, extra: Sequence[tuple[str, str]]) -> None:
        self.base = httpx.URL(base) if base else None
        self.extra = extra
        self.inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if self.base is not None:
            url = url.copy_with(scheme=self.base.scheme, host=self.base.host, port=self.base.port)
        body = request.read()
        headers = {"User-Agent": request.headers["User-Agent"]}
        if request.method == "POST":
            form = parse_qsl(body.decode(), keep_blank_values=True)
            body = urlencode([*form, *self.extra]).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        sent = httpx.Request(
            request.method, url, headers=headers, content=body, extensions=request.extensions
        )
        until = time.monotonic() + DEADLINE_SECONDS
        answer = self.inner.handle_request(sent)
        assert isinstance(answer.stream, httpx.SyncByteStream)  # noqa: S101  for the type checker
        whole = bytearray()
        try:
            for chunk in answer.stream:
                whole += chunk
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("The answer does not end.", request=request)
                if len(whole) > LONGEST_ANSWER_BYTES:
                    raise httpx.RemoteProtocolError("The answer is too long.", request=request)
        finally:
            answer.close()
        return httpx.Response(answer.status_code, headers=answer.headers, content=bytes(whole))

    def close(self) -> None:
        self.inner.close()


def check(values: Mapping[str, Any], extra: Sequence[tuple[str, str]] = ()) -> Answer:
    """Ask what a comment is. Raises AkismetUnavailableError where there is no clear answer."""
    headers: dict[str, str] = {}

    def ask(client: akismet.SyncClient) -> akismet.CheckResponse:
        return client.comment_check(**values)

    result = in_time(lambda: call(ask, headers, extra), DEADLINE_SECONDS)
    after = headers.get("x-akismet-recheck-after", "")
    return Answer(
        result,
        guid=headers.get("x-akismet-guid", "")[:100],
        recheck_after_seconds=float(after) if after.isdecimal() and len(after) < 8 else None,
        alert_code=headers.get("x-akismet-alert-code", "")[:40],
        alert_message=headers.get("x-akismet-alert-msg", "")[:LONGEST_ALERT],
    )


def submit(
    values: Mapping[str, Any], extra: Sequence[tuple[str, str]] = (), *, is_spam: bool
) -> None:
    """Report a human decision; for tasks, since it may take its time."""

    def ask(client: akismet.SyncClient) -> bool:
        return (client.submit_spam if is_spam else client.submit_ham)(**values)

    call(ask, {}, extra)


def is_key_good() -> bool:
    """Ask whether the key is still good for this site; for tasks."""
    return call(lambda client: client.verify_key(), {}, ())


def usage() -> dict[str, Any]:
    """Return how much of the account's month is used up; for tasks."""
    told = call(lambda client: client.usage_limit(), {}, ())
    return {name: told.get(name) for name in ("limit", "usage", "percentage", "throttled")}


def call(
    ask: Callable[[akismet.SyncClient], T],
    headers: dict[str, str],
    extra: Sequence[tuple[str, str]],
) -> T:
    """Make one call; `headers` receives those of the answer.

    No exception of the package goes on: their texts quote the key and the answer.
    """

    def keep(response: httpx.Response) -> None:
        headers.update({name.lower(): value for name, value in response.headers.items()})

    with httpx.Client(
        transport=AddressedTransport(settings.AKISMET_API_URL, extra),
        timeout=STEP_SECONDS,
        headers={"User-Agent": f"Candour/0.1 | {akismet.USER_AGENT}"},
        event_hooks={"response": [keep]},
        trust_env=False,
    ) as http:
        config = akismet.Config(key=settings.AKISMET_API_KEY, url=settings.AKISMET_BLOG_URL)
        try:
            return ask(akismet.SyncClient(config=config, http_client=http))
        except akismet.APIKeyError:
            raise AkismetUnavailableError("key_refused", KEY_RETRY_SECONDS) from None
        except akismet.AkismetError as error:
            if alert := headers.get("x-akismet-alert-code", "") or headers.get("x-akismet-error"):
                raise AkismetUnavailableError(f"alert_{alert[:30]}", KEY_RETRY_SECONDS) from None
            cause = error.__cause__
            code = "timed_out" if isinstance(cause, httpx.TimeoutException) else "no_clear_answer"
            raise AkismetUnavailableError(code) from None
        except ValueError:
            raise AkismetUnavailableError("no_clear_answer") from None


class Slots:
    """The threads of one process in which calls run; a forked process makes its own."""

    def __init__(self) -> None:
        self.lock, self.pid, self.busy = Lock(), 0, 0
        self.pool: ThreadPoolExecutor | None = None

    def submit(self, job: Callable[[], T]) -> "Future[T]":
        """Start a job, or raise AkismetUnavailableError where all slots are taken."""
        with self.lock:
            if self.pid != os.getpid() or self.pool is None:
                self.pid, self.busy = os.getpid(), 0
                self.pool = ThreadPoolExecutor(SLOTS, thread_name_prefix="akismet")
            if self.busy >= SLOTS:
                raise AkismetUnavailableError(BUSY, BUSY_RETRY_SECONDS)
            self.busy += 1
            future = self.pool.submit(job)
        future.add_done_callback(self.release)
        return future

    def release(self, _: "Future[Any]") -> None:
        with self.lock:
            self.busy -= 1


slots = Slots()


def in_time(job: Callable[[], T], seconds: float) -> T:
    """Run a job in a slot; raise AkismetUnavailableError when it takes longer."""
    try:
        return slots.submit(job).result(timeout=seconds)
    except FutureTimeoutError:
        raise AkismetUnavailableError("timed_out") from None
