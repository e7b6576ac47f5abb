"""Keeping comments without using them: restriction, its end, and objection to being learnt from."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.db.models import Q

from comments.models import Limitation, Status, VisitorComment, VisitorCommentQuerySet
from comments.screening.learning import learn_from
from comments.services.forgetting import forget_lessons
from comments.services.moderating import move
from comments.write_lock import write_transaction

AGENT = "restriction"


def restrict_comments(keys: Iterable[int]) -> int:
    """Take comments from view and from every use, and keep them as they are; return how many.

    They are shown to no reader and to no moderator, screened by nothing, sent nowhere, learnt from
    by nothing, and no rule lets them go. What was learnt from them goes. Moderators' decisions wait
    until the restriction is lifted; an erasure does not. Atomic; safe to call twice.
    """
    wanted = list(keys)
    with write_transaction():
        rows = list(
            written(wanted).exclude(limitation__is_restricted=True).select_related("limitation")
        )
        for comment in rows:
            Limitation.objects.update_or_create(
                comment=comment,
                defaults={
                    "is_restricted": True,
                    "status": comment.status,
                    "recheck_at": comment.recheck_at,
                    "recheck_until": comment.recheck_until,
                },
            )
        keep_still(rows)
        move(rows, Status.TRASH, by=None, batch=uuid4(), agent=AGENT)
        forget_lessons([comment.pk for comment in rows])
    return len(rows)


def keep_still(comments: Sequence[VisitorComment]) -> None:
    """End the waiting for a screener, also of what lies in the trash already."""
    keys = [comment.pk for comment in comments]
    VisitorComment.objects.filter(pk__in=keys).update(recheck_at=None, recheck_until=None)


def lift_restrictions(keys: Iterable[int]) -> int:
    """Put restricted comments back where they were; return how many. Atomic; safe to call twice."""
    with write_transaction():
        rows = list(
            written(keys).filter(limitation__is_restricted=True).select_related("limitation")
        )
        for status in Status.values:
            back = [comment for comment in rows if comment.limitation.status == status]
            move(back, status, by=None, batch=uuid4(), agent=AGENT)
        for comment in rows:
            VisitorComment.objects.filter(pk=comment.pk).update(
                recheck_at=comment.limitation.recheck_at,
                recheck_until=comment.limitation.recheck_until,
            )
        lifted = Limitation.objects.filter(comment__in=rows)
        lifted.filter(is_objected=False).delete()
        lifted.update(is_restricted=False, status="", recheck_at=None, recheck_until=None)
        # The decisions on them stand still, and teach again what they taught.
        learn_from([comment.pk for comment in rows])
    return len(rows)


def object_to_learning(keys: Iterable[int]) -> int:
    """Have the local model forget comments, and never learn from them again; return how many.

    Atomic; safe to call twice.
    """
    with write_transaction():
        rows = list(written(keys).exclude(limitation__is_objected=True))
        for comment in rows:
            Limitation.objects.update_or_create(comment=comment, defaults={"is_objected": True})
        forget_lessons([comment.pk for comment in rows])
    return len(rows)


def written(keys: Iterable[int]) -> VisitorCommentQuerySet:
    """Return those of some comments that have an author still, locked."""
    rows = VisitorComment.objects.select_for_update(of=("self",)).filter(pk__in=list(keys))
    return rows.filter(~Q(comment="")).order_by("pk")
