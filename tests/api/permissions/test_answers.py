"""Who may do what over REST: every role and method, beside what WordPress answered."""

import json
import re
from itertools import groupby
from pathlib import Path

import pytest

from comments.models import DiscussionSettings
from core.rest.declare import rest_routes
from core.rest.matching import find_route
from tests.api.permissions.cast import NAMED, Cast

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent
# What a WordPress 6.1 answered, what we answer instead, and what we answer where it has no route.
RECORDED, DIFFERENCES, OWN = (
    json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    for name in ("recorded", "differences", "own")
)
ROLES = ("anonymous", "subscriber", "contributor", "author", "editor", "administrator")
# One endpoint answers all three, there and here.
EDITABLE = ("POST", "PUT", "PATCH")


LARGE = {f"wp/v2/{name}" for name in (
    "posts", "pages", "comments", "media", "users", "categories", "tags", "blocks",
)}  # fmt: skip


def part(case):
    """Return the part of the API that a case belongs to: one of some size, or all the others."""
    name = "/".join(re.split("[/?]", case["path"])[1:4])
    return name if name in LARGE else "others"


def name_of(case):
    body = f" {json.dumps(case['body'])}" if "body" in case else ""
    return f"{case['method']} {case['path']}{body}"


def methods_of(case):
    return EDITABLE if case["method"] == "EDIT" else (case["method"],)


def by_case(tables):
    return {
        (name, role): answer
        for table in tables
        for name, by_role in table["answers"].items()
        for role, answer in by_role.items()
    }


INSTEAD = by_case(DIFFERENCES)
CASES = {name: list(cases) for name, cases in groupby(sorted(RECORDED + OWN, key=part), key=part)}


@pytest.fixture
def cast_of(client, journal, settings, tmp_path):
    settings.COMMENTS_FLOOD_SECONDS = 0
    settings.MEDIA_ROOT = tmp_path
    own = DiscussionSettings.load()
    own.anonymous_rest = False
    own.save()
    return lambda role: Cast(client, role)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", CASES)
def test_role_gets_the_answer_of_the_tables(name, role, cast_of):
    cast, wrong = cast_of(role), []
    for case in CASES[name]:
        if role not in case["answers"]:
            continue
        asked = name_of(case)
        wanted = INSTEAD.get((asked, role), case["answers"][role])
        for method in methods_of(case):
            found = outcome(cast.ask(method, case["path"], case.get("body")))
            if found != wanted:
                wrong.append(f"{method} of {asked}: {found}, not {wanted}")
    assert wrong == []


def outcome(answer):
    code = [answer.json()["code"]] if answer.status_code >= 400 else []
    return [answer.status_code, *code]


def test_every_difference_is_one_and_has_its_reason():
    recorded = {name_of(case): case["answers"] for case in RECORDED}

    assert len(INSTEAD) == 17
    for difference in DIFFERENCES:
        assert len(difference["reason"]) > 30
    for (name, role), answer in INSTEAD.items():
        assert recorded[name][role] != answer, (name, role)


def test_every_route_of_ours_is_asked_with_every_method():
    """A route of ours that is added joins the table."""
    asked = set()
    for case in RECORDED + OWN:
        found = find_route(NAMED.sub("1", case["path"]).partition("?")[0])
        if found is not None:
            asked |= {(found[0].pattern, method) for method in methods_of(case)}
    declared = {
        (route.pattern, method)
        for route in rest_routes
        if route.namespace == "candour/v1"
        for endpoint in route.endpoints
        for method in endpoint.methods
    }
    assert declared - asked == set()
