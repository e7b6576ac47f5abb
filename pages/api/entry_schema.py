"""What posts and pages are made of: the schema of wp/v2, and of it the parameters of a write."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.extensions.content_kinds import POST
from core.rest.arguments import ArgumentError, check_value
from core.rest.declare import Arg, RestRequest
from core.rest.meta import judge_meta, meta_schema
from core.rest.schemas import DRAFT_4, as_written, write_args
from core.rest.urls import rest_url
from pages.models import Entry, PostPage, StandardPage
from pages.slugs import make_slug
from pages.statuses import DRAFT, FUTURE, PENDING, PRIVATE, PUBLISH, status_of

MODELS: Mapping[str, type[Entry]] = {"post": PostPage, "page": StandardPage}
VIEW, EDIT, EMBED = "view", "edit", "embed"
ALL, SHOWN, EDITING = [VIEW, EDIT, EMBED], [VIEW, EDIT], [EDIT]
STATUSES = [PUBLISH, FUTURE, DRAFT, PENDING, PRIVATE]
OPEN_OR_CLOSED = {"type": "string", "enum": ["open", "closed"]}
MOMENT: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
FORMATS = [str(value) for value in PostPage.Format.values]


def described(description: str, context: list[str], **schema: Any) -> dict[str, Any]:
    return {"description": description, **schema, "context": context}


def text(name: str, context: list[str], **others: Any) -> dict[str, Any]:
    """Return the schema of a text that is given raw and answered rendered."""
    what = "HTML title" if name == "title" else f"HTML {name}"
    rendered_in = SHOWN if name == "content" else ALL
    return described(
        f"The {name} for the post.", context, type="object",
        properties={
            "raw": described(f"{name.capitalize()} for the post, as it exists in the database.",
                             EDITING, type="string"),
            "rendered": described(f"{what} for the post, transformed for display.", rendered_in,
                                  type="string", readonly=True),
            **others,
        },
    )  # fmt: skip


def protected(name: str) -> dict[str, Any]:
    return described(f"Whether the {name} is protected with a password.", ALL, type="boolean",
                     readonly=True)  # fmt: skip


BLOCK_VERSION = described("Version of the content block format used by the post.", EDITING,
                          type="integer", readonly=True)  # fmt: skip
BEGINNING: Mapping[str, Any] = {
    "date": described("The date the post was published, in the site's timezone.", ALL, **MOMENT),
    "date_gmt": described("The date the post was published, as GMT.", SHOWN, **MOMENT),
    "guid": described(
        "The globally unique identifier for the post.", SHOWN, type="object", readonly=True,
        properties={
            "raw": described("GUID for the post, as it exists in the database.", EDITING,
                             type="string", readonly=True),
            "rendered": described("GUID for the post, transformed for display.", SHOWN,
                                  type="string", readonly=True),
        },
    ),
    "id": described("Unique identifier for the post.", ALL, type="integer", readonly=True),
    "link": described("URL to the post.", ALL, type="string", format="uri", readonly=True),
    "modified": described("The date the post was last modified, in the site's timezone.", SHOWN,
                          type="string", format="date-time", readonly=True),
    "modified_gmt": described("The date the post was last modified, as GMT.", SHOWN,
                              type="string", format="date-time", readonly=True),
    "slug": described("An alphanumeric identifier for the post unique to its type.", ALL,
                      type="string"),
    "status": described("A named status for the post.", SHOWN, type="string", enum=STATUSES),
    "type": described("Type of post.", ALL, type="string", readonly=True),
    "password": described("A password to protect access to the content and excerpt.", EDITING,
                          type="string"),
    "permalink_template": described("Permalink template for the post.", EDITING, type="string",
                                    readonly=True),
    "generated_slug": described("Slug automatically generated from the post title.", EDITING,
                                type="string", readonly=True),
}  # fmt: skip
WORDS: Mapping[str, Any] = {
    "title": text("title", ALL),
    "content": text("content", SHOWN, block_version=BLOCK_VERSION, protected=protected("content")),
    "author": described("The ID for the author of the post.", ALL, type="integer"),
    "excerpt": text("excerpt", ALL, protected=protected("excerpt")),
    "featured_media": described("The ID of the featured media for the post.", ALL, type="integer"),
    "comment_status": described("Whether or not comments are open on the post.", SHOWN,
                                **OPEN_OR_CLOSED),
    "ping_status": described("Whether or not the post can be pinged.", SHOWN, **OPEN_OR_CLOSED),
}  # fmt: skip
PARENT = described("The ID for the parent of the post.", SHOWN, type="integer")
ORDER = described("The order of the post in relation to other posts.", SHOWN, type="integer")
FORMAT = described("The format for the post.", SHOWN, type="string", enum=FORMATS)
META = described("Meta fields.", SHOWN, type="object", properties=[])
STICKY = described("Whether or not the post should be treated as sticky.", SHOWN, type="boolean")
TEMPLATE = described("The theme file to use to display the post.", SHOWN, type="string")


def terms(taxonomy: str) -> dict[str, Any]:
    return described(f"The terms assigned to the post in the {taxonomy} taxonomy.", SHOWN,
                     type="array", items={"type": "integer"})  # fmt: skip


PROPERTIES: Mapping[str, Mapping[str, Any]] = {
    "post": {
        **BEGINNING, **WORDS, "format": FORMAT, "meta": META, "sticky": STICKY,
        "template": TEMPLATE, "categories": terms("category"), "tags": terms("post_tag"),
    },
    "page": {
        **BEGINNING, "parent": PARENT, **WORDS, "menu_order": ORDER, "meta": META,
        "template": TEMPLATE,
    },
}  # fmt: skip


def entry_schema(kind: str) -> dict[str, Any]:
    """Return the JSON schema of a post or a page."""
    return {
        "$schema": DRAFT_4,
        "title": kind,
        "type": "object",
        "properties": {**PROPERTIES[kind], "meta": meta_schema(POST, kind)},
        "links": action_links(
            f"{kind}s", is_sticky=kind == "post", has_author=True,
            taxonomies=(("category", "categories"), ("post_tag", "tags")) if kind == "post" else (),
        ),
    }  # fmt: skip


def action_links(
    base: str, *, is_sticky: bool, has_author: bool, taxonomies: Iterable[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Return the links by which an item in context edit says what its reader may do.

    `taxonomies` are names and bases of those that items at this base are filed under.
    """
    actions: list[tuple[str, str, dict[str, Any]]] = [
        ("publish", "publish this post", {"status": {"type": "string", "enum": [PUBLISH, FUTURE]}}),
        ("unfiltered-html", "post unfiltered HTML markup and JavaScript",
         {"content": {"raw": {"type": "string"}}}),
    ]  # fmt: skip
    if is_sticky:
        actions.append(("sticky", "sticky this post", {"sticky": {"type": "boolean"}}))
    if has_author:
        actions.append(
            ("assign-author", "change the author on this post", {"author": {"type": "integer"}})
        )
    for taxonomy, name in taxonomies:
        given = {name: {"type": "array", "items": {"type": "integer"}}}
        for verb in ("assign", "create"):
            actions.append((f"{verb}-{name}", f"{verb} terms in the {taxonomy} taxonomy", given))
    return [
        {
            "rel": f"https://api.w.org/action-{name}",
            "title": f"The current user can {words}.",
            "href": rest_url(f"/wp/v2/{base}/{{id}}"),
            "targetSchema": {"type": "object", "properties": properties},
        }
        for name, words, properties in actions
    ]


