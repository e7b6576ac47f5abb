"""What happened, told to whoever wants to know; every signal has a real receiver.

Services send a signal after they have changed state, inside the same transaction. Receivers
enqueue work on commit and do nothing slow.
"""

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True)
class CommentChange:
    """A comment, the target it stands under, and its state before and after."""

    comment_id: int
    target_id: int
    old: str
    new: str


@dataclass(frozen=True)
class CommentPlace:
    """A comment that is gone, and the target under which it stood."""

    comment_id: int
    target_id: int


# An image's file or sizes changed. Arguments: image_id.
image_changed = Signal()

# A post of an account was published. Arguments: author_id.
author_published = Signal()

# What an account made is another's from now on. Arguments: old_id, new_id.
works_reassigned = Signal()
# A post, page or item became readable for everybody, changed while it was, is so no longer, or is
# gone. Arguments: entry_id and kind, which is "post", "page" or the name of a custom type; sent on
# every way of writing.
entry_published = Signal()
entry_updated = Signal()
entry_unpublished = Signal()
entry_deleted = Signal()

# A comment was stored. Arguments: comment_id, target_id, status.
comment_created = Signal()

# Moderators, authors or a rule moved comments to another state, all in one transaction.
# Arguments: changes, a list of CommentChange.
comment_status_changed = Signal()

# Words and persons of comments are gone, all in one transaction.
# Arguments: places, a list of CommentPlace.
comment_erased = Signal()
