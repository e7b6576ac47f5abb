"""How a room declares its REST routes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.extensions.registry import Registry
from core.rest.errors import RestError


@dataclass(frozen=True, kw_only=True)
class Arg:
    """One parameter, as WordPress describes it in OPTIONS and checks it.

    `type` is string, integer, number, boolean, array or object (or several, or empty: anything);
    `items` describes an array's items as a JSON schema, `one_of` the forms of which a value has
    exactly one, each with a title. `sanitise` turns the checked value into
    what the handler gets and may raise RestError. `judge` stands instead of all checks where what
    may be asked depends on who asks: it gets the value as it was sent and the request, and
    returns what the handler gets or raises ArgumentError. WordPress reports the mistakes of
    parameters that are `checked_first` alone, and those of the others only where there are none.
    What `is_ours` on one of WordPress's routes is described in OpenAPI and not in WordPress's way.
    """

    name: str
    type: str | tuple[str, ...] = "string"
    description: str = ""
    default: Any = None
    has_default: bool = False
    required: bool = False
    enum: tuple[Any, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    format: str = ""
    pattern: str = ""
    min_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    excludes_bounds: bool = False
    items: Mapping[str, Any] | None = None
    properties: Mapping[str, Any] | None = None
    one_of: tuple[Mapping[str, Any], ...] = ()
    sanitise: Callable[[Any], Any] | None = None
    judge: "Callable[[Any, RestRequest], Any] | None" = None
    checked_first: bool = False
    is_ours: bool = False


@dataclass
class RestRequest:
    """What a handler gets: checked parameters and who asks.

    `params` holds the path's, the body's and the query's parameters (the first of them wins)
    after validation, with defaults filled in; `given` names those really sent, `in_path` holds
    the path's as they were written. `user` is Django's user, anonymous included. Uploads are
    read from `http`. `body` stands for the body of a request that came inside another one.
    `found` is what the permission has looked up, for the handler.
    """

    http: HttpRequest
    method: str
    route: "Route"
    params: dict[str, Any]
    given: frozenset[str]
    user: Any
    locale: str
    in_path: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    found: Any = None

    @property
    def context(self) -> str:
        return str(self.params.get("context") or "view")


@dataclass
class RestResponse:
    """An answer. `data` is JSON-ready (str, int, float, bool, None, list, dict), or bytes that
    are JSON already. `links` are (rel, url) pairs, or (rel, url, extra), for the Link header.
    `total` and `pages` become X-WP-Total and X-WP-TotalPages with prev and next links. `file`
    is sent as it is, instead of all the others, where the answer is a file or a feed."""

    data: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, ...]] = field(default_factory=list)
    total: int | None = None
    pages: int | None = None
    file: HttpResponseBase | None = None


Handler = Callable[[RestRequest], RestResponse]
Permission = Callable[[RestRequest], None]
Many = Callable[[Sequence[RestRequest]], "Sequence[RestResponse | RestError]"]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One handler for one or more methods.

    `permission` raises RestError where the asker may not; it runs after validation, as in
    WordPress. It is also asked, with the same request and another method, to make the Allow
    header: there parameters may be missing or unchecked.

    `many` answers several requests of `_embed` at once, in as many queries as one takes: for each,
    in their order, its answer or its refusal. It is asked instead of `permission` and `handler`,
    with checked parameters.

    `answers` are the statuses of its answers and `media_types` their kinds; `refusals` are the
    statuses of errors that the rest of the declaration does not tell
    (core.rest.openapi.refusals_of). `shows` answers the JSON schema of what is neither the route's
    item nor a list of them with pages.
    """

    methods: tuple[str, ...]
    handler: Handler
    args: tuple[Arg, ...] = ()
    permission: Permission | None = None
    allow_batch: bool = False
    many: "Many | None" = None
    answers: tuple[int, ...] = (200,)
    refusals: tuple[int, ...] = ()
    media_types: tuple[str, ...] = ("application/json",)
    shows: Callable[[], Mapping[str, Any]] | None = None


# Compared and hashed by identity: tables of routes are kept by the tuple of routes.
@dataclass(frozen=True, kw_only=True, eq=False)
class Route:
    """One route. `pattern` is WordPress's own, relative to /wp-json, for example
    r"/wp/v2/posts/(?P<id>[\\d]+)"; it is also the route's identifier and order in the index.
    `schema` answers the item's JSON schema for OPTIONS. `corrects` says by property, where
    WordPress's own schema is not true of answers, which keywords stand in OpenAPI instead; None
    takes one away."""

    pattern: str
    namespace: str
    endpoints: Sequence[Endpoint]
    schema: Callable[[], Mapping[str, Any]] | None = None
    corrects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        return self.pattern


@dataclass(frozen=True, kw_only=True)
class PostType:
    """A type that /wp/v2/types, /wp/v2/search and links to content know.

    `view` is the entry of /wp/v2/types as WordPress shows it in context edit, without links.
    """

    identifier: str
    rest_base: str
    view: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class RouteSource:
    """Routes that follow from what others register: asked for late, and each time.

    `routes` answers the same Route objects as long as nothing that they follow from has changed.
    """

    identifier: str
    routes: Callable[[], Sequence[Route]]


rest_routes: Registry[Route] = Registry("REST route")
route_sources: Registry[RouteSource] = Registry("source of REST routes")
post_types: Registry[PostType] = Registry("post type")


def all_routes() -> tuple[Route, ...]:
    """Return the routes that are registered and those that follow from what is registered."""
    return (*rest_routes, *(route for source in route_sources for route in source.routes()))
