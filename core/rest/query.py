"""Query strings and forms as PHP reads and writes them, brackets included."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote_plus

NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
KEY = re.compile(r"\[([^\[\]]*)\]")
DEEPEST = 4
MOST_FIELDS = 1000
INDEX = re.compile(r"[0-9]{1,9}")


def parse_query(query: str) -> dict[str, Any]:
    """Read a query string or form: `a[]=1&a[]=2` is a list, `a[b]=1` a mapping, the last `a` wins.

    Fields past the thousandth are left out, as PHP does by default.
    """
    fields = query.split("&", MOST_FIELDS)[:MOST_FIELDS]
    return nest(parse_qsl("&".join(fields), keep_blank_values=True))


def nest(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        matched = NAME.fullmatch(name)
        if matched is None:
            found[name] = value
            continue
        keys = KEY.findall(matched.group(2))[:DEEPEST]
        if not keys:
            found[matched.group(1)] = value
            continue
        level = found.setdefault(matched.group(1), {})
        if not isinstance(level, dict):
            level = found[matched.group(1)] = {}
        for key in keys[:-1]:
            key = key or next_index(level)
            if not isinstance(level.get(key), dict):
                level[key] = {}
            level = level[key]
        level[keys[-1] or next_index(level)] = value
    return {name: as_lists(value) for name, value in found.items()}


def next_index(level: Mapping[str, Any]) -> str:
    return str(max((int(key) + 1 for key in level if INDEX.fullmatch(key)), default=0))


def as_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    value = {key: as_lists(inner) for key, inner in value.items()}
    if value and all(INDEX.fullmatch(key) for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return value


def build_query(params: Mapping[str, Any]) -> str:
    """Write parameters as WordPress does: lists with indexes, empty values without a sign."""
    return "&".join(part for name, value in params.items() for part in parts(name, value))


def parts(name: str, value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [part for key, inner in value.items() for part in parts(f"{name}[{key}]", inner)]
    if isinstance(value, list | tuple):
        return [part for i, inner in enumerate(value) for part in parts(f"{name}[{i}]", inner)]
    if isinstance(value, bool):
        value = "1" if value else ""
    key = quote_plus(name)
    return [f"{key}={quote_plus(str(value))}" if value not in ("", None) else key]
