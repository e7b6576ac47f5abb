"""The index, the namespaces and OPTIONS: what routes there are, from their declarations."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from core.extensions.site import site_provider
from core.rest.arguments import schema_of
from core.rest.declare import Arg, Endpoint, RestRequest, RestResponse, Route, all_routes
from core.rest.urls import rest_url

CONTEXT = Arg(name="context", type="", default="view")


def describe_endpoint(endpoint: Endpoint) -> dict[str, Any]:
    described: dict[str, Any] = {"methods": list(endpoint.methods)}
    if endpoint.allow_batch:
        described["allow_batch"] = {"v1": True}
    # Without arguments PHP writes an empty array, not an object.
    described["args"] = {arg.name: schema_of(arg) for arg in endpoint.args if not arg.is_ours} or []
    return described


def describe_route(route: Route) -> dict[str, Any]:
    """Return a route as the index shows it."""
    described: dict[str, Any] = {
        "namespace": route.namespace,
        "methods": methods_of(route),
        "endpoints": [describe_endpoint(endpoint) for endpoint in route.endpoints],
    }
    if "(" not in route.pattern:
        described["_links"] = {"self": [{"href": rest_url(route.pattern)}]}
    return described


def describe_options(route: Route) -> dict[str, Any]:
    """Return the body of OPTIONS: the route, with its item's schema."""
    described = describe_route(route)
    links = described.pop("_links", None)
    if route.schema is not None:
        described["schema"] = dict(route.schema())
    if links is not None:
        described["_links"] = links
    return described


def methods_of(route: Route) -> list[str]:
    return list(dict.fromkeys(m for endpoint in route.endpoints for m in endpoint.methods))


@lru_cache(maxsize=4)
def with_namespaces(routes: tuple[Route, ...]) -> tuple[Route, ...]:
    """Return the routes with one more for each namespace among them, by pattern."""
    namespaces = {route.namespace for route in routes if route.namespace}
    complete = {f"/{name}": namespace_route(name) for name in namespaces}
    complete |= {route.pattern: route for route in routes}
    return tuple(route for _, route in sorted(complete.items()))


@lru_cache(maxsize=4)
def described_routes(routes: tuple[Route, ...], base: str) -> Mapping[str, Any]:
    return {route.pattern: describe_route(route) for route in with_namespaces(routes)}


def routes_shown() -> Mapping[str, Any]:
    return described_routes(all_routes(), rest_url())


def namespaces() -> list[str]:
    """Return the namespaces of all routes, WordPress's own first."""
    names = {route.namespace for route in all_routes() if route.namespace}
    return sorted(names, key=lambda name: (name != "wp/v2", name))


def index(request: RestRequest) -> RestResponse:
    """Answer /wp-json/: the site, its namespaces, its routes and how to sign in."""
    identity = site_provider.get().identity()
    offset = timezone.now().astimezone(ZoneInfo(identity.timezone)).utcoffset()
    hours = offset.total_seconds() / 3600 if offset else 0
    body = {
        "name": identity.name,
        "description": identity.tagline,
        # WordPress's two addresses: where the system answers, and where the pages are read.
        "url": settings.SITE_URL,
        "home": identity.url,
        "gmt_offset": int(hours) if hours == int(hours) else hours,
        "timezone_string": identity.timezone,
        "namespaces": namespaces(),
        "authentication": {
            "application-passwords": {
                "endpoints": {
                    "authorization": f"{settings.SITE_URL}/account/application-passwords/"
                }
            }
        },
        "routes": routes_shown(),
        "site_logo": 0,
        "site_icon": 0,
        "site_icon_url": "",
        "_links": {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]},
    }
    return RestResponse(body)


def namespace_index(request: RestRequest) -> RestResponse:
    """Answer one namespace: its routes."""
    namespace = request.route.namespace
    routes = {
        pattern: described
        for pattern, described in routes_shown().items()
        if described["namespace"] == namespace
    }
    links = {"up": [{"href": rest_url("/")}]}
    return RestResponse({"namespace": namespace, "routes": routes, "_links": links})


def namespace_route(namespace: str) -> Route:
    args = (Arg(name="namespace", type="", default=namespace), CONTEXT)
    return Route(
        pattern=f"/{namespace}",
        namespace=namespace,
        endpoints=[Endpoint(methods=("GET",), handler=namespace_index, args=args)],
    )


INDEX = Route(
    pattern="/",
    namespace="",
    endpoints=[Endpoint(methods=("GET",), handler=index, args=(CONTEXT,))],
)
