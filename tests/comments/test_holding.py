from datetime import timedelta

import pytest
import time_machine
from django.db.models import ProtectedError
from django.utils import timezone

from comments import errors
from comments.models import LegalHold, Status, VisitorComment
from comments.personal_data import CommentData
from comments.services import delete_comments, holding
from core.extensions.personal_data import Subject

pytestmark = pytest.mark.django_db
NORA = Subject("nora@example.org")


@pytest.fixture
def hold(moderator):
    def hold(comment, days=30, **fields):
        values = {"reason": "A court asks for it.", "legal_basis": "Court order 7/26"}
        until = timezone.localdate() + timedelta(days=days)
        return holding.set_hold(comment.pk, until=until, by=moderator, **{**values, **fields})

    return hold


def test_held_comment_is_not_deleted_and_others_are(write, hold):
    kept, other = write("Evidence."), write("Chatter.")
    hold(kept)

    assert delete_comments([kept.pk, other.pk]) == 1
    assert list(VisitorComment.objects.all()) == [kept]


def test_database_refuses_as_well(write, hold):
    kept = write()
    hold(kept)

    with pytest.raises(ProtectedError):
        VisitorComment.objects.filter(pk=kept.pk).delete()


def test_released_hold_lets_the_comment_go(write, hold):
    kept = write()
    made = hold(kept)
    holding.release_hold(made.pk)
    holding.release_hold(made.pk)

    assert delete_comments([kept.pk]) == 1
    assert not LegalHold.objects.exists()


def test_hold_ends_after_its_day(write, hold):
    kept = write()
    hold(kept, days=2)
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert kept.pk in holding.held_among([kept.pk])
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert holding.held_among([kept.pk]) == {}


def test_longest_of_several_holds_counts(write, hold):
    kept = write()
    hold(kept, days=90)
    hold(kept, days=5)

    assert holding.held_among([kept.pk])[kept.pk].until == timezone.localdate() + timedelta(days=90)


@pytest.mark.parametrize("change", [{"reason": " "}, {"legal_basis": ""}, {"days": -1}])
def test_hold_without_reason_basis_or_day_is_refused(write, hold, change):
    comment = write()

    with pytest.raises(errors.HoldIncompleteError):
        hold(comment, **change)


def test_comment_that_is_gone_cannot_be_held(write, hold):
    comment = write()
    delete_comments([comment.pk])

    with pytest.raises(errors.CommentGoneError):
        hold(comment)


def test_page_can_be_deleted_and_the_held_comment_stays(write, hold, post):
    kept, other = write("Evidence."), write("Chatter.")
    released = write("Once held.")
    hold(kept)
    holding.release_hold(hold(released).pk)

    post.delete()

    assert list(VisitorComment.objects.all()) == [kept]
    assert other.pk


def test_erasure_retains_what_is_held_takes_it_from_view_and_comes_back_for_it(write, hold):
    kept, other = write("Evidence."), write("Chatter.")
    VisitorComment.objects.update(status=Status.APPROVED)
    made = hold(kept)
    provider = CommentData()
    keys = list(provider.identities(NORA))

    first, second = provider.erase(keys), provider.erase(keys)

    assert (first.removed, second.removed) == (1, 0)
    assert first.retained == second.retained
    (retained,) = first.retained
    assert (retained.key, retained.code) == (str(kept.pk), "legal_hold")
    assert (retained.legal_basis, retained.expires_on) == ("Court order 7/26", made.until)
    kept.refresh_from_db()
    assert kept.status == Status.TRASH
    assert kept.comment == "Evidence."
    assert not VisitorComment.objects.filter(pk=other.pk).exists()

    holding.release_hold(made.pk)

    assert not VisitorComment.objects.exists()


def test_erasure_that_waits_for_two_holds_waits_for_the_last(write, hold):
    kept = write("Evidence.")
    one, two = hold(kept, days=5), hold(kept, days=9)
    provider = CommentData()
    provider.erase(list(provider.identities(NORA)))

    holding.release_hold(one.pk)
    assert VisitorComment.objects.get().comment == "Evidence."
    holding.release_hold(two.pk)
    assert not VisitorComment.objects.exists()


def test_releasing_without_an_erasure_changes_nothing_of_the_comment(write, hold):
    kept = write("Evidence.")
    holding.release_hold(hold(kept).pk)

    assert VisitorComment.objects.get().comment == "Evidence."
