"""Comments of members under 14: a moderator reads each of them before anybody else."""

from dataclasses import replace

from django.utils.translation import gettext_noop

from comments.models import Status, VisitorComment
from comments.screening.decision import Decision
from core.extensions.people import minors
from core.extensions.screening import Evidence


def is_childs(comment: VisitorComment) -> bool:
    """Tell whether a comment's author has an account and is under 14 now."""
    return comment.user_id is not None and minors.get().standing(comment.user_id).is_child


def hold_child(decision: Decision) -> Decision:
    """Return a decision by which nothing is published without a moderator's."""
    why = Evidence(
        "author_under_14", gettext_noop("A moderator reads each comment of who is under 14."), 5.0
    )
    status = Status.HOLD if decision.status == Status.APPROVED else decision.status
    return replace(decision, status=status, reasons=(*decision.reasons, why))
