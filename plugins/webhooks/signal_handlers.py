"""What of the core's signals becomes a message."""

from collections.abc import Sequence
from typing import Any

from core.extensions.content_kinds import custom_types
from core.rest.urls import rest_url
from core.signals import CommentChange, CommentPlace
from plugins.webhooks.models import Event
from plugins.webhooks.services import tell, tell_all

# The words of comment states in core's signals, which are WordPress's.
APPROVED = "approved"


def tell_of_comment(*, comment_id: int, target_id: int, status: str, **kwargs: Any) -> None:
    """Tell of a new comment, and that it is visible if it is."""
    data = described(comment_id, target_id) | {"status": status}
    tell(Event.COMMENT_CREATED, data)
    if status == APPROVED:
        tell(Event.COMMENT_APPROVED, data)


def tell_of_status(*, changes: Sequence[CommentChange], **kwargs: Any) -> None:
    """Tell of comments that became visible, or are so no longer."""
    messages = []
    for change in changes:
        if APPROVED in {change.old, change.new}:
            event = Event.COMMENT_APPROVED if change.new == APPROVED else Event.COMMENT_HIDDEN
            data = described(change.comment_id, change.target_id) | {"status": change.new}
            messages.append((event, data))
    tell_all(messages)


def tell_of_erasure(*, places: Sequence[CommentPlace], **kwargs: Any) -> None:
    """Tell that comments are gone, so that copies of them can go as well."""
    tell_all(
        [(Event.COMMENT_ERASED, described(place.comment_id, place.target_id)) for place in places]
    )


def tell_of_publication(*, entry_id: int, kind: str, **kwargs: Any) -> None:
    """Tell that everybody may read a post, a page or an item of another type."""
    tell(Event.ENTRY_PUBLISHED, described_entry(entry_id, kind))


def tell_of_update(*, entry_id: int, kind: str, **kwargs: Any) -> None:
    """Tell that what everybody may read was changed, or is read elsewhere."""
    tell(Event.ENTRY_UPDATED, described_entry(entry_id, kind))


def tell_of_end(*, entry_id: int, kind: str, **kwargs: Any) -> None:
    """Tell that a post or page is public no longer, so that copies of it can go as well."""
    tell(Event.ENTRY_UNPUBLISHED, described_entry(entry_id, kind))


def tell_of_deletion(*, entry_id: int, kind: str, **kwargs: Any) -> None:
    """Tell that a post or page is gone."""
    tell(Event.ENTRY_DELETED, described_entry(entry_id, kind))


def described_entry(entry_id: int, kind: str) -> dict[str, Any]:
    custom = custom_types().get(kind)
    base = custom.base if custom is not None else f"{kind}s"
    return {"entry": entry_id, "kind": kind, "link": rest_url(f"/wp/v2/{base}/{entry_id}")}


def described(comment_id: int, target_id: int) -> dict[str, Any]:
    return {
        "comment": comment_id,
        "post": target_id,
        "link": rest_url(f"/wp/v2/comments/{comment_id}"),
    }
