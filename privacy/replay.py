"""Doing again the erasures that a restore of the site's database has undone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.extensions.data_inventory import PrivacyClass
from core.extensions.people import notice_recipients
from core.extensions.personal_data import normalise_address
from privacy import ledger, services
from privacy.erasure import in_ledger, removed_by_provider
from privacy.identity import account_mark, subject_hash
from privacy.inventory import personal_fields
from privacy.models import RUNNABLE, DataRequest, Kind, LedgerEntry, State


@dataclass
class Replayed:
    """What a replay did: erasures that were missing, addresses found again, removed by provider.

    `other_key` counts erasures written under another PRIVACY_KEY, which nobody can match;
    `failed` the requests that a provider left unfinished.
    """

    missing: int = 0
    found: int = 0
    other_key: int = 0
    failed: int = 0
    removed: dict[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return not self.other_key and not self.failed


def missing_erasures() -> list[ledger.Erasure]:
    """Return the erasures that the ledger knows and this database does not."""
    known = set(LedgerEntry.objects.values_list("request_uid", flat=True))
    return [each for each in ledger.read() if each.request_uid not in known]


def is_due() -> bool:
    """Tell whether this database holds what was erased already, or may: it was just restored."""
    return ledger.has_open_restore() or bool(missing_erasures()) or unfinished().exists()


def unfinished():  # type: ignore[no-untyped-def]
    return DataRequest.objects.filter(
        kind=Kind.ERASURE, cutoff_at__isnull=False, state__in=RUNNABLE
    )


def mend_ledger() -> None:
    """Write down again what this database knows and the ledger lost. Safe to call twice."""
    known = {each.request_uid for each in ledger.read()}
    entries = LedgerEntry.objects.exclude(request_uid__in=known)
    ledger.record([in_ledger(entry) for entry in entries])


def replay() -> Replayed:
    """Erase again, by address, what the ledger says was erased; call it outside a transaction.

    Of each person only what was created before the last of their erasures goes: what they, or
    others under the same row numbers, wrote since is left alone. Safe to call again after a crash
    at any moment.
    """
    done = Replayed()
    run_all(unfinished(), done)
    missing = missing_erasures()
    done.missing = len(missing)
    usable = [each for each in missing if each.key_id == ledger.key_id()]
    done.other_key = len(missing) - len(usable)
    by_subject: dict[str, list[ledger.Erasure]] = defaultdict(list)
    for each in usable:
        by_subject[each.subject].append(each)
    addresses = addresses_of(set(by_subject))
    for subject, erasures in by_subject.items():
        if address := addresses.get(subject):
            done.found += 1
            finish_others(erasures[-1], done)
            ends_account = account_mark(address) in by_subject
            run_all([take_up(address, erasures[-1], ends_account=ends_account)], done)
        note(erasures)
    mend_ledger()
    if done.is_whole:
        ledger.close_restores(timezone.now())
    return done


def run_all(requests, done: Replayed) -> None:  # type: ignore[no-untyped-def]
    for request in requests:
        services.run_request(request.pk)
        services.send_outcome(request.pk)
        request.refresh_from_db()
        done.failed += request.state == State.PARTLY_FAILED
        for provider, count in removed_by_provider(request).items():
            done.removed[provider] = done.removed.get(provider, 0) + count


def finish_others(erasure: ledger.Erasure, done: Replayed) -> None:
    """Finish an erasure that the backup caught in its work: one may run at a time.

    One that waited to begin ends instead: it may have been cancelled since, and where it was not,
    the ledger knows it.
    """
    others = DataRequest.objects.in_work().filter(kind=Kind.ERASURE, subject_hash=erasure.subject)
    for request in others:
        if services.is_in_grace(request) and request.uid != erasure.request_uid:
            services.end(request, State.CANCELLED, ["restored"])
    run_all(list(others.all()), done)


@transaction.atomic
def take_up(address: str, erasure: ledger.Erasure, *, ends_account: bool) -> DataRequest:
    """Return the erasure's request, made anew where the backup is older than it."""
    request = DataRequest.objects.filter(uid=erasure.request_uid).first()
    if request is None:
        request = services.new_request(Kind.ERASURE, address, settings.LANGUAGE_CODE)
        request.uid = erasure.request_uid
    request.email = address
    account = notice_recipients.get().by_email(address) if ends_account else None
    if account is not None:
        request.account_id, request.cancels_account = account.user_id, True
    request.is_silent = True
    request.begins_at = None
    request.state = State.CONFIRMED
    request.confirmed_at = request.confirmed_at or timezone.now()
    request.cutoff_at = erasure.at
    request.save()
    return request


def note(erasures: list[ledger.Erasure]) -> None:
    """Let this database know the erasures, so that none is due again."""
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                request_uid=each.request_uid,
                subject=each.subject,
                kind=Kind.ERASURE,
                at=each.at,
                expires_on=each.expires_on,
            )
            for each in erasures
        ],
        ignore_conflicts=True,
    )


def addresses_of(subjects: set[str]) -> dict[str, str]:
    """Return the addresses behind keyed hashes, as far as they stand in any table.

    Every field that the data inventory calls a contact is walked, with whatever spelling it has.
    """
    found: dict[str, str] = {}
    if not subjects:
        return found
    for address in addresses_held():
        hashed = subject_hash(address)
        if hashed in subjects:
            found[hashed] = address
    return found


def addresses_held() -> Iterator[str]:
    for each in personal_fields():
        if each.use.privacy_class != PrivacyClass.CONTACT:
            continue
        values = each.model._base_manager.order_by().values_list(each.name, flat=True).distinct()
        for value in values.iterator():
            for word in str(value or "").splitlines():
                try:
                    yield normalise_address(word)
                except ValueError:
                    continue
