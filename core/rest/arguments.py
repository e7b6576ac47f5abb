"""Checking and sanitising parameters with WordPress's rules, codes and sentences."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dateparse import parse_datetime

from core.extensions.site import site_provider
from core.rest.declare import Arg, RestRequest
from core.rest.errors import RestError

TRUE, FALSE = ("true", "1"), ("false", "0")
LARGEST_INTEGER = 2**63 - 1
NUMERIC = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
INTEGER = re.compile(r"\s*[+-]?\d+\s*", re.ASCII)
# A day from the first and the last moment there is, so that every zone's clocks can show both.
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, 23, 59, 59, tzinfo=UTC)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:\d\d)?)?", re.ASCII)


class ArgumentError(Exception):
    """One parameter is wrong: WordPress's code, sentence and data."""

    def __init__(self, code: str, message: str, data: Any = None) -> None:
        self.code, self.message, self.data = code, message, data
        super().__init__(code)


def check_arguments(
    args: Iterable[Arg], given: Mapping[str, Any], asked: RestRequest | None = None
) -> dict[str, Any]:
    """Return the checked parameters with defaults; unknown ones pass through untouched.

    `asked` is the request, for parameters that are judged by who asks.
    Raises RestError rest_missing_callback_param or rest_invalid_param, which name every
    parameter that is missing or wrong.
    """
    args = tuple(args)
    # In JSON null says the same as leaving a parameter out.
    sent = {name: value for name, value in given.items() if value is not None}
    missing = [arg.name for arg in args if arg.required and arg.name not in sent]
    if missing:
        raise RestError(
            "rest_missing_callback_param",
            f"Missing parameter(s): {', '.join(missing)}",
            400,
            params=missing,
        )
    checked = dict(given)
    wrong: dict[str, ArgumentError] = {}
    for is_first in (True, False):
        for arg in args:
            if arg.checked_first is not is_first:
                continue
            if arg.name not in sent:
                checked.pop(arg.name, None)
                if arg.has_default or arg.default is not None:
                    checked[arg.name] = arg.default
                continue
            try:
                if arg.judge is not None and asked is not None:
                    checked[arg.name] = arg.judge(sent[arg.name], asked)
                    continue
                value = check_value(sent[arg.name], schema_of(arg), arg.name)
                checked[arg.name] = arg.sanitise(value) if arg.sanitise else value
            except ArgumentError as error:
                wrong[arg.name] = error
        if wrong:
            raise invalid_parameters(wrong)
    return checked


def invalid_parameters(wrong: Mapping[str, ArgumentError]) -> RestError:
    """Return WordPress's error about one or more wrong parameters."""
    return RestError(
        "rest_invalid_param",
        f"Invalid parameter(s): {', '.join(wrong)}",
        400,
        params={name: error.message for name, error in wrong.items()},
        details={
            name: {"code": error.code, "message": error.message, "data": error.data}
            for name, error in wrong.items()
        },
    )


def schema_of(arg: Arg) -> dict[str, Any]:
    """Return a parameter as the JSON schema that OPTIONS and the index show."""
    schema: dict[str, Any] = {}
    if arg.description:
        schema["description"] = arg.description
    if arg.type:
        schema["type"] = list(arg.type) if isinstance(arg.type, tuple) else arg.type
    if arg.has_default or arg.default is not None:
        schema["default"] = arg.default
    for key, value in (
        ("enum", list(arg.enum)), ("format", arg.format), ("pattern", arg.pattern),
        ("items", arg.items), ("oneOf", list(arg.one_of)),
    ):  # fmt: skip
        if value:
            schema[key] = value
    if arg.properties is not None:
        # PHP writes an empty array where an object has no properties.
        schema["properties"] = arg.properties or []
    for key, bound in (
        ("minimum", arg.minimum), ("maximum", arg.maximum), ("minLength", arg.min_length),
        ("minItems", arg.min_items), ("maxItems", arg.max_items),
        ("exclusiveMinimum", arg.excludes_bounds or None),
        ("exclusiveMaximum", arg.excludes_bounds or None),
    ):  # fmt: skip
        if bound is not None:
            schema[key] = bound
    schema["required"] = arg.required
    return schema


