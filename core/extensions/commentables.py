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
    """Finds targets; what the public may not read is left out.

    get_many  by id, in one query or from memory while the generation of pages is unchanged
    at        the target that is shown at a path of the site, such as /2026/03/01/slug/
    opened    those that a password opens, by id
    status_of  WordPress's word for why the public may not read what get_many leaves out: draft,
              pending, future, private or trash, "protected" where a password is asked for, and
              None where there is no such target
    """

    def get_many(self, ids: Iterable[int]) -> Mapping[int, CommentTarget]: ...

    def at(self, path: str) -> CommentTarget | None: ...

    def opened(self, ids: Iterable[int], password: str) -> Mapping[int, CommentTarget]: ...

    def status_of(self, target_id: int) -> str | None: ...


class Commenting(Protocol):
    """What those who own targets ask of those who own comments.

    are_new_targets_open  whether a new target takes comments
    has_page              whether a target has a page of comments of this number, 1 or more, that
                          is reached by an address of its own
    """

    def are_new_targets_open(self) -> bool: ...

    def has_page(self, target_id: int, number: int) -> bool: ...


comment_targets: Slot[CommentTargets] = Slot("comment targets")
commenting: Slot[Commenting] = Slot("commenting")
