"""`meta`: registered custom fields of items, shown and written as WordPress does."""

from collections.abc import Callable, Mapping
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


def judge_meta(object_type: str, subtype: str) -> Callable[[Any, RestRequest], Any]:
    """Return the judge of a parameter `meta`: registered fields in their types, and no others."""

    def judge(value: Any, request: RestRequest) -> dict[str, Any]:
        given = check_value(value, {"type": "object"}, "meta")
        return {
            key.key: checked(key, given[key.key])
            for key in shown_keys(object_type, subtype)
            if key.key in given
        }

    return judge


def checked(key: MetaKey, value: Any) -> Any:
    if value is None:
        return None
    kind: dict[str, Any] = {"type": key.type}
    if not key.single:
        kind = {"type": "array", "items": kind}
    return check_value(value, kind, f"meta.{key.key}")


def changed_meta(
    object_type: str, subtype: str, stored: Stored, given: Mapping[str, Any], user: Any
) -> dict[str, Any]:
    """Return all fields as they are stored after a write; None takes a field away.

    Raises RestError where a field needs a capability that the account has not.
    """
    keys = {key.key: key for key in shown_keys(object_type, subtype)}
    found = dict(stored)
    for name, value in given.items():
        require_key(keys[name], user, is_deleted=value is None)
        if value is None or value == []:
            found.pop(name, None)
        else:
            found[name] = [
                as_text(each) for each in (value if isinstance(value, list) else [value])
            ]
    return found


def require_key(key: MetaKey, user: Any, *, is_deleted: bool) -> None:
    if key.capability and key.capability not in capabilities.get().of(user):
        raise RestError(
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
