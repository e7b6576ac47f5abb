"""Hashes of network addresses whose keys live one day's worth of hashes, and are destroyed."""

import hmac
import secrets
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.db import connection

from comments.models import NetworkKey
from comments.write_lock import write_transaction

KEY_BYTES = 32


def hash_of(address: str, day: date) -> str:
    """Return the hash of a network address with the key of a day (UTC); "" where it is none.

    Equal addresses have equal hashes within one day; of IPv6 the network of 64 bits counts, since
    one household has all of it. The key is made when it is first asked for,
    in a transaction of its own: call it before a write transaction. Once retention has destroyed
    a day's key, nobody can tell which address a hash of that day was.
    """
    packed = network_of(address)
    if packed is None:
        return ""
    # A key that a rolled back transaction made was never anybody's: such a one is not remembered.
    find = key_of if connection.in_atomic_block else remembered_key
    return hmac.digest(find(day), packed, "sha256").hex()


def recent_hashes(address: str, now: datetime, within: timedelta) -> list[str]:
    """Return the hashes that an address has had within a time before now: two around midnight."""
    days = {moment.astimezone(UTC).date() for moment in (now, now - within)}
    return [found for day in sorted(days) if (found := hash_of(address, day))]


def network_of(address: str) -> bytes | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return parsed.ipv4_mapped.packed
        return IPv6Address(int(parsed) >> 64 << 64).packed
    return parsed.packed


def network_name(address: str) -> str:
    """Return what counts as one reader's network, as text; what is no address as it is.

    One household has 2⁶⁴ addresses of IPv6, which must not give it as many voices.
    """
    packed = network_of(address)
    return str(ip_address(packed)) if packed is not None else address


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
