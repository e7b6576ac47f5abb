"""Network addresses as hashes that can be forgotten: keyed with a key of their day.

Once the day's key is destroyed (comments.services.retention) nobody can tell which address a hash
was, not by trying all of them either.
"""

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from comments.models import NetworkKey
from comments.write_lock import write_transaction


def network_hash(address: str, day: date) -> str:
    """Return the hash of an address on a day in UTC, "" where it is none.

    Of IPv6 the network of 64 bits counts, since one household has all of it. The day's key is made
    when it is first asked for, so call this outside a transaction.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        else:
            parsed = IPv6Address(int(parsed) >> 64 << 64)
    return hmac.new(key_of(day), parsed.packed, hashlib.sha256).hexdigest()


def recent_hashes(address: str, now: datetime, within: timedelta) -> list[str]:
    """Return the hashes an address has had within a time before now: two around midnight."""
    days = {now.date(), (now - within).date()}
    return [found for day in sorted(days) if (found := network_hash(address, day))]


@lru_cache(maxsize=4)
def key_of(day: date) -> bytes:
    row = NetworkKey.objects.filter(day=day).first()
    if row is None:
        with write_transaction():
            row, _ = NetworkKey.objects.get_or_create(
                day=day, defaults={"key": secrets.token_bytes(32)}
            )
    return bytes(row.key)
