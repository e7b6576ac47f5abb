"""A moderator's reply to a comment, from where they read it."""

from typing import Any
from uuid import uuid4

from comments import errors
from comments.models import Status, VisitorComment
from comments.scopes import scope_of
from comments.services.moderating import Decided, decide_on
from comments.services.receiving import NewComment, submit_comment


def reply_as_moderator(
    comment: VisitorComment, text: str, *, by: Any, ip_address: str = ""
) -> tuple[VisitorComment, Decided]:
    """Publish a moderator's reply; return it, and what became of a comment that had waited.

    A reply to what nobody sees would stand alone, so a comment that waits is approved with it; the
    returned batch takes that back. Raises CommentGoneError out of the moderator's scope, and what
    submit_comment raises. Screening runs outside any transaction; not safe to call twice, but the
    second reply with the same words is refused as a duplicate.
    """
    if not scope_of(by).covers(comment.target_id):
        raise errors.CommentGoneError
    answer = submit_comment(
        NewComment(
            target_id=comment.target_id,
            parent_id=comment.pk,
            text=text,
            ip_address=ip_address,
            channel="admin",
            user=by,
        )
    )
    batch = uuid4()
    # Who moderates a part of the site only is screened like anybody; here their word counts.
    decide_on([answer.pk], Status.APPROVED, by=by, batch=uuid4())
    decided = decide_on([comment.pk], Status.APPROVED, by=by, seen=Status.HOLD, batch=batch)
    answer.refresh_from_db()
    return answer, Decided(batch, decided.changed)
