"""Writing dates as WordPress does: local and UTC side by side, zeros for none. Pure."""

from datetime import UTC, datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

NONE_YET = "0000-00-00 00:00:00"
# What WordPress writes of a draft that has no date yet.
NEVER_PUBLISHED = "Mon, 30 Nov -0001 00:00:00 +0000"
FORMAT = "%Y-%m-%d %H:%M:%S"


def local(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as the site's clocks showed it."""
    return at.astimezone(zone).strftime(FORMAT)


def gmt(at: datetime) -> str:
    """Return a moment in UTC."""
    return at.astimezone(UTC).strftime(FORMAT)


def published(at: datetime) -> str:
    """Return a moment as RSS writes it."""
    return format_datetime(at.astimezone(UTC).replace(microsecond=0))
