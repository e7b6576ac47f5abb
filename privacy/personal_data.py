"""Data requests as personal data themselves."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject
from privacy.identity import subject_hash
from privacy.models import ENDED, IN_WORK, DataRequest, ExportFile, Kind, State


class RequestData:
    """The requests of a person. An erasure ends the open ones, deletes exports, and keeps the
    record of the answered ones, without an address, until it expires."""

    identifier = "privacy.requests"
    verbose_name: str | Promise = _("Data requests")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        # The erasure that asks is no item of its own plan; its receipt speaks of it.
        rows = DataRequest.objects.filter(subject_hash=subject_hash(subject.email)).exclude(
            kind=Kind.ERASURE, state__in=[*IN_WORK, State.PARTLY_FAILED]
        )
        if until is not None:
            rows = rows.filter(received_at__lte=until)
        for uid in rows.order_by("pk").values_list("uid", flat=True).iterator():
            yield str(uid)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for row in DataRequest.objects.filter(uid__in=keys).order_by("pk"):
            yield ExportedItem(
                str(row.uid),
                {
                    "kind": row.kind,
                    "keeps_text": row.keeps_text,
                    "state": row.state,
                    "email": row.email,
                    "language": row.locale,
                    "received_at": row.received_at.isoformat(),
                    "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
                    "due_at": row.due_at.isoformat(),
                    "completed_at": row.completed_at.isoformat() if row.completed_at else None,
                },
            )

    def erase(self, keys: Sequence[str]) -> Erasure:
        rows = DataRequest.objects.filter(uid__in=keys)
        files = ExportFile.objects.filter(request__in=rows)
        # At once: a crash behind the commit would leave files that nothing leads to any more.
        for name in files.values_list("name", flat=True):
            storages["private"].delete(name)
        files.delete()
        unconfirmed = rows.filter(confirmed_at=None)
        removed = unconfirmed.count()
        unconfirmed.delete()
        rows.exclude(state__in=ENDED).update(
            state=State.CANCELLED, reasons=["erased"], completed_at=timezone.now()
        )
        rows.update(email="", source_hash="")
        kept = timedelta(days=settings.PRIVACY_RECORD_DAYS)
        retained = tuple(
            Retained(
                key=str(row.uid),
                code="request_record",
                legal_basis=_("Proof that the request was answered (GDPR, article 5, paragraph 2)"),
                expires_on=((row.completed_at or row.received_at) + kept).date(),
            )
            for row in rows.order_by("pk")
        )
        return Erasure(removed, retained)
