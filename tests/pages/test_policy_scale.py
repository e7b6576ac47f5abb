"""What reading policies costs does not grow with their versions, nor with other policies."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.checking import findings_of
from pages.clauses import make_clauses
from pages.comparing import compare, counts
from pages.linting import ERROR
from pages.models import PolicyVersion
from pages.verification import first_broken_link
from tests.bench.policies import changed, lengthen, made_history, made_policy

FEW, MANY = 3, 60
WORDS = 200
REST = "/wp-json/candour/v1/policies"
ADDRESSES = (
    REST,
    f"{REST}/feed",
    f"{REST}/policy-number-1",
    f"{REST}/policy-number-1/versions",
    f"{REST}/policy-number-1/versions/2",
    f"{REST}/policy-number-1/in-force",
    f"{REST}/policy-number-1/in-force?at=2020-01-02T12:00:00Z",
    f"{REST}/policy-number-1/diff?from=1&to=3",
    "/policy-number-1/",
    "/policy-number-1/text/",
    "/policy-number-1/versions/",
    "/policy-number-1/versions/2/",
    "/policy-number-1/compare/1...3/",
)


@pytest.fixture
def policy(home):
    page = made_history(home, 1, words=WORDS)
    lengthen(page, FEW)
    return page


def queries(visitor):
    """Return how many queries each address takes once the process is warm."""
    found = {}
    for address in ADDRESSES:
        assert visitor.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as captured:
            visitor.get(address)
        found[address] = len(captured)
    return found


def test_reading_takes_the_same_queries_with_many_versions(policy, visitor):
    few = queries(visitor)

    lengthen(policy, MANY)

    assert queries(visitor) == few


def test_reading_takes_the_same_queries_beside_many_policies(policy, home, visitor):
    alone = queries(visitor)

    for number in range(2, 6):
        lengthen(made_history(home, number, words=WORDS), FEW)

    assert queries(visitor) == alone


def test_made_versions_are_a_whole_chain_of_which_the_last_is_in_force(policy, visitor):
    lengthen(policy, MANY)

    assert first_broken_link() == (MANY, None)
    assert visitor.get(f"{REST}/policy-number-1/in-force").json()["number"] == MANY
    on_the_second_day = visitor.get(f"{REST}/policy-number-1/in-force?at=2020-01-02T12:00:00Z")
    assert on_the_second_day.json()["number"] == 2


def test_made_text_has_its_length_its_changes_and_no_errors(home):
    parts = made_policy(5000)
    page = made_history(home, 1, words=WORDS)
    page.is_recorded_later = False

    clauses = make_clauses(parts)
    findings = findings_of(page, clauses, PolicyVersion.objects.get().published_at)
    compared = counts(compare(clauses, make_clauses(changed(parts, seed=1))))

    assert 4500 < sum(len(part["html"].split()) for part in parts) < 6000
    assert [finding for finding in findings if finding.severity == ERROR] == []
    assert compared == {"changed": 5, "unchanged": 45}
