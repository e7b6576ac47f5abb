"""The site's discussion settings as this room's screeners ask for them: once a comment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from comments.models import DiscussionSettings

_rules: ContextVar[DiscussionSettings | None] = ContextVar("site_rules", default=None)


def site_rules() -> DiscussionSettings:
    """Return the settings of the screening that is under way, or load them."""
    return _rules.get() or DiscussionSettings.current()


@contextmanager
def loaded_once() -> Iterator[DiscussionSettings]:
    """Load the settings once for everything that asks inside the block."""
    token = _rules.set(DiscussionSettings.current())
    try:
        yield site_rules()
    finally:
        _rules.reset(token)
