"""What follows from an item's JSON schema: parameters of writes, and what each context shows.

Schemas are kept as WordPress shows them in OPTIONS, one JSON file a type, beside the routes that
answer it.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from core.rest.arguments import ArgumentError, text
from core.rest.declare import Arg, RestRequest

Schema = Mapping[str, Any]
Judges = Mapping[str, Callable[[Any, RestRequest], Any]]
DRAFT_4 = "http://json-schema.org/draft-04/schema#"


@cache
def read_json(path: Path) -> Any:
    """Return what a JSON file beside the code holds; it is read once."""
    return json.loads(path.read_text("utf-8"))


def schema_at(path: Path) -> Callable[[], Schema]:
    """Return what Route.schema asks for, from a file."""
    return lambda: read_json(path)


def as_written(value: Any, asked: RestRequest) -> Any:
    """Judge: take a text in whatever form it comes, as an object with `raw` or alone."""
    if isinstance(value, dict):
        return {
            key: as_text(inner) if key == "raw" else inner
            for key, inner in value.items()
            if key != "raw" or inner is not None
        }
    return as_text(value)


def as_text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ArgumentError("rest_invalid_type", "raw is not of type string.", {"param": "raw"})
    return text(value)


def write_args(schema: Schema, *, creating: bool, judges: Judges | None = None) -> tuple[Arg, ...]:
    """Return the parameters that write an item: all properties that are not read-only.

    As in WordPress, what is required and what has a default counts where an item is created.
    `judges` are by parameter what Arg.judge is.
    """
    return tuple(
        arg_of(name, prop, creating=creating, judge=(judges or {}).get(name))
        for name, prop in schema["properties"].items()
        if not prop.get("readonly")
    )


def arg_of(
    name: str,
    prop: Mapping[str, Any],
    *,
    creating: bool,
    judge: Callable[[Any, RestRequest], Any] | None = None,
) -> Arg:
    kind = prop["type"]
    return Arg(
        name=name,
        type=tuple(kind) if isinstance(kind, list) else kind,
        description=prop.get("description", ""),
        format=prop.get("format", ""),
        enum=tuple(prop.get("enum", ())),
        pattern=prop.get("pattern", ""),
        min_length=prop.get("minLength"),
        items=prop.get("items"),
        properties=prop.get("properties"),
        minimum=prop.get("minimum"),
        maximum=prop.get("maximum"),
        required=creating and bool(prop.get("required")),
        default=prop.get("default") if creating else None,
        has_default=creating and "default" in prop,
        judge=judge,
    )


def list_of(schema: Callable[[], Schema]) -> Callable[[], Schema]:
    """Return what Endpoint.shows asks for, where all items are answered at once."""
    return lambda: {"type": "array", "items": schema()}


def by_name(schema: Callable[[], Schema]) -> Callable[[], Schema]:
    """Return what Endpoint.shows asks for, where items are answered by their names."""
    return lambda: {"type": "object", "additionalProperties": schema()}


def in_context(item: Mapping[str, Any], schema: Schema, context: str) -> dict[str, Any]:
    """Return what of an item a context shows, after the schema."""
    shown = schema["properties"]
    return {
        name: value
        for name, value in item.items()
        if name not in shown or context in shown[name].get("context", (context,))
    }
