"""Receiving, confirming, running and cancelling data requests."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.extensions.people import notice_recipients
from core.tokens import pseudonym
from privacy import notifications
from privacy.erasure import (
    erase_subject,
    recipients_of,
    removed_by_provider,
    retained_items,
)
from privacy.errors import (
    ContactMissingError,
    InvalidAddressError,
    NotPossibleError,
    RequestClosedError,
    UnknownBasisError,
    UnknownKindError,
)
from privacy.export import export_subject
from privacy.identity import subject_hash, subject_of, subject_of_request
from privacy.models import (
    AUTOMATIC,
    ENDED,
    IN_WORK,
    Basis,
    DataRequest,
    ExportFile,
    Kind,
    Purpose,
    RequestDecision,
    RequestToken,
    State,
    Step,
)
from privacy.preview import Preview, preview
from privacy.request_tokens import IssuedToken, find_token, issue_token, use_up
from privacy.restricting import restrict_subject
from privacy.scrubbing import scrub_database

# A person follows their request with this for as long as it may take, and a while after.
STATUS_LASTS = timedelta(days=60)
LONGEST_NOTE = 2_000


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


@dataclass(frozen=True, kw_only=True)
class Authority:
    """By what somebody asks who does not ask from the mailbox itself; an officer examines it.

    `contact` is an address of theirs, which is proven as the mailbox would be; `note` are their own
    words, which go as soon as the request has ended.
    """

    basis: str = Basis.MAILBOX
    contact: str = ""
    note: str = ""

    def checked(self) -> "Authority":
        """Return it with a normalised contact; raises what depends on the text alone."""
        if self.basis not in Basis.values:
            raise UnknownBasisError
        if self.basis == Basis.MAILBOX:
            return Authority()
        note = self.note.strip()[:LONGEST_NOTE]
        if not self.contact.strip() or not note:
            raise ContactMissingError
        return Authority(basis=self.basis, contact=canonical_address(self.contact), note=note)

    def put_into(self, request: DataRequest) -> None:
        """Note it with a request that is not stored yet."""
        request.basis, request.contact, request.note = self.basis, self.contact, self.note
        request.contact_hash = subject_hash(self.contact) if self.contact else ""


BY_MAILBOX = Authority()


@transaction.atomic
def receive_request(
    kind: str,
    email: str,
    locale: str,
    *,
    source: str = "",
    keeps_text: bool = False,
    authority: Authority = BY_MAILBOX,
) -> None:
    """Take a request down. The answer, the queries and the time are the same for every address.

    Nothing is looked up here: that, joining, limits and the mail are a task on commit. `source`
    is the visitor's network address; only a keyed pseudonym of it is stored, for a day.
    `keeps_text` asks of an erasure that texts stay, under nobody's name.
    Raises UnknownKindError, UnknownBasisError, ContactMissingError or InvalidAddressError, which
    depend on the text alone. Called twice, the second request joins the first.
    """
    if kind not in Kind.values:
        raise UnknownKindError
    authority = authority.checked()
    address = canonical_address(email)
    request = new_request(kind, address, locale, keeps_text=keeps_text)
    authority.put_into(request)
    request.awaits_review = bool(authority.contact)
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
            contact_hash=request.contact_hash,
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
    if older is not None and request.cancels_account:
        DataRequest.objects.filter(pk=older.pk, state=State.RECEIVED).update(
            cancels_account=True, account=request.account_id
        )
    if older is not None:
        end_unconfirmed([request.pk], State.CANCELLED, "joined")


def is_flood(request: DataRequest) -> bool:
    lately = DataRequest.objects.filter(
        received_at__gt=request.received_at - timedelta(hours=1), pk__lt=request.pk
    )
    # Of one mailbox: what somebody else asks for about it mails them, and uses up nothing of hers.
    same = lately.filter(contact_hash=request.contact_hash)
    if not request.contact_hash:
        same = same.filter(subject_hash=request.subject_hash)
    if same.count() >= settings.PRIVACY_MAILS_PER_HOUR:
        return True
    if not request.source_hash:
        return False
    of_source = lately.filter(source_hash=request.source_hash).count()
    return of_source >= settings.PRIVACY_MAILS_PER_HOUR_AND_SOURCE


def end_unconfirmed(pks: list[int], state: State, reason: str) -> int:
    """End requests that were never confirmed, and blank their address."""
    return DataRequest.objects.filter(pk__in=pks, state=State.RECEIVED).update(
        state=state,
        reasons=[reason],
        email="",
        contact="",
        note="",
        account=None,
        completed_at=timezone.now(),
    )


@transaction.atomic
def confirm(value: str) -> Confirmation:
    """Confirm a request with the token or code from its mail, and start the work on commit.

    An erasure starts when its waiting time is over, and a request by another authority when an
    officer has accepted it. Works once. Where the same request is in work already, or waits to
    begin, this one joins it. Raises TokenError or RequestClosedError.
    """
    token = find_token(value, Purpose.CONFIRM)
    use_up(token)
    request = DataRequest.objects.select_for_update().get(pk=token.request_id)
    if request.state != State.RECEIVED:
        raise RequestClosedError
    running = in_work_beside(request)
    if running is not None:
        if request.cancels_account and is_in_grace(running):
            running.cancels_account, running.account_id = True, request.account_id
            running.save()
        end_unconfirmed([request.pk], State.CANCELLED, "joined")
        # While nothing has begun the choice that was made last counts.
        DataRequest.objects.filter(pk=running.pk, state=State.CONFIRMED).update(
            keeps_text=request.keeps_text
        )
        request = running
    else:
        mark_confirmed(request)
    return Confirmation(request, issue_token(request, Purpose.STATUS, lasts=STATUS_LASTS))


def in_work_beside(request: DataRequest) -> DataRequest | None:
    """Return the request in work that this one, which is not, would double."""
    if request.awaits_review:
        return None
    same = DataRequest.objects.in_work().filter(
        kind=request.kind, subject_hash=request.subject_hash
    )
    return same.exclude(pk=request.pk).first()


def mark_confirmed(request: DataRequest, *, waits: bool = True) -> None:
    """Confirm a request and start what begins by itself; an erasure waits, unless told not to."""
    now = timezone.now()
    request.state = State.CONFIRMED
    request.confirmed_at = request.confirmed_at or now
    if not request.awaits_review:
        account = notice_recipients.get().by_email(request.email)
        request.account_id = request.account_id or (account.user_id if account else None)
        grace = timedelta(hours=settings.PRIVACY_GRACE_HOURS)
        if request.kind == Kind.ERASURE and waits and grace:
            request.begins_at = now + grace
    request.save()
    if request.awaits_review or request.kind not in AUTOMATIC:
        return
    enqueue("run_request" if request.begins_at is None else "tell_of_grace", request)


def tell_of_grace(request_id: int) -> None:
    """Mail when an erasure begins and how to cancel it. Safe to call twice while it waits.

    Raises MailNotSentError, after which the call is to be repeated.
    """
    request = DataRequest.objects.filter(pk=request_id, state=State.CONFIRMED).first()
    if request is None or request.is_silent or request.begins_at is None:
        return
    lasts = request.begins_at - timezone.now()
    if lasts > timedelta():
        issued = issue_token(request, Purpose.CANCEL, lasts=lasts)
        notifications.mail_grace(request, issued)


@transaction.atomic
def export_first(value: str) -> None:
    """Send a copy before an erasure: the erasure's token proves the mailbox and stays unused.

    The token then lasts as long as the export, so that the erasure can be confirmed with the
    same mail. Safe to call twice: an export in work is joined. Who asks by another authority has
    not proven the mailbox. Raises TokenError or RequestClosedError.
    """
    token = find_token(value, Purpose.CONFIRM)
    erasure = token.request
    if token.used_at is not None or erasure.state != State.RECEIVED or erasure.awaits_review:
        raise RequestClosedError
    until = timezone.now() + timedelta(days=settings.PRIVACY_EXPORT_DAYS)
    RequestToken.objects.filter(pk=token.pk, expires_at__lt=until).update(expires_at=until)
    exports = DataRequest.objects.filter(
        kind=Kind.EXPORT, subject_hash=erasure.subject_hash, state__in=[State.RECEIVED, *IN_WORK],
        awaits_review=False,
    ).order_by("pk")  # fmt: skip
    if any(export.state in IN_WORK for export in exports):
        return
    export = exports.first() or new_request(Kind.EXPORT, erasure.email, erasure.locale)
    mark_confirmed(export)


@transaction.atomic
def cancel(value: str) -> DataRequest:
    """Cancel a request that no work has begun on; anybody who can confirm or follow it may.

    Raises TokenError or RequestClosedError.
    """
    token = find_token(value, Purpose.CONFIRM, Purpose.STATUS, Purpose.CANCEL)
    request = DataRequest.objects.select_for_update().get(pk=token.request_id)
    if not is_cancellable(request):
        raise RequestClosedError
    end(request, State.CANCELLED, ["withdrawn"])
    RequestDecision.objects.create(request=request, step=Step.WITHDRAWN)
    return request


def end(request: DataRequest, state: State, reasons: list[str]) -> None:
    """End a locked request, and forget who asked and what they wrote."""
    request.state, request.reasons = state, reasons
    request.email = request.contact = request.note = ""
    request.account = None
    request.completed_at = timezone.now()
    request.awaits_review = False
    request.save()


def is_cancellable(request: DataRequest) -> bool:
    """Tell whether nothing has been begun yet."""
    if request.state == State.RECEIVED:
        return True
    waits = request.awaits_review or request.kind not in AUTOMATIC or is_in_grace(request)
    return request.state == State.CONFIRMED and waits


def is_in_grace(request: DataRequest) -> bool:
    """Tell whether a confirmed request waits for its moment to begin."""
    begins_at = request.begins_at
    is_ahead = begins_at is not None and begins_at > timezone.now()
    return request.state == State.CONFIRMED and is_ahead


def preview_of(value: str) -> Preview:
    """Return what an erasure would do whose confirmation this token or code is; it stays unused.

    Raises TokenError or RequestClosedError.
    """
    token = find_token(value, Purpose.CONFIRM)
    request = token.request
    if token.used_at is not None or request.state != State.RECEIVED or request.awaits_review:
        raise RequestClosedError
    # It is confirmed before it runs, and then no item of its own plan.
    return preview(subject_of_request(request), besides=str(request.uid))


def status_of(value: str) -> DataRequest:
    """Return the request that a token or code follows. Raises TokenError. Changes nothing."""
    return find_token(value, *Purpose.values).request


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
    """Do what a confirmed request asks for, then tell its person by a task on commit.

    Safe to call again after a crash at any moment, and after a partial failure; it does nothing
    for a request that has ended, waits to begin or waits for an officer. Call it outside a
    transaction.
    """
    request = DataRequest.objects.runnable().filter(pk=request_id).first()
    if request is None:
        return
    if request.kind == Kind.EXPORT:
        export_subject(request)
        enqueue("send_outcome", request)
        return
    if request.kind == Kind.RESTRICTION:
        restrict_subject(request)
    else:
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
    if request.mailbox and not request.is_silent:
        if request.kind == Kind.EXPORT and request.files.exists():
            lasts = timedelta(days=settings.PRIVACY_EXPORT_DAYS)
            issued = issue_token(request, Purpose.DOWNLOAD, lasts=lasts)
            notifications.mail_export(request, issued)
        elif request.kind == Kind.ERASURE and request.state in ENDED:
            removed = sum(removed_by_provider(request).values())
            notifications.mail_receipt(
                request,
                removed=removed,
                retained=retained_items(request),
                recipients=recipients_of(request),
            )
        elif request.kind == Kind.RESTRICTION and request.state in ENDED:
            issued = issue_token(request, Purpose.STATUS, lasts=STATUS_LASTS)
            notifications.mail_restricted(request, issued)
    if request.state in ENDED:
        DataRequest.objects.filter(pk=request.pk).update(
            email="", contact="", note="", account=None
        )
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
    if request.state != State.PARTLY_FAILED or in_work_beside(request) is not None:
        raise NotPossibleError
    enqueue("run_request", request)


def run_now(kind: Kind, email: str, locale: str, *, keeps_text: bool = False) -> DataRequest:
    """Run an export or erasure for an operator, at once, without waiting time and any mail.

    With `keeps_text` an erasure leaves texts, under nobody's name. An erasure that waits to begin
    is cancelled for it: this one does the same, now. Raises InvalidAddressError, or
    NotPossibleError while the same request is being worked on.
    """
    address = canonical_address(email)
    with transaction.atomic():
        request = new_request(kind, address, locale, keeps_text=keeps_text)
        busy = in_work_beside(request)
        if busy is not None and not is_in_grace(busy):
            raise NotPossibleError
        if busy is not None:
            end(busy, State.CANCELLED, ["joined"])
        request.is_silent = True
        request.state = State.CONFIRMED
        request.confirmed_at = timezone.now()
        request.save(force_insert=True)
    run_request(request.pk)
    send_outcome(request.pk)
    request.refresh_from_db()
    return request
