"""Boxes, as ISO base media files are built of: reading and writing one level at a time.

Source: ISO/IEC 14496-12, 4.2.
"""

from collections.abc import Iterator
from typing import NamedTuple

from media.stripping.errors import DamagedError, TooManyPartsError


class Box(NamedTuple):
    """A box by its place in the file; `body` is behind its header."""

    kind: bytes
    start: int
    body: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


class Budget:
    """Counts parts over a whole file, so that no nesting multiplies them."""

    def __init__(self, parts: int) -> None:
        self.left = parts

    def spend(self, count: int = 1) -> None:
        self.left -= count
        if self.left < 0:
            raise TooManyPartsError("The file has too many parts.")


def boxes(data: bytes, start: int, end: int, budget: Budget) -> Iterator[Box]:
    """Yield the boxes between two offsets; DamagedError where they do not fill the room."""
    at = start
    while at < end:
        budget.spend()
        if at + 8 > end:
            # QuickTime ends some lists with four zeros.
            if not data[at:end].strip(b"\0"):
                return
            raise DamagedError("A box is cut off.")
        size, kind, body = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], at + 8
        if size == 1:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        elif size == 0:
            size = end - at
        if kind == b"uuid":
            body += 16
        if body - at > size or at + size > end:
            raise DamagedError("A box is longer than what holds it.")
        yield Box(kind, at, body, at + size)
        at += size


def encode(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


class Cursor:
    """Reads numbers one behind the other."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def number(self, size: int) -> int:
        """Return a big-endian number of `size` bytes; of none, 0."""
        if self.at + size > self.end:
            raise DamagedError("A box is cut off.")
        self.at += size
        return int.from_bytes(self.data[self.at - size : self.at], "big")

    def take(self, size: int) -> bytes:
        if self.at + size > self.end:
            raise DamagedError("A box is cut off.")
        self.at += size
        return self.data[self.at - size : self.at]

    def text(self) -> bytes:
        """Return the bytes up to a null, or to the end."""
        stop = self.data.find(b"\0", self.at, self.end)
        stop = self.end if stop < 0 else stop
        value = self.data[self.at : stop]
        self.at = min(stop + 1, self.end)
        return value
