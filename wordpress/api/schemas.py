"""JSON schemas of custom types and taxonomies, after WordPress's own of posts, pages and terms."""

from typing import Any

from core.extensions.content_kinds import POST, TERM, CustomTaxonomy, CustomType, taxonomies_of
from core.rest.meta import meta_schema
from core.rest.schemas import DRAFT_4, read_json
from pages.api.entry_schema import BEGINNING, ORDER, PARENT, TEMPLATE, WORDS, terms
from pages.api.terms import SCHEMAS
from pages.models.terms import CATEGORY, TAG
from wordpress.api.items import left_out


def type_schema(kind: CustomType) -> dict[str, Any]:
    """Return the JSON schema of a type's items."""
    others = left_out(kind)
    properties = {
        **BEGINNING,
        **({"parent": PARENT} if kind.hierarchical else {}),
        **WORDS,
        "menu_order": ORDER,
        "meta": meta_schema(POST, kind.name),
        "template": TEMPLATE,
        **{each.base: terms(each.name) for each in taxonomies_of(kind)},
    }
    return {
        "$schema": DRAFT_4,
        "title": kind.name,
        "type": "object",
        "properties": {
            name: schema for name, schema in properties.items() if name not in others
        },
    }  # fmt: skip


def taxonomy_schema(taxonomy: CustomTaxonomy) -> dict[str, Any]:
    """Return the JSON schema of a taxonomy's terms."""
    schema = read_json(SCHEMAS[CATEGORY if taxonomy.hierarchical else TAG])
    return {
        **schema,
        "title": taxonomy.name,
        "properties": {**schema["properties"], "meta": meta_schema(TERM, taxonomy.name)},
    }
