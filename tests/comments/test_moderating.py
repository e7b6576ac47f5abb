"""Decisions: acts, batches, undo, trust, blocking, deletion, many at a time."""

import threading
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from comments import errors
from comments.models import (
    BlockedKey,
    DiscussionSettings,
    Flag,
    LegalHold,
    ModerationAct,
    Status,
    TrustedAuthor,
    VisitorComment,
)
from comments.searching import Criteria
from comments.services import (
    approve_and_trust,
    carry_on,
    change_status,
    correct_text,
    decide_on,
    decide_on_all,
    delete_for_good,
    is_trusted,
    spam_and_block,
    undo,
    undo_all,
)
from comments.services.blocking import candidates
from core.generations import comments_of, read_generations

pytestmark = pytest.mark.django_db


def states(*comments):
    by_key = dict(VisitorComment.objects.values_list("pk", "status"))
    return [by_key.get(comment.pk) for comment in comments]


def test_batch_is_taken_back_whole_and_leaves_both_decisions_in_the_history(write, moderator):
    one, two = write("One."), write("Two.")
    decided = decide_on([one.pk, two.pk], Status.SPAM, by=moderator, seen=Status.HOLD)
    assert (decided.changed, decided.overtaken) == (2, 0)
    assert states(one, two) == ["spam", "spam"]
    before = read_generations([comments_of(one.target_id)])

    undone = undo(decided.batch, by=moderator)

    assert (undone.changed, undone.overtaken) == (2, 0)
    assert states(one, two) == ["hold", "hold"]
    assert read_generations([comments_of(one.target_id)]) != before
    acts = ModerationAct.objects.filter(comment=one).values_list("old_status", "new_status", "note")
    assert list(acts) == [("hold", "spam", ""), ("spam", "hold", "undo")]
    assert undo(decided.batch, by=moderator).changed == 0
    assert undo(undone.batch, by=moderator).changed == 2
    assert states(one, two) == ["spam", "spam"]


def test_undo_leaves_alone_what_somebody_decided_on_since(write, moderator, administrator):
    one, two = write("One."), write("Two.")
    decided = decide_on([one.pk, two.pk], Status.APPROVED, by=moderator)
    change_status([two.pk], Status.SPAM, by=administrator)
    change_status([two.pk], Status.APPROVED, by=administrator)

    undone = undo(decided.batch, by=moderator)

    assert (undone.changed, undone.overtaken) == (1, 1)
    assert states(one, two) == ["hold", "approved"]


def test_later_of_two_moderators_does_not_overrule_the_first_unawares(
    write, moderator, administrator
):
    comment = write()
    decide_on([comment.pk], Status.SPAM, by=administrator, seen=Status.HOLD)

    late = decide_on([comment.pk], Status.APPROVED, by=moderator, seen=Status.HOLD)

    assert (late.changed, late.overtaken) == (0, 1)
    assert states(comment) == ["spam"]


def test_moderators_word_settles_flags_and_a_rules_does_not(write, moderator):
    comment = write()
    change_status([comment.pk], Status.APPROVED)
    flag = Flag.objects.create(comment=comment, reason="spam", voter="v")
    change_status([comment.pk], Status.HOLD, agent="flags")
    flag.refresh_from_db()
    assert flag.settled_at is None

    change_status([comment.pk], Status.APPROVED, by=moderator)

    flag.refresh_from_db()
    assert flag.settled_at is not None


def test_change_of_many_costs_as_many_statements_as_of_few(
    write, moderator, django_assert_max_num_queries
):
    keys = [write(f"Number {number}.").pk for number in range(12)]
    with django_assert_max_num_queries(40) as few:
        change_status(keys[:2], Status.APPROVED, by=moderator)
    with django_assert_max_num_queries(len(few.captured_queries)):
        change_status(keys[2:], Status.APPROVED, by=moderator)

    assert ModerationAct.objects.count() == 12


# Trust and blocking


def test_trust_needs_a_proof_of_who_writes(write, moderator):
    comment = write()

    with pytest.raises(errors.UnprovenAuthorError):
        approve_and_trust(comment.pk, by=moderator)

    assert states(comment) == ["hold"]
    assert not TrustedAuthor.objects.exists()


@pytest.mark.parametrize("proof", ["account", "address", "cookie"])
def test_trusted_author_is_known_by_the_proof_and_by_nothing_else(
    write, moderator, stranger, proof
):
    comment = write(user=stranger) if proof == "account" else write()
    VisitorComment.objects.filter(pk=comment.pk).update(
        is_address_verified=proof == "address", author_key="cookie-hash" * (proof == "cookie")
    )

    decided = approve_and_trust(comment.pk, by=moderator, seen=Status.HOLD)

    assert states(comment) == ["approved"]
    asked = {
        "account": is_trusted(user_id=stranger.pk),
        "address": is_trusted(verified_email="NORA@example.org"),
        "cookie": is_trusted(key="cookie-hash"),
    }
    assert [name for name, answer in asked.items() if answer] == [proof]
    assert not is_trusted()
    undo(decided.batch, by=moderator)
    assert states(comment) == ["hold"]
    assert not is_trusted(user_id=stranger.pk, verified_email="nora@example.org", key="cookie-hash")


