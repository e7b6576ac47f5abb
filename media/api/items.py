"""A picture or document of the library as WordPress's REST API shows an attachment."""

from collections.abc import Mapping
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from core.rest.dates import wp_date, wp_date_gmt
from core.rest.urls import rest_url
from core.texturize import title_html
from media.kinds import mime_type_of
from media.pictures import shown_file
from media.services import BOUNDS

# What an attachment is made from, read in one query.
COLUMNS = (
    "id", "title", "slug", "file", "width", "height", "file_size", "description", "caption",
    "credit", "details", "sizes", "alternatives", "attached_to_id", "created_at",
    "modified_at", "uploaded_by_user_id",
)  # fmt: skip
DOCUMENT_COLUMNS = (
    "number", "title", "slug", "file", "file_size", "description", "caption", "details",
    "attached_to_id", "created_at", "modified_at", "uploaded_by_user_id",
)  # fmt: skip
CURIES = [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}]
SRCSET_SIZES = ("medium", "large", "medium_large")


def attachment(
    row: Mapping[str, Any], *, site_url: str, zone: ZoneInfo, context: str
) -> dict[str, Any]:
    """Return one attachment, with the keys of WordPress 6.1 in their order."""
    is_picture = "number" not in row
    row = (
        {**row, "shown": shown_file(row)}
        if is_picture
        else {**row, "id": row["number"], "shown": {"path": row["file"]}}
    )
    source = stored_url(site_url, row["shown"]["path"])
    caption = f"<p>{escape(row['caption'])}</p>\n" if row["caption"] else ""
    item: dict[str, Any] = {"id": row["id"], "date": wp_date(row["created_at"], zone)}
    if context != "embed":
        item |= {
            "date_gmt": wp_date_gmt(row["created_at"]),
            "guid": {"rendered": source} | ({"raw": source} if context == "edit" else {}),
            "modified": wp_date(row["modified_at"], zone),
            "modified_gmt": wp_date_gmt(row["modified_at"]),
        }
    item["slug"] = row["slug"]
    if context != "embed":
        item["status"] = "inherit"
    item |= {
        "type": "attachment",
        "link": source,
        "title": texts(context, row["title"], title_html(row["title"])),
        "author": row["uploaded_by_user_id"] or 0,
    }
    if context != "embed":
        item |= {"comment_status": "closed", "ping_status": "closed", "template": "", "meta": []}
        if context == "edit":
            item |= {"permalink_template": source, "generated_slug": row["slug"]}
        shown = picture_shown(row, site_url) if is_picture else document_shown(row, source)
        item["description"] = texts(context, row["details"], shown + described(row))
    item |= {
        "caption": texts(context, row["caption"], caption),
        "alt_text": row["description"],
        "media_type": "image" if is_picture else "file",
        "mime_type": mime_type_of(row["shown"]["path"]),
        "media_details": details(row, site_url)
        if is_picture
        else {"filesize": row["file_size"] or 0, "sizes": {}},
    }
    if context != "embed":
        item["post"] = row["attached_to_id"]
    item["source_url"] = source
    if context == "edit":
        item["missing_image_sizes"] = missing_sizes(row) if is_picture else []
    own = rest_url(f"/wp/v2/media/{row['id']}")
    links: dict[str, Any] = {
        "self": [{"href": own}],
        "collection": [{"href": rest_url("/wp/v2/media")}],
        "about": [{"href": rest_url("/wp/v2/types/attachment")}],
    }
    if row["uploaded_by_user_id"]:
        author = rest_url(f"/wp/v2/users/{row['uploaded_by_user_id']}")
        links["author"] = [{"embeddable": True, "href": author}]
    links["replies"] = [{"embeddable": True, "href": rest_url(f"/wp/v2/comments?post={row['id']}")}]
    if context == "edit":
        links["wp:action-unfiltered-html"] = [{"href": own}]
        links["wp:action-assign-author"] = [{"href": own}]
        links["curies"] = CURIES
    item["_links"] = links
    return item


