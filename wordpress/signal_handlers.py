"""What follows here when other rooms let something go."""

from typing import Any

from wordpress.models import ImportedRecord, Kind


def forget_comment(sender: Any, comment_id: int, **kwargs: Any) -> None:
    """Receiver of core.signals.comment_erased: what plugins had noted on a comment goes too."""
    ImportedRecord.objects.filter(kind=Kind.COMMENT, target_id=comment_id).update(rest={})
