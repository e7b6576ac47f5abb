"""Writing comments: receiving, placing, moderating, amending, rechecking, letting go."""

from comments.services.amending import Amendment, amend_comment
from comments.services.answering import reply_as_moderator
from comments.services.deciding_many import carry_on, decide_on_all, undo_all
from comments.services.forgetting import forget_lessons
from comments.services.history import has_history
from comments.services.importing import (
    ImportedComment,
    change_imported,
    prepare_imported,
    store_imported_many,
)
from comments.services.moderating import (
    Decided,
    approve_and_trust,
    change_status,
    correct_text,
    decide_on,
    delete_for_good,
    spam_and_block,
    undo,
)
from comments.services.placing import (
    announce,
    delete_comments,
    fragment_of,
    keep_records,
    place,
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
from comments.services.trusting import is_trusted

__all__ = [
    "Amendment",
    "Decided",
    "Examined",
    "ImportedComment",
    "NewComment",
    "amend_comment",
    "announce",
    "approve_and_trust",
    "carry_on",
    "change_imported",
    "change_status",
    "correct_text",
    "decide_on",
    "decide_on_all",
    "delete_comments",
    "delete_for_good",
    "examine",
    "forget_lessons",
    "fragment_of",
    "has_history",
    "is_open",
    "is_trusted",
    "keep",
    "keep_records",
    "open_target",
    "place",
    "prepare_imported",
    "recheck",
    "reply_as_moderator",
    "spam_and_block",
    "store_imported",
    "store_imported_many",
    "submission_of",
    "submit_comment",
    "undo",
    "undo_all",
]
