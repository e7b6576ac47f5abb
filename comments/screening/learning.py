"""What the local model learns from: explicit human decisions, kept as lessons that can be ended.

The lesson of a comment follows from the acts on it that stand. It is worked out anew each time, so
that it does not matter how often or in which order that happens; and the model is built from the
lessons alone, so that to undo a decision or to erase a person is to build it without their lessons.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max
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
from comments.screening.classifier import Example, checksum_of, probability, trained_on
from comments.screening.features import Written, features_of
from comments.screening.words import current_model
from comments.write_lock import write_transaction

# The newest lessons make the model: what spam was years ago says little, and time stays bounded.
MOST_LESSONS = 2_000
# So many lessons of one author count whole; the more there are, the less each further one does.
WHOLE_LESSONS = 10
AKISMET_WEIGHT = 0.3
# Acts that decide nothing: they took another back, or changed the words.
SILENT_NOTES = ("undo", "text")
TRIES = 3


@dataclass(frozen=True)
class Label:
    """What a comment is held to be, by whom, and how much that counts."""

    is_spam: bool
    weight: float = 1.0
    by_id: int | None = None


def learn_from(comment_ids: Iterable[int]) -> None:
    """Have the model learn, once the transaction is committed, from comments just decided on.

    Call it wherever a person changes states or takes that back; it may be called too often.
    """
    from comments.tasks import learn_from_decisions  # the tasks' module imports the services

    keys = sorted(set(comment_ids))
    if keys:
        transaction.on_commit(partial(learn_from_decisions.enqueue, keys))


def learn_from_service(*, comment_id: int, **kwargs: Any) -> None:
    """Have the model learn a little from what Akismet said of a new comment, if the site wants so.

    Receives core.signals.comment_created.
    """
    if settings.AKISMET_API_KEY and DiscussionSettings.current().akismet_teaches:
        learn_from([comment_id])


def take_lessons(comment_ids: Sequence[int]) -> int:
    """Bring the lessons of comments in line with the decisions on them, and the model too.

    Returns how many lessons began or ended. Safe to call twice, in any order.
    """
    comments = {
        comment.pk: comment
        for comment in VisitorComment.objects.filter(
            pk__in=comment_ids, limitation__isnull=True
        ).exclude(comment="")
    }
    wanted = labels_of(list(comments))
    fresh = {
        key: (Example.of(features_of(written_of(comment))), wanted[key])
        for key, comment in comments.items()
        if key in wanted
    }
    shares = shares_of(list(fresh), comments)
    model, changed = current_model.get_anew(), 0
    with write_transaction():
        standing = Lesson.objects.filter(comment_id__in=comment_ids, undone_at=None)
        known = {(lesson.comment_id, lesson.is_spam, lesson.by_id): lesson for lesson in standing}
        # From a comment that was erased since it was read nothing is learnt.
        rows = VisitorComment.objects.filter(pk__in=fresh).exclude(comment="")
        still = rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
        for key in still:
            example, label = fresh[key]
            if known.pop((key, label.is_spam, label.by_id), None) is None:
                Lesson.objects.create(
                    comment_id=key,
                    features=example.pack(),
                    is_spam=label.is_spam,
                    weight=label.weight * shares[key],
                    score_before=probability(model.margin(example)),
                    by_id=label.by_id,
                )
                changed += 1
        ended = [lesson.pk for lesson in known.values()]
        changed += Lesson.objects.filter(pk__in=ended).update(undone_at=timezone.now())
    if changed:
        rebuild()
    return changed


def labels_of(comment_ids: Sequence[int]) -> dict[int, Label]:
    """Return what is held of comments by the last act of a person that stands.

    Approved is good, spam is spam, and taken out of the spam folder is good. The trash says
    nothing, since what is off the subject is no spam, and so it leaves what was said before.
    """
    labels: dict[int, Label] = {}
    if DiscussionSettings.current().akismet_teaches:
        labels = service_labels(comment_ids)
    acts = ModerationAct.objects.filter(comment__in=comment_ids, undone_at=None).exclude(
        note__in=SILENT_NOTES
    )
    rows = acts.exclude(by=None).exclude(new_status=Status.TRASH).order_by("pk")
    for key, old, new, by_id in rows.values_list("comment_id", "old_status", "new_status", "by_id"):
        if new == Status.SPAM:
            labels[key] = Label(True, by_id=by_id)
        elif new == Status.APPROVED or old == Status.SPAM:
            labels[key] = Label(False, by_id=by_id)
        else:
            labels.pop(key, None)
    return labels


def service_labels(comment_ids: Sequence[int]) -> dict[int, Label]:
    labels = {}
    records = ScreeningRecord.objects.filter(comment__in=comment_ids).order_by("pk")
    for key, evidence in records.values_list("comment_id", "evidence"):
        codes = {item.get("code") for item in evidence}
        if codes & {"akismet_spam", "akismet_discard"}:
            labels[key] = Label(True, AKISMET_WEIGHT)
        elif "akismet_ham" in codes:
            labels[key] = Label(False, AKISMET_WEIGHT)
    return labels


def shares_of(keys: Sequence[int], comments: dict[int, VisitorComment]) -> dict[int, float]:
    """Return how much each new lesson counts, so that one author does not make up the model."""
    emails = {comments[key].user_email for key in keys} - {""}
    newest = Lesson.objects.filter(undone_at=None).order_by("-pk")
    learnt = list(newest.values_list("comment_id", flat=True)[:MOST_LESSONS]) if emails else []
    rows = VisitorComment.objects.filter(pk__in=learnt, user_email__in=emails)
    counts = Counter(rows.values_list("user_email", flat=True))
    shares = {}
    for key in keys:
        email = comments[key].user_email
        shares[key] = min(1.0, WHOLE_LESSONS / (counts[email] + 1)) if email else 1.0
        counts[email] += 1
    return shares


def written_of(comment: VisitorComment) -> Written:
    return Written(comment.comment, comment.user_name, comment.user_email, comment.user_url)


def rebuild() -> None:
    """Build the site's model anew from the lessons that stand, and store it as its next version.

    Training runs outside any transaction; where lessons changed meanwhile it is done again, and
    left to the task of that change in the end. Safe to call twice: the same lessons make the same
    model.
    """
    for _ in range(TRIES):
        before = lessons_now()
        trainer = trained_on(standing_lessons())
        model = trainer.model()
        packed = model.pack() if trainer.record else b""
        with write_transaction():
            if lessons_now() != before:
                continue
            row, _made = LocalModel.objects.select_for_update().get_or_create(pk=1)
            row.version += 1
            row.needs_rebuild = False
            row.weights = packed
            row.checksum = checksum_of(packed) if packed else ""
            row.lessons = len(trainer.record)
            row.thresholds = model.lines.to_json()
            row.trained_at = timezone.now()
            row.save()
        current_model.forget()
        return


def standing_lessons() -> list[tuple[Example, bool, float]]:
    """Return the newest lessons that stand, the oldest first. One that is damaged is left out."""
    newest = Lesson.objects.filter(undone_at=None).order_by("-pk")
    rows = list(newest.values_list("features", "is_spam", "weight")[:MOST_LESSONS])
    lessons = []
    for packed, is_spam, weight in reversed(rows):
        try:
            lessons.append((Example.unpack(bytes(packed)), is_spam, weight))
        except ValueError:
            continue
    return lessons


def lessons_now() -> dict[str, Any]:
    """Return what changes with every lesson that begins, ends or goes."""
    return Lesson.objects.filter(undone_at=None).aggregate(Count("pk"), Max("pk"))
