"""What follows when a page goes."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from wagtail.models import Page

from comments.models import LegalHold, Status, VisitorComment
from comments.services.following import followed_among
from comments.services.holding import holds_in_force
from comments.tasks import tell_followers
from core.generations import COMMENTS, comments_of, raise_generations
from core.signals import CommentChange


def delete_comments_of(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Delete the comments of a deleted page: nothing would ever show or erase them again.

    Those under a legal hold stay, in no thread; an erasure still finds them by their author.
    """
    if isinstance(instance, Page):
        comments = VisitorComment.objects.filter(target_id=instance.pk)
        free = comments.exclude(pk__in=holds_in_force().values("comment_id"))
        LegalHold.objects.filter(comment__in=free).delete()
        free.delete()
        raise_generations(COMMENTS, comments_of(instance.pk))


def tell_followers_of_new(*, comment_id: int, target_id: int, status: str, **kwargs: Any) -> None:
    """Have the followers told of a comment that is visible at once."""
    if status == Status.APPROVED:
        tell_followers_on_commit([(comment_id, target_id)])


def tell_followers_of_approved(*, changes: Sequence[CommentChange], **kwargs: Any) -> None:
    """Have the followers told of comments that became visible later."""
    tell_followers_on_commit(
        [(each.comment_id, each.target_id) for each in changes if each.new == Status.APPROVED]
    )


def tell_followers_on_commit(shown: Sequence[tuple[int, int]]) -> None:
    followed = followed_among({target_id for _, target_id in shown})
    for comment_id, target_id in shown:
        if target_id in followed:
            transaction.on_commit(partial(tell_followers.enqueue, comment_id))
