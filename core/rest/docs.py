"""The page that shows every REST route to people, each with a line to try it."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.rest.declare import Arg, Endpoint, Route, all_routes
from core.rest.index import namespaces, with_namespaces
from core.rest.openapi import OPENAPI, WITH_BODY, openapi_path
from core.rest.urls import rest_url


def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the routes by namespace, with their parameters and an example each."""
    routes = with_namespaces(all_routes())
    context = {
        "index_url": rest_url("/"),
        "openapi_url": rest_url(OPENAPI.pattern),
        "namespaces": [
            {
                "name": name,
                "routes": [shown(route) for route in routes if route.namespace == name],
            }
            for name in namespaces()
        ],
    }
    return render(request, "core/api_docs.html", context)


def shown(route: Route) -> dict[str, Any]:
    path, in_path = openapi_path(route.pattern)
    endpoints = [
        {
            "methods": ", ".join(endpoint.methods),
            "args": [shown_arg(arg) for arg in endpoint.args],
            "example": example(path, endpoint),
        }
        for endpoint in route.endpoints
    ]
    is_open = not in_path and any(
        "GET" in endpoint.methods and not any(arg.required for arg in endpoint.args)
        for endpoint in route.endpoints
    )
    return {
        "path": path,
        # An address to follow, where a GET without anything else is answered.
        "url": rest_url(path) if is_open else "",
        "endpoints": endpoints,
    }


def shown_arg(arg: Arg) -> dict[str, Any]:
    default: Any = "" if arg.default in (None, ()) else arg.default
    if isinstance(default, bool):
        default = str(default).lower()
    return {
        "name": arg.name,
        "type": arg.type if isinstance(arg.type, str) else " | ".join(arg.type),
        "description": arg.description,
        "is_required": arg.required,
        "default": ", ".join(map(str, default)) if isinstance(default, tuple) else default,
        "choices": ", ".join(str(choice) for choice in arg.enum),
    }


def example(path: str, endpoint: Endpoint) -> str:
    """Return a curl command; what a reader must put in stands in capital letters."""
    integers = {arg.name for arg in endpoint.args if arg.type == "integer"}
    url = rest_url(
        re.sub(r"{(\w+)}", lambda name: "1" if name[1] in integers else name[1].upper(), path)
    )
    required = [arg.name for arg in endpoint.args if arg.required]
    method = endpoint.methods[0]
    if method == "GET":
        query = "&".join(f"{name}={name.upper()}" for name in required)
        return f"curl '{url}{'?' + query if query else ''}'"
    command = f"curl -X {method} -u 'NAME:APPLICATION-PASSWORD' '{url}'"
    if method in WITH_BODY and endpoint.args:
        fields = ", ".join(f'"{name}": "{name.upper()}"' for name in required)
        command += f" -H 'Content-Type: application/json' -d '{{{fields}}}'"
    return command
