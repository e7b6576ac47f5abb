"""Putting comments into their threads and taking them out: the one place that writes the tables.

Everything here runs inside the caller's write transaction unless it says otherwise.
"""

from collections.abc import Iterable

from django.db.models import F

from comments import errors
from comments.fragments import VERSION, render_fragment
from comments.models import OutgoingCopy, ScreeningRecord, Status, VisitorComment
from comments.sanitising import sanitise
from comments.screening.decision import Decision
from comments.services.holding import drop_ended_holds, held_among
from comments.write_lock import write_transaction
from core.generations import COMMENTS, comments_of, raise_generations
from core.signals import comment_created, comment_erased

DEEPEST_LEVEL = 18


def store_imported(
    comment: VisitorComment, *, parent_id: int = 0, status: str = Status.APPROVED
) -> VisitorComment:
    """Store a comment that was received and judged elsewhere, as imports and the demo do."""
    comment.comment = sanitise(comment.comment)
    decision = Decision(Status(status), ())
    with write_transaction():
        store(comment, parent_id, decision)
    return comment


def store(comment: VisitorComment, parent_id: int, decision: Decision) -> None:
    """Insert a comment at its place in the thread. Runs inside a write transaction."""
    parent = None
    if parent_id:
        parent = VisitorComment.objects.filter(pk=parent_id, target_id=comment.target_id).first()
        if parent is None:
            raise errors.ParentUnknownError
        while parent.level >= DEEPEST_LEVEL:
            parent = VisitorComment.objects.get(pk=parent.parent_id)
    comment.status = decision.status
    comment.score, comment.main_reason = decision.score, decision.main_reason
    set_flags(comment)
    comment.parent_id = parent.pk if parent else 0
    comment.thread_id = parent.thread_id if parent else 0
    comment.level = comment.depth = parent.level + 1 if parent else 0
    comment.save(force_insert=True)
    comment.path = f"{parent.path if parent else ''}{comment.pk:010d}"
    if parent is None:
        comment.parent_id = comment.thread_id = comment.pk
    comment.html = fragment_of(comment)
    comment.fragment_version = VERSION
    comment.save(update_fields=["path", "html", "fragment_version", "parent_id", "thread_id"])
    if parent is not None:
        ancestors = [int(comment.path[i : i + 10]) for i in range(0, len(parent.path), 10)]
        VisitorComment.objects.filter(pk__in=ancestors).update(nested_count=F("nested_count") + 1)
    keep_records(comment, decision)
    announce(comment)
    comment_created.send(
        VisitorComment, comment_id=comment.pk, target_id=comment.target_id, status=comment.status
    )


def fragment_of(comment: VisitorComment) -> str:
    """Return a comment's fragment anew."""
    return render_fragment(
        key=comment.pk,
        name=comment.user_name,
        url=comment.user_url,
        text=comment.comment,
        at=comment.submit_date,
        language=comment.language,
    )


def set_flags(comment: VisitorComment) -> None:
    comment.is_public = comment.status == Status.APPROVED
    comment.is_removed = comment.status in {Status.SPAM, Status.TRASH}


def keep_records(comment: VisitorComment, decision: Decision, source: str = "submission") -> None:
    """Keep what screening decided with every screener's reasons, and what was sent to others."""
    if not decision.screened:
        return
    ScreeningRecord.objects.create(
        comment=comment,
        source=source,
        outcome=decision.status,
        score=decision.score,
        evidence=decision.kept_evidence(),
        reference=decision.reference,
    )
    for each in decision.screened:
        for sent in each.disclosures:
            OutgoingCopy.objects.create(
                comment=comment, processor=sent.processor, fields=list(sent.fields)
            )


def announce(comment: VisitorComment) -> None:
    raise_generations(COMMENTS, comments_of(comment.target_id))


def remove(comment: VisitorComment) -> None:
    """Remove a comment's words and person: the row too, unless others have replied to it.

    Runs inside a transaction. Raises HeldError under a legal hold.
    """
    drop_ended_holds(comment.pk)
    key, target_id = comment.pk, comment.target_id
    replies = VisitorComment.objects.filter(target_id=target_id, path__startswith=comment.path)
    if not replies.exclude(pk=comment.pk).exists():
        ancestors = [int(comment.path[i : i + 10]) for i in range(0, len(comment.path) - 10, 10)]
        VisitorComment.objects.filter(pk__in=ancestors).update(nested_count=F("nested_count") - 1)
        comment.delete()
    else:
        blank(comment)
    raise_generations(COMMENTS, comments_of(target_id))
    comment_erased.send(VisitorComment, comment_id=key, target_id=target_id)


def blank(comment: VisitorComment) -> None:
    comment.screenings.all().delete()
    comment.outgoing_copies.all().delete()
    comment.user = None
    comment.user_name = comment.user_email = comment.user_url = comment.comment = ""
    comment.ip_address = None
    comment.user_agent = comment.referrer = comment.ip_hash = comment.author_key = ""
    comment.earlier_texts.all().delete()
    comment.is_address_verified = False
    comment.recheck_at = comment.recheck_until = None
    comment.html = fragment_of(comment)
    comment.save()


def delete_comments(keys: Iterable[int]) -> int:
    """Delete comments for good; return how many.

    Those with replies leave a neutral placeholder, those under a legal hold stay as they are.
    """
    wanted = set(keys)
    deleted = 0
    with write_transaction():
        wanted -= held_among(wanted).keys()
        rows = VisitorComment.objects.filter(pk__in=wanted).order_by("-path")
        for comment in rows:
            remove(comment)
            deleted += 1
    return deleted
