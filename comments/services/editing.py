"""An author's own second thoughts: changing or withdrawing a comment, for a short while."""

from django.core.signing import BadSignature
from django.utils import timezone

from comments import errors
from comments.author_tokens import EDIT, edit_until
from comments.fragments import set_fragment
from comments.models import DiscussionSettings, EarlierText, Status, VisitorComment
from comments.sanitising import sanitise
from comments.screening.decision import decide, screen
from comments.services.children import hold_child, is_childs
from comments.services.moderating import keep_act
from comments.services.placing import announce, keep_records, remove, set_flags, to_remove
from comments.services.receiving import LONGEST_TEXT_BYTES
from comments.services.rechecking import submission_of
from comments.services.sanctioning import hold_limited, refuse_sanctioned
from comments.write_lock import write_transaction
from core.extensions.acceptance import Person
from core.signals import CommentChange, comment_status_changed
from core.tokens import unsign

BY_AUTHOR = "author"
# Every earlier text is kept: nobody fills the disk with them.
MOST_EDITS = 30
CHANGEABLE = [Status.APPROVED, Status.HOLD]


def own_comment(token: str) -> VisitorComment:
    """Return the comment that a token is for, while it may be changed.

    Raises LinkUnknownError for a token of nothing, EditClosedError when the time is over or a
    moderator has taken the comment away.
    """
    minutes = DiscussionSettings.current().edit_minutes
    try:
        key = unsign(EDIT, token, max_age_seconds=max(minutes, 1) * 60)
    except BadSignature:
        raise errors.EditClosedError from None
    comment = VisitorComment.objects.filter(pk=key).first()
    if comment is None:
        raise errors.LinkUnknownError
    until = edit_until(comment)
    is_there = comment.status in CHANGEABLE
    if until is None or timezone.now() >= until or not is_there:
        raise errors.EditClosedError
    return comment


def edit_comment(token: str, text: str) -> VisitorComment:
    """Give a comment another text; the earlier one is kept for moderators.

    The new text is screened as the first one was, outside any transaction: it can send a visible
    comment back to wait, and never makes a waiting one visible. Raises what own_comment raises,
    SanctionedError, TextMissingError and FieldTooLongError.
    """
    comment = own_comment(token)
    is_limited = refuse_sanctioned(Person(user_id=comment.user_id, email=comment.user_email))
    if len(text.encode()) > LONGEST_TEXT_BYTES:
        raise errors.FieldTooLongError(field="content")
    clean = sanitise(text, comment.markup)
    if not clean:
        raise errors.TextMissingError
    if clean == comment.comment:
        return comment
    if comment.earlier_texts.count() >= MOST_EDITS:
        raise errors.EditClosedError
    before, comment.comment = comment.comment, clean
    submission = submission_of(comment, recheck_reason="edit")
    decision = decide(submission, screen(submission), DiscussionSettings.current())
    if is_limited:
        decision = hold_limited(decision)
    if is_childs(comment):
        decision = hold_child(decision)
    with write_transaction():
        fresh = VisitorComment.objects.select_for_update(of=("self",)).filter(
            pk=comment.pk, comment=before, status__in=CHANGEABLE
        ).first()  # fmt: skip
        if fresh is None:
            # Somebody else was quicker: another edit, or a moderator.
            raise errors.EditClosedError
        old = fresh.status
        EarlierText.objects.create(comment=fresh, text=before)
        fresh.comment, fresh.edited_at = clean, timezone.now()
        fresh.score, fresh.main_reason = decision.score, decision.main_reason
        if old == Status.APPROVED or decision.status in {Status.SPAM, Status.TRASH}:
            fresh.status = decision.status
        if decision.recheck_after is not None:
            fresh.recheck_at = timezone.now() + decision.recheck_after
        set_flags(fresh)
        set_fragment(fresh)
        fresh.save()
        keep_records(fresh, decision, source="edit")
        if fresh.status != old:
            keep_act(fresh, old=old, agent=BY_AUTHOR)
            comment_status_changed.send(
                VisitorComment,
                changes=[CommentChange(fresh.pk, fresh.target_id, old, fresh.status)],
            )
        announce(fresh, was=old)
    return fresh


def withdraw_comment(token: str) -> None:
    """Take a comment back: its words and person are gone, a place stays where there are replies."""
    comment = own_comment(token)
    with write_transaction():
        fresh = to_remove([comment.pk])
        # A moderator who took it away meanwhile may have to state reasons, which need the comment.
        if not fresh or fresh[0].status not in CHANGEABLE:
            raise errors.EditClosedError
        remove(fresh)
