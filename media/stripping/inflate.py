"""Inflating compressed parts within bounds."""

import zlib
from collections.abc import Iterable

from media.stripping.errors import DamagedError, InflatedTooLargeError

STEP = 64 * 1024


def inflate(packed: bytes, most: int) -> bytes:
    """Return the inflated bytes; InflatedTooLargeError past `most`, b"" where it is damaged."""
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(packed, most)
        if inflater.unconsumed_tail and inflater.decompress(inflater.unconsumed_tail, 1):
            raise InflatedTooLargeError("A compressed part of the file is too large.")
    except zlib.error:
        return b""
    return plain


def consumed(parts: Iterable[bytes | memoryview], needed: int) -> int:
    """Return how many packed bytes hold `needed` inflated ones, up to the end of the stream.

    Nothing is kept of what is inflated. Raises DamagedError where there are fewer.
    """
    inflater = zlib.decompressobj()
    taken = made = 0
    try:
        for part in parts:
            rest: bytes | memoryview = part
            while rest and not inflater.eof:
                if made > needed + STEP:
                    # A row too many is an encoder's slip; endless rows are a bomb.
                    raise InflatedTooLargeError("The picture data goes on behind the picture.")
                # A wrong check sum behind the last row is no reason to refuse what can be shown.
                most = min(STEP, needed - made) if made < needed else STEP
                made += len(inflater.decompress(rest, most))
                rest = inflater.unconsumed_tail
            taken += len(part)
            if inflater.eof and made >= needed:
                return taken - len(inflater.unused_data) - len(inflater.unconsumed_tail)
    except zlib.error as error:
        if made < needed:
            raise DamagedError("The picture data is damaged.") from error
        return taken + len(part)
    if made + len(inflater.flush()) < needed:
        raise DamagedError("The picture data is cut off.")
    return taken
