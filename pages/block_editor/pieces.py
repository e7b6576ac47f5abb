"""Between block-editor text and the stream data of a body, so that no block is lost. Pure.

Reading cuts a text into pieces, one for each block of the body, and keeps of each where it stands
and what its value was (a digest). Writing gives the piece of every block whose value is still the
same, character by character, and serialises the others.
"""

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from html import unescape
from typing import Any, NamedTuple

from pages.block_editor.containers import CONTAINERS, read_button, write_button
from pages.block_editor.grammar import Block, has_blocks, parse
from pages.block_editor.mapping import LEAVES, Kind, Known
from pages.block_editor.rich import SPACES

# What is longer, or has more blocks, is kept as one raw block: no editor would edit it as blocks.
LONGEST_TEXT = 2_000_000
LONGEST_BLOCK = 100_000
MOST_BLOCKS = 2_000
PICTURE_KEY = re.compile(r'<!--\s+wp:image\s+{[^>]{0,500}?"id":\s?(\d{1,9})')
TOKENS = re.compile(r"<[^<>]*>|[^<]+|<")

Child = tuple[str, Any, str]
KINDS = {**LEAVES, "button": Kind(("core/button",), read_button, write_button)}
KIND_OF = {name: kind for kind, each in KINDS.items() for name in each.names}
CONTAINER_OF = {each.name: kind for kind, each in CONTAINERS.items()}


class Piece(NamedTuple):
    """Where a block stands in the text, and the digest of the value it had then."""

    digest: str
    start: int
    end: int


class Cut(NamedTuple):
    """A text as stream data, with the piece of each block, inner ones too, by its id."""

    stream: list[dict[str, Any]]
    pieces: dict[str, Piece]


class Writer:
    """Writes stream data as block-editor text and notes the pieces anew."""

    def __init__(
        self, text: str = "", pieces: Mapping[str, Piece] | None = None,
        pictures: Mapping[int, Known] | None = None, is_alone: bool = False,
    ) -> None:  # fmt: skip
        self.before, self.old = text, pieces or {}
        self.pictures = pictures
        self.is_alone = is_alone
        self.parts: list[str] = []
        self.position = 0
        self.pieces: dict[str, Piece] = {}
        self.places: dict[str, tuple[int, int]] = {}

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def expand(self, html: str) -> str:
        """Return rich text with the addresses of internal links; here as it is."""
        return html

    def put(self, text: str) -> None:
        self.parts.append(text)
        self.position += len(text)

    def document(self, stream: Sequence[Mapping[str, Any]]) -> str:
        """Write a whole body and return its text."""
        self.is_alone = len(stream) == 1
        first = min((piece.start for piece in self.old.values()), default=len(self.before))
        last = max((piece.end for piece in self.old.values()), default=first)
        self.put(blank(self.before[:first]))
        self.stream([(each["type"], each["value"], each["id"]) for each in stream])
        self.put(blank(self.before[last:]))
        return self.text

    def keep_all(self) -> None:
        """Take the text as it was, where every block of the body is still what its piece says."""
        self.put(self.before)
        self.pieces = dict(self.old)
        self.places = {key: (piece.start, piece.end) for key, piece in self.old.items()}

    def stream(self, children: Iterable[Child]) -> None:
        last = None
        for child in children:
            undo, before = len(self.parts), self.position
            if last is not None:
                self.put(self.gap(last, child[2]))
            begun = self.position
            self.block(child)
            if self.position == begun:
                # An empty block leaves no gap behind.
                del self.parts[undo:]
                self.position = before
            else:
                last = child[2]
                self.places[last] = (begun, self.position)

    def gap(self, last: str, following: str) -> str:
        one, other = self.old.get(last), self.old.get(following)
        if one and other and one.end <= other.start:
            between = self.before[one.end : other.start]
            if not between.strip():
                return between
        return "\n\n"

    def block(self, child: Child) -> None:
        kind, _value, key = child
        piece = None if kind == "classic" and not self.is_alone else self.old.get(key)
        if piece is None:
            self.fresh(child, None)
            return
        digest = digest_of(child)
        start = self.position
        if digest == piece.digest:
            shift = start - piece.start
            for inner in keys_in(child):
                if kept := self.old.get(inner):
                    self.pieces[inner] = Piece(kept.digest, kept.start + shift, kept.end + shift)
            self.put(self.before[piece.start : piece.end])
        else:
            self.fresh(child, block_at(self.before, piece, kind))
        self.pieces[key] = Piece(digest, start, self.position)

    def pieces_of(self, child: Child, start: int) -> dict[str, Piece]:
        """Return the pieces of a block that was written, and of those in it, for another place."""
        key = child[2]
        begun, end = self.places[key]
        shift = start - begun
        digest = self.pieces[key].digest if key in self.pieces else digest_of(child)
        found = {key: Piece(digest, start, end + shift)}
        for key in keys_in(child):
            if piece := self.pieces.get(key):
                found[key] = Piece(piece.digest, piece.start + shift, piece.end + shift)
        return found

    def fresh(self, child: Child, old: Block | None) -> None:
        """Write a block from its value, changing nothing else of what it was."""
        kind, value, _key = child
        if kind in CONTAINERS:
            CONTAINERS[kind].write(value, old, self)
        elif kind in KINDS:
            self.put(KINDS[kind].write(value, old, self))


