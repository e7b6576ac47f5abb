"""`meta`: registered custom fields of items, shown and written as WordPress does."""

from collections.abc import Mapping
from typing import Any

from core.extensions.content_kinds import EMPTY, MetaKey, shown_keys
from core.extensions.people import capabilities
from core.rest.arguments import ArgumentError, check_value
from core.rest.declare import RestRequest
from core.rest.errors import RestError

Stored = Mapping[str, Any]


def schema_of_key(key: MetaKey) -> dict[str, Any]:
    empty = EMPTY[key.type] if key.default is None else key.default
    schema: dict[str, Any] = {
        "type": key.type, "description": key.description,
        "default": empty if key.single or key.default is None else first_of(key.default),
    }  # fmt: skip
    return schema if key.single else {"type": "array", "items": schema}


def first_of(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def meta_schema(object_type: str, subtype: str) -> dict[str, Any]:
    """Return the schema of `meta`; without registered fields it has no properties."""
    properties = {key.key: schema_of_key(key) for key in shown_keys(object_type, subtype)}
    return {
        "description": "Meta fields.", "type": "object", "context": ["view", "edit"],
        # PHP writes an object without properties as an empty array.
        "properties": properties or [],
    }  # fmt: skip


def meta_of(object_type: str, subtype: str, stored: Stored) -> dict[str, Any] | list[Any]:
    """Return what `meta` shows of stored fields, which are lists of values by name.

    A registered field without a value shows its default, and what is not registered nothing.
    """
    shown = {key.key: value_of(key, stored) for key in shown_keys(object_type, subtype)}
    return shown or []


def value_of(key: MetaKey, stored: Stored) -> Any:
    values = stored.get(key.key, ())
    if not key.single:
        return [prepared(key, value) for value in values]
    if not values:
        return EMPTY[key.type] if key.default is None else key.default
    return prepared(key, values[0])


def prepared(key: MetaKey, value: Any) -> Any:
    """Return a stored value in its type, None where it cannot be of it."""
    if value == "" and key.type != "string":
        return EMPTY[key.type]
    try:
        return check_value(value, {"type": key.type}, key.key)
    except ArgumentError:
        return None


def judge_meta(value: Any, request: RestRequest) -> Mapping[str, Any]:
    """Judge: take fields by name; what each of them may be is asked where they are written."""
    if isinstance(value, Mapping):
        return value
    if value in ([], ""):
        # PHP writes an object without properties as an empty array.
        return {}
    raise ArgumentError("rest_invalid_param", "Invalid parameter.")


def changed_meta(
    object_type: str, subtype: str, stored: Stored, given: Mapping[str, Any], user: Any
) -> dict[str, Any]:
    """Return all fields as they are stored after a write; None takes a field away.

    What is not registered is left out. Raises RestError, as WordPress does, where a value is not
    of its field's type, or a field needs a capability that the account has not. Whoever calls has
    asked whether the account may edit what the fields are of.
    """
    found = dict(stored)
    for key in shown_keys(object_type, subtype):
        if key.key not in given:
            continue
        value = given[key.key]
        if value is not None:
            value = checked(key, value)
        require_key(key, user, is_deleted=value is None)
        if value is None or value == []:
            found.pop(key.key, None)
        else:
            values = value if isinstance(value, list) else [value]
            found[key.key] = [as_text(each) for each in values]
    return found


def checked(key: MetaKey, value: Any) -> Any:
    kind: dict[str, Any] = {"type": key.type}
    if not key.single:
        kind = {"type": "array", "items": kind}
    try:
        return check_value(value, kind, f"meta.{key.key}")
    except ArgumentError as error:
        refused = RestError(error.code, error.message, 400)
        refused.additional_data = [error.data]
        raise refused from error


def require_key(key: MetaKey, user: Any, *, is_deleted: bool) -> None:
    # A protected key that names no capability is written by nobody.
    is_open = not key.key.startswith("_") if not key.capability else (
        key.capability in capabilities.get().of(user)
    )  # fmt: skip
    if not is_open:
        raise refused_key(key, user, is_deleted=is_deleted)


def refused_key(key: MetaKey, user: Any, *, is_deleted: bool = False) -> RestError:
    """Return WordPress's refusal to write a field."""
    return RestError(
        "rest_cannot_delete" if is_deleted else "rest_cannot_update",
        f"Sorry, you are not allowed to edit the {key.key} custom field.",
        403 if user.is_authenticated else 401,
        key=key.key,
    )


def as_text(value: Any) -> str:
    """Return a value as WordPress stores it."""
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value).replace("\0", "")
