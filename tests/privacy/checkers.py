"""Checkers of invariants; each is itself tested against a deliberately wrong implementation."""

import re
from collections.abc import Callable, Iterable

from django.apps import apps
from django.core.files.storage import storages
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

View = Callable[..., HttpResponseBase]


def state_of_everything() -> dict[str, object]:
    """Return every row of the privacy room and every private file."""
    rows: dict[str, object] = {
        f"{model.__name__} {row[model._meta.pk.attname]}": row
        for model in apps.get_app_config("privacy").get_models()
        for row in model._default_manager.values()
    }
    rows["files"] = stored_names()
    return rows


def stored_names() -> list[str]:
    try:
        return sorted(storages["private"].listdir("exports")[1])
    except FileNotFoundError:
        return []


def acting_on_get(view: View, values: Iterable[str], path: str = "/") -> list[str]:
    """Return the GET and HEAD requests with tokens after which anything is different."""
    found = []
    for method in ("get", "head"):
        for value in values:
            for query in ({"token": value}, {"code": value, "decision": "confirm"},
                          {"token": value, "_method": "POST", "decision": "export"}):  # fmt: skip
                before = state_of_everything()
                view(getattr(RequestFactory(), method)(path, query))
                if state_of_everything() != before:
                    found.append(f"{method} {query}")
    return found


def telling_differences(
    view: View, data: Callable[[str], dict[str, str]], known: str, unknown: str
) -> list[str]:
    """Return in what a view's answers and work differ between two addresses."""

    def observe(address: str) -> dict[str, object]:
        request = RequestFactory().post("/", data(address))
        with CaptureQueriesContext(connection) as queries:
            response = view(request)
            content = getattr(response, "content", b"")
        return {
            "status": response.status_code,
            "headers": dict(response.headers),
            "body": content,
            "queries": [shape(query["sql"]) for query in queries],
        }

    first, second = observe(known), observe(unknown)
    return [part for part in first if first[part] != second[part]]


def shape(sql: str) -> str:
    """Return a statement without its values."""
    return re.sub(r"'[^']*'|\b\d+\b|s\d+_x\d+|\"s[^\"]*_x\d+\"", "?", sql)


def places_naming(address: str, places: dict[str, Iterable[str]]) -> list[str]:
    """Return the places in whose texts an address, or its recognisable part, stands."""
    local = address.partition("@")[0]
    forms = {address.lower(), address.replace("@", "%40").lower(), local.lower()}
    return [
        place
        for place, texts in places.items()
        if any(form in text.lower() for text in texts for form in forms)
    ]
