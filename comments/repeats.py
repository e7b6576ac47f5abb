"""Telling the same author and the same words again by keyed numbers, which an index finds. Pure.

The numbers are pseudonyms under PRIVACY_KEY: who has the table alone cannot test an address.
"""

import hashlib
from functools import lru_cache

from django.conf import settings


def author_ref(email: str) -> int | None:
    """Return the number of a mail address, whatever its case; None for none."""
    return keyed_number("author", email.strip().lower()) if email else None


def repeat_key(*, target_id: int, parent_id: int, author: str, text: str) -> int | None:
    """Return the number of a text at its place by its author; None for a text that is erased.

    `author` is the address or, where none was asked for, the name. WordPress compares the same:
    post, parent, author and text.
    """
    if not text:
        return None
    return keyed_number("text", f"{target_id}\0{parent_id}\0{author.strip().lower()}\0{text}")


def keyed_number(purpose: str, value: str) -> int:
    digest = hashlib.blake2b(value.encode(), digest_size=8, key=key_of(settings.PRIVACY_KEY),
                             person=purpose.encode()).digest()  # fmt: skip
    return int.from_bytes(digest, signed=True)


@lru_cache(maxsize=4)
def key_of(secret: str) -> bytes:
    # blake2b takes keys of 64 bytes at most.
    return hashlib.blake2b(secret.encode()).digest()
