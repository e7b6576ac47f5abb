"""Tokens that prove a mailbox: made, found and used up."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from core.tokens import (
    hash_token,
    make_code,
    make_token,
    normalise_code,
    pseudonym,
    show_code,
)
from privacy.errors import TokenExpiredError, TokenUnknownError, TokenUsedError
from privacy.models import DataRequest, RequestToken


@dataclass(frozen=True)
class IssuedToken:
    """A token in the clear, for one mail or answer; it is stored nowhere."""

    token: str
    code: str


def code_hash(code: str) -> str:
    # A code is short enough to be tried out against a plain hash, so its hash is keyed.
    return pseudonym("request-code", code)


def issue_token(request: DataRequest, purpose: str, *, lasts: timedelta) -> IssuedToken:
    """Make a token of 256 bits for a link and a code of 60 bits for typing."""
    token = make_token()
    code = make_code()
    RequestToken.objects.create(
        request=request,
        purpose=purpose,
        token_hash=hash_token(token),
        code_hash=code_hash(code),
        expires_at=timezone.now() + lasts,
    )
    return IssuedToken(token, show_code(code))


def find_token(value: str, *purposes: str) -> RequestToken:
    """Return the token whose link or code this is, used or not.

    Raises TokenUnknownError or TokenExpiredError.
    """
    value = value.strip()[:200]
    found = (
        RequestToken.objects.select_related("request")
        .filter(
            Q(token_hash=hash_token(value)) | Q(code_hash=code_hash(normalise_code(value))),
            purpose__in=purposes,
        )
        .first()
    )
    if found is None:
        raise TokenUnknownError
    if found.expires_at <= timezone.now():
        raise TokenExpiredError
    return found


def use_up(token: RequestToken) -> None:
    """Use a token; of two who try at once one gets TokenUsedError. In the caller's transaction."""
    unused = RequestToken.objects.filter(pk=token.pk, used_at=None)
    if not unused.update(used_at=timezone.now()):
        raise TokenUsedError
