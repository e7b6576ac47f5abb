"""Sending one message, signed after the Standard Webhooks specification (version 1.0.0)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

import httpx
from django.conf import settings

from core.addresses import AddressError, public_address

TIMEOUT_SECONDS = 10.0
AGENT = "Candour-Webhooks/1"


@dataclass(frozen=True)
class Outcome:
    """What became of one try: the answer's status, or the code of a fault."""

    status_code: int | None = None
    error: str = ""

    @property
    def is_delivered(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300

    @property
    def is_final(self) -> bool:
        """Tell whether another try is pointless: the receiver wants no more of this (410)."""
        return self.status_code == httpx.codes.GONE


def signature(secret: str, key: str, stamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature` for a message; `stamp` is in Unix seconds."""
    try:
        raw = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        raw = secret.encode()
    signed = hmac.new(raw, f"{key}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def send(url: str, secret: str, key: str, body: bytes, *, at: datetime) -> Outcome:
    """Post a message once; no redirect is followed and the answer's body is not read."""
    stamp = int(at.timestamp())
    try:
        address = httpx.URL(url)
        numeric = public_address(
            address.host,
            address.port or (443 if address.scheme == "https" else 80),
            allow_private=settings.WEBHOOKS_ALLOW_PRIVATE,
        )
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as http,
            http.stream(
                "POST",
                address.copy_with(host=numeric),
                content=body,
                headers={
                    "Host": address.netloc.decode(),
                    "Content-Type": "application/json",
                    "User-Agent": AGENT,
                    "webhook-id": key,
                    "webhook-timestamp": str(stamp),
                    "webhook-signature": signature(secret, key, stamp, body),
                },
                extensions={"sni_hostname": address.host},
            ) as answer,
        ):
            return Outcome(answer.status_code)
    except AddressError as error:
        return Outcome(error=error.code)
    # A name can look like one and be none, which httpx notices when it reads it.
    except (httpx.InvalidURL, UnicodeError):
        return Outcome(error="host_unknown")
    except httpx.TimeoutException:
        return Outcome(error="timed_out")
    except httpx.HTTPError:
        return Outcome(error="not_reached")
