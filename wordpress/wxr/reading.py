"""Reading WXR 1.0 to 1.2 as a stream of records.

Memory stays that of the longest item, whatever the size of the file: records are handed out as
soon as they are whole. Nothing outside the file is ever looked at. Names are told apart by the
namespace that their prefix is bound to, in either spelling; a prefix that nothing binds means what
WordPress means by it.
"""

import re
from collections import deque
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from typing import Any, BinaryIO
from xml.parsers import expat

from wordpress.wxr.errors import WXRError
from wordpress.wxr.records import (
    Author,
    Comment,
    Filing,
    Item,
    Meta,
    MoreComments,
    Record,
    Site,
    Term,
)

CHUNK = 64 * 1024
# The deepest element of an export stands at six.
DEEPEST = 100
# The longest text of one element, and what all texts of one item may take together, in characters.
LONGEST_TEXT = 64 * 1024 * 1024
# So many comments of one item are handed out at a time.
COMMENTS_AT_A_TIME = 1000
# Blanks and byte order marks, in whatever order a careless program wrote them.
NOTHING = re.compile(rb"(?:[ \t\r\n]|\xef\xbb\xbf)*")

WORDPRESS = re.compile(r"https?://(?:www\.)?wordpress\.org/export/[\d.]+/?")
EXCERPT = re.compile(r"https?://(?:www\.)?wordpress\.org/export/[\d.]+/excerpt/?")
CONTENT = re.compile(r"https?://purl\.org/rss/[\d.]+/modules/content/?")
DUBLIN_CORE = re.compile(r"https?://purl\.org/dc/(?:elements/[\d.]+|terms)/?")
OWN = re.compile(r"urn:candour:wxr")
MEANINGS = ((OWN, "candour"), (EXCERPT, "excerpt"), (WORDPRESS, "wp"), (CONTENT, "content"),
            (DUBLIN_CORE, "dc"))  # fmt: skip
USUAL = {"wp": "wp", "excerpt": "excerpt", "content": "content", "dc": "dc", "": ""}

SITE = {"title": "title", "link": "link", "description": "description", "language": "language",
        "pubDate": "published", "wp:wxr_version": "version",
        "wp:base_site_url": "base_site_url", "wp:base_blog_url": "base_blog_url",
        "candour:timezone": "timezone"}  # fmt: skip
AUTHOR = {"wp:author_id": "id", "wp:author_login": "login", "wp:author_email": "email",
          "wp:author_display_name": "display_name", "wp:author_first_name": "first_name",
          "wp:author_last_name": "last_name"}  # fmt: skip
CATEGORY = {"wp:term_id": "id", "wp:category_nicename": "slug", "wp:category_parent": "parent",
            "wp:cat_name": "name", "wp:category_description": "description"}  # fmt: skip
TAG = {"wp:term_id": "id", "wp:tag_slug": "slug", "wp:tag_name": "name",
       "wp:tag_description": "description"}  # fmt: skip
TERM = {"wp:term_id": "id", "wp:term_taxonomy": "taxonomy", "wp:term_slug": "slug",
        "wp:term_parent": "parent", "wp:term_name": "name",
        "wp:term_description": "description"}  # fmt: skip
ITEM = {"title": "title", "link": "link", "pubDate": "published", "dc:creator": "creator",
        "guid": "guid", "description": "description", "content:encoded": "content",
        "excerpt:encoded": "excerpt", "wp:post_id": "id", "wp:post_date": "date",
        "wp:post_date_gmt": "date_gmt", "wp:post_modified": "modified",
        "wp:post_modified_gmt": "modified_gmt", "wp:comment_status": "comment_status",
        "wp:ping_status": "ping_status", "wp:post_name": "slug", "wp:status": "status",
        "wp:post_parent": "parent", "wp:menu_order": "menu_order", "wp:post_type": "type",
        "wp:post_password": "password", "wp:is_sticky": "is_sticky",
        "wp:attachment_url": "attachment_url"}  # fmt: skip
COMMENT = {"wp:comment_id": "id", "wp:comment_author": "author",
           "wp:comment_author_email": "email", "wp:comment_author_url": "url",
           "wp:comment_author_IP": "ip", "wp:comment_date": "date",
           "wp:comment_date_gmt": "date_gmt", "wp:comment_content": "content",
           "wp:comment_approved": "approved", "wp:comment_type": "type",
           "wp:comment_parent": "parent", "wp:comment_user_id": "user_id",
           # No WordPress writes it; exports that mean to keep it do.
           "wp:comment_agent": "agent"}  # fmt: skip
