"""Hashes of network addresses whose keys live one day's worth of hashes, and are destroyed."""

import hashlib
import hmac
import secrets
from datetime import date
from functools import lru_cache

from django.db import connection

from comments.models import NetworkKey
from comments.write_lock import write_transaction

KEY_BYTES = 32


def hash_of(address: str, day: date) -> str:
    """Return the hash of a network address with the key of a day (UTC); "" for no address.

    Equal addresses have equal hashes within one day. The key is made when it is first asked for,
    in a transaction of its own: call it before a write transaction. Once retention has destroyed
    a day's key, nobody can tell which address a hash of that day was.
    """
    if not address:
        return ""
    # A key that a rolled back transaction made was never anybody's: such a one is not remembered.
    find = key_of if connection.in_atomic_block else remembered_key
    return hmac.new(find(day), address.encode(), hashlib.sha256).hexdigest()


def key_of(day: date) -> bytes:
    found = NetworkKey.objects.filter(day=day).first()
    if found is None:
        with write_transaction():
            found, _ = NetworkKey.objects.get_or_create(
                day=day, defaults={"key": secrets.token_bytes(KEY_BYTES)}
            )
    return bytes(found.key)


# Two days meet at midnight; an older key is not to outlive its row in a worker's memory.
@lru_cache(maxsize=2)
def remembered_key(day: date) -> bytes:
    return key_of(day)
