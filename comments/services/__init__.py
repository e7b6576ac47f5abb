"""Writing comments: receiving, placing, moderating, amending, rechecking, letting go."""

from comments.services.amending import Amendment, amend_comment
from comments.services.forgetting import forget_lessons
from comments.services.history import has_history
from comments.services.moderating import change_status
from comments.services.placing import (
    announce,
    delete_comments,
    fragment_of,
    keep_records,
    place,
    remove,
    store_imported,
)
from comments.services.receiving import (
    Examined,
    NewComment,
    examine,
    is_open,
    keep,
    open_target,
    submit_comment,
)
from comments.services.rechecking import recheck, submission_of

__all__ = [
    "Amendment",
    "Examined",
    "NewComment",
    "amend_comment",
    "announce",
    "change_status",
    "delete_comments",
    "examine",
    "forget_lessons",
    "fragment_of",
    "has_history",
    "is_open",
    "keep",
    "keep_records",
    "open_target",
    "place",
    "recheck",
    "remove",
    "store_imported",
    "submission_of",
    "submit_comment",
]