META = {"wp:meta_key": 0, "wp:meta_value": 1}
NUMBERS = frozenset({"id", "parent", "menu_order", "is_sticky", "user_id"})
# Below the channel: what each element begins, and the names of what stands in it.
PARTS: dict[str, tuple[Callable[[], Any], dict[str, str]]] = {
    "wp:author": (Author, AUTHOR),
    "wp:category": (lambda: Term("category"), CATEGORY),
    "wp:tag": (lambda: Term("post_tag"), TAG),
    "wp:term": (lambda: Term(""), TERM),
    "item": (Item, ITEM),
}
META_ELEMENTS = frozenset({"wp:postmeta", "wp:commentmeta", "wp:termmeta"})


def read_wxr(file: BinaryIO) -> Iterator[Record]:
    """Yield what a file holds in its order, the site first.

    Raises WXRError at a fault, after everything that is whole before it was yielded.
    """
    reader = Reader()
    try:
        skipped, chunk = past_blanks(file)
        reader.lines_before = skipped
        while chunk:
            yield from reader.feed(chunk)
            chunk = file.read(CHUNK)
    except OSError as error:
        raise WXRError("unreadable") from error
    yield from reader.feed(b"", is_last=True)


def past_blanks(file: BinaryIO) -> tuple[int, bytes]:
    """Return how many lines stand before the first sign of XML, and the bytes from it on."""
    lines = 0
    while chunk := file.read(CHUNK):
        blanks = NOTHING.match(chunk)
        end = blanks.end() if blanks else 0
        lines += chunk[:end].count(b"\n")
        if end < len(chunk):
            return lines, chunk[end:]
    return lines, b""


