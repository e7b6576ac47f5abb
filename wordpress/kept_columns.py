"""What lists ask of kept records, read from their fields. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from wordpress.wxr.moments import moment_of

LARGEST = 2**62
STATUS_BEFORE_TRASH = "_wp_trash_meta_status"


def columns(fields: Mapping[str, Any], kept_at: datetime) -> dict[str, Any]:
    """Return the columns of a kept item or term; a draft without a date has that of its change."""

    def text(name: str) -> str:
        return str(fields.get(name) or "")

    def moment(name: str, published: str = "") -> datetime | None:
        return moment_of(text(f"{name}_gmt"), text(name), UTC, published)

    modified = moment("modified")
    published = moment("date", text("published")) or modified or kept_at
    parent = fields.get("parent")
    return {
        "title": text("title") or text("name"),
        "slug": unquote(text("slug").strip())[:255],
        "status": text("status").strip()[:20],
        "published_at": published,
        "modified_at": modified or published,
        # A term's parent is a slug, which no list asks for.
        "parent": parent if isinstance(parent, int) and abs(parent) < LARGEST else 0,
        "menu_order": max(-LARGEST, min(int(fields.get("menu_order") or 0), LARGEST)),
        "is_protected": bool(text("password")),
    }


def status_before_trash(fields: Mapping[str, Any]) -> str:
    """Return the status that an item had before it went to the trash, "" where none is known."""
    found = (value for key, value in fields.get("meta", ()) if key == STATUS_BEFORE_TRASH)
    return str(next(found, ""))[:20]
