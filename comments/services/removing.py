"""Removing a comment with a stated reason, and the author's one appeal against it."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from comments import errors, statements
from comments.models import Appeal, Limitation, Removal, RemovalGround, Status, VisitorComment
from comments.sanitising import without_controls
from comments.services.moderating import change_status, locked
from comments.write_lock import write_transaction
from core.tokens import hash_token, make_code, make_token, normalise_code, pseudonym, show_code

LONGEST_APPEAL = 5_000
LONGEST_FACTS, LONGEST_RULE = 1_000, 300


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """Why a comment is removed, as its author reads it: the ground, the rule, what was found."""

    ground: str
    facts: str
    rule: str = ""

    def check(self) -> None:
        """Raise RemovalIncompleteError for what its author could not answer to."""
        if (
            self.ground not in RemovalGround.values
            or not 0 < len(self.facts.strip()) <= LONGEST_FACTS
            or len(self.rule) > LONGEST_RULE
        ):
            raise errors.RemovalIncompleteError


def remove_with_reasons(
    comment_id: int,
    reasons: Reasons,
    *,
    by: Any = None,
    was_automatic: bool = False,
    was_reported: bool = False,
) -> Removal:
    """Put a comment into the trash and tell its author why, by a task (DSA, article 17).

    A comment that lies in the trash already gets its reasons stated. Raises CommentGoneError, also
    for what is not in the moderator's scope, or RemovalIncompleteError. Atomic.
    """
    from comments.tasks import tell_removed  # the tasks' module imports these services

    reasons.check()
    with write_transaction():
        if not locked([comment_id], by, restricted_too=True).exclude(comment="").exists():
            raise errors.CommentGoneError
        # One that its author has restricted is nobody's to move: it stays removed when it is back.
        Limitation.objects.filter(comment=comment_id, is_restricted=True).update(
            status=Status.TRASH
        )
        change_status(
            [comment_id],
            Status.TRASH,
            by=by,
            agent="" if by is not None else "removal",
            note=f"removal: {reasons.ground}",
        )
        made = Removal.objects.create(
            comment_id=comment_id,
            ground=reasons.ground,
            rule=reasons.rule.strip(),
            facts=reasons.facts.strip(),
            was_automatic=was_automatic,
            was_reported=was_reported,
            by=by,
            appeal_until=timezone.now() + timedelta(days=settings.COMMENTS_APPEAL_DAYS),
        )
        transaction.on_commit(partial(tell_removed.enqueue, made.pk))
    return made


def tell_removed(removal_id: int) -> None:
    """Mail the reasons to the comment's author, with the way to appeal. Safe to call twice.

    Nobody is told of a removal that was undone meanwhile. Token and code are made here and stored
    as hashes only. Raises MailNotSentError, after which the call is to be repeated.
    """
    made = Removal.objects.select_related("comment").filter(pk=removal_id, told_at=None).first()
    if made is None or made.comment.status != Status.TRASH:
        return
    reader = statements.reader_of(made.comment.user_id, made.comment)
    if reader is None:
        return
    token, code = make_token(), make_code()
    Removal.objects.filter(pk=made.pk).update(
        appeal_token_hash=hash_token(token), appeal_code_hash=code_hash(code)
    )
    write = partial(statements.removal_statement, made, token=token, code=show_code(code))
    statements.mail(reader, write)
    Removal.objects.filter(pk=made.pk).update(told_at=timezone.now())


def code_hash(code: str) -> str:
    return pseudonym("appeal-code", code)


def removal_of(value: str) -> Removal:
    """Return the removal whose link's token or typed code this is.

    Raises AppealUnknownError or AppealOverError.
    """
    value = value.strip()[:200]
    found = None
    if value:
        either = Q(appeal_token_hash=hash_token(value)) | Q(
            appeal_code_hash=code_hash(normalise_code(value))
        )
        found = Removal.objects.select_related("comment").filter(either).first()
    if found is None:
        raise errors.AppealUnknownError
    if found.appeal_until <= timezone.now():
        raise errors.AppealOverError
    return found


def appeal(value: str, text: str) -> Appeal:
    """Take the author's appeal, once. Raises an AppealError."""
    removal = removal_of(value)
    text = without_controls(text).strip()
    if not 0 < len(text) <= LONGEST_APPEAL:
        raise errors.AppealEmptyError
    try:
        with transaction.atomic():
            return Appeal.objects.create(removal=removal, text=text)
    except IntegrityError:
        raise errors.AppealedAlreadyError from None


def decide_appeal(appeal_id: int, *, is_upheld: bool, answer: str, by: Any) -> None:
    """Decide an appeal, bring the comment back where it is upheld, and mail the answer by a task.

    Raises AnswerMissingError, or DecidedAlreadyError for all but the first. Atomic.
    """
    from comments.tasks import tell_appeal_decided  # the tasks' module imports these services

    if not answer.strip():
        raise errors.AnswerMissingError
    with write_transaction():
        undecided = Appeal.objects.filter(pk=appeal_id, decided_at=None)
        if not undecided.update(
            was_upheld=is_upheld, answer=answer.strip(), decided_by=by, decided_at=timezone.now()
        ):
            raise errors.DecidedAlreadyError
        comment = VisitorComment.objects.filter(removals__appeal=appeal_id).exclude(comment="")
        if is_upheld:
            keys = list(comment.values_list("pk", flat=True))
            change_status(keys, Status.APPROVED, by=by, note="appeal upheld")
        transaction.on_commit(partial(tell_appeal_decided.enqueue, appeal_id))


def tell_appeal_decided(appeal_id: int) -> None:
    """Mail the answer to an appeal. Safe to call twice. Raises MailNotSentError."""
    made = (
        Appeal.objects.select_related("removal__comment")
        .filter(pk=appeal_id, told_at=None)
        .exclude(decided_at=None)
        .first()
    )
    if made is None:
        return
    comment = made.removal.comment
    reader = statements.reader_of(comment.user_id, comment)
    if reader is None:
        return
    statements.mail(reader, partial(statements.appeal_answer, made))
    Appeal.objects.filter(pk=made.pk).update(told_at=timezone.now())
