"""A file of which only what is kept stays: every byte that nothing names becomes zero.

For containers whose parts point at each other by offset, so that nothing may move.
"""

from bisect import bisect_right

from media.stripping.errors import DamagedError


class Overlay:
    """Ranges to keep, and bytes to put in the place of others; all offsets are the file's."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.kept: list[tuple[int, int]] = []
        self.written: dict[int, bytes] = {}
        self.blanked: list[tuple[int, int]] = []

    def keep(self, start: int, end: int) -> None:
        """Keep a range as it stands; what lies behind the file's end is damaged."""
        if not 0 <= start <= end <= len(self.data):
            raise DamagedError("A part of the file lies behind its end.")
        if start < end:
            self.kept.append((start, end))

    def write(self, start: int, content: bytes) -> None:
        """Put bytes where nothing is kept."""
        if content and self.written.setdefault(start, content) != content:
            raise DamagedError("Two parts of the file lie on one another.")

    def blank(self, start: int, end: int) -> None:
        """Make a part of what is kept zero."""
        if start < end:
            self.blanked.append((start, end))

    def ranges(self) -> list[tuple[int, int]]:
        """Return the kept ranges in order, joined, without what was blanked."""
        joined = merged(self.kept)
        if not self.blanked:
            return joined
        holes = merged(self.blanked)
        starts = [start for start, _ in holes]
        left: list[tuple[int, int]] = []
        for range_start, end in joined:
            start = range_start
            at = max(0, bisect_right(starts, start) - 1)
            while at < len(holes) and holes[at][0] < end:
                hole_start, hole_end = holes[at]
                if hole_end > start:
                    if hole_start > start:
                        left.append((start, hole_start))
                    start = max(start, hole_end)
                at += 1
            if start < end:
                left.append((start, end))
        return left

    def end(self) -> int:
        """Return where the last byte ends that is kept or written."""
        ends = [end for _, end in self.kept]
        ends += [start + len(content) for start, content in self.written.items()]
        return max(ends, default=0)

    def render(self, length: int) -> bytes:
        """Return the file, `length` bytes long."""
        view = memoryview(self.data)
        pieces = [(start, end, view[start:end]) for start, end in self.ranges()]
        pieces += [(start, start + len(content), memoryview(content))
                   for start, content in self.written.items()]  # fmt: skip
        pieces.sort(key=lambda piece: piece[:2])
        out: list[bytes | memoryview] = []
        at = 0
        for start, end, content in pieces:
            if start < at:
                raise DamagedError("Two parts of the file lie on one another.")
            if start > at:
                out.append(bytes(start - at))
            out.append(content)
            at = end
        if length > at:
            out.append(bytes(length - at))
        return b"".join(out)


def merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ranges in order, with those that touch or overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
