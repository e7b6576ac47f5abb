"""Random tokens and codes that are hashed at rest, and signed tokens bound to one purpose."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils.encoding import force_bytes

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
    signer = signer_of(f"candour.{purpose}", settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return signer.sign_object(payload)


def unsign(purpose: str, token: str, *, max_age_seconds: float) -> Any:
    """Return the payload, or raise django.core.signing.BadSignature (SignatureExpired when old)."""
    signer = signer_of(f"candour.{purpose}", settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return signer.unsign_object(token, max_age=timedelta(seconds=max_age_seconds))


class Signer(signing.TimestampSigner):
    """Django's signer, which makes the key of its salt once and not for each token."""

    def signature(self, value: bytes | str, key: bytes | str | None = None) -> str:
        made = key_of(f"{self.salt}signer", key or self.key, self.algorithm)  # type: ignore[str-bytes-safe]
        return signing.b64_encode(hmac.digest(made, force_bytes(value), self.algorithm)).decode()


@lru_cache(maxsize=64)
def signer_of(salt: str, key: str, *former_keys: str) -> Signer:
    return Signer(key=key, fallback_keys=list(former_keys), salt=salt)


@lru_cache(maxsize=128)
def key_of(salt: str, secret: str | bytes, algorithm: str) -> bytes:
    return hashlib.new(algorithm, force_bytes(salt) + force_bytes(secret)).digest()


def pseudonym(purpose: str, value: str) -> str:
    """Return a keyed hash of a personal value, equal for equal values within one purpose.

    It is keyed with PRIVACY_KEY, so that changing that key makes every pseudonym unlinkable.
    """
    key = f"{purpose}:{settings.PRIVACY_KEY}".encode()
    return hmac.digest(key, value.encode(), "sha256").hex()
