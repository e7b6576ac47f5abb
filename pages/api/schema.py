"""JSON schemas of posts and pages, as OPTIONS answers them."""

from collections.abc import Mapping
from typing import Any

from core.rest.urls import rest_url
from pages.models import PostPage

DRAFT_04 = "http://json-schema.org/draft-04/schema#"
EVERYWHERE, WHOLE, EDIT = ["view", "edit", "embed"], ["view", "edit"], ["edit"]
OPEN_OR_CLOSED = ["open", "closed"]
Schema = dict[str, Any]


def described(description: str, kind: str | list[str], context: list[str], **more: Any) -> Schema:
    return {"description": description, "type": kind, **more, "context": context}


def fixed(description: str, kind: str, context: list[str], **more: Any) -> Schema:
    return described(description, kind, context, **more) | {"readonly": True}


def protected_of(what: str) -> Schema:
    return fixed(f"Whether the {what} is protected with a password.", "boolean", EVERYWHERE)


def post_schema() -> Mapping[str, Any]:
    """Return the schema of a post."""
    return schema_of("post", after_words=FIELDS_OF_POSTS)


def page_schema() -> Mapping[str, Any]:
    """Return the schema of a page."""
    return schema_of("page", before_words=PARENT, after_words=FIELDS_OF_PAGES)


PARENT = {"parent": described("The ID for the parent of the post.", "integer", WHOLE)}
META = {"meta": described("Meta fields.", "object", WHOLE) | {"properties": []}}
TEMPLATE = {"template": described("The theme file to use to display the post.", "string", WHOLE)}
FIELDS_OF_POSTS = {
    "format": described("The format for the post.", "string", WHOLE,
                        enum=list(PostPage.Format.values)),
    **META,
    "sticky": described("Whether or not the post should be treated as sticky.", "boolean", WHOLE),
    **TEMPLATE,
    **{
        base: described(f"The terms assigned to the post in the {taxonomy} taxonomy.", "array",
                        WHOLE, items={"type": "integer"})
        for base, taxonomy in (("categories", "category"), ("tags", "post_tag"))
    },
}  # fmt: skip
FIELDS_OF_PAGES = {
    "menu_order": described("The order of the post in relation to other posts.", "integer", WHOLE),
    **META, **TEMPLATE,
}  # fmt: skip


def schema_of(kind: str, *, after_words: Schema, before_words: Schema | None = None) -> Schema:
    date = {"format": "date-time"}
    return {
        "$schema": DRAFT_04,
        "title": kind,
        "type": "object",
        "properties": {
            "date": described("The date the post was published, in the site's timezone.",
                              ["string", "null"], EVERYWHERE, **date),
            "date_gmt": described("The date the post was published, as GMT.",
                                  ["string", "null"], WHOLE, **date),
            "guid": fixed("The globally unique identifier for the post.", "object", WHOLE) | {
                "properties": {
                    "raw": fixed("GUID for the post, as it exists in the database.", "string",
                                 EDIT),
                    "rendered": fixed("GUID for the post, transformed for display.", "string",
                                      WHOLE),
                }
            },
            "id": fixed("Unique identifier for the post.", "integer", EVERYWHERE),
            "link": fixed("URL to the post.", "string", EVERYWHERE, format="uri"),
            "modified": fixed("The date the post was last modified, in the site's timezone.",
                              "string", WHOLE, **date),
            "modified_gmt": fixed("The date the post was last modified, as GMT.", "string", WHOLE,
                                  **date),
            "slug": described("An alphanumeric identifier for the post unique to its type.",
                              "string", EVERYWHERE),
            "status": described("A named status for the post.", "string", WHOLE,
                                enum=["publish", "future", "draft", "pending", "private"]),
            "type": fixed("Type of post.", "string", EVERYWHERE),
            "password": described("A password to protect access to the content and excerpt.",
                                  "string", EDIT),
            "permalink_template": fixed("Permalink template for the post.", "string", EDIT),
            "generated_slug": fixed("Slug automatically generated from the post title.", "string",
                                    EDIT),
            **(before_words or {}),
            "title": described("The title for the post.", "object", EVERYWHERE) | {
                "properties": words_of("Title", "HTML title", EVERYWHERE)
            },
            "content": described("The content for the post.", "object", WHOLE) | {
                "properties": words_of("Content", "HTML content", WHOLE) | {
                    "block_version": fixed(
                        "Version of the content block format used by the post.", "integer", EDIT
                    ),
                    "protected": protected_of("content"),
                }
            },
            "author": described("The ID for the author of the post.", "integer", EVERYWHERE),
            "excerpt": described("The excerpt for the post.", "object", EVERYWHERE) | {
                "properties": words_of("Excerpt", "HTML excerpt", EVERYWHERE) | {
                    "protected": protected_of("excerpt"),
                }
            },
            "featured_media": described("The ID of the featured media for the post.", "integer",
                                        EVERYWHERE),
            "comment_status": described("Whether or not comments are open on the post.", "string",
                                        WHOLE, enum=OPEN_OR_CLOSED),
            "ping_status": described("Whether or not the post can be pinged.", "string", WHOLE,
                                     enum=OPEN_OR_CLOSED),
            **after_words,
        },
        "links": actions_on(kind),
    }  # fmt: skip


def words_of(raw: str, rendered: str, rendered_in: list[str]) -> Schema:
    return {
        "raw": described(f"{raw} for the post, as it exists in the database.", "string", EDIT),
        "rendered": fixed(f"{rendered} for the post, transformed for display.", "string",
                          rendered_in),
    }  # fmt: skip


def actions_on(kind: str) -> list[Schema]:
    """Return the links by which an item tells its reader what they may do with it."""
    targets: dict[str, tuple[str, Schema]] = {
        "publish": ("The current user can publish this post.",
                    {"status": {"type": "string", "enum": ["publish", "future"]}}),
        "unfiltered-html": ("The current user can post unfiltered HTML markup and JavaScript.",
                            {"content": {"raw": {"type": "string"}}}),
    }  # fmt: skip
    if kind == "post":
        targets["sticky"] = ("The current user can sticky this post.",
                             {"sticky": {"type": "boolean"}})  # fmt: skip
    targets["assign-author"] = ("The current user can change the author on this post.",
                                {"author": {"type": "integer"}})  # fmt: skip
    for base, taxonomy in (("categories", "category"), ("tags", "post_tag")):
        if kind == "post":
            terms = {base: {"type": "array", "items": {"type": "integer"}}}
            targets[f"assign-{base}"] = (
                f"The current user can assign terms in the {taxonomy} taxonomy.", terms
            )  # fmt: skip
            targets[f"create-{base}"] = (
                f"The current user can create terms in the {taxonomy} taxonomy.", terms
            )  # fmt: skip
    href = rest_url(f"/wp/v2/{kind}s") + "/{id}"
    return [
        {"rel": f"https://api.w.org/action-{action}", "title": title, "href": href,
         "targetSchema": {"type": "object", "properties": properties}}
        for action, (title, properties) in targets.items()
    ]  # fmt: skip