def check_value(value: Any, schema: Mapping[str, Any], name: str) -> Any:
    """Return a value sanitised by a schema, or raise ArgumentError in WordPress's words."""
    if schema.get("oneOf"):
        forms = [{"type": schema.get("type"), **form} for form in schema["oneOf"]]
        value = check_forms(value, forms, name)
        schema = {key: inner for key, inner in schema.items() if key != "oneOf"}
    kinds = schema.get("type")
    if not kinds:
        return value
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    kind = next((kind for kind in kinds if is_of_type(value, kind)), None)
    if kind is None:
        sentence = f"{name} is not of type {','.join(kinds)}."
        raise ArgumentError("rest_invalid_type", sentence, {"param": name})
    value = CASTS[kind](value)
    if kind == "array" and len(value) > schema.get("maxItems", len(value)):
        most = schema["maxItems"]
        raise ArgumentError("rest_too_many_items", f"{name} must contain at most {most} items.")
    if kind == "array" and len(value) < schema.get("minItems", 0):
        least = schema["minItems"]
        unit = "item" if least == 1 else "items"
        raise ArgumentError("rest_too_few_items", f"{name} must contain at least {least} {unit}.")
    if kind == "array" and schema.get("items"):
        value = [check_value(item, schema["items"], f"{name}[{i}]") for i, item in enumerate(value)]
    if kind == "object":
        properties = dict(schema.get("properties") or {})
        required = schema.get("required")
        for key in required if isinstance(required, list) else ():
            if key not in value:
                raise ArgumentError(
                    "rest_property_required", f"{key} is a required property of {name}."
                )
        for key in value:
            if key in properties:
                value[key] = check_value(value[key], properties[key], f"{name}[{key}]")
            elif schema.get("additionalProperties") is False:
                raise ArgumentError(
                    "rest_additional_properties_forbidden",
                    f"{key} is not a valid property of {name}.",
                )
    if schema.get("enum") and value not in schema["enum"]:
        allowed = listed([str(choice) for choice in schema["enum"]])
        one_of = "one of " if len(schema["enum"]) > 1 else ""
        raise ArgumentError("rest_not_in_enum", f"{name} is not {one_of}{allowed}.")
    if kind in {"integer", "number"}:
        check_bounds(value, schema, name)
    if kind == "string":
        check_string(value, schema, name)
        if schema.get("format") == "date-time":
            # WordPress's names ending in _gmt mean UTC where no zone is written.
            return moment(value, UTC if name.endswith("_gmt") else None)
    return value


def check_forms(value: Any, forms: Sequence[Mapping[str, Any]], name: str) -> Any:
    """Return a value as the only form that it has."""
    fitting: list[Any] = []
    titles, positions = [], []
    reasons: list[tuple[int, ArgumentError]] = []
    for position, form in enumerate(forms):
        try:
            fitting.append(check_value(value, form, name))
        except ArgumentError as error:
            reasons.append((position, error))
        else:
            titles.append(form["title"])
            positions.append(position)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise ArgumentError(
            "rest_one_of_multiple_matches",
            f"{name} matches {listed(titles)}, but should match only one.",
            {"positions": positions},
        )
    # A form of another type altogether is not what was meant.
    meant = [(position, error) for position, error in reasons if error.data != {"param": name}]
    if len(meant) > 1 and isinstance(value, dict):
        # Of several objects, that was meant of which most is there.
        known = [len(value.keys() & forms[position].get("properties", {}).keys())
                 for position, _error in meant]  # fmt: skip
        meant = [meant[known.index(max(known))]] if any(known) else meant
    if len(meant) == 1:
        position, reason = meant[0]
        raise ArgumentError(
            "rest_no_matching_schema",
            f"{name} is not a valid {forms[position]['title']}. Reason: {reason.message}",
            {"position": position},
        )
    allowed = listed([form["title"] for form in forms])
    raise ArgumentError("rest_no_matching_schema", f"{name} is not a valid {allowed}.")


