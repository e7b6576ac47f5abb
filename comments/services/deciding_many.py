"""Decisions on everything that a search found: noted at once, carried out by a task in steps."""

from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone

from comments.models import MassDecision, ModerationAct, Status, VisitorComment
from comments.scopes import scope_of
from comments.searching import Criteria, matching
from comments.services.moderating import DELETED, STEP, decide_on, delete_for_good, undo
from comments.write_lock import write_transaction

UNDO = "undo"
ACTIONS = (*Status.values, DELETED, UNDO)


def decide_on_all(criteria: Criteria, action: str, *, by: Any) -> MassDecision:
    """Note a decision on every comment that matches now; `carry_on` carries it out.

    What comes in later is left alone, even if it matches. `action` is a state or DELETED.
    """
    newest = VisitorComment.objects.order_by("-pk").values_list("pk", flat=True).first()
    found = matching(criteria, scope_of(by).narrow(VisitorComment.objects.all()))
    return MassDecision.objects.create(
        batch=uuid4(), action=action, criteria=criteria.kept(), until_id=newest or 0,
        total=found.count(), by=by,
    )  # fmt: skip


def undo_all(batch: UUID, *, by: Any) -> MassDecision:
    """Note that a batch is to be taken back; `carry_on` does it."""
    total = ModerationAct.objects.filter(batch=batch, undone_at=None).count()
    return MassDecision.objects.create(
        batch=uuid4(), action=UNDO, criteria={"batch": str(batch)}, until_id=0, total=total, by=by
    )


def carry_on(batch: UUID) -> None:
    """Carry a noted decision out from where it stands.

    In steps of STEP comments, each one transaction that also says how far it came: after a crash
    it goes on behind the last one. Safe to call twice, and when it is finished. The moderator's
    scope holds as it is at each step. Of a finished decision nothing that was looked for is kept.
    """
    decision = MassDecision.objects.select_related("by").filter(batch=batch).first()
    if decision is None or decision.finished_at is not None:
        return
    if decision.action == UNDO:
        undone = undo(UUID(decision.criteria["batch"]), by=decision.by, taking_back=batch)
        note_progress(decision, changed=undone.changed)
    else:
        walk(decision)
    MassDecision.objects.filter(pk=batch).update(finished_at=timezone.now(), criteria={})


def walk(decision: MassDecision) -> None:
    criteria = Criteria.from_kept(decision.criteria)
    done_id = decision.done_id
    while True:
        found = matching(criteria, scope_of(decision.by).narrow(VisitorComment.objects.all()))
        keys = list(
            found.filter(pk__gt=done_id, pk__lte=decision.until_id)
            .order_by("pk")
            .values_list("pk", flat=True)[:STEP]
        )
        if not keys:
            return
        done_id = keys[-1]
        with write_transaction():
            changed = decide_step(decision, keys, criteria.status)
            note_progress(decision, changed=changed, done_id=done_id)


def note_progress(decision: MassDecision, *, changed: int, done_id: int = 0) -> None:
    MassDecision.objects.filter(pk=decision.pk).update(
        changed=F("changed") + changed, done_id=done_id
    )


def decide_step(decision: MassDecision, keys: list[int], seen: str) -> int:
    if decision.action == DELETED:
        return delete_for_good(keys, by=decision.by, batch=decision.batch).changed
    return decide_on(keys, decision.action, by=decision.by, seen=seen, batch=decision.batch).changed
