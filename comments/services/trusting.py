"""Trusting authors: whose comments need no moderator any more, and by what proof of who writes."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from comments import errors
from comments.models import TrustedAuthor, VisitorComment
from core.extensions.personal_data import normalise_address
from core.tokens import pseudonym


def address_key(email: str) -> str:
    """Return the pseudonym under which decisions on a mail address are kept; empty for none."""
    try:
        return pseudonym("comment-address", normalise_address(email))
    except ValueError:
        return ""


def proof_of(comment: VisitorComment) -> dict[str, Any]:
    """Return what proves who wrote a comment, as fields of TrustedAuthor; empty where nothing does.

    An account is the best proof, a mailbox that answered the next, the signed cookie the last.
    """
    if comment.user_id:
        return {"user_id": comment.user_id}
    if comment.is_address_verified and (address := address_key(comment.user_email)):
        return {"address": address}
    return {"author_key": comment.author_key} if comment.author_key else {}


def trust(comment: VisitorComment, *, by: Any, batch: UUID) -> None:
    """Trust a comment's author from now on; UnprovenAuthorError where nothing proves who it is.

    Runs in the caller's transaction, if any. Safe to call twice.
    """
    proof = proof_of(comment)
    if not proof:
        raise errors.UnprovenAuthorError
    if not TrustedAuthor.objects.filter(ended_at=None, **proof).exists():
        TrustedAuthor.objects.create(by=by, batch=batch, **proof)


def end_trust(batch: UUID) -> int:
    """End the trust that a decision gave. Safe to call twice."""
    return TrustedAuthor.objects.filter(batch=batch, ended_at=None).update(ended_at=timezone.now())


def is_trusted(*, user_id: int | None = None, verified_email: str = "", key: str = "") -> bool:
    """Tell whether a moderator trusts an author. One query, none where nothing is proven.

    `verified_email` is an address whose mailbox has answered, never one that was only typed; `key`
    is the hash of the signed cookie that came along.
    """
    proven = Q(pk__in=[])
    if user_id is not None:
        proven |= Q(user_id=user_id)
    if verified_email and (address := address_key(verified_email)):
        proven |= Q(address=address)
    if key:
        proven |= Q(author_key=key)
    return TrustedAuthor.objects.filter(proven, ended_at=None).exists()
