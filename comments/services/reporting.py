"""Reports of illegal content by anybody: received, acknowledged, decided, answered."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from comments import errors, statements
from comments.models import IllegalContentReport, ReportSubject, Status, VisitorComment
from comments.network_keys import network_name
from comments.sanitising import without_controls
from comments.services.removing import Reasons, remove_with_reasons
from comments.write_lock import write_transaction
from core.tokens import make_code, pseudonym, show_code

LONGEST_EXPLANATION = 5_000
LONGEST_NAME = 200
# The same words again within this are one report: a page was sent twice.
SAME_WITHIN = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """A report as an edge received it. `source` is the network address, stored as a pseudonym."""

    comment_id: int
    about: str
    explanation: str
    name: str = ""
    email: str = ""
    language: str = ""
    source: str = ""


def receive_report(new: NewReport) -> str:
    """Take a report down and return its reference; a task acknowledges it by mail.

    What it answers tells nothing of the comment: whether it exists, waits or is public is for the
    moderator to see. Raises a ReportRefusedError or AddressInvalidError, which depend on the words
    alone, or ReportFloodError. Called twice with the same words it returns the same reference.
    """
    from comments.tasks import acknowledge_report  # the tasks' module imports these services

    new = replace(
        new, name=without_controls(new.name), explanation=without_controls(new.explanation)
    )
    check(new)
    source = pseudonym("report-source", network_name(new.source)) if new.source else ""
    name, email, words = new.name.strip(), new.email.strip(), new.explanation.strip()
    now = timezone.now()
    known = VisitorComment.objects.filter(pk=new.comment_id).values_list("pk", flat=True).first()
    same = IllegalContentReport.objects.filter(
        comment_id=known, email=email, explanation=words, received_at__gt=now - SAME_WITHIN
    ).first()
    if same is not None:
        return same.reference
    lately = IllegalContentReport.objects.filter(source_hash=source, received_at__gt=now - HOUR)
    if source and lately.count() >= settings.COMMENTS_REPORTS_PER_HOUR:
        raise errors.ReportFloodError
    with write_transaction():
        made = IllegalContentReport.objects.create(
            comment_id=known,
            reference=show_code(make_code(8)),
            about=new.about,
            explanation=words,
            name=name,
            email=email,
            language=statements.known_language(new.language),
            source_hash=source,
        )
        transaction.on_commit(partial(acknowledge_report.enqueue, made.pk))
    return made.reference


def check(new: NewReport) -> None:
    words = new.explanation.strip()
    if new.about not in ReportSubject.values or not 0 < len(words) <= LONGEST_EXPLANATION:
        raise errors.ReportIncompleteError
    name, email = new.name.strip(), new.email.strip()
    if len(name) > LONGEST_NAME:
        raise errors.FieldTooLongError(field="name")
    if new.about != ReportSubject.CHILD_ABUSE and not (name and email):
        raise errors.ReporterMissingError
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise errors.AddressInvalidError from None


def reporter_of(report: IllegalContentReport) -> statements.Reader | None:
    return statements.Reader(report.email, report.language) if report.email else None


def acknowledge_report(report_id: int) -> None:
    """Mail a report's receipt, unless its address was sent many lately. Safe to call twice.

    Anybody can type anybody's address: the limit keeps a mailbox from being filled. Raises
    MailNotSentError, after which the call is to be repeated.
    """
    report = IllegalContentReport.objects.filter(pk=report_id, acknowledged_at=None).first()
    reader = reporter_of(report) if report else None
    if report is None or reader is None:
        return
    lately = IllegalContentReport.objects.filter(
        email__iexact=report.email, acknowledged_at__gt=timezone.now() - HOUR
    )
    if lately.count() >= settings.COMMENTS_REPORT_MAILS_PER_HOUR:
        return
    statements.mail(reader, partial(statements.report_receipt, report))
    IllegalContentReport.objects.filter(pk=report.pk).update(acknowledged_at=timezone.now())


def decide_report(report_id: int, *, reasons: Reasons | None, statement: str, by: Any) -> None:
    """Decide a report: with reasons the comment is removed and its author told, without it stays.

    `statement` is mailed to the reporter by a task. A comment that is gone by then is not shown
    any more, which is what an upheld report asks for. Raises AnswerMissingError, or
    DecidedAlreadyError for all but the first, or RemovalIncompleteError. Atomic.
    """
    from comments.tasks import tell_report_decided  # the tasks' module imports these services

    if not statement.strip():
        raise errors.AnswerMissingError
    if reasons is not None:
        reasons.check()
    with write_transaction():
        undecided = IllegalContentReport.objects.filter(pk=report_id, decided_at=None)
        if not undecided.update(
            was_upheld=reasons is not None,
            statement=statement.strip(),
            decided_by=by,
            decided_at=timezone.now(),
        ):
            raise errors.DecidedAlreadyError
        if reasons is not None:
            remove_reported(report_id, reasons, by)
        transaction.on_commit(partial(tell_report_decided.enqueue, report_id))


def remove_reported(report_id: int, reasons: Reasons, by: Any) -> None:
    comment = VisitorComment.objects.filter(reports=report_id).exclude(comment="").first()
    if comment is None:
        return
    # A second report of the same comment does not tell its author the same again.
    told = comment.removals.filter(appeal__isnull=True, appeal_until__gt=timezone.now())
    if comment.status != Status.TRASH or not told.exists():
        remove_with_reasons(comment.pk, reasons, by=by, was_reported=True)


def tell_report_decided(report_id: int) -> None:
    """Mail the decision to the reporter. Safe to call twice. Raises MailNotSentError."""
    report = (
        IllegalContentReport.objects.filter(pk=report_id, told_at=None)
        .exclude(decided_at=None)
        .first()
    )
    reader = reporter_of(report) if report else None
    if report is None or reader is None:
        return
    statements.mail(reader, partial(statements.report_answer, report))
    IllegalContentReport.objects.filter(pk=report.pk).update(told_at=timezone.now())
