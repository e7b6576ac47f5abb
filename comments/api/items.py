"""A comment as wp/v2 shows it."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from comments.models import Status
from comments.sanitising import to_html
from core.extensions.commentables import CommentTarget
from core.extensions.people import Avatars
from core.rest.dates import wp_date, wp_date_gmt
from core.rest.urls import rest_url

COLUMNS = (
    "pk", "target_id", "parent_id", "level", "user_id", "user_name", "user_email", "user_url",
    "submit_date", "comment", "status", "nested_count", "ip_address", "user_agent",
)  # fmt: skip
SIZES = (24, 48, 96)


def comment_item(
    row: Mapping[str, Any],
    target: CommentTarget | None,
    *,
    context: str,
    zone: ZoneInfo,
    draw: Avatars,
    base: str,
) -> dict[str, Any]:
    """Return one comment with WordPress's keys in their order; `base` is wp/v2's address."""
    key, parent = row["pk"], row["parent_id"] if row["level"] else 0
    name = row["user_name"]
    item: dict[str, Any] = {"id": key}
    if context != "embed":
        item["post"] = row["target_id"]
    item |= {"parent": parent, "author": row["user_id"] or 0, "author_name": name}
    if context == "edit":
        item["author_email"] = row["user_email"]
    item["author_url"] = row["user_url"]
    if context == "edit":
        item["author_ip"] = row["ip_address"] or ""
        item["author_user_agent"] = row["user_agent"]
    item["date"] = wp_date(row["submit_date"], zone)
    if context != "embed":
        item["date_gmt"] = wp_date_gmt(row["submit_date"])
    item["content"] = {"rendered": to_html(row["comment"])}
    if context == "edit":
        item["content"]["raw"] = row["comment"]
    item["link"] = f"{target.link}#comment-{key}" if target else ""
    if context != "embed":
        item["status"] = Status(row["status"]).value
    item["type"] = "comment"
    item["author_avatar_urls"] = {str(size): draw.url(name or "?", size=size) for size in SIZES}
    if context != "embed":
        item["meta"] = []
    links: dict[str, Any] = {
        "self": [{"href": f"{base}/comments/{key}"}],
        "collection": [{"href": f"{base}/comments"}],
    }
    if row["user_id"]:
        links["author"] = [{"embeddable": True, "href": f"{base}/users/{row['user_id']}"}]
    links["up"] = [
        {"embeddable": True, "post_type": "post", "href": f"{base}/posts/{row['target_id']}"}
    ]
    if parent:
        links["in-reply-to"] = [{"embeddable": True, "href": f"{base}/comments/{parent}"}]
    if row["nested_count"]:
        links["children"] = [{"href": f"{base}/comments?parent={key}"}]
    item["_links"] = links
    return item


def wp_base() -> str:
    """Return the address below which the links of comments lie."""
    return rest_url("/wp/v2")
