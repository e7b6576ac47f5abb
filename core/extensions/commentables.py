"""Commentable targets: what a visitor comment can stand under."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.extensions.registry import Slot


@dataclass(frozen=True)
class CommentTarget:
    """A thing that can be commented on, as the public may see it.

    `content_type` is "app_label.model" of the specific type; `link` is a whole address;
    `author_ids` are the accounts whose own comments need no approval.
    """

    id: int
    content_type: str
    title: str
    link: str
    language: str
    is_open: bool
    published_at: datetime | None = None
    author_ids: tuple[int, ...] = ()


class CommentTargets(Protocol):
    """Finds targets by id in one query; what the public may not read is left out."""

    def get_many(self, ids: Iterable[int]) -> Mapping[int, CommentTarget]: ...


comment_targets: Slot[CommentTargets] = Slot("comment targets")
