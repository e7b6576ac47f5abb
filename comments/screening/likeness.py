"""Telling nearly the same text again: 64 bits that differ little where texts do. Pure.

Charikar's simhash over pairs of words. Two texts are alike where at most CLOSE bits differ; the
bits fall into BANDS parts, of which like texts then have one in common, so that they are found by
look-ups and not by comparing with every other.
"""

from collections.abc import Sequence
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


# Asked for when a comment is stored, and by what compares it with others.
@lru_cache(maxsize=4)
def fingerprint(text: str) -> int:
    """Return the signed number of a text, as the database keeps it; 0 for one too short to tell."""
    pairs = list(pairs_of(read(text)))[:MOST_PAIRS]
    if len(pairs) < FEWEST_PAIRS:
        return 0
    # Sixty-four counters beside each other: `planes` holds their binary digits, the lowest first.
    planes: list[int] = []
    for pair in pairs:
        digest = blake2b(pair.encode("utf-8", "replace"), digest_size=8).digest()
        carry = int.from_bytes(digest, "little")
        for place, plane in enumerate(planes):
            planes[place], carry = plane ^ carry, plane & carry
            if not carry:
                break
        if carry:
            planes.append(carry)
    return signed(above(planes, len(pairs) // 2))


def above(planes: Sequence[int], number: int) -> int:
    """Return in which of sixty-four counters more than a number stands, one bit for each."""
    every = (1 << BITS) - 1
    is_more, is_same = 0, every
    for place in reversed(range(max(len(planes), number.bit_length()))):
        plane = planes[place] if place < len(planes) else 0
        if number >> place & 1:
            is_same &= plane
        else:
            is_more |= is_same & plane
            is_same &= ~plane & every
    return is_more


def are_alike(one: int, other: int) -> bool:
    """Tell whether two fingerprints are of nearly the same text."""
    return (unsigned(one) ^ unsigned(other)).bit_count() <= CLOSE


def bands_of(number: int) -> list[tuple[int, int]]:
    """Return the parts of a fingerprint, each with its place: like texts share one of them."""
    width = BITS // BANDS
    bits = unsigned(number)
    return [(band, bits >> band * width & (1 << width) - 1) for band in range(BANDS)]


def signed(bits: int) -> int:
    return bits - (1 << BITS) if bits >> BITS - 1 else bits


def unsigned(number: int) -> int:
    return number & (1 << BITS) - 1
