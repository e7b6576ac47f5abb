"""Screening a held comment again whose screener could not tell."""

from comments.models import DiscussionSettings, Status, VisitorComment
from comments.screening.decision import decide, screen
from comments.services.history import has_history
from comments.services.placing import announce, keep_records, set_flags
from comments.write_lock import write_transaction
from core.extensions.commentables import comment_targets
from core.extensions.screening import Submission


def recheck(comment: VisitorComment) -> None:
    """Screen a held comment again whose screener had failed; a moderator's word stands."""
    own = DiscussionSettings.current()
    submission = submission_of(comment)
    decision = decide(submission, screen(submission), own)
    if decision.needs_recheck:
        return
    with write_transaction():
        fresh = VisitorComment.objects.select_for_update(of=("self",)).filter(
            pk=comment.pk, status=Status.HOLD, recheck_at__isnull=False
        ).first()  # fmt: skip
        if fresh is None:
            return
        fresh.status = decision.status
        fresh.recheck_at = fresh.recheck_until = None
        set_flags(fresh)
        fresh.save(
            update_fields=["status", "recheck_at", "recheck_until", "is_public", "is_removed"]
        )
        keep_records(fresh, decision, source="recheck")
        announce(fresh, was=Status.HOLD)


def submission_of(comment: VisitorComment) -> Submission:
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
        has_history=has_history(comment),
    )
