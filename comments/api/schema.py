"""A comment's JSON schema as OPTIONS shows it, with WordPress's words."""

from collections.abc import Mapping
from typing import Any

from comments.api.items import SIZES
from comments.models import DiscussionSettings
from core.extensions.content_kinds import COMMENT
from core.rest.meta import meta_schema
from core.rest.schemas import DRAFT_4

EVERYWHERE = ["view", "edit", "embed"]


def described(
    description: str, kind: str, context: list[str] = EVERYWHERE, **more: Any
) -> dict[str, Any]:
    return {"description": description, "type": kind, "context": context, **more}


def comment_schema() -> Mapping[str, Any]:
    """Return the schema; pictures of authors are in it where the site shows them."""
    whole, edit = ["view", "edit"], ["edit"]
    properties = {
        "id": described("Unique identifier for the comment.", "integer", readonly=True),
        "author": described("The ID of the user object, if author was a user.", "integer"),
        "author_email": described(
            "Email address for the comment author.", "string", edit, format="email"
        ),
        "author_ip": described("IP address for the comment author.", "string", edit, format="ip"),
        "author_name": described("Display name for the comment author.", "string"),
        "author_url": described("URL for the comment author.", "string", format="uri"),
        "author_user_agent": described("User agent for the comment author.", "string", edit),
        "content": described(
            "The content for the comment.", "object",
            properties={
                "raw": described(
                    "Content for the comment, as it exists in the database.", "string", edit
                ),
                "rendered": described(
                    "HTML content for the comment, transformed for display.", "string",
                    readonly=True,
                ),
            },
        ),
        "date": described(
            "The date the comment was published, in the site's timezone.", "string",
            format="date-time",
        ),
        "date_gmt": described(
            "The date the comment was published, as GMT.", "string", whole, format="date-time"
        ),
        "link": described("URL to the comment.", "string", format="uri", readonly=True),
        "parent": described("The ID for the parent of the comment.", "integer", default=0),
        "post": described("The ID of the associated post object.", "integer", whole, default=0),
        "status": described("State of the comment.", "string", whole),
        "type": described("Type of the comment.", "string", readonly=True),
        "author_avatar_urls": described(
            "Avatar URLs for the comment author.", "object", readonly=True,
            properties={
                str(size): described(
                    f"Avatar URL with image size of {size} pixels.", "string",
                    ["embed", "view", "edit"], format="uri",
                )
                for size in SIZES
            },
        ),
        "meta": meta_schema(COMMENT, COMMENT),
    }  # fmt: skip
    if not DiscussionSettings.current().show_avatars:
        del properties["author_avatar_urls"]
    return {
        "$schema": DRAFT_4,
        "title": "comment",
        "type": "object",
        "properties": properties,
    }
