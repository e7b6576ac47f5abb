"""Forgetting a comment's author: what erasures do, beyond deleting words."""

from collections.abc import Iterable

from django.db import transaction

from comments.models import Lesson, Limitation, LocalModel, TrustedAuthor, VisitorComment
from comments.services.placing import remove


def forget_comment(comment: VisitorComment) -> None:
    """Erase a comment with everything that was kept of it. Inside a write transaction.

    Where others have replied a neutral place stays. What moderators did stays as a number without
    words; what the local model learnt from the comment goes. Raises HeldError under a legal hold.
    """
    key = comment.pk
    forget_lessons([key])
    if comment.author_key:
        TrustedAuthor.objects.filter(author_key=comment.author_key).delete()
    Limitation.objects.filter(comment=key).delete()
    comment.acts.update(note="")
    comment.removals.all().delete()
    comment.flagged.all().delete()
    comment.given_reactions.all().delete()
    remove(comment)
    VisitorComment.objects.filter(pk=key).update(
        rendered="",
        reactions={},
        fingerprint=0,
        score=None,
        main_reason="",
        edited_at=None,
        imported_at=None,
        followup=False,
    )


def forget_lessons(comment_ids: Iterable[int]) -> int:
    """Delete what the local model learnt from comments, and have it built anew without them.

    Returns how many lessons went. Call it inside a transaction; safe to call twice.
    """
    from comments.tasks import rebuild_model  # the tasks' module imports these services

    gone, _ = Lesson.objects.filter(comment_id__in=list(comment_ids)).delete()
    if gone:
        LocalModel.objects.update(needs_rebuild=True)
        transaction.on_commit(rebuild_model.enqueue)
    return gone
