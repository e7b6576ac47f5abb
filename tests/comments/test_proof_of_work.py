"""The sum that browsers may be asked for: made, checked, used once, and held without it."""

import base64
import json
from dataclasses import replace

import altcha
import pytest
import time_machine
from django.utils import timezone

from comments.models import DiscussionSettings, Status, VisitorComment
from comments.screening.proof_of_work import LIFE, ProofScreener, check, make_challenge
from comments.screening.recent import FLOOD_SPAM, window
from core.extensions.screening import Outcome

pytestmark = pytest.mark.django_db
URL = "/wp-json/candour/v1/comments/challenge"


def solve(challenge):
    solution = altcha.solve_challenge_v1(
        challenge["challenge"], challenge["salt"], challenge["algorithm"], challenge["maxNumber"]
    )
    given = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**given, "number": solution.number}).encode()).decode()


@pytest.fixture
def ask(home):
    def ask(mode):
        own = DiscussionSettings.load()
        own.proof_of_work, own.comment_previously_approved = mode, False
        own.save()

    return ask


@pytest.fixture
def answer(home):
    return solve(make_challenge(7))


def test_right_answer_is_right_once_and_for_its_post(answer):
    assert check(answer, 8) is False
    assert check(answer, 7) is True
    assert check(answer, 7) is False
    assert check("", 7) is None


def test_answer_written_in_another_way_is_still_the_same(answer):
    again = json.loads(base64.b64decode(answer))
    rewritten = base64.b64encode(json.dumps({**again, "extra": 1}).encode()).decode()

    assert check(answer, 7) is True
    assert check(rewritten, 7) is False


def test_answer_ends_with_its_time(answer):
    with time_machine.travel(timezone.now() + LIFE * 2):
        assert check(answer, 7) is False


@pytest.mark.parametrize(
    "wrong",
    ["x", "e30=", "bnVsbA==", "W10=", "eyJhbGdvcml0aG0iOiBbXX0=", "a" * 5_000, "\ud800", "é",
     base64.b64encode(b'{"algorithm":"SHA-256","challenge":1,"number":[],"salt":2,"signature":3}'
                      ).decode()],
)  # fmt: skip
def test_nonsense_is_a_wrong_answer(home, wrong):
    assert check(wrong, 7) is False


def test_challenge_is_answered_over_rest_and_never_cached(client, post, ask):
    ask("always")

    response = client.get(URL, {"post": post.pk})

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    body = response.json()
    assert body["required"] is True
    assert check(solve(body), post.pk) is True
    assert client.get(URL).status_code == 400


@pytest.mark.parametrize(
    ("mode", "given", "outcome"),
    [
        ("never", None, Outcome.PASS),
        ("never", False, Outcome.PASS),
        ("flood", None, Outcome.PASS),
        ("always", None, Outcome.HOLD),
        ("always", False, Outcome.HOLD),
        ("always", True, Outcome.PASS),
    ],
)
def test_lack_of_a_sum_holds_only_while_sums_are_asked(submission, ask, mode, given, outcome):
    ask(mode)

    verdict = ProofScreener().screen(replace(submission, has_proof_of_work=given))

    assert verdict.outcome == outcome


def test_flood_asks_for_sums_and_known_authors_do_none(submission, ask, write):
    for number in range(FLOOD_SPAM):
        write(f"Comment {number}", author_email=f"a{number}@example.org")
    VisitorComment.objects.update(status=Status.SPAM)
    window.forget()
    ask("flood")

    assert ProofScreener().screen(submission).outcome == Outcome.HOLD
    assert make_challenge(7)["required"] is True
    known = replace(submission, has_history=True)
    assert ProofScreener().screen(known).outcome == Outcome.PASS


def test_comment_without_a_sum_is_held_and_never_refused(client, post, ask):
    ask("always")
    fields = {"comment_post_ID": post.pk, "author": "Nora", "email": "nora@example.org"}
    right = solve(client.get(URL, {"post": post.pk}).json())

    without = client.post("/wp-comments-post.php", {**fields, "comment": "A kind word."})
    with_it = client.post(
        "/wp-comments-post.php", {**fields, "comment": "Another kind word.", "altcha": right}
    )

    assert without.status_code == with_it.status_code == 302
    held, shown = VisitorComment.objects.order_by("pk")
    assert (held.status, held.main_reason) == (Status.HOLD, "no_proof")
    assert shown.status == Status.APPROVED