def is_of_type(value: Any, kind: str) -> bool:
    match kind:
        case "integer":
            return whole_number(value) is not None
        case "number":
            return number(value) is not None
        case "boolean":
            if isinstance(value, str):
                return value.lower() in TRUE or value.lower() in FALSE
            return isinstance(value, int) and value in (0, 1)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list | str | int | float) and not isinstance(value, bool)
        case "object":
            # PHP writes an object without properties as an empty array: it can be sent back.
            return isinstance(value, dict) or value in ("", [])
        case "null":
            return value is None
    return False


def number(value: Any) -> float | None:
    """Return what PHP takes for a number, such as " 7", "1e3" or ".5", as one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and NUMERIC.fullmatch(value) is None:
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def whole_number(value: Any) -> int | None:
    """Return a number without a fraction; past 64 bits it ends at the largest, as in PHP."""
    if isinstance(value, str) and len(value) <= 20 and INTEGER.fullmatch(value):
        found = int(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        found = value
    else:
        as_float = number(value)
        if as_float is None or not as_float.is_integer():
            return None
        found = int(as_float)
    return max(-LARGEST_INTEGER, min(found, LARGEST_INTEGER))


def as_list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [part for part in re.split(r"[\s,]+", text(value)) if part]


def text(value: Any) -> str:
    # PostgreSQL stores no NUL.
    return str(value).replace("\0", "")


CASTS: dict[str, Callable[[Any], Any]] = {
    "integer": whole_number,
    "number": number,
    "boolean": lambda value: str(value).lower() in TRUE,
    "string": text,
    "array": as_list,
    "object": lambda value: dict(value) if isinstance(value, dict) else {},
    "null": lambda value: None,
}


def check_bounds(value: float, schema: Mapping[str, Any], name: str) -> None:
    low, high = schema.get("minimum"), schema.get("maximum")
    is_exclusive = bool(schema.get("exclusiveMinimum"))
    if not (is_exclusive and value in {low, high}) and (
        (low is None or value >= low) and (high is None or value <= high)
    ):
        return
    if low is not None and high is not None:
        how = "exclusive" if is_exclusive else "inclusive"
        bounds = f"between {low} ({how}) and {high} ({how})"
    elif low is not None:
        bounds = f"greater than or equal to {low}"
    else:
        bounds = f"less than or equal to {high}"
    raise ArgumentError("rest_out_of_bounds", f"{name} must be {bounds}")


def check_string(value: str, schema: Mapping[str, Any], name: str) -> None:
    shortest = schema.get("minLength")
    if shortest is not None and len(value) < shortest:
        unit = "character" if shortest == 1 else "characters"
        raise ArgumentError("rest_too_short", f"{name} must be at least {shortest} {unit} long.")
    if schema.get("pattern") and not re.search(schema["pattern"], value):
        raise ArgumentError(
            "rest_invalid_pattern", f"{name} does not match pattern {schema['pattern']}."
        )
    match schema.get("format"):
        case "email" if value and not is_email(value):
            raise ArgumentError("rest_invalid_email", "Invalid email address.")
        case "ip" if not is_ip(value):
            raise ArgumentError("rest_invalid_ip", f"{name} is not a valid IP address.")
        case "uri" if value and not is_web_address(value):
            raise ArgumentError("rest_invalid_uri", f"{name} is not a valid web address.")


def is_web_address(value: str) -> bool:
    """Tell whether a link can be followed; WordPress asks for no scheme and drops scripts."""
    try:
        return urlsplit(value.strip()).scheme.lower() in {"", "http", "https", "mailto", "tel"}
    except ValueError:
        return False


def is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def is_ip(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def moment(value: str, zone: tzinfo | None = None) -> datetime:
    """Return a date as an aware moment; one that names no zone is meant in `zone` or the site's."""
    try:
        found = parse_datetime(value.upper()) if MOMENT.fullmatch(value) else None
        if found is not None:
            if found.tzinfo is None:
                found = found.replace(tzinfo=zone or site_zone())
            # Databases compare in UTC, where the first and the last year may end.
            return max(EARLIEST, min(found.astimezone(UTC), LATEST))
    except (ValueError, OverflowError):
        pass
    raise ArgumentError("rest_invalid_date", "Invalid date.")