def texts(context: str, raw: str, rendered: str) -> dict[str, str]:
    return {"raw": raw, "rendered": rendered} if context == "edit" else {"rendered": rendered}


def stored_url(site_url: str, name: str) -> str:
    url = f"{settings.MEDIA_URL}{name}"
    return url if "://" in url else f"{site_url}{url}"


def details(row: Mapping[str, Any], site_url: str) -> dict[str, Any]:
    shown = row["shown"]
    sizes: dict[str, Any] = {
        name: {
            "file": size["file"],
            "width": size["width"],
            "height": size["height"],
            "filesize": size["filesize"],
            "mime_type": mime_type_of(size["path"]),
            "source_url": stored_url(site_url, size["path"]),
        }
        for name, size in row["sizes"].items()
    }
    if sizes:
        # WordPress lists the full size only beside a smaller one.
        sizes["full"] = {
            "file": shown["path"].rsplit("/", 1)[-1],
            "width": shown["width"],
            "height": shown["height"],
            "mime_type": mime_type_of(shown["path"]),
            "source_url": stored_url(site_url, shown["path"]),
        }
    details: dict[str, Any] = {
        "width": shown["width"],
        "height": shown["height"],
        "file": shown["path"],
        "filesize": shown.get("filesize", row["file_size"]) or 0,
        "sizes": sizes,
        "image_meta": {
            "aperture": "0",
            "credit": row["credit"],
            "camera": "",
            "caption": "",
            "created_timestamp": "0",
            "copyright": "",
            "focal_length": "0",
            "iso": "0",
            "shutter_speed": "0",
            "title": "",
            "orientation": "0",
            "keywords": [],
        },
    }
    if shown["path"] != row["file"]:
        # What was uploaded, where browsers are shown something else.
        details["original_image"] = row["file"].rsplit("/", 1)[-1]
    return details


def missing_sizes(row: Mapping[str, Any]) -> list[str]:
    """Return the names of WordPress's sizes that are still to be made."""
    if mime_type_of(row["file"]) == "image/svg+xml":
        return []
    return [
        name
        for name, (width, height) in BOUNDS.items()
        if name not in row["sizes"] and (row["width"] > width or row["height"] > height)
    ]


def described(row: Mapping[str, Any]) -> str:
    return f"<p>{escape(row['details'])}</p>\n" if row["details"] else ""


def document_shown(row: Mapping[str, Any], source: str) -> str:
    """Return the link to a document as WordPress puts it before an attachment's description."""
    title = title_html(row["title"])
    return f"<p class=\"attachment\"><a href='{source}'>{title}</a></p>\n"


def picture_shown(row: Mapping[str, Any], site_url: str) -> str:
    """Return the picture as WordPress puts it before an attachment's description."""
    largest = row["shown"]
    source = stored_url(site_url, largest["path"])
    shown = row["sizes"].get("medium")
    picture = (
        (stored_url(site_url, shown["path"]), shown["width"], shown["height"])
        if shown
        else (source, largest["width"], largest["height"])
    )
    candidates = [
        f"{stored_url(site_url, row['sizes'][name]['path'])} {row['sizes'][name]['width']}w"
        for name in SRCSET_SIZES
        if name in row["sizes"]
    ]
    srcset = ""
    if shown and candidates:
        candidates.append(f"{source} {largest['width']}w")
        srcset = (
            f' srcset="{", ".join(candidates)}"'
            f' sizes="(max-width: {shown["width"]}px) 100vw, {shown["width"]}px"'
        )
    return (
        f'<p class="attachment"><a href=\'{source}\'><img width="{picture[1]}" '
        f'height="{picture[2]}" src="{picture[0]}" class="attachment-medium size-medium" '
        f'alt="{escape(row["description"])}" decoding="async" loading="lazy"{srcset} /></a></p>\n'
    )
