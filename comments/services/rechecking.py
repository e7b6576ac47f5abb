"""Screening a held comment again whose screener could not tell, until it can or time is over."""

from django.utils import timezone

from comments.models import DiscussionSettings, Status, VisitorComment
from comments.screening.decision import decide, screen
from comments.services.children import hold_child, is_childs
from comments.services.history import has_history
from comments.services.moderating import keep_act
from comments.services.placing import announce, keep_records, set_flags
from comments.services.receiving import RECHECKED_FOR
from comments.write_lock import write_transaction
from core.extensions.commentables import comment_targets
from core.extensions.screening import Submission
from core.signals import CommentChange, comment_status_changed

REASON = "recheck_queue"


def recheck(comment: VisitorComment) -> bool:
    """Screen a held comment again; return whether the screeners could tell this time.

    A moderator's word stands: where one has come meanwhile, nothing is changed. A comment that no
    screener could tell by `recheck_until` waits for a moderator alone. Safe to call twice.
    """
    submission = submission_of(comment, recheck_reason=REASON)
    decision = decide(submission, screen(submission), DiscussionSettings.current())
    if is_childs(comment):
        decision = hold_child(decision)
    with write_transaction():
        fresh = VisitorComment.objects.select_for_update(of=("self",)).filter(
            pk=comment.pk, status=Status.HOLD, recheck_at__isnull=False
        ).first()  # fmt: skip
        if fresh is None:
            return True
        if decision.recheck_after is not None:
            later = timezone.now() + decision.recheck_after
            is_over = later > (fresh.recheck_until or fresh.submit_date + RECHECKED_FOR)
            fresh.recheck_at = None if is_over else later
            fresh.save(update_fields=["recheck_at"])
            return False
        fresh.status = decision.status
        fresh.score, fresh.main_reason = decision.score, decision.main_reason
        fresh.recheck_at = fresh.recheck_until = None
        set_flags(fresh)
        fresh.save(
            update_fields=["status", "score", "main_reason", "recheck_at", "recheck_until",
                           "is_public", "is_removed"]
        )  # fmt: skip
        keep_records(fresh, decision, source="recheck")
        if fresh.status == Status.HOLD:
            return True
        keep_act(fresh, old=Status.HOLD, agent="recheck")
        announce(fresh, was=Status.HOLD)
        comment_status_changed.send(
            VisitorComment,
            changes=[CommentChange(fresh.pk, fresh.target_id, Status.HOLD, fresh.status)],
        )
    return True


def submission_of(comment: VisitorComment, *, recheck_reason: str = "") -> Submission:
    """Return a stored comment as it was submitted, for screening again and for reports."""
    target = comment_targets.get().get_many([comment.target_id]).get(comment.target_id)
    return Submission(
        target_title=target.title if target else "",
        target_link=target.link if target else "",
        author_name=comment.user_name,
        author_email=comment.user_email,
        author_url=comment.user_url,
        text=comment.comment,
        ip_address=comment.ip_address or "",
        user_agent=comment.user_agent,
        referrer=comment.referrer,
        language=comment.language,
        submitted_at=comment.submit_date,
        channel=comment.channel,
        is_reply=comment.level > 0,
        parent_id=comment.parent_id if comment.level else 0,
        has_history=has_history(comment),
        recheck_reason=recheck_reason,
        comment_id=comment.pk,
        target_id=comment.target_id,
        author_id=comment.user_id,
        author_key=comment.author_key,
        ip_hash=comment.ip_hash,
    )
