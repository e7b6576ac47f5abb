"""What officers decide about data requests; each decision is on record with its ground."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.errors import CMSError
from core.extensions.personal_data import (
    Correctable,
    Objectionable,
    PersonalDataProvider,
    Subject,
    personal_data_providers,
)
from privacy import notifications, services
from privacy.errors import AnswerMissingError, NotPossibleError
from privacy.identity import subject_of_request
from privacy.models import (
    AUTOMATIC,
    ENDED,
    DataRequest,
    Kind,
    Purpose,
    RequestDecision,
    State,
    Step,
)
from privacy.reasons import Ground
from privacy.request_tokens import find_token
from privacy.restricting import lift

logger = logging.getLogger(__name__)


def open_request(
    kind: str,
    email: str,
    locale: str,
    *,
    by: Any,
    authority: services.Authority = services.BY_MAILBOX,
    received_at: datetime | None = None,
    waits: bool = True,
) -> DataRequest:
    """Open a request for somebody who asked in another way, such as by letter, and begin on it.

    The officer has examined who asks: nothing is confirmed by mail. Answers go to the authority's
    contact, or to the address. The time for an answer counts from `received_at`; `waits` False
    erases without waiting time. Joins the same request in work. Raises what
    services.receive_request raises. Atomic.
    """
    note = authority.note.strip()[: services.LONGEST_NOTE]
    authority = authority.checked()
    address = services.canonical_address(email)
    with transaction.atomic():
        request = services.new_request(kind, address, locale)
        if (running := services.in_work_beside(request)) is not None:
            return running
        if received_at is not None and received_at < request.received_at:
            request.due_at -= request.received_at - received_at
            request.received_at = received_at
        authority.put_into(request)
        request.note = note
        services.mark_confirmed(request, waits=waits)
        RequestDecision.objects.create(request=request, step=Step.OPENED, by=by)
    return request


@transaction.atomic
def accept(request_id: int, *, by: Any) -> DataRequest:
    """Accept that somebody may ask by another authority than the mailbox, and begin on it.

    Raises NotPossibleError where nothing waits for that.
    """
    request = DataRequest.objects.select_for_update().get(pk=request_id)
    if request.state != State.CONFIRMED or not request.awaits_review:
        raise NotPossibleError
    request.awaits_review = False
    RequestDecision.objects.create(request=request, step=Step.ACCEPTED, by=by)
    if (running := services.in_work_beside(request)) is not None:
        services.end(request, State.CANCELLED, ["joined"])
        return running
    services.mark_confirmed(request)
    return request


def refuse(request_id: int, text: str, *, ground: str, by: Any) -> None:
    """Refuse a request that waits for an officer: mail the reasons and where to complain.

    The text is mailed and not stored; the ground is. Raises NotPossibleError, AnswerMissingError,
    or MailNotSentError with the request still open.
    """
    request = required(request_id, text)
    notifications.mail_refusal(request, text, Ground(ground))
    close(request, State.REFUSED, [ground], Step.REFUSED, ground=ground, by=by)


def answer(request_id: int, text: str, *, by: Any, values: Mapping[str, str] | None = None) -> None:
    """Grant a request that waits for an officer: do what it asks for, mail the answer and end it.

    An objection stops every use on the ground of legitimate interests. A correction sets `values`
    (the name of a field as providers call it) wherever such a field is held; none says that the
    officer has corrected by hand. The text is mailed and not stored. Raises NotPossibleError,
    AnswerMissingError, an error of the provider whose value cannot be so, or MailNotSentError with
    the request still open; called again it does nothing twice.
    """
    request = required(request_id, text)
    if request.awaits_review:
        raise NotPossibleError
    wanted = {name: value for name, value in (values or {}).items() if value}
    if request.kind == Kind.OBJECTION:
        each_of(request, Objectionable, lambda provider, keys: provider.object_to(keys))
    elif request.kind == Kind.CORRECTION and wanted:
        each_of(request, Correctable, lambda provider, keys: provider.correct(keys, wanted))
    notifications.mail_answer(request, text)
    close(request, State.COMPLETE, ["answered_by_officer"],
          Step.CORRECTED if wanted else Step.ANSWERED, fields=sorted(wanted), by=by)  # fmt: skip


def correctable_fields() -> dict[str, Any]:
    """Return the names of all fields that a correction can set, with what a person calls them."""
    found: dict[str, Any] = {}
    for provider in personal_data_providers:
        if isinstance(provider, Correctable):
            found.update(provider.correctable)
    return found


def each_of(request: DataRequest, contract: type, act: Any) -> None:
    """Call every provider of a contract with the keys of a request's subject, or none of them."""
    subject = subject_of_request(request)
    with transaction.atomic():
        for provider in personal_data_providers:
            if isinstance(provider, contract):
                call(provider, subject, act)


