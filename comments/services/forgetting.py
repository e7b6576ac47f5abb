"""Forgetting a comment's author: what erasures do, beyond deleting words."""

from collections.abc import Iterable

from django.db import transaction

from comments.models import (
    Lesson,
    Limitation,
    LocalModel,
    ModerationAct,
    Status,
    TrustedAuthor,
    VisitorComment,
)
from comments.services.placing import disown, remove, to_remove


def forget_comments(keys: Iterable[int], *, keeps_text: bool = False) -> int:
    """Erase comments with everything that was kept of them; return how many there were.

    Where others have replied a neutral place stays. What moderators did stays as a number without
    words; what the local model learnt from the comments goes. Where an author chose so
    (`keeps_text`), words that are shown or may yet be stay, under nobody's name. The number of
    statements does not grow with the comments: hand over so many at a time as others may wait for.
    Inside a write transaction; safe to call twice. Raises HeldError where one is under a legal
    hold.
    """
    comments = to_remove(keys)
    found = [comment.pk for comment in comments]
    forget_lessons(found)
    if known := {comment.author_key for comment in comments} - {""}:
        TrustedAuthor.objects.filter(author_key__in=known).delete()
    Limitation.objects.filter(comment__in=found).delete()
    ModerationAct.objects.filter(comment__in=found).exclude(note="").update(note="")
    kept = [comment for comment in comments if keeps_text and is_to_stay(comment)]
    return disown(kept) + remove([comment for comment in comments if comment not in kept])


def is_to_stay(comment: VisitorComment) -> bool:
    return bool(comment.comment) and comment.status in {Status.APPROVED, Status.HOLD}


def forget_lessons(comment_ids: Iterable[int]) -> int:
    """Delete what the local model learnt from comments, and have it built anew without them.

    Returns how many lessons went. Call it inside a transaction; safe to call twice.
    """
    from comments.tasks import rebuild_model  # the tasks' module imports these services

    gone, _ = Lesson.objects.filter(comment_id__in=list(comment_ids)).delete()
    # One task is enough for many batches; the retention task makes up for one that was lost.
    if gone and LocalModel.objects.filter(needs_rebuild=False).update(needs_rebuild=True):
        transaction.on_commit(rebuild_model.enqueue)
    return gone
