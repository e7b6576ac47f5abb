"""The first reading of files: what is in them, before anything is written.

Later items of a file may be what earlier ones refer to, so their addresses are collected first.
Memory grows by some hundred bytes an item.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from wagtail.contrib.redirects.models import Redirect

from wordpress.importing.languages import language_of
from wordpress.importing.parting import parts_of
from wordpress.wxr.errors import WXRError
from wordpress.wxr.reading import read_wxr
from wordpress.wxr.records import Author, Item, MoreComments, Site, Term

# What WordPress writes of a post, and what this system writes of a path that no slug tells.
OLD_SLUG, OLD_PATH = "_wp_old_slug", "_candour_old_path"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stood: its type, number, parent, slug and language, and its address's date."""

    type: str
    id: int
    parent: int
    slug: str
    status: str
    date: str
    date_gmt: str
    language: str


@dataclass
class Survey:
    """What files of one site hold. `old_paths` are those that items had before `by_path`."""

    site: Site
    files: list[Path] = field(default_factory=list)
    authors: dict[str, Author] = field(default_factory=dict)
    creators: dict[str, int] = field(default_factory=dict)
    terms: list[Term] = field(default_factory=list)
    places: dict[int, Place] = field(default_factory=dict)
    by_path: dict[str, int] = field(default_factory=dict)
    old_paths: dict[str, int] = field(default_factory=dict)
    files_by_address: dict[str, int] = field(default_factory=dict)
    items: int = 0
    comments: int = 0
    faults: list[tuple[Path, WXRError]] = field(default_factory=list)

    @property
    def host(self) -> str:
        return parts_of(self.site.url).netloc.lower()


def survey(files: Sequence[Path]) -> list[Survey]:
    """Read all files and return what each site in them holds, in the order of the files.

    A fault of a file is kept with what was read before it.
    """
    found: dict[str, Survey] = {}
    for path in files:
        own: Survey | None = None
        try:
            for record in records_of(path):
                if isinstance(record, Site):
                    own = found.setdefault(record.url, Survey(record))
                    own.files.append(path)
                elif own is not None:
                    take(own, record)
        except WXRError as fault:
            if own is None:
                own = found.setdefault(f"unread {path}", Survey(Site()))
            own.faults.append((path, fault))
    return list(found.values())


def records_of(path: Path) -> Iterator[Site | Author | Term | Item | MoreComments]:
    """Yield the records of a file; raises WXRError, also where it cannot be opened.

    WordPress stores the names of terms and people as HTML; here they are plain words.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise WXRError("unreadable") from error
    with file:
        is_ours = False
        for record in read_wxr(file):
            if isinstance(record, Site):
                is_ours = record.is_ours
            elif not is_ours:
                name_plainly(record)
            yield record


def name_plainly(record: Author | Term | Item | MoreComments) -> None:
    if isinstance(record, Author):
        record.display_name = unescape(record.display_name)
    elif isinstance(record, Term):
        record.name = unescape(record.name)
    else:
        for comment in record.comments:
            comment.author = unescape(comment.author)
    if isinstance(record, Item):
        for filing in record.filings:
            filing.name = unescape(filing.name)


def take(own: Survey, record: Site | Author | Term | Item | MoreComments) -> None:
    if isinstance(record, Author):
        own.authors.setdefault(record.login.strip().lower(), record)
    elif isinstance(record, Term):
        own.terms.append(record)
    elif isinstance(record, MoreComments):
        own.comments += len(record.comments)
    elif isinstance(record, Item):
        own.items += 1
        own.comments += len(record.comments)
        if record.creator.strip():
            own.creators.setdefault(record.creator.strip(), record.line)
        take_place(own, record)


def take_place(own: Survey, item: Item) -> None:
    if item.kind == "nav_menu_item" or not item.id:
        return
    own.places.setdefault(
        item.id,
        Place(
            item.kind,
            item.id,
            item.parent,
            item.slug,
            item.status,
            item.date,
            item.date_gmt,
            language_of(item),
        ),
    )
    if path := path_in(item.link):
        own.by_path.setdefault(path, item.id)
    for path in old_paths_of(item):
        own.old_paths.setdefault(path, item.id)
    if item.attachment_url:
        own.files_by_address.setdefault(address_of(item.attachment_url), item.id)


def path_in(link: str) -> str:
    """Return the path by which an address of a page is known, "" for the start or a query."""
    parts = parts_of(link)
    path = unquote(parts.path).strip("/")
    return f"/{path}/" if path and not parts.query else ""


def old_paths_of(item: Item) -> Iterator[str]:
    """Yield the paths that led to an item before, as Redirect.normalise_path() writes them.

    WordPress keeps a post's former slugs and finds them below the post's own day.
    """
    beside = path_in(item.link).rstrip("/").rpartition("/")[0]
    for key, value in item.meta:
        if key == OLD_PATH and value.startswith("/") and parts_of(value).path:
            yield Redirect.normalise_path(value)
        elif key == OLD_SLUG and beside and (slug := unquote(value.strip())):
            yield Redirect.normalise_path(f"{beside}/{slug}")


def address_of(url: str) -> str:
    """Return a file's address without scheme and query, as texts may spell either differently."""
    parts = parts_of(url)
    return f"{parts.netloc.lower()}{unquote(parts.path)}"
