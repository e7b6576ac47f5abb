"""What follows when a page goes."""

from typing import Any

from wagtail.models import Page

from comments.models import VisitorComment


def delete_comments_of(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Delete the comments of a deleted page: nothing would ever show or erase them again."""
    if isinstance(instance, Page):
        VisitorComment.objects.filter(target_id=instance.pk).delete()
