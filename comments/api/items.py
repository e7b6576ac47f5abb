"""A comment as wp/v2 shows it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from comments.models import VisitorComment
from core.extensions.content_kinds import COMMENT
from core.extensions.masking import masking
from core.extensions.people import avatars
from core.rest.dates import wp_date, wp_date_gmt
from core.rest.meta import meta_of
from core.rest.urls import rest_url

COLUMNS = (
    "xtdcomment_ptr_id", "target_id", "path", "user_id", "user_name", "user_email", "user_url",
    "posted_at", "comment", "rendered", "markup", "fragment_version", "status", "nested_count",
    "ip_address", "user_agent", "kind", "meta",
)  # fmt: skip
SIZES = (24, 48, 96)
KIND = "comments.visitorcomment"


def row_of(comment: VisitorComment) -> dict[str, Any]:
    """Return the columns of a comment that is at hand."""
    return {name: getattr(comment, name) for name in COLUMNS}


def masked(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose addresses nobody can read."""
    rule = masking.get()
    return row | {
        "user_email": rule.address(row["user_email"]),
        "ip_address": rule.network(row["ip_address"] or ""),
    }


def in_clear(rows: Sequence[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """Return rows as whoever edits may see them: addresses masked, but for who may unmask.

    What is shown in clear is put on record first. One's own comments are not: one knows them.
    """
    own = {row["xtdcomment_ptr_id"] for row in rows if row["user_id"] and row["user_id"] == user.pk}
    rule, others = masking.get(), [row for row in rows if row["xtdcomment_ptr_id"] not in own]
    if not rule.may_unmask(user):
        return [row if row["xtdcomment_ptr_id"] in own else masked(row) for row in rows]
    rule.unmask(user, KIND, [row["xtdcomment_ptr_id"] for row in others])
    return list(rows)


def comment_item(
    row: Mapping[str, Any],
    link: str,
    *,
    context: str,
    zone: ZoneInfo,
    pictures: dict[str, str] | None,
    base: str,
    post_type: str = "post",
) -> dict[str, Any]:
    """Return one comment with WordPress's keys in their order.

    `pictures` is None where the site shows no pictures of authors; `base` is wp/v2's address.
    """
    key, path, name = row["xtdcomment_ptr_id"], row["path"], row["user_name"]
    parent = int(path[-20:-10]) if len(path) > 10 else 0
    is_whole = context != "embed"
    is_edit = context == "edit"
    posted_at = row["posted_at"]
    item: dict[str, Any] = {"id": key}
    if is_whole:
        item["post"] = row["target_id"]
    item["parent"] = parent
    item["author"] = row["user_id"] or 0
    item["author_name"] = name
    if is_edit:
        item["author_email"] = row["user_email"]
    item["author_url"] = row["user_url"]
    if is_edit:
        item["author_ip"] = row["ip_address"] or ""
        item["author_user_agent"] = row["user_agent"]
    item["date"] = wp_date(posted_at, zone)
    if is_whole:
        item["date_gmt"] = wp_date_gmt(posted_at)
    item["content"] = {"rendered": row["rendered"]}
    if is_edit:
        item["content"]["raw"] = row["comment"]
    item["link"] = link
    if is_whole:
        item["status"] = str(row["status"])
    item["type"] = str(row["kind"])
    if pictures is not None:
        item["author_avatar_urls"] = pictures
    if is_whole:
        item["meta"] = meta_of(COMMENT, COMMENT, row["meta"])
    links: dict[str, Any] = {
        "self": [{"href": f"{base}/comments/{key}"}],
        "collection": [{"href": f"{base}/comments"}],
    }
    if row["user_id"]:
        links["author"] = [{"embeddable": True, "href": f"{base}/users/{row['user_id']}"}]
    up = f"{base}/{post_type}s/{row['target_id']}"
    links["up"] = [{"embeddable": True, "post_type": post_type, "href": up}]
    if parent:
        links["in-reply-to"] = [{"embeddable": True, "href": f"{base}/comments/{parent}"}]
    if row["nested_count"]:
        links["children"] = [{"embeddable": True, "href": f"{base}/comments?parent={key}"}]
    item["_links"] = links
    return item


def pictures_of(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the addresses of authors' pictures by name, each in every size."""
    draw = avatars.get()
    return {
        name: {str(size): draw.url(name or "?", size=size) for size in SIZES} for name in set(names)
    }


def wp_base() -> str:
    """Return the address below which the links of comments lie."""
    return rest_url("/wp/v2")
