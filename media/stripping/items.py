"""The items of a HEIF or AVIF file: its `meta` box, written anew without what must go.

The box keeps its size, so that nothing behind it moves: what is saved becomes a `free` box.
Source: ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12 (HEIF); AVIF 1.1.
"""

from dataclasses import dataclass, field, replace

from media.stripping import exif, harvest, icc, xmp
from media.stripping.boxes import Box, Budget, Cursor, boxes, encode
from media.stripping.errors import DamagedError, EncryptedError
from media.stripping.harvest import Harvest
from media.stripping.inflate import inflate
from media.stripping.jpeg import private_ranges
from media.stripping.overlay import Overlay

PICTURES = frozenset(
    {b"hvc1", b"hev1", b"lhv1", b"av01", b"av02", b"avc1", b"vvc1", b"jpeg", b"j2k1", b"unci",
     b"grid", b"iovl", b"iden", b"tmap", b"mski", b"sato"}
)  # fmt: skip
PROPERTIES = frozenset(
    {b"ispe", b"pixi", b"colr", b"irot", b"imir", b"clap", b"pasp", b"hvcC", b"lhvC", b"av1C",
     b"avcC", b"vvcC", b"j2kH", b"jpgC", b"auxC", b"rloc", b"lsel", b"a1op", b"a1lx", b"clli",
     b"mdcv", b"cclv", b"amve", b"reve", b"ndwt", b"cmpd", b"uncC", b"cmpC", b"icef", b"oinf",
     b"tols", b"iscl", b"av2C"}
)  # fmt: skip
# Words and places of a picture that stand among its properties.
PRIVATE_PROPERTIES = frozenset(
    {b"udes", b"crtt", b"mdft", b"altt", b"taic", b"itai", b"cmin", b"cmex", b"uuid"}
)
# Items that are thumbnails go; a main picture that calls itself one is shown all the same.
REFERENCES = frozenset({b"dimg", b"auxl", b"cdsc", b"prem", b"base", b"exbl", b"tbas", b"thmb"})
GROUPS = frozenset({b"altr", b"ster"})
XMP_TYPE = b"application/rdf+xml"
IN_FILE, IN_BOX = 0, 1
EXIF_PREFIX = b"\0\0\0\6" + exif.HEADER


@dataclass(frozen=True)
class Location:
    """Where an item's bytes are: extents as (index, offset, length), offsets without base."""

    item: int
    method: int
    base: int
    extents: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Item:
    """An item by what it is."""

    number: int
    kind: bytes
    content_type: bytes = b""
    content_encoding: bytes = b""
    version: int = 2
    flags: int = 0


@dataclass
class Sizes:
    """The widths of the numbers in an iloc box."""

    version: int
    offset: int
    length: int
    base: int
    index: int


@dataclass
class Meta:
    """A meta box, read; `fresh` are new contents of items, which find their place later."""

    box: Box
    children: list[Box]
    items: dict[int, Item] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=lambda: Sizes(0, 4, 4, 0, 0))
    references: list[tuple[bytes, int, tuple[int, ...]]] = field(default_factory=list)
    reference_width: int = 2
    primary: int = 0
    idat: Box | None = None
    kept: set[int] = field(default_factory=set)
    fresh: dict[int, bytes] = field(default_factory=dict)
    inner: Overlay | None = None