class Reader:
    """Cuts a text into stream data."""

    def __init__(self, text: str, pictures: Mapping[int, Known]) -> None:
        self.text, self.pictures = text, pictures
        self.pieces: dict[str, Piece] = {}

    def cut(self) -> Cut:
        text = self.text
        if not text.strip():
            return Cut([], {})
        if not has_blocks(text):
            return Cut([self.as_text("classic", text, 0, len(text))], self.pieces)
        document = parse(text) if len(text) <= LONGEST_TEXT else None
        if document is None or len(document.children) > MOST_BLOCKS:
            return Cut([self.as_text("raw", text, 0, len(text))], self.pieces)
        stream = []
        position = 0
        for part in document.parts:
            if isinstance(part, Block):
                stream.append(self.any(part))
                position = part.end
            else:
                if part.strip():
                    start = position + len(part) - len(part.lstrip())
                    stream.append(self.as_text("raw", text, start, position + len(part.rstrip())))
                position += len(part)
        return Cut(stream, self.pieces)

    def any(self, block: Block, within: str = "") -> dict[str, Any]:
        """Return a block as its kind, or as a raw one if its kind cannot hold all of it."""
        kind = KIND_OF.get(block.name) or CONTAINER_OF.get(block.name) or ""
        known = len(self.pieces)
        value = self.value(kind, block) if kind not in ("button", "column", within) else None
        if value is None:
            # What it holds was read, but is not in the stream now.
            while len(self.pieces) > known:
                self.pieces.popitem()
            return self.as_text("raw", block.source, block.start, block.end)
        return self.keep({"type": kind, "value": value, "id": str(uuid.uuid4())}, block, kind)

    def only(self, kind: str, block: Block) -> dict[str, Any] | None:
        """Return a block as an item of a list of one kind, or None."""
        value = self.value(kind, block)
        if value is None:
            return None
        return self.keep({"type": "item", "value": value, "id": str(uuid.uuid4())}, block, kind)

    def value(self, kind: str, block: Block) -> Any:
        if block.closing == "" and block.opened != block.end:
            # Never closed: only raw text says that.
            return None
        if kind in CONTAINERS:
            value = CONTAINERS[kind].read(block, self)
        elif kind in KINDS and block.end - block.start <= LONGEST_BLOCK:
            value = KINDS[kind].read(block, self.pictures)
        else:
            return None
        return None if value is None or not self.is_held(kind, value, block) else value

    def is_held(self, kind: str, value: Any, block: Block) -> bool:
        """Tell whether a value, written back, says all that its block says."""
        writer = Writer(self.text, self.pieces, self.pictures)
        writer.fresh((kind, value, ""), block)
        written = writer.text
        return written == block.text or saying(written) == saying(block.text)

    def as_text(self, kind: str, text: str, start: int, end: int) -> dict[str, Any]:
        key = str(uuid.uuid4())
        value = text[start:end]
        self.pieces[key] = Piece(digest_of((kind, value, key)), start, end)
        return {"type": kind, "value": value, "id": key}

    def keep(self, child: dict[str, Any], block: Block, kind: str) -> dict[str, Any]:
        digest = digest_of((kind, child["value"], child["id"]))
        self.pieces[child["id"]] = Piece(digest, block.start, block.end)
        return child


def cut(text: str, pictures: Mapping[int, Known]) -> Cut:
    """Return a text as the stream data of a body and the pieces that lead back to it."""
    return Reader(text, pictures).cut()


def digest_of(child: Child) -> str:
    """Return what tells an edited block from one that a form only read and saved.

    Two values that are written alike are the same value; pictures count by their keys.
    """
    kind, _value, _key = child
    writer = Writer(is_alone=True)
    writer.fresh(child, None)
    return sha256(f"{kind} {writer.text}".encode()).hexdigest()


def keys_in(child: Child) -> Iterable[str]:
    kind, value, _key = child
    if kind in CONTAINERS:
        for inner in CONTAINERS[kind].children(value):
            yield inner[2]
            yield from keys_in(inner)


def block_at(text: str, piece: Piece, kind: str) -> Block | None:
    """Return the block that a piece is, if it is still one block of a kind."""
    if kind in ("raw", "classic"):
        return None
    found = parse(text[piece.start : piece.end]).children
    names = (CONTAINERS[kind].name,) if kind in CONTAINERS else KINDS[kind].names
    return found[0] if len(found) == 1 and found[0].name in names else None


def picture_keys(text: str) -> set[int]:
    """Return the keys of the pictures that blocks of a text name."""
    return {int(key) for key in PICTURE_KEY.findall(text)}


def keys_of_pictures(stream: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the keys of the pictures in stream data."""
    keys: set[int] = set()
    pending: list[Child] = [(each["type"], each["value"], each["id"]) for each in stream]
    while pending:
        kind, value, _key = pending.pop()
        if kind == "picture" and value.get("image"):
            keys.add(value["image"])
        if kind in CONTAINERS:
            pending.extend(CONTAINERS[kind].children(value))
    return keys


def saying(text: str) -> Counter[str]:
    """Return the elements and words of a text, whatever their order among neighbours."""
    tokens = (SPACES.sub(" ", unescape(token)).strip() for token in TOKENS.findall(text))
    return Counter(filter(None, tokens))


def blank(text: str) -> str:
    return "" if text.strip() else text
