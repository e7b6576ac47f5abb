"""What is known of an author: whether an approved comment of theirs stands here, and by what proof.

A typed address proves nothing, since anybody could type it. Proof is an account, a mailbox that
has answered, or the signed cookie of the browser that wrote the earlier comment. Comments that an
import brought in count for a time by their address alone, and moderators are told so.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from comments.models import DiscussionSettings, VisitorComment, VisitorCommentQuerySet
from comments.repeats import author_ref
from comments.storing import was_imported
from core.extensions.people import verified_addresses
from core.extensions.screening import Evidence

IMPORTED = Evidence(
    "imported_history",
    gettext_noop("Known by comments that an import brought in; the address was never verified."),
    -0.1,
)


@dataclass(frozen=True)
class History:
    """What was found. `by_import` is set where nothing but a typed address tells the author."""

    is_known: bool = False
    by_import: bool = False
    address_is_proven: bool = False


def history_of(
    *,
    member: Any,
    email: str,
    author_key: str,
    own: DiscussionSettings,
    now: datetime,
    address_is_proven: bool = False,
) -> History:
    """Look for approved comments of an author: one query a proof, each answered by an index."""
    if member is not None and not address_is_proven:
        address_is_proven = verified_addresses.get().is_verified(member.pk, email)
    proofs = proofs_of(member.pk if member is not None else None, author_key,
                       email if address_is_proven else "")  # fmt: skip
    if any(approved_by(proof).exists() for proof in proofs):
        return History(is_known=True, address_is_proven=address_is_proven)
    if knows_by_import(email, own, now):
        return History(
            is_known=True, by_import=not address_is_proven, address_is_proven=address_is_proven
        )
    return History(address_is_proven=address_is_proven)


def approved_by(proof: Q) -> VisitorCommentQuerySet:
    return VisitorComment.objects.approved().order_by().filter(proof)


def proofs_of(user_id: int | None, author_key: str, proven_email: str) -> list[Q]:
    proofs = []
    if user_id is not None:
        proofs.append(Q(user_id=user_id))
    if author_key:
        # Said as the index over those that have one says it, so that it is used.
        proofs.append(Q(author_key=author_key) & ~Q(author_key=""))
    if proven_email:
        proofs.append(Q(author_ref=author_ref(proven_email), is_address_verified=True))
    return proofs


def knows_by_import(email: str, own: DiscussionSettings, now: datetime) -> bool:
    if not email or not own.imported_history_days:
        return False
    return was_imported(author_ref(email), now - timedelta(days=own.imported_history_days))


def evidence_of(history: History) -> tuple[Evidence, ...]:
    """Return what moderators are told of it beside the screeners' reasons."""
    return (IMPORTED,) if history.by_import else ()


def has_history(comment: VisitorComment) -> bool:
    """Tell whether the author of a stored comment is known by another, approved one."""
    proofs = proofs_of(comment.user_id, comment.author_key,
                       comment.user_email if comment.is_address_verified else "")  # fmt: skip
    if any(approved_by(proof).exclude(pk=comment.pk).exists() for proof in proofs):
        return True
    return knows_by_import(comment.user_email, DiscussionSettings.current(), timezone.now())
