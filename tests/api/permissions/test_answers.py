"""Who may do what over REST: every role and method, beside what WordPress answered."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.test import Client, TestCase, override_settings

from comments.models import DiscussionSettings
from core.rest.declare import all_routes
from core.rest.matching import find_route
from pages.models import PostIndexPage
from pages.services.content import make_page
from tests.api.permissions.cases import all_cases, by_name, case_of
from tests.api.permissions.cast import NAMED, ROLES, Cast, NobodyError
from tests.founding import found_site

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FOLDER = Path(__file__).parent
# What a WordPress 6.1 answered, what we answer instead, and what we answer where it has no route.
RECORDED, DIFFERENCES, OWN = (
    json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    for name in ("recorded", "differences", "own")
)


def by_role(said):
    """Return what each role is answered; what is said once all are."""
    return dict(zip(ROLES, said if isinstance(said, list) else [said] * len(ROLES), strict=True))


WANTED = {name: by_role(said) for name, said in (RECORDED | OWN).items()}
INSTEAD = {name: by_role(said) for table in DIFFERENCES for name, said in table["answers"].items()}


def part_of(name):
    return "/".join(re.split("[/?]", case_of(name)[1])[1:4])


KINDS = re.compile(r"/wp/v2/(types|taxonomies|statuses)(\?|$)")
PARTS = defaultdict(list)
for each in WANTED:
    PARTS[part_of(each)].append(each)


@pytest.fixture(scope="module")
def cast(django_db_setup, django_db_blocker, tmp_path_factory):
    """All accounts and content, made once: each question is taken back when it is answered."""

    class Setting(TestCase):
        databases = {"default"}

    with django_db_blocker.unblock(), override_settings(
        COMMENTS_FLOOD_SECONDS=0, MEDIA_ROOT=tmp_path_factory.mktemp("media")
    ):  # fmt: skip
        atomics = Setting._enter_atomics()
        make_page(found_site(), PostIndexPage(title="Journal", slug="journal"))
        own = DiscussionSettings.load()
        own.anonymous_rest = False
        own.save()
        made = Cast(Client())
        made.make_all({found for name in WANTED for found in NAMED.findall(name)})
        yield made
        Setting._rollback_atomics(atomics)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("part", PARTS)
def test_role_gets_the_answer_of_the_tables(part, role, cast):
    cast.role, wrong = role, []
    for name in PARTS[part]:
        wanted = INSTEAD.get(name, WANTED[name])[role]
        found = outcome_of(cast, *case_of(name))
        if found != wanted:
            wrong.append(f"{name}: {found}, not {wanted}")
    assert wrong == []


def outcome_of(cast, method, path, body):
    """Return an answer's status with its error's code, or what tells most of what was allowed."""
    try:
        answer = cast.ask(method, path, body)
    except NobodyError:
        return None
    if method == "HEAD":
        return str(answer.status_code)
    more = []
    if answer.status_code >= 400:
        more = [answer.json()["code"]]
    elif answer.status_code == 207:
        more = [
            f"{inner['status']} {inner['body'].get('code', '')}".strip() if inner else "null"
            for inner in answer.json()["responses"]
        ]
    elif method == "OPTIONS":
        more = [answer.headers.get("Allow", "")]
    elif method == "GET" and ("X-WP-Total" in answer.headers or KINDS.match(path)):
        more = [str(len(answer.json()))]
    return " ".join([str(answer.status_code), *more]).strip()


def test_every_difference_is_one_and_has_its_reason():
    # The number may only fall.
    assert sum(len(differing_roles(name)) for name in INSTEAD) == 258
    for table in DIFFERENCES:
        assert len(table["reason"]) > 30
    for name in INSTEAD:
        assert differing_roles(name), name


def differing_roles(name):
    return [role for role in ROLES if INSTEAD[name][role] != by_role(RECORDED[name])[role]]


# WordPress gives the capability to delete a block's draft to nobody, and that for a published one.
DRAFT_GOES = {
    "DELETE /wp/v2/blocks/{block.own.draft}?force=true",
    "OPTIONS /wp/v2/blocks/{block.own.draft}",
}
# How many revisions an entry has is a matter of how each keeps them, and of nobody's rights.
HAS_REVISIONS = re.compile(r"GET /wp/v2/\w+/[^/]+/revisions(\?|$)")


def test_no_difference_shows_or_allows_more_than_wordpress():
    for name in INSTEAD.keys() - DRAFT_GOES:
        if HAS_REVISIONS.search(name):
            continue
        for role in differing_roles(name):
            theirs, ours = by_role(RECORDED[name])[role], INSTEAD[name][role]
            assert not allows_more(ours, theirs), (name, role, ours, theirs)


def allows_more(ours, theirs):
    """Tell whether an answer is given where another is a refusal, or shows or lists more."""
    (status, *more), (their_status, *their_more) = (
        re.split("[ ,]+", each) for each in (ours, theirs)
    )
    if status >= "400" or their_status >= "400":
        return status < "400" and their_status in {"401", "403"}
    if more and more[0].isdigit() and their_more:
        return int(more[0]) > int(their_more[0])
    return not set(more) <= set(their_more)


def test_the_tables_hold_every_case_and_no_other():
    """They are asked and recorded anew by cases.py and record.php."""
    assert list(RECORDED) == list(by_name(all_cases()))


def test_every_route_is_asked_with_every_method():
    """A route that is added joins the tables."""
    asked = set()
    for name in WANTED:
        method, path, _body = case_of(name)
        found = find_route(NAMED.sub("1", path).partition("?")[0], method)
        if found is not None:
            asked.add((found[0].pattern, method))
    declared = {
        (route.pattern, method)
        for route in all_routes()
        for endpoint in route.endpoints
        for method in endpoint.methods
    }
    assert declared - asked == set()
