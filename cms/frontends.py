"""Who visits through a front end of ours: its signed word for the visitor's address and agent.

A headless front end calls the API from its own server, so that the socket's address is the
server's. It hands the visitor's on in one header,

    X-Candour-Visitor: NAME.TIMESTAMP.VISITOR.SIGNATURE

NAME is the front end's in FRONTEND_SECRETS, TIMESTAMP seconds since 1970, VISITOR the JSON object
{"ip": …, "agent": …} in base64url without padding, and SIGNATURE the hexadecimal HMAC-SHA256
of "NAME.TIMESTAMP.VISITOR" under the front end's key. Pure, but for the clock that it is given.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

# How far the clocks of the two servers may be apart; so long, too, a copied header works.
WINDOW_SECONDS = 300
LONGEST_HEADER = 2000
LONGEST_AGENT = 500


@dataclass(frozen=True)
class Visitor:
    """The visitor's own network address and browser."""

    ip: str
    agent: str


def read_visitor(header: str, secrets: Mapping[str, str], now: float) -> Visitor | None:
    """Return whom a header names, or None where it is not what one of our front ends signed."""
    parts = header.split(".")
    if len(header) > LONGEST_HEADER or len(parts) != 4 or not header.isascii():
        return None
    name, timestamp, packed, signature = parts
    key = secrets.get(name)
    if key is None or not timestamp.isdecimal() or abs(now - int(timestamp)) > WINDOW_SECONDS:
        return None
    if not hmac.compare_digest(signature, sign_visitor(name, timestamp, packed, key)):
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        ip, agent = str(ip_address(said["ip"])), said.get("agent", "")
    except (binascii.Error, ValueError, TypeError, KeyError, AttributeError):
        return None
    if not isinstance(agent, str):
        return None
    return Visitor(ip, "".join(filter(str.isprintable, agent))[:LONGEST_AGENT])


def sign_visitor(name: str, timestamp: str, packed: str, key: str) -> str:
    """Return the signature of a header's first three parts."""
    message = f"{name}.{timestamp}.{packed}".encode()
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
