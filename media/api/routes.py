"""Routes of wp/v2/media."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
from core.rest.schemas import as_written, read_json, write_args
from core.rest.urls import rest_url
from media.api import editing, handlers

DATA = Path(__file__).with_name("data")
IDS = {"type": "integer"}
LIST_ARGS = (
    *COLLECTION_ARGS,
    *date_args(),
    *(Arg(name=f"modified_{side}", format="date-time",
          description=f"Limit response to posts modified {side} a given ISO8601 compliant date.")
      for side in ("after", "before")),
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
        description="Limit result set to all items except those of a particular parent ID."),
    SLUG_ARG,
    Arg(name="status", type="array", default="inherit", judge=handlers.wanted_statuses,
        items={"enum": list(handlers.STATUSES), "type": "string"},
        description="Limit result set to posts assigned one or more statuses."),
    Arg(name="media_type", has_default=True,
        enum=("image", "video", "text", "application", "audio"),
        description="Limit result set to attachments of a particular media type."),
    Arg(name="mime_type", has_default=True,
        description="Limit result set to attachments of a particular MIME type."),
)  # fmt: skip
PROPERTIES: Mapping[str, Any] = read_json(DATA / "schema.json")
JUDGES = {"title": as_written, "caption": as_written, "description": as_written,
          "status": handlers.wanted_status, "comment_status": handlers.wanted_openness,
          "ping_status": handlers.wanted_openness, "template": handlers.no_template}  # fmt: skip
CREATE_ARGS, CHANGE_ARGS = (
    write_args(PROPERTIES, creating=creating, judges=JUDGES) for creating in (True, False)
)
FORCE = Arg(name="force", type="boolean", default=False, has_default=True,
            description="Whether to bypass Trash and force deletion.")  # fmt: skip


def schema() -> Mapping[str, Any]:
    """Return what OPTIONS shows, with what people of some rights may do to an attachment."""
    actions = (
        ("unfiltered-html", "post unfiltered HTML markup and JavaScript",
         {"content": {"raw": {"type": "string"}}}),
        ("assign-author", "change the author on this post", {"author": {"type": "integer"}}),
    )  # fmt: skip
    links = [
        {
            "rel": f"https://api.w.org/action-{name}",
            "title": f"The current user can {words}.",
            "href": rest_url("/wp/v2/media/{id}"),
            "targetSchema": {"type": "object", "properties": properties},
        }
        for name, words, properties in actions
    ]
    return {**PROPERTIES, "links": links}


# What WordPress's schema says of these is meant for posts.
SHOWN = {"status": {"enum": list(handlers.STATUSES)}, "post": {"type": ["integer", "null"]}}
ROUTES = [
    Route(
        pattern="/wp/v2/media",
        namespace="wp/v2",
        schema=schema,
        corrects=SHOWN,
        endpoints=[
            Endpoint(methods=("GET",), handler=handlers.list_media, args=LIST_ARGS,
                     permission=handlers.require_list),
            Endpoint(methods=("POST",), handler=handlers.create_media, args=CREATE_ARGS,
                     permission=handlers.require_upload, answers=(201,), refusals=(412, 500)),
        ],
    ),
    Route(
        pattern=r"/wp/v2/media/(?P<id>[\d]+)",
        namespace="wp/v2",
        schema=schema,
        corrects=SHOWN,
        endpoints=[
            Endpoint(methods=("GET",), handler=handlers.get_media, args=(ID_ARG, CONTEXT_ARG),
                     permission=handlers.require_get),
            Endpoint(methods=("POST", "PUT", "PATCH"), handler=handlers.update_media,
                     args=(ID_ARG, *CHANGE_ARGS), permission=handlers.require_change),
            Endpoint(methods=("DELETE",), handler=handlers.delete_media, args=(ID_ARG, FORCE),
                     permission=handlers.require_change, refusals=(501,)),
        ],
    ),
    Route(
        pattern=r"/wp/v2/media/(?P<id>[\d]+)/post-process",
        namespace="wp/v2",
        schema=schema,
        corrects=SHOWN,
        endpoints=[
            Endpoint(methods=("POST",), handler=editing.process_media, args=editing.PROCESS_ARGS,
                     permission=handlers.require_change),
        ],
    ),
    Route(
        pattern=r"/wp/v2/media/(?P<id>[\d]+)/edit",
        namespace="wp/v2",
        schema=schema,
        corrects=SHOWN,
        endpoints=[
            Endpoint(methods=("POST",), handler=editing.edit_media, args=editing.EDIT_ARGS,
                     permission=editing.require_edit, answers=(201,), refusals=(500,)),
        ],
    ),
]  # fmt: skip

ATTACHMENT = PostType(
    identifier="attachment",
    rest_base="media",
    view=read_json(DATA / "attachment.json"),
)