class Reader:
    """Takes bytes and gives records."""

    def __init__(self) -> None:
        self.lines_before = 0
        self._ready: deque[Record] = deque()
        self._fault: WXRError | None = None
        self._path: list[str] = []
        self._bindings: list[dict[str, str]] = [USUAL]
        self._text: list[str] | None = None
        self._text_depth = 0
        self._taken = 0
        self._site = Site()
        self._is_site_told = False
        self._part: Any = None
        self._names: dict[str, str] = {}
        self._comment: Comment | None = None
        self._pair: list[str] | None = None
        self._is_continued = False
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.buffer_size = CHUNK
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add_text
        parser.EntityDeclHandler = self._refuse_entities
        parser.UnparsedEntityDeclHandler = self._refuse_entities
        parser.ExternalEntityRefHandler = self._refuse_outside
        parser.StartDoctypeDeclHandler = self._begin_doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self._parser = parser

    def feed(self, data: bytes, *, is_last: bool = False) -> Iterator[Record]:
        """Yield what became whole; raises the fault behind it."""
        fault = None
        try:
            self._parser.Parse(data, is_last)
        except expat.ExpatError as error:
            fault = WXRError("malformed", error.lineno + self.lines_before, error.offset + 1)
        except (ValueError, LookupError):
            # An encoding that nobody knows, or of several bytes a sign.
            fault = self._fault_here("malformed")
        except WXRError as error:
            fault = error
        if is_last and fault is None and not self._is_site_told:
            fault = WXRError("not_wxr", 1, 1)
        while self._ready:
            yield self._ready.popleft()
        if fault is not None:
            raise fault

    def _fault_here(self, code: str) -> WXRError:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber
        return WXRError(code, line + self.lines_before, column + 1)

    def _refuse_entities(self, *_: Any) -> None:
        raise self._fault_here("declares_entities")

    def _refuse_outside(self, *_: Any) -> int:
        raise self._fault_here("outside_reference")

    def _begin_doctype(self, name: str, system: str | None, public: str | None, _own: int) -> None:
        if system or public:
            raise self._fault_here("outside_reference")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= DEEPEST:
            raise self._fault_here("nested_too_deeply")
        bindings = self._bindings[-1]
        if any(name.startswith("xmlns") for name in attributes):
            bindings = bound(bindings, attributes)
        self._bindings.append(bindings)
        name = meaning(tag, bindings)
        self._path.append(name)
        depth = len(self._path)
        if self._text is not None:
            # Markup that nobody put into CDATA: its words count, its tags do not.
            return
        if depth == 3 and self._path[:2] == ["rss", "channel"]:
            self._start_in_channel(name)
        elif self._part is not None:
            self._start_in_part(name, depth, attributes)

    def _start_in_channel(self, name: str) -> None:
        if name in PARTS:
            self._tell_site()
            make, self._names = PARTS[name]
            self._part, self._taken = make(), 0
            if isinstance(self._part, Item):
                self._part.line = self._parser.CurrentLineNumber + self.lines_before
                self._is_continued = False
        elif name in SITE:
            self._begin_text(name, depth=3)

    def _start_in_part(self, name: str, depth: int, attributes: dict[str, str]) -> None:
        above = self._path[-2]
        if name == "wp:comment" and depth == 4 and isinstance(self._part, Item):
            self._comment = Comment()
        elif name in META_ELEMENTS and self._pair is None:
            self._pair = ["", ""]
        elif above in META_ELEMENTS:
            self._begin_text(name, depth, among=META)
        elif self._comment is not None:
            self._begin_text(name, depth, among=COMMENT if above == "wp:comment" else {})
        elif depth == 4 and name == "category" and isinstance(self._part, Item):
            taxonomy, slug = attributes.get("domain"), attributes.get("nicename")
            self._part.filings.append(Filing(taxonomy or "", slug or "", ""))
            self._begin_text(name, depth)
        elif depth == 4 and name in self._names:
            if name == "guid" and isinstance(self._part, Item):
                self._part.guid_is_link = attributes.get("isPermaLink", "")
            self._begin_text(name, depth)

    def _begin_text(self, name: str, depth: int, among: Container[str] | None = None) -> None:
        if among is None or name in among:
            self._text, self._text_depth = [], depth

    def _end(self, tag: str) -> None:
        name = self._path.pop()
        self._bindings.pop()
        depth = len(self._path)
        if self._text is not None:
            if depth >= self._text_depth:
                return
            text = "".join(self._text)
            self._text = None
            if depth == 2:
                setattr(self._site, SITE[name], text)
            elif self._pair is not None:
                self._pair[META[name]] = text
            elif self._comment is not None:
                self._set(self._comment, COMMENT[name], text)
            elif name == "category":
                self._part.filings[-1].name = text
            else:
                self._set(self._part, self._names[name], text)
        elif self._pair is not None and name in META_ELEMENTS:
            self._end_meta()
        elif self._comment is not None and name == "wp:comment":
            self._end_comment()
        elif self._part is not None and depth == 2:
            self._end_part()
        elif depth == 1 and name == "channel":
            self._tell_site()

    def _end_meta(self) -> None:
        key, value = self._pair or ("", "")
        self._pair = None
        kept: Meta | None = getattr(self._comment or self._part, "meta", None)
        if kept is not None:
            kept.append((key, value))

    def _end_comment(self) -> None:
        item: Item = self._part
        item.comments.append(self._comment)  # type: ignore[arg-type]  # what begins, ends
        self._comment = None
        if len(item.comments) >= COMMENTS_AT_A_TIME:
            self._hand_out(item)
            self._taken = 0

    def _end_part(self) -> None:
        part, self._part = self._part, None
        if not isinstance(part, Item):
            self._ready.append(part)
        elif not self._is_continued or part.comments:
            self._hand_out(part)

    def _hand_out(self, item: Item) -> None:
        """Hand an item out with the comments read so far; later ones are handed out apart."""
        if self._is_continued:
            self._ready.append(MoreComments(item.id, item.comments))
            item.comments = []
            return
        self._is_continued = True
        self._ready.append(item)
        if self._part is not None:
            self._part = Item(id=item.id)

    def _set(self, record: Any, name: str, text: str) -> None:
        # A term's parent is named by its slug.
        is_number = name in NUMBERS and not (name == "parent" and isinstance(record, Term))
        setattr(record, name, whole_number(text) if is_number else text)

    def _add_text(self, text: str) -> None:
        if self._text is None:
            return
        self._taken += len(text)
        if self._taken > LONGEST_TEXT:
            raise self._fault_here("too_large")
        self._text.append(text)

    def _tell_site(self) -> None:
        if not self._is_site_told:
            self._is_site_told = True
            self._ready.append(self._site)


def bound(bindings: dict[str, str], attributes: dict[str, str]) -> dict[str, str]:
    """Return what prefixes mean below an element with these attributes."""
    own = dict(bindings)
    for name, uri in attributes.items():
        if name == "xmlns" or name.startswith("xmlns:"):
            prefix = name[6:]
            found = next((short for pattern, short in MEANINGS if pattern.fullmatch(uri.strip())),
                         None)  # fmt: skip
            # A default namespace that means nothing here leaves plain names plain.
            own[prefix] = found if found is not None else ("" if not prefix else f"{{{uri}}}")
    return own


def meaning(tag: str, bindings: dict[str, str]) -> str:
    """Return an element's name with the prefix that WordPress gives it."""
    prefix, _, local = tag.rpartition(":")
    known = bindings.get(prefix, prefix)
    return f"{known}:{local}" if known else local


def whole_number(text: str) -> int:
    """Return a number as WordPress's intval reads it, 0 for none."""
    with suppress(ValueError):
        return int(text.strip()[:20])
    return 0
