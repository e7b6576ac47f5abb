"""What a WXR file holds, as it stands there: text, and numbers where WordPress writes numbers."""

from dataclasses import dataclass, field

Meta = list[tuple[str, str]]


@dataclass(slots=True)
class Site:
    """The site that was exported; `url` is where visitors read it.

    `timezone` is what the local times are meant in; only this system's own files name it.
    """

    title: str = ""
    link: str = ""
    description: str = ""
    language: str = ""
    published: str = ""
    version: str = ""
    base_site_url: str = ""
    base_blog_url: str = ""
    timezone: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether this system wrote the file."""
        return bool(self.timezone)

    @property
    def url(self) -> str:
        return (self.base_blog_url or self.link or self.base_site_url).strip().rstrip("/")


@dataclass(slots=True)
class Author:
    """An account that wrote something."""

    id: int = 0
    login: str = ""
    email: str = ""
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""


@dataclass(slots=True)
class Term:
    """A category, a tag or a term of another taxonomy; `parent` is the parent's slug."""

    taxonomy: str
    id: int = 0
    slug: str = ""
    parent: str = ""
    name: str = ""
    description: str = ""
    meta: Meta = field(default_factory=list)


@dataclass(slots=True)
class Comment:
    """A comment, pingback or trackback; `parent` is the number of the one it answers."""

    id: int = 0
    author: str = ""
    email: str = ""
    url: str = ""
    ip: str = ""
    date: str = ""
    date_gmt: str = ""
    content: str = ""
    approved: str = ""
    type: str = ""
    parent: int = 0
    user_id: int = 0
    agent: str = ""
    meta: Meta = field(default_factory=list)


@dataclass(slots=True)
class Filing:
    """That an item is filed under a term."""

    taxonomy: str
    slug: str
    name: str


@dataclass(slots=True)
class Item:
    """A post of any type: post, page, attachment, menu entry, or what a plugin brought.

    `line` is where it begins in the file. Of an item with very many comments only the first are
    in `comments`; the others follow as MoreComments.
    """

    line: int = 0
    title: str = ""
    link: str = ""
    published: str = ""
    creator: str = ""
    guid: str = ""
    guid_is_link: str = ""
    description: str = ""
    content: str = ""
    excerpt: str = ""
    id: int = 0
    date: str = ""
    date_gmt: str = ""
    modified: str = ""
    modified_gmt: str = ""
    comment_status: str = ""
    ping_status: str = ""
    slug: str = ""
    status: str = ""
    parent: int = 0
    menu_order: int = 0
    type: str = ""
    password: str = ""
    is_sticky: int = 0
    attachment_url: str = ""
    filings: list[Filing] = field(default_factory=list)
    meta: Meta = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The item's type; that of one without a type is told by what it has."""
        return self.type or ("attachment" if self.attachment_url else "post")

    def meta_value(self, key: str) -> str:
        """Return the first value of a key, "" where there is none."""
        return next((value for name, value in self.meta if name == key), "")


@dataclass(slots=True)
class MoreComments:
    """Further comments of the item that was read last."""

    item_id: int
    comments: list[Comment]


Record = Site | Author | Term | Item | MoreComments
