"""Forgetting many comments at once: the same as one by one, in statements that do not grow."""

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from comments.errors import HeldError
from comments.models import (
    EarlierText,
    Flag,
    LegalHold,
    Lesson,
    LocalModel,
    ModerationAct,
    OutgoingCopy,
    Reaction,
    Removal,
    ScreeningRecord,
    Status,
    VisitorComment,
)
from comments.personal_data import CommentData
from comments.services import holding
from comments.services.forgetting import forget_comments
from comments.tasks import keep_to_retention
from core.extensions.personal_data import Subject
from core.generations import comments_of, read_generations
from core.signals import CommentPlace, comment_erased
from tests.comments.test_concurrency import QUERY, faults_of

pytestmark = pytest.mark.django_db
NORA = Subject("nora@example.org")


@pytest.fixture
def thread(trusting, write):
    """Have a thread grow from a seed, half of it by others; return whose comment is whose."""

    def grow(seed, count=30):
        choose, written = random.Random(seed), {}
        for number in range(count):
            parent = choose.choice([0, *written]) if written else 0
            is_own = choose.random() < 0.5
            email = "nora@example.org" if is_own else f"other{number}@example.org"
            comment = write(f"Words {number}.", author_email=email, parent_id=parent)
            written[comment.pk] = is_own
        return written

    return grow