def call(provider: PersonalDataProvider, subject: Subject, act: Any) -> None:
    try:
        keys = list(provider.identities(subject))
        if keys:
            act(provider, keys)
    except CMSError:
        raise
    except Exception as error:  # noqa: BLE001  the boundary to strangers' code
        # The exception's text may hold personal data: its type and the provider must do.
        logger.error("Provider %s failed: %s", provider.identifier, type(error).__name__)
        raise NotPossibleError from None


def required(request_id: int, text: str) -> DataRequest:
    request = DataRequest.objects.get(pk=request_id)
    if not is_answerable(request):
        raise NotPossibleError
    if not text.strip():
        raise AnswerMissingError
    return request


def is_answerable(request: DataRequest) -> bool:
    """Tell whether a request waits for an officer's word."""
    waits = request.awaits_review or request.kind not in AUTOMATIC
    return request.state == State.CONFIRMED and waits


@transaction.atomic
def close(
    request: DataRequest, state: State, reasons: list[str], step: Step, *, by: Any, **record: Any
) -> None:
    locked = DataRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state in ENDED:
        return
    services.end(locked, state, reasons)
    RequestDecision.objects.create(request=locked, step=step, by=by, **record)


def extend(request_id: int, days: int, *, ground: str, by: Any) -> None:
    """Give an open request more time, once, and tell its person why (GDPR, article 12(3)).

    Raises NotPossibleError where the time is over or was extended already, for more days than
    PRIVACY_EXTENSION_DAYS, or without a person to tell; or MailNotSentError, and then the time
    stays as it was.
    """
    request = DataRequest.objects.get(pk=request_id)
    if not is_extendable(request) or not 0 < days <= settings.PRIVACY_EXTENSION_DAYS:
        raise NotPossibleError
    until = request.due_at + timedelta(days=days)
    notifications.mail_extension(request, until, ground)
    with transaction.atomic():
        rows = DataRequest.objects.filter(pk=request.pk, extended_at=None)
        if rows.update(due_at=until, extended_at=timezone.now(), escalated_percent=0):
            RequestDecision.objects.create(
                request=request, step=Step.EXTENDED, ground=ground, by=by
            )


def is_extendable(request: DataRequest) -> bool:
    """Tell whether a request's time may be extended still."""
    is_open = request.confirmed_at is not None and request.state not in ENDED
    in_time = request.extended_at is None and timezone.now() <= request.due_at
    return is_open and in_time and bool(request.mailbox) and not request.is_silent


@transaction.atomic
def hurry(request_id: int, *, by: Any) -> None:
    """Begin an erasure before its waiting time is over. Raises NotPossibleError."""
    request = DataRequest.objects.select_for_update().get(pk=request_id)
    if not services.is_in_grace(request):
        raise NotPossibleError
    request.begins_at = timezone.now()
    request.save()
    RequestDecision.objects.create(request=request, step=Step.HURRIED, by=by)
    services.enqueue("run_request", request)


def lift_restriction(request_id: int, *, by: Any) -> None:
    """Lift a restriction after telling its person, as GDPR, article 18(3), asks.

    Raises NotPossibleError where none stands, or MailNotSentError with the restriction standing.
    """
    request = DataRequest.objects.select_related("restriction").get(pk=request_id)
    if not is_restricting(request):
        raise NotPossibleError
    notifications.mail_lifted(request, request.restriction.email)
    with transaction.atomic():
        if lift(request) is not None:
            RequestDecision.objects.create(request=request, step=Step.LIFTED, by=by)


@transaction.atomic
def lift_own_restriction(value: str) -> DataRequest:
    """Lift a restriction at its person's own wish, with the token that follows their request.

    Raises TokenError or NotPossibleError.
    """
    request = find_token(value, Purpose.STATUS).request
    if lift(request) is None:
        raise NotPossibleError
    RequestDecision.objects.create(request=request, step=Step.LIFTED)
    return request


def is_restricting(request: DataRequest) -> bool:
    """Tell whether a request's restriction stands."""
    restriction = getattr(request, "restriction", None)
    return restriction is not None and restriction.lifted_at is None
