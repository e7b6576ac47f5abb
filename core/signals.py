"""What happened, told to whoever wants to know; every signal has a real receiver.

Services send a signal after they have changed state, inside the same transaction. Receivers
enqueue work on commit and do nothing slow.
"""

from django.dispatch import Signal

# A visitor comment was stored or changed state.
# Arguments: comment_id, target_id, old_status ("" when new), new_status.
comment_status_changed = Signal()

# A policy version was published. Arguments: version_id, document_slug, number.
policy_version_published = Signal()

# A person's data was erased. Arguments: request_id, providers (identifier -> number removed).
personal_data_erased = Signal()

# An image's file or sizes changed. Arguments: image_id.
image_changed = Signal()

# A post of an account was published. Arguments: author_id.
author_published = Signal()
