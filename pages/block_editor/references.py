"""References to reusable blocks, as what they refer to. Pure."""

import json
import re
from collections.abc import Callable, Iterable, Mapping

REFERENCE = re.compile(r"<!--\s+wp:block\s+(\{[^<>]*\})\s+/-->")
DEEPEST = 5
# Blocks that refer to blocks grow faster than anybody writes.
LONGEST_REUSED = 1_000_000

TextsOf = Callable[[Iterable[int]], Mapping[int, str]]


def with_reused(text: str, texts_of: TextsOf) -> str:
    """Return block-editor text with reusable blocks in the place of references to them.

    `texts_of` answers the texts of the blocks with these keys that may be shown. Nothing takes the
    place of one that it leaves out, and none is shown within itself. Costs one call for each level.
    """
    known: dict[int, str] = {}
    left = LONGEST_REUSED

    def expanded(text: str, within: frozenset[int]) -> str:
        if unknown := references_in(text) - known.keys():
            known.update(texts_of(unknown))

        def reused(reference: re.Match[str]) -> str:
            nonlocal left
            key = key_of(reference)
            found = known.get(key, "")
            left -= len(found)
            if key in within or len(within) == DEEPEST or left < 0:
                return ""
            return expanded(found, within | {key})

        return REFERENCE.sub(reused, text)

    return expanded(text, frozenset()) if "wp:block " in text else text


def references_in(text: str) -> set[int]:
    """Return the keys of the reusable blocks that a text refers to."""
    return {key for reference in REFERENCE.finditer(text) if (key := key_of(reference))}


def key_of(reference: re.Match[str]) -> int:
    try:
        key = json.loads(reference[1]).get("ref")
    except (ValueError, RecursionError):
        return 0
    return key if isinstance(key, int) and 0 < key < 2**31 else 0
