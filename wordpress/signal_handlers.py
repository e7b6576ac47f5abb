"""What follows here when other rooms let something go."""

from collections.abc import Sequence
from typing import Any

from core.signals import CommentPlace
from wordpress.importing.records import AT_A_TIME
from wordpress.models import ImportedRecord, Kind


def forget_comments(sender: Any, places: Sequence[CommentPlace], **kwargs: Any) -> None:
    """Receiver of core.signals.comment_erased: what plugins had noted on comments goes too."""
    keys = [place.comment_id for place in places]
    for at in range(0, len(keys), AT_A_TIME):
        some = keys[at : at + AT_A_TIME]
        ImportedRecord.objects.filter(kind=Kind.COMMENT, target_id__in=some).update(rest={})
