"""Random tokens that are hashed at rest, and signed tokens bound to one purpose."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing


def make_token() -> str:
    """Return a random token of 256 bits, safe in a URL fragment."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the hexadecimal SHA-256 under which a random token is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign(purpose: str, payload: Any) -> str:
    """Return a signed, dated token that only `unsign` with the same purpose accepts.

    The payload is JSON and can be read by its holder: put no personal data in it.
    """
    return signing.dumps(payload, salt=f"candour.{purpose}", compress=False)


def unsign(purpose: str, token: str, *, max_age_seconds: float) -> Any:
    """Return the payload, or raise django.core.signing.BadSignature (SignatureExpired when old)."""
    return signing.loads(
        token, salt=f"candour.{purpose}", max_age=timedelta(seconds=max_age_seconds)
    )


def pseudonym(purpose: str, value: str) -> str:
    """Return a keyed hash of a personal value, equal for equal values within one purpose.

    It is keyed with PRIVACY_KEY, so that changing that key makes every pseudonym unlinkable.
    """
    key = f"{purpose}:{settings.PRIVACY_KEY}".encode()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
