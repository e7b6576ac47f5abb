"""What happened, told to whoever wants to know; every signal has a real receiver.

Services send a signal after they have changed state, inside the same transaction. Receivers
enqueue work on commit and do nothing slow.
"""

from django.dispatch import Signal

# An image's file or sizes changed. Arguments: image_id.
image_changed = Signal()

# A post of an account was published. Arguments: author_id.
author_published = Signal()

# A comment was stored. Arguments: comment_id, target_id, status.
comment_created = Signal()

# A moderator, its author or a rule moved a comment to another state.
# Arguments: comment_id, target_id, old, new.
comment_status_changed = Signal()

# A comment's words and person are gone. Arguments: comment_id, target_id.
comment_erased = Signal()
