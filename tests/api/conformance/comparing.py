"""What differs between two answers: status, code, headers, keys, types and values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Kinds that no entry of the list of differences may excuse.
NEVER = ("status", "code", "header", "key")
# Below these, names are data: capabilities of roles, attributes of block types.
NAMES = {"capabilities", "extra_capabilities", "attributes", "supports"}
THEIR_NOW = re.compile(r"2026-11-2[23]T\d\d:\d\d:\d\d")
A_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d")
# A route that is not there is told by `route`: only those that concern content are promised.
COMPARED_HEADERS = {
    "Content-Type", "X-Robots-Tag", "X-Content-Type-Options", "Access-Control-Expose-Headers",
    "Access-Control-Allow-Headers", "Access-Control-Allow-Origin", "Access-Control-Allow-Methods",
    "Access-Control-Allow-Credentials", "Link", "Allow", "Vary", "X-WP-Total", "X-WP-TotalPages",
    "Location", "Expires", "Cache-Control",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One place where our answer is another than the recorded one."""

    record: str
    kind: str
    path: str
    ours: Any
    theirs: Any

    def __str__(self) -> str:
        return (
            f"{self.record} {self.kind} {self.path}: {shorten(self.ours)} | {shorten(self.theirs)}"
        )


def shorten(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:157]}…"


def compare(record: str, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Difference]:
    """Yield the differences of two answers, each with status, headers and body."""
    if ours["status"] != theirs["status"]:
        yield Difference(record, "status", "", ours["status"], theirs["status"])
    mine, wanted = ours["headers"], theirs["headers"]
    for name in sorted(set(wanted) & COMPARED_HEADERS):
        if name not in mine:
            yield Difference(record, "header", name, None, wanted[name])
        elif mine[name] != wanted[name]:
            yield Difference(record, "header value", name, mine[name], wanted[name])
    for name in sorted((set(mine) & COMPARED_HEADERS) - set(wanted)):
        # What keeps an answer out of caches takes nothing from a client.
        kind = "header value" if name in {"Cache-Control", "Expires"} else "header"
        yield Difference(record, kind, name, mine[name], None)
    yield from compare_bodies(record, ours["body"], theirs["body"])


def compare_bodies(record: str, ours: Any, theirs: Any, path: str = "") -> Iterator[Difference]:
    if theirs == "(left out)":
        return
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in theirs:
            where = f"{path}.{key}" if path else key
            if key not in ours:
                yield Difference(record, kind_of_name(path), where, None, theirs[key])
            elif key == "code" and path == "":
                if ours[key] != theirs[key]:
                    yield Difference(record, "code", where, ours[key], theirs[key])
            else:
                yield from compare_bodies(record, ours[key], theirs[key], where)
        for key in ours:
            is_own_route = path == "routes" and not key.startswith("/wp/v2")
            if key not in theirs and not is_own_route:
                where = f"{path}.{key}" if path else key
                yield Difference(record, kind_of_name(path), where, ours[key], None)
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(ours) != len(theirs):
            yield Difference(record, "length", path, len(ours), len(theirs))
        for mine, wanted in zip(ours, theirs, strict=False):
            yield from compare_bodies(record, mine, wanted, f"{path}[]")
    elif type_of(ours) != type_of(theirs):
        yield Difference(record, "type", path, ours, theirs)
    elif not is_same(ours, theirs):
        yield Difference(record, "value", path, ours, theirs)


def kind_of_name(path: str) -> str:
    """Return the kind of a name that only one side has: what names data is no key of the shape."""
    if path == "routes":
        return "route"
    return "name" if path.rpartition(".")[2] in NAMES else "key"


def is_same(ours: Any, theirs: Any) -> bool:
    """Tell whether two values are equal, moments of the recording and of now taken as one."""
    if ours == theirs:
        return True
    if isinstance(theirs, str) and THEIR_NOW.search(theirs):
        return A_MOMENT.sub("MOMENT", str(ours)) == A_MOMENT.sub("MOMENT", theirs)
    return False


def type_of(value: Any) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return type(value).__name__
    return "number" if isinstance(value, int | float) else type(value).__name__
