"""Which version holds for a person: pure rules, tried one by one."""

from datetime import UTC, datetime, timedelta

import pytest

from pages.holding import Answers, Standing, holding_of, in_force_among, is_settled

START = datetime(2026, 1, 1, tzinfo=UTC)
TRIGGERS = ("comment", "checkout")


def version(number, *, day=None, asks="acceptance", triggers=TRIGGERS, new=(), **marks):
    return Standing(
        pk=number, number=number, holds_from=START + timedelta(days=day or number),
        acceptance=asks, triggers=triggers, new_functions=new,
        reduces_rights=marks.get("less", False), is_correction=marks.get("mends", False),
    )  # fmt: skip


def said(*affirmed, express=None):
    return Answers(set(affirmed), set(affirmed if express is None else express))


def held(versions, answers, since=None):
    return holding_of(versions[-1], versions, answers, since).number


def test_who_is_new_is_held_by_what_is_in_force():
    versions = [version(1), version(2, less=True)]

    assert held(versions, said()) == 2
    assert not is_settled("comment", versions[-1], versions, said())


def test_ordinary_version_follows_by_itself_and_one_that_reduces_rights_does_not():
    versions = [version(1), version(2), version(3, less=True), version(4)]

    assert held(versions[:2], said(1)) == 2
    assert held(versions, said(1)) == 2
    assert held(versions, said(1, 3)) == 4
    assert held(versions, said(4)) == 4


def test_who_had_an_account_before_keeps_what_was_in_force_then():
    versions = [version(1), version(2), version(3, less=True)]

    assert held(versions, said(), since=START + timedelta(days=2, hours=5)) == 2
    assert held(versions, said(), since=START + timedelta(days=3)) == 3


def test_taking_note_is_no_agreement_to_fewer_rights():
    versions = [version(1, asks="acknowledgement"),
                version(2, asks="acknowledgement", less=True)]  # fmt: skip

    assert held(versions, said(1, 2, express=())) == 1
    assert held(versions, said(1, 2, express=(2,))) == 2
    # Nothing was taken from who never had the former version.
    assert held(versions, said(2, express=())) == 2


def test_taking_note_of_a_later_version_does_not_jump_over_fewer_rights():
    asks = {"asks": "acknowledgement"}
    versions = [version(1, **asks), version(2, less=True, **asks), version(3, **asks)]

    assert held(versions, said(1, 3, express=())) == 1


def test_withdrawing_brings_the_former_version_back():
    versions = [version(1), version(2, less=True)]

    assert held(versions, said(1, 2)) == 2
    assert held(versions, Answers({1}, {1}, refused={2})) == 1


def test_correction_says_what_it_corrects():
    versions = [version(1), version(2, less=True), version(3, mends=True)]

    assert held(versions, said(1)) == 1
    assert held(versions, said(1, 2)) == 3
    assert is_settled("comment", versions[-1], versions, said(1, 2))


def test_functions_that_are_new_are_refused_and_others_stay():
    versions = [version(1), version(2, less=True, new=("checkout",)), version(3)]
    holding = holding_of(versions[-1], versions, said(1))

    assert (holding.number, holding.refused, holding.has_accepted) == (1, ["checkout"], False)
    assert is_settled("comment", versions[-1], versions, said(1))
    assert not is_settled("checkout", versions[-1], versions, said(1))


def test_former_version_that_was_never_agreed_to_gives_nothing():
    versions = [version(1), version(2, less=True)]
    since = START + timedelta(days=1)

    assert held(versions, said(), since) == 1
    assert not is_settled("comment", versions[-1], versions, said(), since)
    free = [version(1, asks="none"), version(2, less=True)]
    assert is_settled("comment", free[-1], free, said(), since)


@pytest.mark.parametrize(("day", "number"), [(5, 3), (9, 2)])
def test_order_is_that_of_coming_into_force_and_not_of_numbers(day, number):
    """Version 2 was announced for day 9, and version 3 published meanwhile for day 5."""
    versions = [version(1), version(2, day=9, less=True), version(3, day=5)]
    current = in_force_among(versions, START + timedelta(days=day))

    assert current.number == number
    assert holding_of(current, versions, said(1)).number == 3
