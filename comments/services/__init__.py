"""Writing comments: receiving, placing, moderating, rechecking, letting go."""

from comments.services.forgetting import forget_lessons
from comments.services.moderating import change_status
from comments.services.placing import delete_comments, fragment_of, remove, store_imported
from comments.services.receiving import NewComment, has_history, is_open, submit_comment
from comments.services.rechecking import recheck, submission_of

__all__ = [
    "NewComment",
    "change_status",
    "delete_comments",
    "forget_lessons",
    "fragment_of",
    "has_history",
    "is_open",
    "recheck",
    "remove",
    "store_imported",
    "submission_of",
    "submit_comment",
]
