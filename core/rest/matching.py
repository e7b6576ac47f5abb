"""Finding the route for a path without trying every route."""

import re
from functools import lru_cache

from core.rest.declare import Route, rest_routes


class RouteTable:
    """Routes by their fixed path, and the others by the part before their first parameter."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.fixed: dict[str, Route] = {}
        self.by_prefix: dict[str, list[tuple[re.Pattern[str], Route]]] = {}
        for route in routes:
            if "(" not in route.pattern:
                self.fixed[route.pattern] = route
                continue
            prefix = route.pattern.split("(", 1)[0].rstrip("/")
            compiled = re.compile(route.pattern.replace("[\\d]", "[0-9]"))
            self.by_prefix.setdefault(prefix, []).append((compiled, route))

    def find(self, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route and the parameters in its path."""
        if (route := self.fixed.get(path)) is not None:
            return route, {}
        prefix = path
        while prefix:
            for pattern, route in self.by_prefix.get(prefix, ()):
                if (matched := pattern.fullmatch(path)) is not None:
                    return route, {k: v for k, v in matched.groupdict().items() if v is not None}
            prefix = prefix.rpartition("/")[0]
        return None


@lru_cache(maxsize=4)
def table_of(routes: tuple[Route, ...]) -> RouteTable:
    return RouteTable(routes)


def find_route(path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the registered route that answers a path below /wp-json."""
    return table_of(tuple(rest_routes)).find(path)
