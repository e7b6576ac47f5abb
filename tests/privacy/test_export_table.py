"""The export's table: all values, and nothing that a spreadsheet would calculate."""

import csv
import io

import pytest

from privacy import export_table


def read(text):
    return list(csv.reader(io.StringIO(text)))


def test_every_value_has_a_row_with_its_dotted_name():
    data = {"text": "Two\nlines, \"quoted\"", "votes": [{"kind": "up"}, {"kind": "down"}],
            "none": None, "empty": [], "number": -3, "is_held": True}  # fmt: skip

    assert read(export_table.rows("a.b", "7", data)) == [
        ["a.b", "7", "text", 'Two\nlines, "quoted"'],
        ["a.b", "7", "votes.1.kind", "up"],
        ["a.b", "7", "votes.2.kind", "down"],
        ["a.b", "7", "none", ""],
        ["a.b", "7", "empty", ""],
        ["a.b", "7", "number", "-3"],
        ["a.b", "7", "is_held", "true"],
    ]


@pytest.mark.parametrize("sign", export_table.FORMULA_SIGNS)
def test_no_cell_is_taken_for_a_formula(sign):
    words = f'{sign}HYPERLINK("http://evil.example")'

    (row,) = read(export_table.rows("a.b", words, {words: words}))

    assert row[1:] == [f"'{words}"] * 3
