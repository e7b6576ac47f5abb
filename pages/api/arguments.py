"""Parameters of lists of posts and pages, described and checked as WordPress does."""

from functools import partial
from typing import Any

from core.rest.arguments import (
    COLLECTION_ARGS,
    EXCLUDE_ARG,
    INCLUDE_ARG,
    OFFSET_ARG,
    SLUG_ARG,
    ArgumentError,
    as_list,
    check_value,
    date_args,
    order_args,
)
from core.rest.declare import Arg, RestRequest
from pages.reading_rights import rights_for

IDS = {"type": "integer"}
# WordPress knows these of everything that it keeps as posts; here none has the last seven.
STATUS_WORDS = (
    "publish", "future", "draft", "pending", "private", "trash", "auto-draft", "inherit",
    "request-pending", "request-confirmed", "request-failed", "request-completed", "any",
)  # fmt: skip
STATUS_ITEMS = {"enum": list(STATUS_WORDS), "type": "string"}
PASSWORD_ARG = Arg(
    name="password", description="The password for the post if it is password protected."
)


def id_list(name: str, description: str) -> Arg:
    return Arg(name=name, type="array", items=IDS, default=(), has_default=True,
               description=description)  # fmt: skip


def judge_statuses(kind: str, needs: str, value: Any, request: RestRequest) -> list[str]:
    """Let everybody ask for what is published, and for more who may edit or read it."""
    rights = rights_for(request.user, kind)
    may_edit = needs in rights.given if needs else rights.may("edit")
    may_read = not needs and rights.may("read_private")
    statuses = [str(status).lower() for status in as_list(value)]
    for status in statuses:
        if status == "publish":
            continue
        if not may_edit and not (status == "private" and may_read):
            code = 403 if request.user.is_authenticated else 401
            raise ArgumentError("rest_forbidden_status", "Status is forbidden.", {"status": code})
        check_value(status, {"type": "array", "items": STATUS_ITEMS}, "status")
    return statuses


def status_arg(kind: str, *, needs: str = "") -> Arg:
    """Return the parameter for statuses of a kind, or of what takes the capability `needs`."""
    return Arg(
        name="status", type="array", items=STATUS_ITEMS, default="publish",
        description="Limit result set to posts assigned one or more statuses.",
        judge=partial(judge_statuses, kind, needs),
    )  # fmt: skip


def terms_arg(base: str, *, is_tree: bool, is_exclude: bool) -> Arg:
    """Return the parameter that takes terms as a list of ids or as a query."""
    properties: dict[str, Any] = {
        "terms": {"description": "Term IDs.", "type": "array", "items": IDS, "default": []}
    }
    if is_tree:
        properties["include_children"] = {
            "description": "Whether to include child terms in the terms limiting the result set.",
            "type": "boolean",
            "default": False,
        }
    if not is_exclude:
        properties["operator"] = {
            "description": "Whether items must be assigned all or any of the specified terms.",
            "type": "string",
            "enum": ["AND", "OR"],
            "default": "OR",
        }
    words = "except those with" if is_exclude else "with"
    return Arg(
        name=f"{base}_exclude" if is_exclude else base,
        type=("object", "array"),
        description=f"Limit result set to items {words} specific terms assigned in the {base} "
        "taxonomy.",
        one_of=(
            {"title": "Term ID List", "description": "Match terms with the listed IDs.",
             "type": "array", "items": IDS},
            {"title": "Term ID Taxonomy Query", "description": "Perform an advanced term query.",
             "type": "object", "properties": properties, "additionalProperties": False},
        ),
    )  # fmt: skip


TAX_RELATION_ARG = Arg(
    name="tax_relation", enum=("AND", "OR"),
    description="Limit result set based on relationship between multiple taxonomies.",
)  # fmt: skip
AFTER, BEFORE = date_args()
MODIFIED_AFTER, MODIFIED_BEFORE = (
    Arg(name=f"modified_{side}", format="date-time",
        description=f"Limit response to posts modified {side} a given ISO8601 compliant date.")
    for side in ("after", "before")
)  # fmt: skip
FIRST = (
    *COLLECTION_ARGS, AFTER, MODIFIED_AFTER,
    id_list("author", "Limit result set to posts assigned to specific authors."),
    id_list("author_exclude", "Ensure result set excludes posts assigned to specific authors."),
    BEFORE, MODIFIED_BEFORE, EXCLUDE_ARG, INCLUDE_ARG,
)  # fmt: skip
ORDERBY = ("author", "date", "id", "include", "modified", "parent", "relevance", "slug",
           "include_slugs", "title")  # fmt: skip
POST_LIST_ARGS = (
    *FIRST, OFFSET_ARG, *order_args(*ORDERBY), SLUG_ARG, status_arg("post"),
    TAX_RELATION_ARG,
    *(terms_arg(base, is_tree=base == "categories", is_exclude=is_exclude)
      for base in ("categories", "tags") for is_exclude in (False, True)),
    Arg(name="sticky", type="boolean", description="Limit result set to items that are sticky."),
)  # fmt: skip
MENU_ORDER_ARG = Arg(
    name="menu_order", type="integer",
    description="Limit result set to posts with a specific menu_order value.",
)  # fmt: skip
PARENT_ARGS = (
    id_list("parent", "Limit result set to items with particular parent IDs."),
    id_list("parent_exclude",
            "Limit result set to all items except those of a particular parent ID."),
)  # fmt: skip
PAGE_LIST_ARGS = (
    *FIRST, MENU_ORDER_ARG, OFFSET_ARG, *order_args(*ORDERBY, "menu_order"), *PARENT_ARGS,
    SLUG_ARG, status_arg("page"),
)  # fmt: skip
