"""What follows here when other rooms let something go."""

from collections.abc import Sequence
from typing import Any

from core.generations import PAGES, raise_generations
from core.signals import CommentPlace
from wordpress.importing.records import AT_A_TIME
from wordpress.models import ImportedRecord, KeptRecord, Kind


def forget_comments(sender: Any, places: Sequence[CommentPlace], **kwargs: Any) -> None:
    """Receiver of core.signals.comment_erased: what plugins had noted on comments goes too."""
    keys = [place.comment_id for place in places]
    for at in range(0, len(keys), AT_A_TIME):
        some = keys[at : at + AT_A_TIME]
        ImportedRecord.objects.filter(kind=Kind.COMMENT, target_id__in=some).update(rest={})


def hand_over(sender: Any, old_id: int, new_id: int, **kwargs: Any) -> None:
    """Receiver of core.signals.works_reassigned: what one account wrote is another's."""
    KeptRecord.objects.filter(author_id=old_id).update(author_id=new_id)
    raise_generations(PAGES)
