"""What the local model learns from, and what of it can be taken back."""

import pytest
from django.utils import timezone

from comments.models import (
    DiscussionSettings,
    Lesson,
    LocalModel,
    ModerationAct,
    ScreeningRecord,
    Status,
    VisitorComment,
)
from comments.screening import learning
from comments.screening.classifier import Example, Model
from comments.screening.features import Written, features_of
from comments.screening.learning import rebuild, take_lessons
from comments.screening.words import current_model
from comments.services import change_status, forget_lessons

pytestmark = pytest.mark.django_db


@pytest.fixture
def decide_on(moderator, django_capture_on_commit_callbacks):
    """Have a moderator decide, and the worker do what follows from it."""

    def decide(comments, status, **values):
        keys = [comment.pk for comment in comments]
        with django_capture_on_commit_callbacks(execute=True):
            return change_status(keys, status, **{"by": moderator, **values})

    return decide


def margin(text):
    return current_model.get_anew().margin(Example.of(features_of(Written(text, "Nora"))))


def standing():
    return dict(Lesson.objects.filter(undone_at=None).values_list("comment_id", "is_spam"))


def test_moderators_word_is_learnt(write, decide_on, moderator):
    spam, good = write("Cheap pills from our shop"), write("I liked the soup")
    before = margin("Cheap pills")

    decide_on([spam], Status.SPAM)
    decide_on([good], Status.APPROVED)

    assert standing() == {spam.pk: True, good.pk: False}
    assert Lesson.objects.get(comment_id=spam.pk).by == moderator
    assert margin("Cheap pills") > before
    assert LocalModel.objects.get().lessons == 2


def test_rules_and_screening_teach_nothing(write, decide_on):
    comment = write("Cheap pills", honeypot="filled")

    decide_on([comment], Status.APPROVED, by=None, agent="recheck")
    take_lessons([comment.pk])

    assert not Lesson.objects.exists()
    assert not LocalModel.objects.exists()


@pytest.mark.parametrize(
    ("states", "label"),
    [
        ([Status.APPROVED], False),
        ([Status.SPAM], True),
        ([Status.TRASH], None),
        ([Status.SPAM, Status.HOLD], False),
        ([Status.SPAM, Status.APPROVED], False),
        ([Status.APPROVED, Status.HOLD], None),
        ([Status.APPROVED, Status.TRASH], False),
        ([Status.SPAM, Status.TRASH], True),
        ([Status.APPROVED, Status.SPAM], True),
    ],
)
def test_last_word_counts_and_the_trash_says_nothing(write, decide_on, states, label):
    comment = write("Some words of mine")

    for status in states:
        decide_on([comment], status)

    assert standing().get(comment.pk) == label
    assert Lesson.objects.filter(undone_at=None).count() == (label is not None)


def test_act_that_was_taken_back_is_unlearnt_to_the_last_bit(write, decide_on):
    decide_on([write("I liked the soup")], Status.APPROVED)
    before = bytes(LocalModel.objects.get().weights)
    comment = write("Cheap pills")
    decide_on([comment], Status.SPAM)
    assert bytes(LocalModel.objects.get().weights) != before

    # As comments.services take a batch back: the act is marked, and one that undoes it added.
    ModerationAct.objects.filter(comment=comment).update(undone_at=timezone.now())
    decide_on([comment], Status.HOLD, note="undo")

    assert comment.pk not in standing()
    assert Lesson.objects.filter(comment_id=comment.pk).exclude(undone_at=None).exists()
    assert bytes(LocalModel.objects.get().weights) == before


def test_lessons_do_not_depend_on_how_often_or_when_they_are_taken(write, decide_on):
    comments = [write(f"Words number {number}") for number in range(3)]
    decide_on(comments, Status.SPAM)
    decide_on(comments[:1], Status.APPROVED)
    version, weights = LocalModel.objects.get().version, bytes(LocalModel.objects.get().weights)

    assert take_lessons([comment.pk for comment in comments]) == 0
    assert LocalModel.objects.get().version == version
    rebuild()
    assert bytes(LocalModel.objects.get().weights) == weights