def entry_args(kind: str) -> tuple[Arg, ...]:
    """Return the parameters of a write: nothing is required, and nothing has a default."""
    return write_args({"properties": PROPERTIES[kind]}, creating=False, judges=JUDGES)


def wanted_status(value: Any, asked: RestRequest) -> Any:
    """Take one of the statuses, or the one that an entry has, such as trash."""
    stored = stored_entry(asked)
    if stored is not None and value == status_of(stored):
        return value
    return check_value(value, {"type": "string", "enum": STATUSES}, "status")


def wanted_template(value: Any, asked: RestRequest) -> Any:
    """Take no template, or the one that an entry has: there are no others."""
    stored = stored_entry(asked)
    if value and (stored is None or value != stored.template_name):
        raise ArgumentError("rest_invalid_param", "template is not one of .")
    return check_value(value, {"type": "string"}, "template")


def wanted_slug(value: Any, asked: RestRequest) -> str:
    """Make a slug of any text."""
    return make_slug(check_value(value, {"type": "string"}, "slug"))


def stored_entry(asked: RestRequest) -> Entry | None:
    key = asked.in_path.get("id", "")
    model = MODELS["page" if "/pages" in asked.route.pattern else "post"]
    return model.objects.filter(pk=int(key)).first() if key and len(key) < 19 else None


JUDGES = {"title": as_written, "content": as_written, "excerpt": as_written,
          "slug": wanted_slug, "status": wanted_status, "template": wanted_template,
          "meta": judge_meta}  # fmt: skip
