"""Finding the route for a path without trying every route."""

import re
from functools import lru_cache

from core.rest.declare import Route, all_routes
from core.rest.index import with_namespaces


class RouteTable:
    """Routes by their fixed path, and the others by the folder before their first parameter.

    Paths are found whatever their case, as in WordPress.
    """

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.fixed: dict[str, Route] = {}
        self.by_folder: dict[str, list[tuple[re.Pattern[str], Route]]] = {}
        # A name of its own comes before a parameter in the same place.
        for route in sorted(routes, key=lambda route: route.pattern.count("(?P<")):
            if "(" not in route.pattern:
                self.fixed[route.pattern.lower()] = route
                continue
            folder = route.pattern.split("(", 1)[0].rpartition("/")[0].lower()
            # PHP's \d and \w know no letters and digits but ASCII's.
            compiled = re.compile(route.pattern, re.ASCII | re.IGNORECASE)
            self.by_folder.setdefault(folder, []).append((compiled, route))

    def find(self, path: str, method: str = "") -> tuple[Route, dict[str, str]] | None:
        """Return the route and the parameters in its path.

        Of several that a path fits, the first that has the method; if none has, the first.
        """
        first = None
        folder = path.lower()
        if (route := self.fixed.get(folder)) is not None:
            return route, {}
        while folder:
            folder = folder.rpartition("/")[0]
            for pattern, route in self.by_folder.get(folder, ()):
                if (matched := pattern.fullmatch(path)) is not None:
                    found = {k: v for k, v in matched.groupdict().items() if v is not None}
                    if not method or any(method in each.methods for each in route.endpoints):
                        return route, found
                    first = first or (route, found)
        return first


@lru_cache(maxsize=4)
def table_of(routes: tuple[Route, ...]) -> RouteTable:
    return RouteTable(with_namespaces(routes))


def find_route(path: str, method: str = "") -> tuple[Route, dict[str, str]] | None:
    """Return the registered route that answers a path below /wp-json."""
    return table_of(all_routes()).find(path, method)
