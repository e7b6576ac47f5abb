"""Passwords of entries: Wagtail keeps them with a page or with one above it."""

import hmac
from collections.abc import Iterable
from typing import Any

from wagtail.models import Page, PageViewRestriction

from core.generations import answer_privately


def passwords_of(paths: Iterable[str]) -> dict[str, list[str]]:
    """Return by path the passwords that a page asks for, its own last, in one query."""
    above = {path: [path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)]
             for path in paths}  # fmt: skip
    wanted = {each for each_path in above.values() for each in each_path}
    rows = PageViewRestriction.objects.filter(
        restriction_type=PageViewRestriction.PASSWORD, page__path__in=wanted
    )
    found: dict[str, list[str]] = {}
    for path, password in rows.values_list("page__path", "password"):
        found.setdefault(path, []).append(password)
    return {path: [password for each in each_path for password in found.get(each, ())]
            for path, each_path in above.items()}  # fmt: skip


def opens(given: Any, passwords: list[str]) -> bool:
    """Tell whether what was given is every password that is asked for; without any it opens none.

    What is opened is for the one who asks and is stored nowhere.
    """
    if not isinstance(given, str) or not given or not passwords:
        return False
    answer_privately()
    return all(hmac.compare_digest(given.encode(), each.encode()) for each in passwords)
