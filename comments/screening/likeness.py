"""Telling nearly the same text again: 64 bits that differ little where texts do. Pure.

Charikar's simhash over pairs of words. Two texts are alike where at most CLOSE bits differ; the
bits fall into BANDS parts, of which like texts then have one in common, so that they are found by
look-ups and not by comparing with every other.
"""

from functools import lru_cache
from hashlib import blake2b

from comments.screening.features import pairs_of
from comments.screening.reading import read

CLOSE = 3
BANDS = 4
# A few words are alike by chance: thanks are given in the same words every day.
FEWEST_PAIRS = 8
MOST_PAIRS = 400
BITS = 64
# For each byte, its bits as eight counters of sixteen bits in one number.
SPREAD = tuple(sum((byte >> bit & 1) << 16 * bit for bit in range(8)) for byte in range(256))


# Asked for when a comment is stored, and by what compares it with others.
@lru_cache(maxsize=4)
def fingerprint(text: str) -> int:
    """Return the signed number of a text, as the database keeps it; 0 for one too short to tell."""
    pairs = list(pairs_of(read(text)))[:MOST_PAIRS]
    if len(pairs) < FEWEST_PAIRS:
        return 0
    counters = [0] * 8
    for pair in pairs:
        digest = blake2b(pair.encode("utf-8", "replace"), digest_size=8).digest()
        for place, byte in enumerate(digest):
            counters[place] += SPREAD[byte]
    half, bits = len(pairs) // 2, 0
    for place, counter in enumerate(counters):
        for bit in range(8):
            if counter >> 16 * bit & 0xFFFF > half:
                bits |= 1 << 8 * place + bit
    return bits - (1 << BITS) if bits >> BITS - 1 else bits


def are_alike(one: int, other: int) -> bool:
    """Tell whether two fingerprints are of nearly the same text."""
    return (unsigned(one) ^ unsigned(other)).bit_count() <= CLOSE


def bands_of(number: int) -> list[tuple[int, int]]:
    """Return the parts of a fingerprint, each with its place: like texts share one of them."""
    width = BITS // BANDS
    bits = unsigned(number)
    return [(band, bits >> band * width & (1 << width) - 1) for band in range(BANDS)]


def unsigned(number: int) -> int:
    return number & (1 << BITS) - 1
