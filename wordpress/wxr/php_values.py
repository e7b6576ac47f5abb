"""Reading values that PHP's serialize() wrote: plain ones only, no objects and no references.

The format counts bytes, and PHP stores text in UTF-8. What is not whole and plain is refused: the
caller keeps it as the text it is.
"""

import re
from typing import Any

DEEPEST = 50
LOOKS_SERIALISED = re.compile(r"(?:N;|[bid]:[^;]*;|[sa]:\d+:).*", re.DOTALL)
NUMBER = re.compile(rb"-?\d{1,20}")
DECIMAL = re.compile(rb"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NAN")


def decoded(text: str) -> Any:
    """Return the value of a serialised text, or the text itself where it is none that is plain."""
    if not LOOKS_SERIALISED.fullmatch(text.strip()):
        return text
    try:
        return read_value(text)
    except ValueError:
        return text


def read_value(text: str) -> Any:
    """Return what a serialised text holds: None, bool, int, float, str, or a dict of these.

    A PHP array is a dict in its order, with keys that are int or str. Raises ValueError.
    """
    data = text.strip().encode("utf-8", "surrogatepass")
    value, end = value_at(data, 0, 0)
    if end != len(data):
        raise ValueError("more than one value")
    return value


def value_at(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    kind = data[at : at + 2]
    if kind == b"N;":
        return None, at + 2
    if kind == b"s:":
        return string_at(data, at)
    if kind == b"a:":
        return array_at(data, at, depth)
    end = data.find(b";", at + 2, at + 64)
    if end < 0:
        raise ValueError("no end")
    inner = data[at + 2 : end]
    if kind == b"i:" and NUMBER.fullmatch(inner):
        return int(inner), end + 1
    if kind == b"b:" and inner in {b"0", b"1"}:
        return inner == b"1", end + 1
    if kind == b"d:" and DECIMAL.fullmatch(inner):
        return float(inner), end + 1
    raise ValueError("no plain value")


def length_at(data: bytes, at: int) -> tuple[int, int]:
    end = data.find(b":", at, at + 12)
    if end < 0 or not data[at:end].isdigit():
        raise ValueError("no length")
    return int(data[at:end]), end + 1


def string_at(data: bytes, at: int) -> tuple[str, int]:
    length, start = length_at(data, at + 2)
    end = start + 1 + length
    if data[start : start + 1] != b'"' or data[end : end + 2] != b'";':
        raise ValueError("no text of this length")
    return data[start + 1 : end].decode("utf-8"), end + 2


def array_at(data: bytes, at: int, depth: int) -> tuple[dict[int | str, Any], int]:
    if depth >= DEEPEST:
        raise ValueError("nested too deeply")
    length, at = length_at(data, at + 2)
    if data[at : at + 1] != b"{":
        raise ValueError("no array")
    at += 1
    found: dict[int | str, Any] = {}
    for _ in range(length):
        key, at = value_at(data, at, depth + 1)
        if isinstance(key, bool) or not isinstance(key, int | str):
            raise ValueError("no key")
        found[key], at = value_at(data, at, depth + 1)
    if data[at : at + 1] != b"}":
        raise ValueError("no end of an array")
    return found, at + 1


def encoded(value: Any) -> str:
    """Return a value as WordPress stores it in a custom field: text as it is, arrays serialised."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    return serialised(value) if isinstance(value, dict | list | tuple) else str(value)


def serialised(value: Any) -> str:
    """Return a plain value as PHP's serialize() writes it; a list becomes an array from 0 on."""
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{value!r};"
    if isinstance(value, str):
        return f's:{len(value.encode("utf-8", "surrogatepass"))}:"{value}";'
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    inner = "".join(serialised(key) + serialised(each) for key, each in pairs)
    return f"a:{len(pairs)}:{{{inner}}}"
