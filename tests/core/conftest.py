"""A site without rooms, for routes of the tests' own."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from core.extensions.site import SiteIdentity, site_provider
from core.rest.declare import Endpoint, RestRequest, RestResponse, Route, rest_routes


class StillSite:
    """A site whose name and frame never change."""

    def identity(self) -> SiteIdentity:
        return SiteIdentity(
            name="Still", tagline="", url="http://still.example", timezone="Europe/Paris",
            language="en",
        )  # fmt: skip

    def frame(self, language: str) -> Mapping[str, Any]:
        return {}


@pytest.fixture
def site(settings):
    settings.SITE_URL = "http://still.example"
    with site_provider.temporarily(StillSite()):
        yield


@pytest.fixture
def routes(site, db):
    """Register routes for the test; each is `pattern, endpoints…` in a namespace of its own."""
    with rest_routes.temporarily():

        def add(pattern: str, *endpoints: Endpoint, schema=None) -> Route:
            return rest_routes.register(
                Route(
                    pattern=f"/test/v1{pattern}", namespace="test/v1", endpoints=endpoints,
                    schema=schema,
                )
            )  # fmt: skip

        yield add


@pytest.fixture
def echo():
    """An endpoint that answers what it was given."""

    def handler(request: RestRequest) -> RestResponse:
        user = request.user.pk if request.user.is_authenticated else None
        return RestResponse(
            {"method": request.method, "params": request.params, "user": user,
             "given": sorted(request.given)}
        )  # fmt: skip

    def make(*methods: str, args=(), **declared: Any) -> Endpoint:
        return Endpoint(methods=methods or ("GET",), handler=handler, args=tuple(args), **declared)

    return make


@pytest.fixture
def client():
    return Client(raise_request_exception=True)


def url(path: str) -> str:
    return f"/wp-json/test/v1{path}"
