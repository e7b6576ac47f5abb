"""What ends by the clock: unconfirmed requests, tokens, export files, records; and lost work."""

from datetime import timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from privacy import ledger
from privacy.clocks import escalate
from privacy.export import delete_files
from privacy.models import (
    AUTOMATIC,
    ENDED,
    IN_WORK,
    DataRequest,
    ExportFile,
    Kind,
    LedgerEntry,
    Purpose,
    RequestToken,
    State,
)
from privacy.replay import mend_ledger
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
    take_up_lost_work()
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
    DataRequest.objects.filter(state__in=ENDED, completed_at__lte=kept_long_enough).delete()
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


def take_up_lost_work() -> None:
    stale = Q(touched_at__lte=timezone.now() - LOST_AFTER)
    requests = DataRequest.objects.filter(stale)
    for request in requests.filter(state=State.RECEIVED, mailed_at=None):
        enqueue("send_confirmation", request)
    for request in requests.filter(kind__in=AUTOMATIC, state__in=IN_WORK):
        enqueue("run_request", request)
    for request in requests.filter(state__in=ENDED).exclude(email=""):
        enqueue("send_outcome", request)
    waiting = DataRequest.objects.filter(
        kind=Kind.ERASURE, state__in=ENDED, confirmed_at__isnull=False, is_scrubbed=False, email=""
    )
    if waiting.exists():
        scrub_after(waiting)
