"""Cleaning and capping the few words of a credit."""

from media.stripping.types import Limits

# Control signs have no place in a name; a coordinate in binary has many of them.
CONTROLS = bytes(set(range(32)) - {9, 10, 13}) + b"\x7f"


def kept_bytes(raw: bytes, limits: Limits) -> bytes:
    """Return a text's bytes without control signs, in their own encoding, capped."""
    raw = raw.translate(None, CONTROLS)
    capped = raw[: limits.text_length]
    if len(capped) < len(raw):
        # Not in the midst of a UTF-8 sign.
        while capped and capped[-1] & 0xC0 == 0x80:
            capped = capped[:-1]
        if capped and capped[-1] >= 0xC0:
            capped = capped[:-1]
    return capped.strip()


def kept_text(value: str, limits: Limits) -> str:
    """Return a text without control signs and lone surrogates, capped."""
    cleaned = "".join(sign for sign in value if sign >= " " or sign in "\t\n")
    cleaned = cleaned.encode("utf-8", "ignore").decode()
    return cleaned[: limits.text_length].strip()


def shown(raw: bytes) -> str:
    """Return bytes as one line of text: UTF-8, else Windows' Latin."""
    try:
        decoded = raw.decode("utf-8")
    except UnicodeDecodeError:
        decoded = raw.decode("cp1252", "replace")
    return one_line(decoded.replace("\0", " "))


def one_line(value: str) -> str:
    joined = " ".join(value.split())
    return "".join(sign for sign in joined if sign.isprintable()).strip()
