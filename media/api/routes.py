"""Routes of wp/v2/media."""

from pathlib import Path

from core.rest.arguments import (
    COLLECTION_ARGS,
    CONTEXT_ARG,
    EXCLUDE_ARG,
    ID_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    SLUG_ARG,
    date_args,
    order_args,
)
from core.rest.declare import Arg, Endpoint, PostType, Route
from core.rest.schemas import read_json
from media.api import handlers

IDS = {"type": "integer"}
LIST_ARGS = (
    *COLLECTION_ARGS,
    *date_args(),
    Arg(name="author", type="array", items=IDS, default=(), has_default=True,
        description="Limit result set to posts assigned to specific authors."),
    Arg(name="author_exclude", type="array", items=IDS, default=(), has_default=True,
        description="Ensure result set excludes posts assigned to specific authors."),
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    *order_args("author", "date", "id", "include", "modified", "parent", "relevance", "slug",
                "include_slugs", "title"),
    Arg(name="parent", type="array", items=IDS, default=(), has_default=True,
        description="Limit result set to items with particular parent IDs."),
    Arg(name="parent_exclude", type="array", items=IDS, default=(), has_default=True,
        description="Ensure result set excludes all items with particular parent IDs."),
    SLUG_ARG,
    Arg(name="media_type", enum=("image", "video", "text", "application", "audio"),
        description="Limit result set to attachments of a particular media type."),
    Arg(name="mime_type", description="Limit result set to attachments of a particular MIME type."),
)  # fmt: skip
WORDS = (
    Arg(name="title", type=("object", "string"), description="The title for the object."),
    Arg(name="alt_text",
        description="Alternative text to display when attachment is not displayed."),
    Arg(name="caption", type=("object", "string"), description="The attachment caption."),
    Arg(name="description", type=("object", "string"), description="The attachment description."),
    Arg(name="post", type="integer",
        description="The ID for the associated post of the attachment."),
)  # fmt: skip
FORCE = Arg(name="force", type="boolean", default=False, has_default=True,
            description="Whether to bypass Trash and force deletion.")  # fmt: skip

ROUTES = [
    Route(
        pattern="/wp/v2/media",
        namespace="wp/v2",
        endpoints=[
            Endpoint(methods=("GET",), handler=handlers.list_media, args=LIST_ARGS,
                     permission=handlers.require_context),
            Endpoint(methods=("POST",), handler=handlers.create_media, args=WORDS,
                     permission=handlers.require_upload),
        ],
    ),
    Route(
        pattern=r"/wp/v2/media/(?P<id>[\d]+)",
        namespace="wp/v2",
        endpoints=[
            Endpoint(methods=("GET",), handler=handlers.get_media, args=(ID_ARG, CONTEXT_ARG),
                     permission=handlers.require_context),
            Endpoint(methods=("POST", "PUT", "PATCH"), handler=handlers.update_media,
                     args=(ID_ARG, *WORDS), permission=handlers.require_edit),
            Endpoint(methods=("DELETE",), handler=handlers.delete_media, args=(ID_ARG, FORCE),
                     permission=handlers.require_edit),
        ],
    ),
]  # fmt: skip

ATTACHMENT = PostType(
    identifier="attachment",
    rest_base="media",
    view=read_json(Path(__file__).with_name("data") / "attachment.json"),
)
