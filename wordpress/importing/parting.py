"""Addresses in parts, whatever a file has in their place. Pure."""

from urllib.parse import SplitResult, urlsplit

NO_PARTS = SplitResult("", "", "", "", "")


def parts_of(url: str) -> SplitResult:
    """Return the parts of an address, all of them empty where it cannot be one."""
    try:
        return urlsplit(url.strip())
    except ValueError:
        return NO_PARTS
