"""Data requests as personal data themselves."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject
from privacy.identity import subject_hash
from privacy.models import (
    ENDED,
    IN_WORK,
    DataRequest,
    ExportFile,
    Kind,
    Restriction,
    State,
)

# Behind a request's number: it is theirs as the one who asked about somebody else.
AS_CONTACT = ":contact"


class RequestData:
    """The requests about a person, and those that they made about others. An erasure ends the open
    ones, deletes exports, and keeps the record of the answered ones, without an address, until it
    expires."""

    identifier = "privacy.requests"
    verbose_name: str | Promise = _("Data requests")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        # The erasure that asks is no item of its own plan; its receipt speaks of it.
        hashed = subject_hash(subject.email)
        rows = DataRequest.objects.filter(Q(subject_hash=hashed) | Q(contact_hash=hashed)).exclude(
            kind=Kind.ERASURE, state__in=[*IN_WORK, State.PARTLY_FAILED], awaits_review=False
        )
        if until is not None:
            rows = rows.filter(received_at__lte=until)
        found = rows.order_by("pk").values_list("uid", "subject_hash")
        for uid, about in found.iterator():
            yield str(uid) if about == hashed else f"{uid}{AS_CONTACT}"

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        by_contact = {key.removesuffix(AS_CONTACT) for key in keys if key.endswith(AS_CONTACT)}
        wanted = [key.removesuffix(AS_CONTACT) for key in keys]
        rows = DataRequest.objects.filter(uid__in=wanted).prefetch_related("decisions")
        for row in rows.select_related("restriction").order_by("pk"):
            is_contact = str(row.uid) in by_contact
            restriction = getattr(row, "restriction", None)
            yield ExportedItem(
                f"{row.uid}{AS_CONTACT}" if is_contact else str(row.uid),
                {
                    "kind": row.kind,
                    "keeps_text": row.keeps_text,
                    "state": row.state,
                    "asked_by": row.basis,
                    # Whose data it is, and who asks for it, are two people's.
                    "email": "" if is_contact else row.email,
                    "contact": row.contact if is_contact else "",
                    "note": row.note if is_contact else "",
                    "cancels_account": row.cancels_account,
                    "begins_at": row.begins_at.isoformat() if row.begins_at else None,
                    "extended_at": row.extended_at.isoformat() if row.extended_at else None,
                    # Which officer decided is another person's data.
                    "decisions": [
                        {"step": each.step, "ground": each.ground, "fields": each.fields,
                         "at": each.at.isoformat()}
                        for each in row.decisions.all()
                    ],
                    "restriction_told_to": restriction.email if restriction else "",
                    "restricted_at": restriction.begun_at.isoformat() if restriction else None,
                    "restriction_lifted_at": restriction.lifted_at.isoformat()
                    if restriction and restriction.lifted_at
                    else None,
                    "language": row.locale,
                    "received_at": row.received_at.isoformat(),
                    "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else None,
                    "due_at": row.due_at.isoformat(),
                    "completed_at": row.completed_at.isoformat() if row.completed_at else None,
                },
            )  # fmt: skip

    def erase(self, keys: Sequence[str]) -> Erasure:
        rows = self.rows(keys)
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
        rows.update(
            email="", contact="", note="", source_hash="", awaits_review=False, account=None
        )
        # What was restricted is gone: nothing is left to put back, and nobody to tell.
        Restriction.objects.filter(request__in=rows).update(email="", lifted_at=timezone.now())
        return Erasure(removed, self.records(keys))

    def exceptions(self, keys: Sequence[str]) -> tuple[Retained, ...]:
        return self.records(keys)

    def rows(self, keys: Sequence[str]) -> QuerySet[DataRequest]:
        return DataRequest.objects.filter(uid__in=[key.removesuffix(AS_CONTACT) for key in keys])

    def records(self, keys: Sequence[str]) -> tuple[Retained, ...]:
        named = {key.removesuffix(AS_CONTACT): key for key in keys}
        kept = timedelta(days=settings.PRIVACY_RECORD_DAYS)
        return tuple(
            Retained(
                key=named[str(row.uid)],
                code="request_record",
                legal_basis=_("Proof that the request was answered (GDPR, article 5, paragraph 2)"),
                expires_on=((row.completed_at or row.received_at) + kept).date(),
            )
            for row in self.rows(keys).exclude(confirmed_at=None).order_by("pk")
        )
