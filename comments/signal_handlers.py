"""What follows when a page goes."""

from typing import Any

from wagtail.models import Page

from comments.models import LegalHold, VisitorComment
from comments.services.holding import holds_in_force


def delete_comments_of(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Delete the comments of a deleted page: nothing would ever show or erase them again.

    Those under a legal hold stay, in no thread; an erasure still finds them by their author.
    """
    if isinstance(instance, Page):
        comments = VisitorComment.objects.filter(target_id=instance.pk)
        free = comments.exclude(pk__in=holds_in_force().values("comment_id"))
        LegalHold.objects.filter(comment__in=free).delete()
        free.delete()
