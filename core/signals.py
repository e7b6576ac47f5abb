"""What happened, told to whoever wants to know; every signal has a real receiver.

Services send a signal after they have changed state, inside the same transaction. Receivers
enqueue work on commit and do nothing slow.
"""

from django.dispatch import Signal

# An image's file or sizes changed. Arguments: image_id.
image_changed = Signal()

# A post of an account was published. Arguments: author_id.
author_published = Signal()
