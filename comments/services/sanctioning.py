"""Sanctions after the site's code of conduct: warn, limit, ban; made, told, kept to, lifted."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comments import errors, statements
from comments.models import Sanction, SanctionKind, Status, VisitorComment
from comments.scopes import scope_of
from comments.screening.decision import Decision
from comments.services.trusting import address_key
from comments.storing import has_sanctions
from core.extensions.acceptance import Person
from core.extensions.screening import Evidence

# Nobody is shut out for ever: what is kept of a person has an end.
MOST_DAYS = 5 * 365
LONGEST_REASON = 500


def refuse_sanctioned(person: Person) -> bool:
    """Raise SanctionedError for who is banned; tell whether their comments are to be held.

    Costs one query where nobody is under any. An address that somebody typed counts like the
    account's own, but its reason was mailed there and is not told to whoever types it.
    """
    if not has_sanctions():
        return False
    kinds = {row.kind: row for row in sanctions_in_force(person).order_by("ends_at")}
    if SanctionKind.BAN in kinds:
        ban = kinds[SanctionKind.BAN]
        raise errors.SanctionedError(
            banned_sentence(ban, is_proven=person.user_id is not None),
            until=ban.ends_at.isoformat() if ban.ends_at else None,
        )
    return SanctionKind.LIMIT in kinds


def hold_limited(decision: Decision) -> Decision:
    """Return a decision for an author whose comments are held: nothing is published by itself."""
    why = Evidence(
        "author_limited", gettext_noop("A sanction holds every comment of the author."), 5.0
    )
    status = Status.HOLD if decision.status == Status.APPROVED else decision.status
    return replace(decision, status=status, reasons=(*decision.reasons, why))


def sanctions_in_force(person: Person) -> QuerySet[Sanction]:
    """Return the limits and bans on a person at this moment."""
    whom = Q(pk=None)
    if person.user_id is not None:
        whom |= Q(user_id=person.user_id)
    if address := address_key(person.email):
        whom |= Q(address=address)
    is_running = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    return Sanction.objects.filter(
        whom, is_running, lifted_at=None, kind__in=[SanctionKind.LIMIT, SanctionKind.BAN]
    )


def banned_sentence(ban: Sanction, *, is_proven: bool) -> str:
    sentences = []
    if ban.ends_at is not None:
        end = date_format(timezone.localtime(ban.ends_at), "DATE_FORMAT")
        sentences.append(_("You cannot comment on this site until %(end)s.") % {"end": end})
    else:
        sentences.append(str(errors.SanctionedError.message))
    if is_proven and ban.reason:
        sentences.append(_("The reason: %(reason)s") % {"reason": ban.reason})
    elif ban.reason:
        sentences.append(_("The reason was mailed to the address that you gave."))
    if contact := statements.contact_address():
        sentences.append(
            _("If you think that this is wrong, write to %(contact)s.") % {"contact": contact}
        )
    return " ".join(sentences)


def sanction_author(comment_id: int, *, kind: str, reason: str, days: int, by: Any) -> Sanction:
    """Sanction a comment's author for a number of days from now; they are told by mail, once.

    It holds for the account and for the address, on the whole site. Raises SanctionIncompleteError,
    ScopeTooNarrowError, CommentGoneError or NobodyToSanctionError. Each call makes a sanction of
    its own; the strictest holds.
    """
    from comments.tasks import tell_sanctioned  # the tasks' module imports these services

    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON or not 0 < days <= MOST_DAYS:
        raise errors.SanctionIncompleteError
    if by is not None and not scope_of(by).is_whole_site:
        raise errors.ScopeTooNarrowError
    comment = VisitorComment.objects.filter(pk=comment_id).exclude(comment="").first()
    if comment is None:
        raise errors.CommentGoneError
    address = address_key(comment.user_email)
    if not address and comment.user_id is None:
        raise errors.NobodyToSanctionError
    with transaction.atomic():
        made = Sanction.objects.create(
            kind=SanctionKind(kind),
            user_id=comment.user_id,
            address=address,
            comment=comment,
            reason=reason,
            by=by,
            ends_at=timezone.now() + timedelta(days=days),
        )
        transaction.on_commit(partial(tell_sanctioned.enqueue, made.pk))
    return made


def lift_sanction(sanction_id: int) -> bool:
    """End a sanction now; False where it had ended. Safe to call twice."""
    now = timezone.now()
    return bool(
        Sanction.objects.filter(
            Q(ends_at=None) | Q(ends_at__gt=now), pk=sanction_id, lifted_at=None
        ).update(lifted_at=now)
    )


def tell_sanctioned(sanction_id: int) -> None:
    """Mail a sanction's person: reason, end and how to appeal. Safe to call twice.

    Raises MailNotSentError, after which the call is to be repeated.
    """
    made = Sanction.objects.select_related("comment").filter(
        pk=sanction_id, told_at=None, lifted_at=None
    ).first()  # fmt: skip
    if made is None:
        return
    reader = statements.reader_of(made.user_id, made.comment)
    if reader is None:
        return
    statements.mail(reader, partial(statements.sanction_statement, made))
    Sanction.objects.filter(pk=made.pk).update(told_at=timezone.now())
