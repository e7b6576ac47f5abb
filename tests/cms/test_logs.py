"""Logs tell where a fault is and nothing that a person wrote."""

import logging
import sys

from cms.logs import PlaceFormatter


def test_exceptions_are_written_without_their_words():
    try:
        try:
            raise KeyError("nora@example.org")
        except KeyError as error:
            raise ValueError("a secret of nora@example.org") from error
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "p", 1, "Row %d.", (7,), sys.exc_info())

    line = PlaceFormatter("%(message)s").format(record)

    assert line.startswith("Row 7.\n")
    assert line.index("KeyError") < line.index("ValueError")
    assert "test_exceptions_are_written" in line
    assert "nora" not in line
