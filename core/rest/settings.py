"""wp/v2/settings: WordPress's settings by their names, each answered by the room that owns it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from core.extensions.people import capabilities
from core.extensions.registry import Registry
from core.rest.arguments import ArgumentError, check_arguments, invalid_parameters
from core.rest.declare import Endpoint, RestRequest, RestResponse, Route
from core.rest.errors import RestError
from core.rest.schemas import Schema, arg_of, read_json, write_args

# WordPress's own, in its words and its order.
SCHEMA: Schema = read_json(Path(__file__).with_name("data") / "settings.json")


@dataclass(frozen=True)
class RestSetting:
    """One setting by WordPress's name, or by another of which `schema` is the JSON schema.

    `write` is None where the value is a fact about the site that no request can change.
    """

    identifier: str
    read: Callable[[], Any]
    write: Callable[[Any], None] | None = None
    schema: Schema | None = None

    @property
    def described(self) -> Schema:
        return self.schema or SCHEMA["properties"][self.identifier]


rest_settings: Registry[RestSetting] = Registry("REST setting")


def require_manager(request: RestRequest) -> None:
    """Only who manages the site reads and changes its settings."""
    if "manage_options" not in capabilities.get().of(request.user):
        status = 403 if request.user.is_authenticated else 401
        raise RestError("rest_forbidden", "Sorry, you are not allowed to do that.", status)


def values() -> dict[str, Any]:
    order = list(SCHEMA["properties"])
    found = {setting.identifier: setting.read() for setting in rest_settings}
    return {name: found[name] for name in (*order, *found) if name in found}


def get_settings(request: RestRequest) -> RestResponse:
    """Answer all settings."""
    return RestResponse(values())


def update_settings(request: RestRequest) -> RestResponse:
    """Change settings, all or none of them; what cannot be changed is refused by its name."""
    own = tuple(
        arg_of(setting.identifier, setting.described, creating=False)
        for setting in rest_settings
        if setting.schema is not None
    )
    params, now = check_arguments(own, request.params), values()
    changed = {
        setting: params[setting.identifier]
        for setting in rest_settings
        if setting.identifier in request.given
        and params.get(setting.identifier) not in (None, now[setting.identifier])
    }
    fixed = {
        setting.identifier: ArgumentError(
            "rest_invalid_stored_value",
            f"{setting.identifier} cannot be changed over REST on this site.",
        )
        for setting in changed
        if setting.write is None
    }
    if fixed:
        raise invalid_parameters(fixed)
    with transaction.atomic():
        for setting, value in changed.items():
            if setting.write is not None:
                setting.write(value)
    return RestResponse(values())


def settings_schema() -> Mapping[str, Any]:
    return {
        **SCHEMA,
        "properties": {setting.identifier: setting.described for setting in rest_settings},
    }


SETTINGS = Route(
    pattern="/wp/v2/settings",
    namespace="wp/v2",
    schema=settings_schema,
    endpoints=[
        Endpoint(methods=("GET",), handler=get_settings, permission=require_manager),
        Endpoint(methods=("POST", "PUT", "PATCH"), handler=update_settings,
                 permission=require_manager, args=write_args(SCHEMA, creating=False)),
    ],
)  # fmt: skip