def test_trusted_address_is_kept_as_a_pseudonym(write, moderator):
    comment = write()
    VisitorComment.objects.filter(pk=comment.pk).update(is_address_verified=True)

    approve_and_trust(comment.pk, by=moderator)

    assert "nora" not in str(TrustedAuthor.objects.values().get())


def test_blocking_disallows_what_was_offered_and_undo_takes_just_that_out_again(write, moderator):
    own = DiscussionSettings.load()
    own.disallowed_keys = "casino\ncheap.example"
    own.save()
    comment = write("See https://www.cheap.example/x and https://pills.example/y", user_agent="B")
    offered = candidates(comment)
    assert offered == ["cheap.example", "pills.example", "nora@example.org", "192.0.2.7"]

    decided = spam_and_block(
        comment.pk, ["cheap.example", "pills.example", "elsewhere.example"], by=moderator
    )

    assert states(comment) == ["spam"]
    assert DiscussionSettings.load().disallowed_keys.splitlines() == [
        "casino", "cheap.example", "pills.example",
    ]  # fmt: skip
    assert write("Buy at https://pills.example/now").status == Status.TRASH
    undo(decided.batch, by=moderator)
    assert DiscussionSettings.load().disallowed_keys.splitlines() == ["casino", "cheap.example"]
    assert BlockedKey.objects.exclude(undone_at=None).count() == 1


# Deleting and correcting


def test_only_spam_and_trash_are_deleted_and_what_is_evidence_stays(write, moderator):
    held, spam, kept = write("Held."), write("Spam."), write("Kept.")
    change_status([spam.pk, kept.pk], Status.SPAM, by=moderator)
    LegalHold.objects.create(comment=kept, reason="Court", legal_basis="Law")

    decided = delete_for_good([held.pk, spam.pk, kept.pk], by=moderator)

    assert (decided.changed, decided.overtaken) == (1, 2)
    assert states(held, spam, kept) == ["hold", None, "spam"]
    act = ModerationAct.objects.get(new_status="deleted")
    assert (act.comment_id, act.by_id, act.old_status) == (None, moderator.pk, "spam")


def test_correction_keeps_the_authors_words_and_shows_the_new_ones(write, moderator, visitor, post):
    comment = write("Rude words.")
    change_status([comment.pk], Status.APPROVED, by=moderator)

    correct_text(comment.pk, "Kind words. <script>x</script>", by=moderator)
    correct_text(comment.pk, "Kind words.", by=moderator)

    assert [each.text for each in comment.earlier_texts.all()] == ["Rude words."]
    page = visitor.get(post.url).content.decode()
    assert "Kind words." in page
    assert "Rude words." not in page
    with pytest.raises(errors.TextMissingError):
        correct_text(comment.pk, " <script></script>", by=moderator)


def test_correction_is_no_obstacle_to_undo(write, moderator):
    comment = write("Rude words.")
    decided = decide_on([comment.pk], Status.APPROVED, by=moderator)
    correct_text(comment.pk, "Kind words.", by=moderator)

    assert undo(decided.batch, by=moderator).changed == 1


# Many at a time


def test_decision_on_all_that_match_leaves_alone_what_came_later_and_is_undone_as_one(
    write, moderator
):
    early = [write(f"Casino {number}") for number in range(5)]
    other = write("A kind word.")
    decision = decide_on_all(Criteria(words="casino"), Status.SPAM, by=moderator)
    later = write("Casino, later")
    assert decision.total == 5

    carry_on(decision.batch)
    carry_on(decision.batch)

    decision.refresh_from_db()
    assert states(*early) == ["spam"] * 5
    assert states(other, later) == ["hold", "hold"]
    assert (decision.changed, decision.criteria) == (5, {})
    back = undo_all(decision.batch, by=moderator)
    carry_on(back.batch)
    assert states(*early) == ["hold"] * 5
    assert undo(back.batch, by=moderator).changed == 5


def test_decision_on_all_goes_on_behind_the_last_step_after_a_crash(write, moderator):
    keys = [write(f"Casino {number}").pk for number in range(4)]
    decision = decide_on_all(Criteria(words="casino"), Status.SPAM, by=moderator)
    decide_on(keys[:2], Status.SPAM, by=moderator, batch=decision.batch)
    decision.done_id, decision.changed = keys[1], 2
    decision.save()
    undo(decision.batch, by=moderator)

    carry_on(decision.batch)

    rows = (
        VisitorComment.objects.filter(pk__in=keys).order_by("pk").values_list("status", flat=True)
    )
    assert list(rows) == ["hold", "hold", "spam", "spam"]


def test_unknown_batch_is_nothing(moderator):
    assert undo(uuid4(), by=moderator).changed == 0
    carry_on(UUID(int=0))


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_exactly_one_decides(write, moderator, administrator):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share no in-memory database; PostgreSQL runs this")
    comment = write()
    barrier, found = threading.Barrier(2), []

    def decide(who, status):
        try:
            barrier.wait(10)
            found.append(decide_on([comment.pk], status, by=who, seen=Status.HOLD))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=decide, args=(moderator, Status.APPROVED)),
        threading.Thread(target=decide, args=(administrator, Status.SPAM)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(each.changed for each in found) == [0, 1]
    assert sorted(each.overtaken for each in found) == [0, 1]
    assert ModerationAct.objects.filter(comment=comment).count() == 1
