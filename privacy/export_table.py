"""An export as a table for spreadsheets: one row for each value, in CSV that calculates nothing."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

# Spreadsheets of some systems read UTF-8 only behind this mark.
OPENING = "\N{ZERO WIDTH NO-BREAK SPACE}provider,item,field,value\r\n"
# A cell that begins like this may be taken for a formula (OWASP, CSV injection).
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows(provider: str, key: str, data: Mapping[str, Any]) -> str:
    """Return an item's rows; `data` is plain JSON, and a field within others has a dotted name."""
    out = io.StringIO()
    writer = csv.writer(out)
    for name, value in leaves(data):
        writer.writerow([harmless(cell) for cell in (provider, key, name, value)])
    return out.getvalue()


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value with its dotted name; what is empty is told as "" and not left out."""
    inner: list[tuple[str, Any]] = []
    if isinstance(value, Mapping):
        inner = [(str(key), each) for key, each in value.items()]
    elif isinstance(value, list):
        inner = [(str(number), each) for number, each in enumerate(value, 1)]
    if inner:
        for key, each in inner:
            yield from leaves(each, f"{name}.{key}" if name else key)
    else:
        yield name, as_cell(value)


def as_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, Mapping | list) else value


def harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet calculates: a text with a formula's sign is quoted."""
    is_formula = isinstance(cell, str) and cell.startswith(FORMULA_SIGNS)
    return f"'{cell}" if is_formula else cell
