"""Legal holds: keeping a comment as evidence, against retention, moderators and erasures."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from comments import errors
from comments.models import LegalHold, VisitorComment
from comments.scopes import scope_of
from comments.write_lock import write_transaction


def holds_in_force() -> QuerySet[LegalHold]:
    """Return the holds that are neither released nor over."""
    is_running = Q(until=None) | Q(until__gte=timezone.localdate())
    return LegalHold.objects.filter(is_running, released_at=None)


def held_among(keys: Iterable[int]) -> dict[int, LegalHold]:
    """Return those of some comments that must be kept, each with the hold that lasts longest."""
    found: dict[int, LegalHold] = {}
    for hold in holds_in_force().filter(comment_id__in=list(keys)).order_by("pk"):
        longest = found.get(hold.comment_id)
        if longest is None or ends(hold) > ends(longest):
            found[hold.comment_id] = hold
    return found


def ends(hold: LegalHold) -> date:
    return hold.until or date.max


def set_hold(comment_id: int, *, reason: str, legal_basis: str, until: date, by: Any) -> LegalHold:
    """Keep a comment as evidence until a day, that day included.

    Raises CommentGoneError where there is nothing to keep any more, or not in the scope of whoever
    sets it, HoldIncompleteError where
    reason, basis or a day to come are missing. Each call makes a hold of its own.
    """
    if not reason.strip() or not legal_basis.strip() or until < timezone.localdate():
        raise errors.HoldIncompleteError
    with write_transaction():
        # What its author has restricted can be evidence too.
        comment = scope_of(by).narrow(VisitorComment.objects.filter(pk=comment_id))
        comment = comment.select_for_update(of=("self",))
        if not comment.exclude(comment="").exists():
            raise errors.CommentGoneError
        return LegalHold.objects.create(
            comment_id=comment_id,
            reason=reason.strip(),
            legal_basis=legal_basis.strip(),
            until=until,
            by=by,
        )


def release_hold(hold_id: int) -> None:
    """End a hold before its day, and do the erasure that waited for it. Safe to call twice."""
    end_holds(LegalHold.objects.filter(pk=hold_id, released_at=None))


def end_holds(holds: QuerySet[LegalHold]) -> int:
    """Release holds; comments whose author asked for erasure go with the last one."""
    # Forgetting stands on placing, which asks this module what it may remove.
    from comments.services.forgetting import forget_comments

    keys = list(holds.values_list("pk", flat=True))
    with write_transaction():
        rows = LegalHold.objects.filter(pk__in=keys, released_at=None)
        waiting = set(rows.filter(erasure_due=True).values_list("comment_id", flat=True))
        ended = rows.update(released_at=timezone.now())
        forget_comments(waiting - held_among(waiting).keys())
    return ended


def drop_ended_holds(keys: Collection[int]) -> None:
    """Take the ended holds off comments that are about to be deleted. In a transaction.

    Raises HeldError while one is in force: the database would refuse as well.
    """
    if held_among(keys):
        raise errors.HeldError
    LegalHold.objects.filter(comment_id__in=keys).delete()
