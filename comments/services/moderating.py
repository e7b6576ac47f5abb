"""Moderators' decisions on comments: the one write path of the admin, REST, mails and rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from comments import errors
from comments.fragments import set_fragment
from comments.models import (
    EarlierText,
    Flag,
    ModerationAct,
    Status,
    VisitorComment,
    VisitorCommentQuerySet,
)
from comments.sanitising import sanitise
from comments.scopes import scope_of
from comments.screening.learning import learn_from
from comments.services.blocking import block, candidates, unblock
from comments.services.holding import holds_in_force
from comments.services.placing import announce, delete_comments, set_flags
from comments.services.trusting import end_trust, trust
from comments.write_lock import write_transaction
from core.generations import COMMENTS, comments_of, raise_generations
from core.signals import CommentChange, comment_status_changed

# What an act says of itself beside the states: it took another back, or changed the words.
UNDO, TEXT = "undo", "text"
DELETED = "deleted"
# So many comments are changed in one transaction: writers of comments wait no longer than that.
STEP = 200


@dataclass(frozen=True)
class Decided:
    """What became of a decision: the batch that undo takes back, and how many comments changed.

    `overtaken` comments were no longer in the state in which the moderator saw them.
    """

    batch: UUID
    changed: int
    overtaken: int = 0


def change_status(
    keys: Sequence[int],
    status: str,
    *,
    by: Any = None,
    agent: str = "",
    note: str = "",
    batch: UUID | None = None,
) -> int:
    """Move comments to a state; return how many changed. Each change is kept as an act.

    `by` is the moderator, or None where a rule named by `agent` acts. A moderator changes only
    what is in their scope. Their word ends waiting for a screener, settles readers' flags, and is
    reported to Akismet where it concerns spam. Atomic; called twice it changes nothing more.
    """
    with write_transaction():
        return move(locked(keys, by), status, by=by, agent=agent, note=note, batch=batch or uuid4())


def decide_on(
    keys: Sequence[int], status: str, *, by: Any, seen: str = "", batch: UUID | None = None
) -> Decided:
    """Change the state of what a moderator chose, as long as it is as they have `seen` it.

    Two moderators with the same page open do not overrule each other unawares, and no author has a
    text approved that nobody read: the click changes nothing then, and `overtaken` says so.
    Atomic; safe to call twice.
    """
    batch = batch or uuid4()
    with write_transaction():
        rows = list(locked(keys, by))
        current = [row for row in rows if is_as_seen(row, seen)]
        changed = move(current, status, by=by, batch=batch)
    return Decided(batch, changed, len(rows) - len(current))


def is_as_seen(comment: VisitorComment, seen: str) -> bool:
    """Tell whether a comment is in the state that a moderator saw, with the words they read.

    `seen` is a state, or "" for any, and behind a space the moment at which the words were shown,
    in seconds since 1970. Moderators' own corrections since then do not count.
    """
    status, _, shown_at = seen.partition(" ")
    if status not in {"", comment.status}:
        return False
    if not shown_at or comment.edited_at is None:
        return True
    try:
        moment = datetime.fromtimestamp(float(shown_at), UTC)
    except (ValueError, OverflowError, OSError):
        return False
    by_author = comment.screenings.filter(source="edit", at__gt=moment)
    return comment.edited_at <= moment or not by_author.exists()


def approve_and_trust(key: int, *, by: Any, seen: str = "") -> Decided:
    """Approve a comment and trust its author from now on; undo ends both.

    Raises UnprovenAuthorError where nothing proves who wrote it, ScopeTooNarrowError for who does
    not moderate the whole site, CommentGoneError. Atomic; safe to call twice.
    """
    require_whole_site(by)
    batch = uuid4()
    with write_transaction():
        comment = required(key, by)
        if not is_as_seen(comment, seen):
            return Decided(batch, 0, overtaken=1)
        trust(comment, by=by, batch=batch)
        return Decided(batch, move([comment], Status.APPROVED, by=by, batch=batch))


def spam_and_block(key: int, keys: Iterable[str], *, by: Any, seen: str = "") -> Decided:
    """Mark a comment as spam and disallow some of what it could be blocked by; undo ends both.

    Only lines that services.blocking.candidates names are taken. Raises ScopeTooNarrowError for who
    does not moderate the whole site, CommentGoneError. Atomic; safe to call twice.
    """
    require_whole_site(by)
    batch = uuid4()
    with write_transaction():
        comment = required(key, by)
        if not is_as_seen(comment, seen):
            return Decided(batch, 0, overtaken=1)
        offered = candidates(comment)
        block([each for each in keys if each in offered], by=by, batch=batch)
        return Decided(batch, move([comment], Status.SPAM, by=by, batch=batch))


def require_whole_site(by: Any) -> None:
    if not scope_of(by).is_whole_site:
        raise errors.ScopeTooNarrowError


def required(key: int, by: Any) -> VisitorComment:
    comment = locked([key], by).first()
    if comment is None:
        raise errors.CommentGoneError
    return comment


def locked(keys: Iterable[int], by: Any, *, restricted_too: bool = False) -> VisitorCommentQuerySet:
    # In the order of their numbers, so that two moderators cannot wait for each other.
    rows = VisitorComment.objects.select_for_update(of=("self",)).filter(pk__in=list(keys))
    rows = rows if restricted_too else rows.unrestricted()
    return (rows if by is None else scope_of(by).narrow(rows)).order_by("pk")


def move(
    comments: Iterable[VisitorComment],
    status: str,
    *,
    by: Any,
    batch: UUID,
    agent: str = "",
    note: str = "",
) -> int:
    """Move locked comments to a state, in a number of statements that does not grow with them."""
    moved = [comment for comment in comments if comment.status != status]
    if not moved:
        return 0
    acts = [
        ModerationAct(comment=each, batch=batch, old_status=each.status, new_status=status,
                      by=by, agent=agent, note=note)
        for each in moved
    ]  # fmt: skip
    for comment in moved:
        comment.status = status
        set_flags(comment)
    keys = [comment.pk for comment in moved]
    VisitorComment.objects.filter(pk__in=keys).update(
        status=status,
        is_public=moved[0].is_public,
        is_removed=moved[0].is_removed,
        recheck_at=None,
        recheck_until=None,
    )
    ModerationAct.objects.bulk_create(acts)
    raise_generations(COMMENTS, *(comments_of(comment.target_id) for comment in moved))
    comment_status_changed.send(
        VisitorComment,
        changes=[
            CommentChange(comment.pk, comment.target_id, act.old_status, status)
            for comment, act in zip(moved, acts, strict=True)
        ],
    )
    if by is not None:
        Flag.objects.filter(comment__in=keys, settled_at=None).update(settled_at=timezone.now())
        learn_from(keys)
        for comment, act in zip(moved, acts, strict=True):
            report(comment.pk, act)
    return len(moved)


def report(comment_id: int, act: ModerationAct) -> None:
    """Tell on commit what learns from explicit human decisions, and only from these."""
    from comments.tasks import report_decision  # the task's module imports these services

    if Status.SPAM in {act.old_status, act.new_status} and settings.AKISMET_API_KEY:
        is_spam = act.new_status == Status.SPAM
        transaction.on_commit(partial(report_decision.enqueue, comment_id, is_spam))


def undo(batch: UUID, *, by: Any, taking_back: UUID | None = None) -> Decided:
    """Take a batch back: states, trust and blocked keys; return the batch that did so.

    A comment on which anybody has decided since, or which is gone or out of scope, stays as it is
    and counts as overtaken. `taking_back` names the batch that does so; undoing that one does it
    all again, but for trust and keys. Those hold on the whole site, and so end only by who
    moderates it. In steps, each atomic; safe to call again after a crash.
    """
    taking_back, changed, overtaken = taking_back or uuid4(), 0, 0
    if by is None or scope_of(by).is_whole_site:
        end_trust(batch)
        unblock(batch)
    before: int | None = None
    while True:
        with write_transaction():
            acts = ModerationAct.objects.filter(batch=batch, undone_at=None).exclude(note=TEXT)
            if before is not None:
                acts = acts.filter(pk__lt=before)
            step = list(acts.order_by("-pk")[:STEP])
            if not step:
                return Decided(taking_back, changed, overtaken)
            before = step[-1].pk
            undone = take_back(step, by=by, batch=taking_back)
            changed += undone
            overtaken += len(step) - undone


def take_back(acts: Sequence[ModerationAct], *, by: Any, batch: UUID) -> int:
    keys = [act.comment_id for act in acts if act.comment_id is not None]
    comments = {comment.pk: comment for comment in locked(keys, by)}
    newest = dict(
        ModerationAct.objects.filter(comment__in=keys)
        .exclude(note=TEXT)
        .order_by()
        .values_list("comment_id")
        .annotate(Max("pk"))
    )
    undone = [
        act for act in acts
        if act.comment_id in comments
        and comments[act.comment_id].status == act.new_status
        and newest[act.comment_id] == act.pk
    ]  # fmt: skip
    for status in {act.old_status for act in undone}:
        back = [comments[act.comment_id] for act in undone if act.old_status == status]
        move(back, status, by=by, batch=batch, note=UNDO)
    ModerationAct.objects.filter(pk__in=[act.pk for act in undone]).update(undone_at=timezone.now())
    return len(undone)


def delete_for_good(keys: Sequence[int], *, by: Any, batch: UUID | None = None) -> Decided:
    """Delete comments that are spam or in the trash; nothing brings them back.

    What a legal hold keeps as evidence stays and counts as overtaken, as does what is in another
    state by now. The acts stay, without their comments. Atomic; safe to call twice.
    """
    batch = batch or uuid4()
    kept = holds_in_force().values("comment_id")
    with write_transaction():
        rows = list(
            locked(keys, by).filter(status__in=[Status.SPAM, Status.TRASH]).exclude(pk__in=kept)
        )
        ModerationAct.objects.bulk_create(
            [ModerationAct(comment=row, batch=batch, old_status=row.status, new_status=DELETED,
                           by=by) for row in rows]
        )  # fmt: skip
        delete_comments([row.pk for row in rows])
    return Decided(batch, len(rows), len(set(keys)) - len(rows))


def correct_text(key: int, text: str, *, by: Any) -> VisitorComment:
    """Replace a comment's words by a moderator's; what its author wrote is kept beside it.

    Raises CommentGoneError where there is no such comment in the moderator's scope, and
    TextMissingError where nothing is left of the text. Atomic; called twice with the same words it
    changes nothing more.
    """
    with write_transaction():
        comment = required(key, by)
        words = sanitise(text, comment.markup).strip()
        if not words:
            raise errors.TextMissingError
        if comment.comment == words:
            return comment
        EarlierText.objects.create(comment=comment, text=comment.comment)
        comment.comment = words
        comment.edited_at = timezone.now()
        set_fragment(comment)
        comment.save(update_fields=["comment", "html", "rendered", "fragment_version", "edited_at"])
        ModerationAct.objects.create(
            comment=comment, batch=uuid4(), old_status=comment.status, new_status=comment.status,
            by=by, note=TEXT,
        )  # fmt: skip
        announce(comment)
    return comment


def keep_act(comment: VisitorComment, *, old: str, agent: str) -> None:
    """Keep what moved a comment, whose new state is set, where no moderator did."""
    ModerationAct.objects.create(
        comment=comment, batch=uuid4(), old_status=old, new_status=comment.status, agent=agent
    )
