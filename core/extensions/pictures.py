"""Pictures: how a room that refers to an image by key shows it, without knowing the library."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from django.core.files.base import File

from core.extensions.registry import Slot


@dataclass(frozen=True)
class Source:
    """A picture in another format: its media type and its sizes with their widths."""

    type: str
    srcset: str


class Size(NamedTuple):
    """A picture in one of WordPress's named sizes."""

    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """An image ready for an <img>: addresses are below the site's root or whole.

    `srcset` lists the smaller sizes with their widths, "" where there are none. `sources` are the
    same picture in formats that not every browser reads, the best first. `sizes` has the smaller
    ones by WordPress's names: thumbnail, medium, medium_large, large. The alternative text of a
    decorative picture is empty on purpose.
    """

    id: int
    url: str
    width: int
    height: int
    alt: str
    caption: str
    srcset: str
    sources: tuple[Source, ...] = ()
    is_decorative: bool = False
    sizes: Mapping[str, Size] = field(default_factory=dict)


class Pictures(Protocol):
    """Looks images up by id in one query; an image that is gone is left out.

    `stripped` is for uploads that a room stores itself: it returns the file as it may be stored,
    and raises a CMSError whose sentence names the fault where it may not be. `attached_to` answers
    the ids of the images that hang on a page, in the order in which they came.
    """

    def get_many(self, ids: Iterable[int]) -> Mapping[int, Picture]: ...

    def attached_to(self, page_id: int) -> Sequence[int]: ...

    def stripped(self, upload: "File[bytes]") -> "File[bytes]": ...


pictures: Slot[Pictures] = Slot("pictures")
