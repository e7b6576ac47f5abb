"""Telling a colour profile from other bytes in its place. Source: ICC.1:2022, 7.2."""

SIGNATURE = b"acsp"
HEADER_SIZE = 128


def is_profile(profile: bytes) -> bool:
    """Tell whether bytes are a profile: its signature, and a length that is its own.

    Anything could hide in bytes that only stand where a profile belongs.
    """
    if len(profile) < HEADER_SIZE or profile[36:40] != SIGNATURE:
        return False
    declared = int.from_bytes(profile[:4], "big")
    return HEADER_SIZE <= declared <= len(profile) and not profile[declared:].strip(b"\0")
