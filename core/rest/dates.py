"""Dates as WordPress writes them: without a zone, once local and once in UTC."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def wp_date(moment: datetime, zone: ZoneInfo) -> str:
    """Return an aware moment as the site's local time, such as 2026-03-02T02:56:40."""
    return moment.astimezone(zone).isoformat()[:19]


def wp_date_gmt(moment: datetime) -> str:
    """Return an aware moment in UTC, such as 2026-03-02T02:56:40."""
    return moment.astimezone(UTC).isoformat()[:19]