class ItemReader:
    """Reads and rewrites the meta boxes of one file."""

    def __init__(self, data: bytes, gathered: Harvest, budget: Budget, overlay: Overlay) -> None:
        self.data = data
        self.harvest = gathered
        self.budget = budget
        self.overlay = overlay

    def handler(self, box: Box) -> bytes:
        """Return the handler's type of a meta box, b"" where it has none."""
        for child in boxes(self.data, box.body + 4, box.end, self.budget):
            if child.kind == b"hdlr":
                return self.data[child.body + 8 : child.body + 12]
        return b""

    def read(self, box: Box) -> Meta:
        """Read a meta box, decide what stays, and keep the bytes of pictures in the overlay."""
        meta = Meta(box, list(boxes(self.data, box.body + 4, box.end, self.budget)))
        for child in meta.children:
            self.read_child(meta, child)
        if meta.primary and meta.primary not in meta.items:
            raise DamagedError("The file's main picture is missing.")
        if meta.idat is not None:
            meta.inner = Overlay(self.data[meta.idat.body : meta.idat.end])
        self.choose(meta)
        for number in meta.kept:
            self.keep_item(meta, meta.items[number])
        return meta

    def read_child(self, meta: Meta, child: Box) -> None:
        cursor = Cursor(self.data, child.body, child.end)
        if child.kind == b"pitm":
            meta.primary = cursor.number(4 if cursor.number(4) >> 24 else 2)
        elif child.kind == b"iinf":
            self.read_items(meta, cursor)
        elif child.kind == b"iloc":
            self.read_locations(meta, cursor)
        elif child.kind == b"iref":
            self.read_references(meta, cursor)
        elif child.kind == b"idat":
            meta.idat = child
        elif child.kind == b"ipro":
            raise EncryptedError("The picture is locked.")

    def read_items(self, meta: Meta, cursor: Cursor) -> None:
        version = cursor.number(4) >> 24
        cursor.number(4 if version else 2)
        for box in boxes(self.data, cursor.at, cursor.end, self.budget):
            if box.kind != b"infe":
                continue
            inner = Cursor(self.data, box.body, box.end)
            entry_version, flags = inner.number(1), inner.number(3)
            if entry_version < 2:
                # The old form names no type; nothing that we keep is written so.
                continue
            number = inner.number(4 if entry_version > 2 else 2)
            if inner.number(2):
                raise EncryptedError("The picture is locked.")
            kind = inner.take(4)
            inner.text()
            is_mime = kind == b"mime"
            content_type = inner.text() if is_mime else b""
            encoding = inner.text() if is_mime and inner.at < inner.end else b""
            meta.items[number] = Item(number, kind, content_type, encoding, entry_version, flags)

    def read_locations(self, meta: Meta, cursor: Cursor) -> None:
        version = cursor.number(4) >> 24
        packed = cursor.number(2)
        sizes = Sizes(version, packed >> 12, packed >> 8 & 15, packed >> 4 & 15,
                      packed & 15 if version else 0)  # fmt: skip
        if version > 2 or not {sizes.offset, sizes.length, sizes.base, sizes.index} <= {0, 4, 8}:
            raise DamagedError("The places of the items cannot be read.")
        meta.sizes = sizes
        for _ in range(cursor.number(4 if version == 2 else 2)):
            self.budget.spend()
            number = cursor.number(4 if version == 2 else 2)
            method = cursor.number(2) & 15 if version else IN_FILE
            if cursor.number(2):
                raise DamagedError("An item lies in another file.")
            base = cursor.number(sizes.base)
            count = cursor.number(2)
            self.budget.spend(count)
            extents = tuple(
                (cursor.number(sizes.index), cursor.number(sizes.offset),
                 cursor.number(sizes.length))
                for _ in range(count)
            )  # fmt: skip
            meta.locations[number] = Location(number, method, base, extents)

    def read_references(self, meta: Meta, cursor: Cursor) -> None:
        meta.reference_width = width = 4 if cursor.number(4) >> 24 else 2
        for box in boxes(self.data, cursor.at, cursor.end, self.budget):
            inner = Cursor(self.data, box.body, box.end)
            source, count = inner.number(width), inner.number(2)
            self.budget.spend(count)
            targets = tuple(inner.number(width) for _ in range(count))
            meta.references.append((box.kind, source, targets))

    # -- what stays

    def choose(self, meta: Meta) -> None:
        thumbnails = {source for kind, source, _ in meta.references if kind == b"thmb"}
        thumbnails.discard(meta.primary)
        # Tiles and transparency of a thumbnail go with it, unless another picture needs them.
        needed: dict[int, set[int]] = {}
        for kind, source, targets in meta.references:
            for target in targets:
                if kind == b"dimg":
                    needed.setdefault(target, set()).add(source)
                elif kind == b"auxl":
                    needed.setdefault(source, set()).add(target)
        thumbnails |= {
            number
            for number, users in needed.items()
            if users <= thumbnails and number != meta.primary
        }
        for number, item in meta.items.items():
            if number not in meta.locations and item.kind not in {b"iden", b"grid", b"iovl"}:
                continue
            if number in thumbnails:
                self.harvest.drop(harvest.THUMBNAIL, self.size_of(meta, number))
            elif item.kind in PICTURES:
                meta.kept.add(number)
            elif item.kind == b"Exif":
                self.take_exif(meta, number)
            elif item.kind == b"mime" and item.content_type == XMP_TYPE:
                self.take_xmp(meta, item)
            else:
                self.harvest.drop(harvest.OTHER, self.size_of(meta, number))
        if meta.primary and meta.primary not in meta.kept:
            raise DamagedError("The file's main picture is of no kind that is known.")
        for kind, source, targets in meta.references:
            if kind == b"dimg" and source in meta.kept and not set(targets) <= meta.kept:
                raise DamagedError("A tile of the picture is missing.")

    def take_exif(self, meta: Meta, number: int) -> None:
        content = self.content(meta, number)
        skip = int.from_bytes(content[:4], "big")
        block = content[4 + skip :] if skip <= len(content) else b""
        if block[:2] not in {b"II", b"MM"}:
            block = content[4:].removeprefix(exif.HEADER)
        facts = self.harvest.take_exif(block, len(content))
        if fresh := exif.write(facts):
            meta.fresh[number] = EXIF_PREFIX + fresh

    def take_xmp(self, meta: Meta, item: Item) -> None:
        packet = self.content(meta, item.number)
        size = len(packet)
        if item.content_encoding == b"deflate":
            packet = inflate(packet, self.harvest.limits.inflated)
        if fresh := xmp.write(self.harvest.take_xmp(packet, size)):
            meta.fresh[item.number] = fresh

    def ranges(self, meta: Meta, number: int) -> tuple[int, list[tuple[int, int]]]:
        """Return in what an item lies and its ranges there."""
        location = meta.locations.get(number)
        if location is None:
            return IN_FILE, []
        if location.method == IN_FILE:
            room = len(self.data)
        elif location.method == IN_BOX and meta.inner is not None:
            room = len(meta.inner.data)
        else:
            raise DamagedError("An item is built in a way that is not known.")
        found = []
        for _, offset, length in location.extents:
            start = location.base + offset
            # Without lengths, the whole of what holds an item is meant; we write no such file.
            end = start + length if meta.sizes.length or location.method == IN_FILE else room
            if not 0 <= start <= end <= room:
                raise DamagedError("An item lies behind the file's end.")
            found.append((start, end))
        return location.method, found

    def content(self, meta: Meta, number: int) -> bytes:
        method, ranges = self.ranges(meta, number)
        source = self.data if method == IN_FILE or meta.inner is None else meta.inner.data
        return b"".join(source[start:end] for start, end in ranges)

    def size_of(self, meta: Meta, number: int) -> int:
        return sum(end - start for start, end in self.ranges(meta, number)[1])

    def keep_item(self, meta: Meta, item: Item) -> None:
        method, ranges = self.ranges(meta, item.number)
        overlay = meta.inner if method == IN_BOX else self.overlay
        if overlay is None:
            raise DamagedError("An item has no place.")
        for start, end in ranges:
            overlay.keep(start, end)
        if item.kind == b"jpeg" and len(ranges) == 1:
            start, end = ranges[0]
            if overlay.data[start : start + 2] != b"\xff\xd8":
                return
            for hidden in private_ranges(overlay.data, start, end, self.harvest.limits):
                overlay.blank(*hidden)

    # -- writing

    def size_of_primary(self, meta: Meta) -> tuple[int, int]:
        """Return the main picture's width and height from its properties; 0, 0 if it has none."""
        numbers, properties = self.properties(meta)
        for index, _ in numbers.get(meta.primary, ()):
            if 0 < index <= len(properties) and properties[index - 1].kind == b"ispe":
                cursor = Cursor(self.data, properties[index - 1].body + 4,
                                properties[index - 1].end)  # fmt: skip
                return cursor.number(4), cursor.number(4)
        return 0, 0

    def sizes(self, meta: Meta) -> list[tuple[int, int]]:
        """Return all sizes that pictures of the file have."""
        _, properties = self.properties(meta)
        cursors = [Cursor(self.data, box.body + 4, box.end)
                   for box in properties if box.kind == b"ispe"]  # fmt: skip
        return [(cursor.number(4), cursor.number(4)) for cursor in cursors]

    def properties(self, meta: Meta) -> tuple[dict[int, list[tuple[int, bool]]], list[Box]]:
        """Return which properties each item has (from 1, with "essential"), and all of them."""
        numbers: dict[int, list[tuple[int, bool]]] = {}
        found: list[Box] = []
        for holder in meta.children:
            if holder.kind != b"iprp":
                continue
            for box in boxes(self.data, holder.body, holder.end, self.budget):
                if box.kind == b"ipco":
                    found += boxes(self.data, box.body, box.end, self.budget)
                elif box.kind == b"ipma":
                    numbers |= self.associations(box)
        return numbers, found

    def associations(self, box: Box) -> dict[int, list[tuple[int, bool]]]:
        cursor = Cursor(self.data, box.body, box.end)
        version, flags = cursor.number(1), cursor.number(3)
        width = 2 if flags & 1 else 1
        numbers: dict[int, list[tuple[int, bool]]] = {}
        for _ in range(cursor.number(4)):
            self.budget.spend()
            item = cursor.number(4 if version else 2)
            values = [cursor.number(width) for _ in range(cursor.number(1))]
            top = 1 << (8 * width - 1)
            numbers[item] = [(value & (top - 1), bool(value & top)) for value in values]
        return numbers

    def write(self, meta: Meta, offsets: dict[int, int]) -> bytes:
        """Return the whole box, of the old size; `offsets` says where fresh contents lie."""
        written: list[tuple[bytes, bytes]] = []
        for child in meta.children:
            body = self.child(meta, child, offsets)
            if body is not None:
                written.append((child.kind, body))
        header = self.data[meta.box.start : meta.box.body + 4]
        room = meta.box.size - len(header) - sum(8 + len(body) for _, body in written)
        if room < 0:
            raise DamagedError("There is no room for the picture's own data.")
        if 0 < room < 8:
            # Too little for a box of its own: it goes behind the handler's name.
            written = [(kind, body + b"\0" * room if kind == b"hdlr" else body)
                       for kind, body in written]  # fmt: skip
            room = 0
        whole = header + b"".join(encode(kind, body) for kind, body in written)
        if room:
            whole += encode(b"free", bytes(room - 8))
        if len(whole) != meta.box.size:
            raise DamagedError("There is no room for the picture's own data.")
        return whole

    def child(self, meta: Meta, child: Box, offsets: dict[int, int]) -> bytes | None:
        """Return a child's new body, or None where it goes."""
        stays = meta.kept | set(meta.fresh)
        if child.kind == b"hdlr":
            return self.data[child.body : child.body + 24] + b"\0" * (child.end - child.body > 24)
        if child.kind == b"pitm":
            return self.data[child.body : child.end]
        if child.kind == b"dinf":
            return self_contained(self.data, child, self.budget)
        if child.kind == b"iinf":
            return self.write_items(meta, stays)
        if child.kind == b"iloc":
            return self.write_locations(meta, stays, offsets)
        if child.kind == b"iref":
            return self.write_references(meta, stays)
        if child.kind == b"iprp":
            return self.write_properties(child, meta)
        if child.kind == b"idat" and meta.inner is not None and meta.inner.kept:
            return meta.inner.render(len(meta.inner.data))
        if child.kind == b"grpl":
            return self.write_groups(child, stays)
        if child.kind not in {b"free", b"skip", b"idat"}:
            self.harvest.drop(harvest.OTHER, child.size)
        return None

    def write_items(self, meta: Meta, stays: set[int]) -> bytes:
        entries = []
        for number, item in meta.items.items():
            if number not in stays:
                continue
            width = 4 if item.version > 2 else 2
            body = bytes((item.version,)) + item.flags.to_bytes(3, "big")
            body += number.to_bytes(width, "big") + b"\0\0" + item.kind + b"\0"
            if item.kind == b"mime":
                body += item.content_type + b"\0"
            entries.append(encode(b"infe", body))
        wide = len(entries) > 0xFFFF
        count = len(entries).to_bytes(4 if wide else 2, "big")
        return bytes((wide, 0, 0, 0)) + count + b"".join(entries)

    def write_locations(self, meta: Meta, stays: set[int], offsets: dict[int, int]) -> bytes:
        sizes = meta.sizes
        wide = 4 if sizes.version == 2 else 2
        kept = [location for number, location in meta.locations.items() if number in stays]
        packed = sizes.offset << 12 | sizes.length << 8 | sizes.base << 4 | sizes.index
        parts = [bytes((sizes.version, 0, 0, 0)), packed.to_bytes(2, "big"),
                 len(kept).to_bytes(wide, "big")]  # fmt: skip
        for old in kept:
            location = old
            if old.item in meta.fresh:
                location = self.moved(meta, old, offsets[old.item])
            parts.append(location.item.to_bytes(wide, "big"))
            if sizes.version:
                parts.append(location.method.to_bytes(2, "big"))
            parts += [b"\0\0", location.base.to_bytes(sizes.base, "big"),
                      len(location.extents).to_bytes(2, "big")]  # fmt: skip
            for index, offset, length in location.extents:
                parts += [index.to_bytes(sizes.index, "big"), offset.to_bytes(sizes.offset, "big"),
                          length.to_bytes(sizes.length, "big")]  # fmt: skip
        return b"".join(parts)

    def moved(self, meta: Meta, location: Location, offset: int) -> Location:
        """Return a location in the file where fresh contents lie."""
        length = len(meta.fresh[location.item])
        if not meta.sizes.length:
            raise DamagedError("The places of the items cannot be written.")
        if meta.sizes.offset:
            return replace(location, method=IN_FILE, base=0, extents=((0, offset, length),))
        if meta.sizes.base:
            return replace(location, method=IN_FILE, base=offset, extents=((0, 0, length),))
        raise DamagedError("The places of the items cannot be written.")

    def write_references(self, meta: Meta, stays: set[int]) -> bytes | None:
        width, parts = meta.reference_width, []
        for kind, source, targets in meta.references:
            left = [target for target in targets if target in stays]
            if kind in REFERENCES and source in stays and left:
                body = source.to_bytes(width, "big") + len(left).to_bytes(2, "big")
                body += b"".join(target.to_bytes(width, "big") for target in left)
                parts.append(encode(kind, body))
        return bytes((width == 4, 0, 0, 0)) + b"".join(parts) if parts else None

    def write_properties(self, holder: Box, meta: Meta) -> bytes:
        numbers, properties = self.properties(meta)
        needed = {index for item in meta.kept for index, essential in numbers.get(item, ())
                  if essential}  # fmt: skip
        gone: set[int] = set()
        parts = []
        for index, box in enumerate(properties, 1):
            is_kept = box.kind in PROPERTIES or (
                index in needed and box.kind not in PRIVATE_PROPERTIES
            )
            if is_kept and box.kind == b"colr":
                is_kept = self.is_colour(box)
            if is_kept:
                parts.append(self.data[box.start : box.end])
            else:
                gone.add(index)
                # Its place in the list must stay, as the others are called by their number.
                parts.append(encode(b"free", bytes(box.size - 8)))
                if box.kind not in {b"free", b"skip"}:
                    self.harvest.drop(harvest.DESCRIPTION, box.size)
        body = b""
        for box in boxes(self.data, holder.body, holder.end, self.budget):
            if box.kind == b"ipco":
                body += encode(b"ipco", b"".join(parts))
            elif box.kind == b"ipma":
                body += encode(b"ipma", self.write_associations(box, meta.kept, gone))
        return body

    def is_colour(self, box: Box) -> bool:
        kind = self.data[box.body : box.body + 4]
        if kind in {b"prof", b"rICC"}:
            return icc.is_profile(self.data[box.body + 4 : box.end])
        return kind in {b"nclx", b"nclc"} and box.size <= 24

    def write_associations(self, box: Box, kept: set[int], gone: set[int]) -> bytes:
        version, flags = self.data[box.body], self.data[box.body + 3]
        width, item_width = 2 if flags & 1 else 1, 4 if version else 2
        top = 1 << (8 * width - 1)
        entries = []
        for item, values in self.associations(box).items():
            if item not in kept:
                continue
            left = [index | top * essential for index, essential in values if index not in gone]
            entries.append(item.to_bytes(item_width, "big") + bytes((len(left),))
                           + b"".join(value.to_bytes(width, "big") for value in left))  # fmt: skip
        count = len(entries).to_bytes(4, "big")
        return self.data[box.body : box.body + 4] + count + b"".join(entries)

    def write_groups(self, holder: Box, stays: set[int]) -> bytes | None:
        parts = []
        for box in boxes(self.data, holder.body, holder.end, self.budget):
            if box.kind not in GROUPS:
                continue
            cursor = Cursor(self.data, box.body, box.end)
            start = cursor.take(8)
            members = [cursor.number(4) for _ in range(min(cursor.number(4), box.size // 4))]
            left = [member for member in members if member in stays]
            if left:
                body = start + len(left).to_bytes(4, "big")
                parts.append(
                    encode(box.kind, body + b"".join(each.to_bytes(4, "big") for each in left))
                )
        return b"".join(parts) or None


def self_contained(data: bytes, dinf: Box, budget: Budget) -> bytes:
    """Return a data information box if all data is in this very file."""
    for box in boxes(data, dinf.body, dinf.end, budget):
        if box.kind != b"dref":
            continue
        for entry in boxes(data, box.body + 8, box.end, budget):
            is_here = data[entry.body : entry.body + 4] == b"\0\0\0\1"
            if entry.kind != b"url " or not is_here:
                raise DamagedError("A part of the picture lies in another file.")
    # One entry, "here", is all that can be said.
    return encode(b"dref", b"\0\0\0\0\0\0\0\1" + encode(b"url ", b"\0\0\0\1"))
