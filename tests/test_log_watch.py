import logging

import pytest

from tests.log_watch import AddressWatch


@pytest.fixture
def watched():
    watch, logger = AddressWatch(), logging.Logger("tests.watched")
    logger.addHandler(watch)
    return logger, watch


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("about nora@example.org", True),
        ("GET /?email=nora%40example.org", True),
        ("用户@例子.测试 failed", True),
        ("request 7 of account 3", False),
        ("postgres@127.0.0.1 refused", False),
    ],
)
def test_line_with_an_address_is_found(watched, line, is_found):
    logger, watch = watched

    logger.error("It failed: %s", line)

    assert bool(watch.found) == is_found


def test_words_of_an_exception_are_not_written(watched):
    logger, watch = watched
    try:
        raise ValueError("nora@example.org")
    except ValueError:
        logger.exception("It failed")

    assert watch.found == []


def test_every_test_is_watched():
    assert any(isinstance(each, AddressWatch) for each in logging.getLogger().handlers)
