"""Moderators' decisions on comments: the one write path of the admin, REST and rules."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from comments.models import ModerationAct, Status, VisitorComment
from comments.screening.learning import learn_from
from comments.services.placing import announce, set_flags
from comments.write_lock import write_transaction
from core.signals import comment_status_changed


def change_status(
    keys: Sequence[int],
    status: str,
    *,
    by: Any = None,
    agent: str = "",
    note: str = "",
    batch: UUID | None = None,
) -> int:
    """Move comments to a state; return how many changed. Each change is kept as an act.

    `by` is the moderator, or None where a rule named by `agent` acts. A moderator's word ends
    waiting for a screener, and is reported to Akismet where it concerns spam. Atomic; called
    twice it changes nothing more.
    """
    from comments.tasks import report_decision  # the task's module imports these services

    changed = 0
    batch = batch or uuid4()
    with write_transaction():
        for comment in VisitorComment.objects.select_for_update(of=("self",)).filter(pk__in=keys):
            old = comment.status
            if old == status:
                continue
            comment.status = status
            comment.recheck_at = comment.recheck_until = None
            set_flags(comment)
            comment.save(
                update_fields=["status", "recheck_at", "recheck_until", "is_public", "is_removed"]
            )
            keep_act(comment, old=old, by=by, agent=agent, note=note, batch=batch)
            announce(comment)
            comment_status_changed.send(
                VisitorComment,
                comment_id=comment.pk,
                target_id=comment.target_id,
                old=old,
                new=status,
            )
            changed += 1
            if by is not None and Status.SPAM in {old, status} and settings.AKISMET_API_KEY:
                transaction.on_commit(
                    partial(report_decision.enqueue, comment.pk, status == Status.SPAM)
                )
        if by is not None:
            learn_from(keys)
    return changed


def keep_act(
    comment: VisitorComment,
    *,
    old: str,
    by: Any = None,
    agent: str = "",
    note: str = "",
    batch: UUID | None = None,
) -> None:
    """Keep who or what moved a comment to the state it has now."""
    ModerationAct.objects.create(
        comment=comment,
        batch=batch or uuid4(),
        old_status=old,
        new_status=comment.status,
        by=by,
        agent=agent,
        note=note,
    )
