"""Random tokens and codes that are hashed at rest, and signed tokens bound to one purpose."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing

# Crockford's base 32 has no letters that look like digits; what people type is mapped back.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def make_token() -> str:
    """Return a random token of 256 bits, safe in a URL fragment."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the hexadecimal SHA-256 under which a random token is stored and looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_code(length: int = CODE_LENGTH) -> str:
    """Return a random code for typing, of five bits a sign.

    It is short enough to be tried out against a plain hash: store its pseudonym.
    """
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def normalise_code(typed: str) -> str:
    """Return a code as it was made, from what a person typed."""
    return typed.strip().upper().translate(LOOKALIKES)


def show_code(code: str) -> str:
    """Return a code in groups of four, as mails show it."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


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
    return hmac.digest(key, value.encode(), "sha256").hex()
