"""Receiving, confirming, answering and cancelling data requests."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.tokens import pseudonym
from privacy import notifications
from privacy.erasure import erase_subject, removed_by_provider, retained_items
from privacy.errors import (
    InvalidAddressError,
    NotPossibleError,
    RequestClosedError,
    UnknownKindError,
)
from privacy.export import export_subject
from privacy.identity import subject_hash, subject_of
from privacy.models import (
    AUTOMATIC,
    ENDED,
    IN_WORK,
    RUNNABLE,
    DataRequest,
    ExportFile,
    Kind,
    Purpose,
    RequestToken,
    State,
)
from privacy.request_tokens import IssuedToken, find_token, issue_token, use_up
from privacy.scrubbing import scrub_database

# A person follows their request with this for as long as it may take, and a while after.
STATUS_LASTS = timedelta(days=60)


@dataclass(frozen=True)
class Confirmation:
    """A confirmed request, and the token with which its person can follow it."""

    request: DataRequest
    status_token: IssuedToken


def enqueue(task: str, request: DataRequest) -> None:
    # Tasks call services, so services can name them only when they run.
    from privacy import tasks

    transaction.on_commit(partial(getattr(tasks, task).enqueue, request.pk))


def canonical_address(address: str) -> str:
    """Return the normalised address, or raise InvalidAddressError."""
    try:
        email = subject_of(address).email
        validate_email(email)
    except (ValueError, ValidationError):
        raise InvalidAddressError from None
    return email


@transaction.atomic
def receive_request(
    kind: str, email: str, locale: str, *, source: str = "", keeps_text: bool = False
) -> None:
    """Take a request down. The answer, the queries and the time are the same for every address.

    Nothing is looked up here: that, joining, limits and the mail are a task on commit. `source`
    is the visitor's network address; only a keyed pseudonym of it is stored, for a day.
    `keeps_text` asks of an erasure that texts stay, under nobody's name.
    Raises UnknownKindError or InvalidAddressError, which depend on the text alone. Called
    twice, the second request joins the first.
    """
    if kind not in Kind.values:
        raise UnknownKindError
    address = canonical_address(email)
    request = new_request(kind, address, locale, keeps_text=keeps_text)
    request.source_hash = pseudonym("request-source", source) if source else ""
    request.save(force_insert=True)
    enqueue("send_confirmation", request)


def new_request(kind: str, address: str, locale: str, *, keeps_text: bool = False) -> DataRequest:
    now = timezone.now()
    return DataRequest(
        kind=kind,
        email=address,
        subject_hash=subject_hash(address),
        received_at=now,
        due_at=now + timedelta(days=settings.PRIVACY_REPLY_DAYS),
        locale=locale,
        keeps_text=keeps_text and kind == Kind.ERASURE,
    )


def send_confirmation(request_id: int) -> None:
    """Mail a received request's owner, unless too many mails were caused lately.

    A second request of the same kind joins the open one: its own row ends, and the mail
    confirms the open one, or says that it is in work. Limits are kept silently. Safe to call
    twice. Raises MailNotSentError; then nothing is decided and the call is to be repeated.
    """
    request = DataRequest.objects.filter(pk=request_id, state=State.RECEIVED).first()
    if request is None or request.mailed_at is not None:
        return
    if is_flood(request):
        end_unconfirmed([request.pk], State.CANCELLED, "too_many")
        return
    older = (
        DataRequest.objects.filter(
            kind=request.kind,
            # Nobody's mail confirms another choice than the one it names.
            keeps_text=request.keeps_text,
            subject_hash=request.subject_hash,
            state__in=[State.RECEIVED, *IN_WORK],
            pk__lt=request.pk,
        )
        .order_by("pk")
        .first()
    )
    joined = older or request
    if joined.state == State.RECEIVED:
        lasts = timedelta(hours=settings.PRIVACY_CONFIRM_HOURS)
        notifications.mail_confirmation(joined, issue_token(joined, Purpose.CONFIRM, lasts=lasts))
    else:
        notifications.mail_status(joined, issue_token(joined, Purpose.STATUS, lasts=STATUS_LASTS))
    DataRequest.objects.filter(pk=request.pk).update(mailed_at=timezone.now())
    if older is not None:
        end_unconfirmed([request.pk], State.CANCELLED, "joined")


def is_flood(request: DataRequest) -> bool:
    lately = DataRequest.objects.filter(
        received_at__gt=request.received_at - timedelta(hours=1), pk__lt=request.pk
    )
    of_subject = lately.filter(subject_hash=request.subject_hash).count()
    if of_subject >= settings.PRIVACY_MAILS_PER_HOUR:
        return True
    if not request.source_hash:
        return False
    of_source = lately.filter(source_hash=request.source_hash).count()
    return of_source >= settings.PRIVACY_MAILS_PER_HOUR_AND_SOURCE


def end_unconfirmed(pks: list[int], state: State, reason: str) -> int:
    """End requests that were never confirmed, and blank their address."""
    return DataRequest.objects.filter(pk__in=pks, state=State.RECEIVED).update(
        state=state, reasons=[reason], email="", completed_at=timezone.now()
    )


@transaction.atomic
def confirm(value: str) -> Confirmation:
    """Confirm a request with the token or code from its mail, and start the work on commit.

    Works once. Where the same request is in work already, this one joins it. Raises TokenError
    or RequestClosedError.
    """
    token = find_token(value, Purpose.CONFIRM)
    use_up(token)
    request = DataRequest.objects.select_for_update().get(pk=token.request_id)
    if request.state != State.RECEIVED:
        raise RequestClosedError
    running = DataRequest.objects.filter(
        kind=request.kind, subject_hash=request.subject_hash, state__in=IN_WORK
    ).first()
    if running is not None:
        end_unconfirmed([request.pk], State.CANCELLED, "joined")
        # While nothing has begun the choice that was made last counts.
        DataRequest.objects.filter(pk=running.pk, state=State.CONFIRMED).update(
            keeps_text=request.keeps_text
        )
        request = running
    else:
        mark_confirmed(request)
    return Confirmation(request, issue_token(request, Purpose.STATUS, lasts=STATUS_LASTS))


def mark_confirmed(request: DataRequest) -> None:
    request.state = State.CONFIRMED
    request.confirmed_at = timezone.now()
    request.save()
    if request.kind in AUTOMATIC:
        enqueue("run_request", request)


@transaction.atomic
def export_first(value: str) -> None:
    """Send a copy before an erasure: the erasure's token proves the mailbox and stays unused.

    The token then lasts as long as the export, so that the erasure can be confirmed with the
    same mail. Safe to call twice: an export in work is joined. Raises TokenError or
    RequestClosedError.
    """
    token = find_token(value, Purpose.CONFIRM)
    erasure = token.request
    if token.used_at is not None or erasure.state != State.RECEIVED:
        raise RequestClosedError
    until = timezone.now() + timedelta(days=settings.PRIVACY_EXPORT_DAYS)
    RequestToken.objects.filter(pk=token.pk, expires_at__lt=until).update(expires_at=until)
    exports = DataRequest.objects.filter(
        kind=Kind.EXPORT, subject_hash=erasure.subject_hash, state__in=[State.RECEIVED, *IN_WORK]
    ).order_by("pk")
    if any(export.state in IN_WORK for export in exports):
        return
    export = exports.first() or new_request(Kind.EXPORT, erasure.email, erasure.locale)
    mark_confirmed(export)


@transaction.atomic
def cancel(value: str) -> DataRequest:
    """Cancel a request that no work has begun on; anybody who can confirm or follow it may.

    Raises TokenError or RequestClosedError.
    """
    token = find_token(value, Purpose.CONFIRM, Purpose.STATUS)
    request = DataRequest.objects.select_for_update().get(pk=token.request_id)
    if not is_cancellable(request):
        raise RequestClosedError
    request.state = State.CANCELLED
    request.reasons = ["withdrawn"]
    request.email = ""
    request.completed_at = timezone.now()
    request.save()
    return request


def is_cancellable(request: DataRequest) -> bool:
    """Tell whether nothing has been begun yet."""
    waits = request.state == State.CONFIRMED and request.kind not in AUTOMATIC
    return request.state == State.RECEIVED or waits


def status_of(value: str) -> DataRequest:
    """Return the request that a token or code follows. Raises TokenError. Changes nothing."""
    return find_token(value, Purpose.CONFIRM, Purpose.STATUS, Purpose.DOWNLOAD).request


@transaction.atomic
def claim_download(value: str) -> ExportFile:
    """Use a download token up and return its file. Raises TokenError or RequestClosedError.

    The file itself is deleted by `sweep_expired` soon after.
    """
    token = find_token(value, Purpose.DOWNLOAD)
    use_up(token)
    exported = token.request.files.filter(expires_at__gt=timezone.now()).last()
    if exported is None:
        raise RequestClosedError
    return exported


def run_request(request_id: int) -> None:
    """Do what a confirmed export or erasure asks for, then tell its person by a task on commit.

    Safe to call again after a crash at any moment, and after a partial failure; it does nothing
    for a request that has ended. Call it outside a transaction.
    """
    request = DataRequest.objects.filter(
        pk=request_id, kind__in=AUTOMATIC, state__in=RUNNABLE
    ).first()
    if request is None:
        return
    if request.kind == Kind.EXPORT:
        export_subject(request)
        enqueue("send_outcome", request)
        return
    erase_subject(request)
    if request.state != State.PARTLY_FAILED:
        enqueue("send_outcome", request)


def send_outcome(request_id: int) -> None:
    """Mail the outcome, then blank the address and drive erased bytes out of the database.

    Safe to call twice: once the address is blank no mail is sent. Raises MailNotSentError,
    after which the call is to be repeated.
    """
    request = DataRequest.objects.filter(
        pk=request_id, state__in=[*ENDED, State.PARTLY_FAILED]
    ).first()
    if request is None:
        return
    if request.email and not request.is_silent:
        if request.kind == Kind.EXPORT and request.files.exists():
            lasts = timedelta(days=settings.PRIVACY_EXPORT_DAYS)
            issued = issue_token(request, Purpose.DOWNLOAD, lasts=lasts)
            notifications.mail_export(request, issued)
        elif request.kind == Kind.ERASURE and request.state in ENDED:
            removed = sum(removed_by_provider(request).values())
            notifications.mail_receipt(request, removed=removed, retained=retained_items(request))
    if request.state in ENDED:
        DataRequest.objects.filter(pk=request.pk).update(email="")
    if request.kind == Kind.ERASURE:
        scrub_after(DataRequest.objects.filter(pk=request.pk))


def scrub_after(requests: QuerySet[DataRequest]) -> None:
    """Drive erased bytes out of the database, and record with the requests what was done."""
    report = scrub_database()
    requests.update(scrub=report, is_scrubbed=report["is_done"])


@transaction.atomic
def rerun(request_id: int) -> None:
    """Start a partly failed request again, on commit. Raises NotPossibleError."""
    request = DataRequest.objects.select_for_update().get(pk=request_id)
    others = DataRequest.objects.filter(
        kind=request.kind, subject_hash=request.subject_hash, state__in=IN_WORK
    )
    if request.state != State.PARTLY_FAILED or others.exists():
        raise NotPossibleError
    enqueue("run_request", request)


def answer(request_id: int, text: str, *, is_refusal: bool) -> None:
    """Mail an officer's answer to a request that waits for one, and end it.

    The text is mailed and not stored. Raises NotPossibleError, or MailNotSentError with the
    request still open.
    """
    request = DataRequest.objects.get(pk=request_id)
    if request.kind in AUTOMATIC or request.state != State.CONFIRMED:
        raise NotPossibleError
    notifications.mail_answer(request, text)
    DataRequest.objects.filter(pk=request.pk, state=State.CONFIRMED).update(
        state=State.REFUSED if is_refusal else State.COMPLETE,
        reasons=["answered_by_officer"],
        completed_at=timezone.now(),
        email="",
    )


def run_now(kind: Kind, email: str, locale: str, *, keeps_text: bool = False) -> DataRequest:
    """Run an export or erasure for an operator, at once and without any mail.

    With `keeps_text` an erasure leaves texts, under nobody's name. Raises InvalidAddressError, or
    NotPossibleError while the same request is in work.
    """
    address = canonical_address(email)
    with transaction.atomic():
        request = new_request(kind, address, locale, keeps_text=keeps_text)
        busy = DataRequest.objects.filter(
            kind=kind, subject_hash=request.subject_hash, state__in=IN_WORK
        )
        if busy.exists():
            raise NotPossibleError
        request.is_silent = True
        request.state = State.CONFIRMED
        request.confirmed_at = timezone.now()
        request.save(force_insert=True)
    run_request(request.pk)
    send_outcome(request.pk)
    request.refresh_from_db()
    return request
