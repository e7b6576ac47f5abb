"""Putting comments into their threads and taking them out: the one place that writes the tables.

Everything here runs inside the caller's write transaction unless it says otherwise.
"""

from collections.abc import Iterable

from django.conf import settings

from comments import errors
from comments.fragments import number_fragment, set_fragment, shown
from comments.models import OutgoingCopy, ScreeningRecord, Status, VisitorComment
from comments.sanitising import sanitise
from comments.screening.akismet import IDENTIFIER as AKISMET
from comments.screening.akismet import SENT
from comments.screening.decision import Decision
from comments.storing import (
    count_reply,
    find_parent,
    insert_comment,
    insert_own,
    insert_record,
    keys_in,
)
from comments.write_lock import write_transaction
from core.generations import COMMENTS, comments_of, raise_generations

# A path has room for twenty levels; deeper replies stand beside their parent.
DEEPEST_LEVEL = 18


def store_imported(
    comment: VisitorComment, *, parent_id: int = 0, status: str = Status.APPROVED
) -> VisitorComment:
    """Store a comment that was received and judged elsewhere, as imports and the demo do."""
    comment.comment = sanitise(comment.comment, comment.markup)
    comment.status = Status(status)
    set_fragment(comment)
    with write_transaction():
        place(comment, parent_id)
        announce(comment)
    return comment


def place(comment: VisitorComment, parent_id: int, *, among: Iterable[str] = Status.values) -> None:
    """Insert a comment, whose fragment is made, at its place in the thread.

    Raises ParentUnknownError where the parent is not on the same target in one of the states
    `among`. Runs inside a write transaction.
    """
    above, comment.depth = "", 0
    if parent_id:
        found = find_parent(parent_id, comment.target_id)
        if found is None or found[1] not in among:
            raise errors.ParentUnknownError
        above, _, comment.thread_id = found
        above = above[: DEEPEST_LEVEL * 10]
        comment.parent_id, comment.depth = keys_in(above)[-1], len(above) // 10
    comment.level = comment.depth
    comment.follow()
    insert_comment(comment, above)
    number_fragment(comment)
    insert_own(comment)
    count_reply(above)


def keep_records(comment: VisitorComment, decision: Decision, source: str = "submission") -> None:
    """Keep what screening decided with every screener's reasons, and that Akismet was told."""
    if not decision.screened:
        return
    insert_record(
        ScreeningRecord(
            comment=comment,
            source=source,
            outcome=decision.status,
            score=decision.score,
            evidence=decision.kept_evidence(),
            reference=decision.reference,
        )
    )
    if settings.AKISMET_API_KEY and any(each.source == AKISMET for each in decision.screened):
        OutgoingCopy.objects.create(comment=comment, processor="Akismet", fields=list(SENT))


def set_flags(comment: VisitorComment) -> None:
    """Set contrib's flags after `status`, for who saves them by name."""
    comment.follow({"status"})


def fragment_of(comment: VisitorComment) -> str:
    """Return a comment's open article anew, head and text."""
    set_fragment(comment)
    return shown(comment.html, comment.rendered)


def announce(comment: VisitorComment, *, was: str = "") -> None:
    """Tell caches that what a comment shows has changed; one that nobody sees changes nothing."""
    if Status.APPROVED in {comment.status, was}:
        raise_generations(COMMENTS, comments_of(comment.target_id))


def remove(comment: VisitorComment) -> None:
    """Remove a comment's words and person: the row too, unless others have replied to it.

    Runs inside a transaction.
    """
    target_id = comment.target_id
    replies = VisitorComment.objects.filter(target_id=target_id, path__startswith=comment.path)
    if not replies.exclude(pk=comment.pk).exists():
        count_reply(comment.path[:-10], by=-1)
        comment.delete()
    else:
        blank(comment)
    raise_generations(COMMENTS, comments_of(target_id))


def blank(comment: VisitorComment) -> None:
    comment.screenings.all().delete()
    comment.outgoing_copies.all().delete()
    comment.user = None
    comment.user_name = comment.user_email = comment.user_url = comment.comment = ""
    comment.ip_address = None
    comment.user_agent = comment.referrer = comment.ip_hash = comment.author_key = ""
    comment.fingerprint = 0
    comment.earlier_texts.all().delete()
    comment.is_address_verified = False
    comment.recheck_at = comment.recheck_until = None
    set_fragment(comment)
    comment.save()


def delete_comments(keys: Iterable[int]) -> int:
    """Delete comments for good; those with replies leave a neutral placeholder."""
    deleted = 0
    with write_transaction():
        rows = VisitorComment.objects.filter(pk__in=list(keys)).order_by("-path")
        for comment in rows:
            remove(comment)
            deleted += 1
    return deleted
