"""What ends by the clock: unconfirmed requests, tokens, export files, records; and lost work."""

from datetime import timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from privacy import ledger
from privacy.clocks import escalate
from privacy.export import delete_files
from privacy.models import (
    ENDED,
    DataRequest,
    ExportFile,
    Kind,
    LedgerEntry,
    Purpose,
    RequestToken,
    Restriction,
    State,
)
from privacy.replay import mend_ledger
from privacy.resuming import resume_exceptions
from privacy.services import end_unconfirmed, enqueue, scrub_after

# A row that was never confirmed serves the hourly limits and nothing else.
KEEP_UNCONFIRMED = timedelta(days=1)
# A network address's pseudonym serves the hourly limits and nothing else.
KEEP_SOURCE = timedelta(days=1)
# Work that has not moved for this long has lost its task.
LOST_AFTER = timedelta(hours=1)


def sweep_expired() -> None:
    """Do everything that is due. Safe to call twice, at any moment, by several workers."""
    end_what_was_not_confirmed()
    delete_what_expired()
    delete_lost_files()
    begin_what_waited()
    take_up_lost_work()
    resume_exceptions()
    escalate()
    ledger.forget_expired(timezone.now().date())
    mend_ledger()


@transaction.atomic
def end_what_was_not_confirmed() -> None:
    now = timezone.now()
    limit = now - timedelta(hours=settings.PRIVACY_CONFIRM_HOURS)
    open_token = RequestToken.objects.filter(
        request=OuterRef("pk"), purpose=Purpose.CONFIRM, used_at=None, expires_at__gt=now
    )
    late = DataRequest.objects.filter(
        ~Exists(open_token), state=State.RECEIVED, received_at__lte=limit
    )
    end_unconfirmed(list(late.values_list("pk", flat=True)), State.EXPIRED, "not_confirmed")


@transaction.atomic
def delete_what_expired() -> None:
    now = timezone.now()
    fetched = RequestToken.objects.filter(
        request=OuterRef("request"), purpose=Purpose.DOWNLOAD, used_at__isnull=False
    )
    gone = ExportFile.objects.filter(Q(expires_at__lte=now) | Exists(fetched))
    delete_files(list(gone.values_list("pk", flat=True)))
    # A token that expired lately still earns a clear answer: it is kept a while.
    RequestToken.objects.filter(expires_at__lte=now - timedelta(days=7)).delete()
    DataRequest.objects.filter(received_at__lte=now - KEEP_SOURCE).exclude(source_hash="").update(
        source_hash=""
    )
    never_confirmed = DataRequest.objects.filter(
        state__in=[State.EXPIRED, State.CANCELLED],
        confirmed_at=None,
        completed_at__lte=now - KEEP_UNCONFIRMED,
    )
    never_confirmed.delete()
    kept_long_enough = now - timedelta(days=settings.PRIVACY_RECORD_DAYS)
    standing = Restriction.objects.filter(request=OuterRef("pk"), lifted_at=None)
    DataRequest.objects.filter(
        ~Exists(standing), state__in=ENDED, completed_at__lte=kept_long_enough
    ).delete()
    LedgerEntry.objects.filter(expires_on__lte=now.date()).delete()


def delete_lost_files() -> None:
    """Delete exports whose rows are gone, or never came: a crash stood between."""
    storage = storages["private"]
    try:
        _, names = storage.listdir("exports")
    except FileNotFoundError:
        return
    known = set(ExportFile.objects.values_list("name", flat=True))
    for path in {f"exports/{name}" for name in names} - known:
        if storage.get_modified_time(path) < timezone.now() - LOST_AFTER:
            storage.delete(path)


@transaction.atomic
def begin_what_waited() -> None:
    """Begin the erasures whose waiting time is over, each once."""
    now = timezone.now()
    due = DataRequest.objects.runnable().filter(
        state=State.CONFIRMED, begins_at__lte=now, touched_at__lt=F("begins_at")
    )
    for request in due.select_for_update(of=("self",)):
        # Touched after its moment: another round leaves it to the queue, and to lost work.
        request.save(update_fields=["touched_at"])
        enqueue("run_request", request)


def take_up_lost_work() -> None:
    stale = Q(touched_at__lte=timezone.now() - LOST_AFTER)
    requests = DataRequest.objects.filter(stale)
    for request in requests.filter(state=State.RECEIVED, mailed_at=None):
        enqueue("send_confirmation", request)
    told = RequestToken.objects.filter(request=OuterRef("pk"), purpose=Purpose.CANCEL)
    for request in requests.filter(
        ~Exists(told), state=State.CONFIRMED, is_silent=False, begins_at__gt=timezone.now()
    ):
        enqueue("tell_of_grace", request)
    for request in DataRequest.objects.runnable().filter(stale).exclude(state=State.PARTLY_FAILED):
        enqueue("run_request", request)
    for request in requests.filter(state__in=ENDED).exclude(email="", contact=""):
        enqueue("send_outcome", request)
    waiting = DataRequest.objects.filter(
        kind=Kind.ERASURE, state__in=ENDED, confirmed_at__isnull=False, is_scrubbed=False, email=""
    )
    if waiting.exists():
        scrub_after(waiting)