def site_zone() -> ZoneInfo:
    return ZoneInfo(site_provider.get().identity().timezone)


def listed(words: list[str]) -> str:
    """Return words as WordPress lists them: "a", "a and b", "a, b, and c"."""
    if len(words) < 2:
        return "".join(words)
    if len(words) == 2:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"


CONTEXT_ARG = Arg(
    name="context",
    checked_first=True,
    description="Scope under which the request is made; determines fields present in response.",
    enum=("view", "embed", "edit"),
    default="view",
)
PAGE_ARG = Arg(
    name="page",
    type="integer",
    description="Current page of the collection.",
    default=1,
    minimum=1,
    checked_first=True,
)
PER_PAGE_ARG = Arg(
    name="per_page",
    type="integer",
    description="Maximum number of items to be returned in result set.",
    default=10,
    minimum=1,
    maximum=100,
    checked_first=True,
)
SEARCH_ARG = Arg(
    name="search", description="Limit results to those matching a string.", checked_first=True
)
OFFSET_ARG = Arg(
    name="offset",
    type="integer",
    description="Offset the result set by a specific number of items.",
)
INTEGERS: Mapping[str, Any] = {"type": "integer"}
EXCLUDE_ARG = Arg(
    name="exclude", type="array", items=INTEGERS, default=(), has_default=True,
    description="Ensure result set excludes specific IDs.",
)  # fmt: skip
INCLUDE_ARG = Arg(
    name="include", type="array", items=INTEGERS, default=(), has_default=True,
    description="Limit result set to specific IDs.",
)  # fmt: skip
COLLECTION_ARGS = (CONTEXT_ARG, PAGE_ARG, PER_PAGE_ARG, SEARCH_ARG)


def id_arg(of: str = "post") -> Arg:
    """Return the parameter that names one item by its number."""
    return Arg(name="id", type="integer", description=f"Unique identifier for the {of}.")


def slug_arg(of: str = "posts") -> Arg:
    """Return the parameter that limits a collection to some slugs, in percent codes or as they are.

    WordPress shows letters beyond Latin in codes, and its clients send those back.
    """
    return Arg(
        name="slug",
        type="array",
        sanitise=lambda slugs: [text(unquote(slug)) for slug in slugs],
        items={"type": "string"},
        description=f"Limit result set to {of} with one or more specific slugs.",
    )


ID_ARG, SLUG_ARG = id_arg(), slug_arg()


def order_args(
    *orderby: str, default: str = "date", order: str = "desc", of: str = "post"
) -> tuple[Arg, Arg]:
    """Return the two parameters by which a collection is sorted."""
    return (
        Arg(name="order", description="Order sort attribute ascending or descending.",
            default=order, enum=("asc", "desc")),
        Arg(name="orderby", description=f"Sort collection by {of} attribute.",
            default=default, enum=orderby),
    )  # fmt: skip


def date_args(*, of: str = "posts published") -> tuple[Arg, Arg]:
    """Return the two parameters that bound a collection by date."""
    return (
        Arg(name="after", format="date-time",
            description=f"Limit response to {of} after a given ISO8601 compliant date."),
        Arg(name="before", format="date-time",
            description=f"Limit response to {of} before a given ISO8601 compliant date."),
    )  # fmt: skip
