"""Logs tell where a fault is and nothing that a person wrote."""

import io
import logging
import sys

import pytest

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


@pytest.mark.parametrize(("path", "language", "words"), [
    ("/account/signup/", "en", "This could not be taken"),
    ("/zh-hans/account/signup/", "zh-hans", "无法接收"),
    ("/wp-comments-post.php", "en", "This could not be taken"),
])  # fmt: skip
def test_form_of_too_many_fields_is_a_line_in_the_log_and_a_page(
    visitor, home, path, language, words
):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(PlaceFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        answer = visitor.post(path, {f"field{number}": "nora" for number in range(5000)})
    finally:
        logging.getLogger().removeHandler(handler)

    assert answer.status_code == 400
    page = answer.content.decode()
    assert f"<h1>{words}" in page
    assert f'lang="{language}"' in page.lower()
    lines = [line for line in written.getvalue().splitlines() if "django.request" not in line]
    assert len(lines) == 1
    assert "TooManyFieldsSent" in lines[0]
    assert "nora" not in lines[0]
