"""Reading WordPress's dates: local and UTC side by side, zeros for none. Pure."""

from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# A day from the last moment there is, so that every zone's clocks can show it.
LATEST = datetime(9999, 12, 30, 23, 59, 59)


def moment_of(gmt: str, local: str, zone: tzinfo, published: str = "") -> datetime | None:
    """Return a moment from the first of its spellings that is one; None for a draft without.

    `zone` is what a local time without its UTC beside it is meant in.
    """
    if found := read(gmt):
        return found.replace(tzinfo=UTC)
    if found := read(local):
        return found.replace(tzinfo=zone).astimezone(UTC)
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(published.strip())
        # WordPress writes the zero date of a draft as the year before the first.
        if 1900 <= moment.year < LATEST.year:
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def read(text: str) -> datetime | None:
    with suppress(ValueError):
        found = datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S")
        if found.year >= 1900:
            return min(found, LATEST)
    return None


def zone_named(name: str) -> ZoneInfo | None:
    """Return a time zone by its IANA name, None where it is none."""
    with suppress(ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(name.strip()) if name.strip() else None
    return None