def everything():
    """Return all that is left of comments but for when their pages last changed."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        places = cursor.fetchall()
    return sorted(VisitorComment.objects.values_list()), sorted(places)


def tried(way):
    """Return what a way of erasing leaves, and take it back."""
    with transaction.atomic():
        way()
        found = everything()
        transaction.set_rollback(True)
    return found


def beside(comment):
    EarlierText.objects.create(comment=comment, text="before")
    ScreeningRecord.objects.create(comment=comment, source="submission", outcome="hold")
    OutgoingCopy.objects.create(comment=comment, processor="somebody")
    ModerationAct.objects.create(
        comment=comment, batch=uuid4(), old_status="hold", new_status="approved", note="said"
    )
    Flag.objects.create(comment=comment, reason="spam", voter="v")
    Reaction.objects.create(comment=comment, kind="like", voter="v")
    Removal.objects.create(comment=comment, ground="conduct", appeal_until=timezone.now())
    Lesson.objects.create(comment_id=comment.pk, features=b"f", is_spam=False)


@pytest.mark.parametrize("seed", range(5))
def test_all_at_once_and_newest_first_in_any_portions_leave_the_same(thread, seed):
    whose = thread(seed)
    own = sorted((key for key, is_own in whose.items() if is_own), reverse=True)

    def in_portions(size):
        for at in range(0, len(own), size):
            forget_comments(own[at : at + size])

    one_by_one = tried(lambda: in_portions(1))
    assert tried(lambda: in_portions(4)) == one_by_one
    forget_comments(own)
    assert everything() == one_by_one
    rows, places = one_by_one
    assert faults_of(places) == []
    answered = {
        key
        for key in own
        for path in VisitorComment.objects.exclude(comment="").values_list("path", flat=True)
        if f"{key:010d}" in [path[at : at + 10] for at in range(0, len(path) - 10, 10)]
    }
    blank = VisitorComment.objects.filter(comment="", user_email="", user_name="", user_agent="")
    assert set(blank.values_list("pk", flat=True)) == answered
    assert len(rows) == len(answered) + sum(not is_own for is_own in whose.values())


def test_statements_do_not_grow_with_the_comments(trusting, write, django_assert_max_num_queries):
    def written(count):
        made = [write(f"{count} words {number}.") for number in range(count)]
        for comment in made:
            beside(comment)
            write(f"A reply to {comment.pk}.", author_email="o@e.example", parent_id=comment.pk)
        return [comment.pk for comment in made] + [write(f"{count} alone.").pk]

    few, many = written(2), written(12)
    with django_assert_max_num_queries(60) as asked:
        assert forget_comments(few) == 3
    # The heads of the places that stay are written by one statement each, run many times at once.
    with django_assert_max_num_queries(len(asked.captured_queries)):
        assert forget_comments(many) == 13


def test_caches_and_receivers_are_told_once_for_all(trusting, write):
    written = [write(f"Words {number}.") for number in range(3)]
    name = comments_of(written[0].target_id)
    before, told = read_generations([name])[name], []

    def listen(places, **kwargs):
        told.append(places)

    comment_erased.connect(listen)
    try:
        forget_comments([comment.pk for comment in written])
    finally:
        comment_erased.disconnect(listen)

    assert read_generations([name])[name] == before + 1
    assert told == [[CommentPlace(comment.pk, comment.target_id) for comment in written]]


def test_one_that_is_held_keeps_all_of_a_batch(write):
    kept, other = write("Evidence."), write("Chatter.")
    LegalHold.objects.create(comment=kept, reason="r", legal_basis="b")

    with pytest.raises(HeldError), transaction.atomic():
        forget_comments([kept.pk, other.pk])

    assert VisitorComment.objects.exclude(comment="").count() == 2


def test_place_that_stays_shows_neither_name_nor_that_it_was_changed(trusting, write):
    comment = write("Personal words.")
    VisitorComment.objects.filter(pk=comment.pk).update(edited_at=timezone.now())
    write("A reply.", author_email="o@example.org", parent_id=comment.pk)

    forget_comments([comment.pk])

    comment.refresh_from_db()
    assert "Anonymous" in comment.html
    assert "edited" not in comment.html
    assert (comment.rendered, comment.author_ref, comment.repeat_key) == ("", None, None)


def test_model_is_built_anew_once_for_many_batches_and_by_the_clock_if_that_was_lost(
    write, django_capture_on_commit_callbacks
):
    LocalModel.objects.create(lessons=2)
    written = [write(f"Words {number}.") for number in range(3)]
    for comment in written:
        beside(comment)

    with django_capture_on_commit_callbacks() as queued:
        for comment in written:
            forget_comments([comment.pk])

    assert len(queued) == 1
    assert not Lesson.objects.exists()
    assert LocalModel.objects.get().needs_rebuild
    keep_to_retention.call()
    assert not LocalModel.objects.get().needs_rebuild


def test_words_stay_under_nobody_s_name_where_their_author_chose_so(trusting, write):
    shown, waits, spam = (write(f"Words of {state}.") for state in ("approved", "hold", "spam"))
    VisitorComment.objects.filter(pk=waits.pk).update(status=Status.HOLD)
    VisitorComment.objects.filter(pk=spam.pk).update(status=Status.SPAM)
    for comment in (shown, waits, spam):
        beside(comment)
    provider = CommentData()
    keys = list(provider.identities(NORA))

    erasure = provider.anonymise(keys)

    assert (erasure.removed, erasure.retained) == (3, ())
    assert provider.anonymise(keys).removed == 0
    assert list(provider.identities(NORA)) == []
    assert not VisitorComment.objects.filter(pk=spam.pk).exists()
    for comment in (shown, waits):
        comment.refresh_from_db()
        assert "Words of" in comment.comment
        assert "Words of" in comment.rendered
        assert "Anonymous" in comment.html
        said = (comment.user_name, comment.user_email, comment.ip_address, comment.user_agent)
        assert said == ("", "", None, "")
        assert (comment.ip_hash, comment.author_ref, comment.score) == ("", None, None)
    for table in (EarlierText, ScreeningRecord, OutgoingCopy, Flag, Removal, Lesson):
        assert not table.objects.exists(), table
    assert Reaction.objects.count() == 2
    assert set(ModerationAct.objects.values_list("note", flat=True)) == {""}


def test_evidence_that_was_taken_from_view_goes_whole_when_its_hold_ends(write, moderator):
    kept = write("Evidence.")
    until = timezone.localdate() + timedelta(days=3)
    made = holding.set_hold(kept.pk, reason="r", legal_basis="b", until=until, by=moderator)
    provider = CommentData()

    erasure = provider.anonymise(list(provider.identities(NORA)))

    assert [each.code for each in erasure.retained] == ["legal_hold"]
    holding.release_hold(made.pk)
    assert not VisitorComment.objects.exists()
