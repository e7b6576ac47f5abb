"""Comparing an answer with a recorded one: the same keys in the same order, the same types."""

import json
from typing import Any

# Keys whose inner names are data, not shape.
OPEN = {"sizes", "image_meta", "meta", "args", "routes"}


def recorded(samples, file: str, *path: str) -> Any:
    record = json.loads((samples / "wordpress-reference" / f"{file}.json").read_text("utf-8"))
    for name in path:
        record = record[name]
    return record


def differences(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """Return where the shape of our answer is not that of theirs."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        found = []
        if where.rsplit(".", 1)[-1] not in OPEN:
            ignored = optional(where)
            mine = [key for key in ours if key not in ignored]
            wanted = [key for key in theirs if key not in ignored]
            if mine != wanted:
                found.append(f"{where}: keys {mine} instead of {wanted}")
        for key in theirs:
            if key in ours:
                found += differences(ours[key], theirs[key], f"{where}.{key}")
        return found
    if isinstance(theirs, list) and isinstance(ours, list):
        return differences(ours[0], theirs[0], f"{where}[]") if ours and theirs else []
    if kind(ours) != kind(theirs):
        return [f"{where}: {kind(ours)} instead of {kind(theirs)}"]
    return []


def optional(where: str) -> set[str]:
    # Which links an item has depends on the item: a picture, a parent, an author.
    if where.endswith("._links"):
        return {"author", "wp:featuredmedia", "up", "in-reply-to", "children",
                "predecessor-version", "wp:post_type"}  # fmt: skip
    return set()


def kind(value: Any) -> str:
    return (
        "number"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else (type(value).__name__)
    )
