"""JSON schemas of custom types and taxonomies, after WordPress's own of posts, pages and terms."""

from functools import partial
from typing import Any

from core.extensions.content_kinds import POST, TERM, CustomTaxonomy, CustomType, taxonomies_of
from core.rest.arguments import ArgumentError, check_value
from core.rest.declare import Arg, RestRequest
from core.rest.meta import meta_schema
from core.rest.schemas import DRAFT_4, read_json, write_args
from pages.api.entry_schema import (
    BEGINNING,
    JUDGES,
    ORDER,
    PARENT,
    STATUSES,
    TEMPLATE,
    WORDS,
    action_links,
    terms,
)
from pages.api.terms import SCHEMAS
from pages.models.terms import CATEGORY, TAG
from pages.statuses import TRASH
from wordpress.api.items import left_out
from wordpress.models import KeptRecord

LONGEST_KEY = 19


def type_schema(kind: CustomType) -> dict[str, Any]:
    """Return the JSON schema of a type's items."""
    return {
        "$schema": DRAFT_4,
        "title": kind.name,
        "type": "object",
        "properties": properties_of(kind),
        "links": action_links(
            kind.base, is_sticky=False, has_author="author" in kind.supports,
            taxonomies=[(each.name, each.base) for each in taxonomies_of(kind)],
        ),
    }  # fmt: skip


def properties_of(kind: CustomType) -> dict[str, Any]:
    """Return what a type's items have, each with its schema."""
    others = left_out(kind)
    properties: dict[str, Any] = {
        **BEGINNING,
        **({"parent": PARENT} if kind.hierarchical else {}),
        **WORDS,
        "menu_order": ORDER,
        "meta": meta_schema(POST, kind.name),
        "template": TEMPLATE,
        **{each.base: terms(each.name) for each in taxonomies_of(kind)},
    }
    return {name: schema for name, schema in properties.items() if name not in others}


def item_args(kind: CustomType) -> tuple[Arg, ...]:
    """Return the parameters of a write: the properties that are not only read."""
    judges = {**JUDGES, "status": partial(wanted_status, kind), "template": wanted_template}
    return write_args({"properties": properties_of(kind)}, creating=False, judges=judges)


def wanted_status(kind: CustomType, value: Any, asked: RestRequest) -> Any:
    """Take one of the statuses, or the one that an item has, such as trash."""
    key = asked.in_path.get("id", "")
    items = KeptRecord.objects.filter(is_term=False, type=kind.name, status=TRASH)
    if value == TRASH and key and len(key) < LONGEST_KEY and items.filter(number=key).exists():
        return value
    return check_value(value, {"type": "string", "enum": STATUSES}, "status")


def wanted_template(value: Any, asked: RestRequest) -> Any:
    """Take no template: there are none."""
    if value:
        raise ArgumentError("rest_invalid_param", "template is not one of .")
    return check_value(value, {"type": "string"}, "template")


def taxonomy_schema(taxonomy: CustomTaxonomy) -> dict[str, Any]:
    """Return the JSON schema of a taxonomy's terms."""
    schema = read_json(SCHEMAS[CATEGORY if taxonomy.hierarchical else TAG])
    properties = schema["properties"]
    return {
        **schema,
        "title": taxonomy.name,
        "properties": {
            **properties,
            "taxonomy": {**properties["taxonomy"], "enum": [taxonomy.name]},
            "meta": meta_schema(TERM, taxonomy.name),
        },
    }