def test_erased_comment_leaves_neither_lesson_nor_weight(
    write, decide_on, django_capture_on_commit_callbacks
):
    decide_on([write("I liked the soup")], Status.APPROVED)
    before = bytes(LocalModel.objects.get().weights)
    comment = write("Cheap pills")
    decide_on([comment], Status.SPAM)

    with django_capture_on_commit_callbacks(execute=True):
        forget_lessons([comment.pk])

    assert not Lesson.objects.filter(comment_id=comment.pk).exists()
    assert bytes(LocalModel.objects.get().weights) == before


def test_model_without_lessons_is_the_one_of_the_first_day(write, decide_on):
    comment = write("Cheap pills")
    decide_on([comment], Status.SPAM)
    Lesson.objects.all().delete()

    rebuild()

    assert current_model.get_anew() == Model()


def test_lesson_outlives_the_comment_as_hashes(write, decide_on):
    comment = write("Cheap pills")
    decide_on([comment], Status.SPAM)
    VisitorComment.objects.all().delete()

    rebuild()

    assert LocalModel.objects.get().lessons == 1
    assert b"pills" not in bytes(Lesson.objects.get().features)


def test_one_author_does_not_make_up_the_model(write, decide_on):
    comments = [write(f"Words number {number}") for number in range(learning.WHOLE_LESSONS + 2)]

    decide_on(comments, Status.SPAM)

    weights = list(Lesson.objects.order_by("pk").values_list("weight", flat=True))
    assert weights[: learning.WHOLE_LESSONS] == [1.0] * learning.WHOLE_LESSONS
    assert weights[-1] < weights[learning.WHOLE_LESSONS - 1]


def test_only_the_newest_lessons_make_the_model(write, decide_on, monkeypatch):
    monkeypatch.setattr(learning, "MOST_LESSONS", 2)

    decide_on([write(f"Words number {number}") for number in range(4)], Status.SPAM)

    assert LocalModel.objects.get().lessons == 2


def test_damaged_model_holds_comments_and_is_mended_by_building_it(write, decide_on):
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()
    decide_on([write("Cheap pills")], Status.SPAM)
    LocalModel.objects.update(weights=b"nonsense", version=99)
    current_model.forget()
    assert write("A kind word.").status == Status.HOLD

    rebuild()

    assert write("Another kind word.").status == Status.APPROVED


def test_other_processes_load_a_new_version_once(write, decide_on, django_assert_num_queries):
    decide_on([write("Cheap pills")], Status.SPAM)
    current_model.get()

    with django_assert_num_queries(0):
        current_model.get()
    with django_assert_num_queries(1):
        current_model.get_anew()


@pytest.mark.parametrize(("teaches", "lessons"), [(True, 1), (False, 0)])
def test_akismet_teaches_a_little_where_the_site_wants_it(write, teaches, lessons):
    own = DiscussionSettings.load()
    own.akismet_teaches = teaches
    own.save()
    comment = write("Cheap pills")
    ScreeningRecord.objects.create(
        comment=comment, source="submission", outcome="spam", evidence=[{"code": "akismet_spam"}]
    )

    take_lessons([comment.pk])

    assert Lesson.objects.filter(weight=learning.AKISMET_WEIGHT, by=None).count() == lessons


def test_human_word_replaces_akismets(write, decide_on):
    own = DiscussionSettings.load()
    own.akismet_teaches = True
    own.save()
    comment = write("Cheap pills")
    ScreeningRecord.objects.create(
        comment=comment, source="submission", outcome="spam", evidence=[{"code": "akismet_spam"}]
    )
    take_lessons([comment.pk])

    decide_on([comment], Status.APPROVED)

    assert standing() == {comment.pk: False}
