"""How a person stands here: sanctions, trust, blocked addresses; and the reports they made."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models import BlockedKey, IllegalContentReport, Sanction, SanctionKind, TrustedAuthor
from comments.personal_data.finding import BATCH, account_of, as_text, in_batches, keys_of
from comments.services.trusting import address_key
from comments.write_lock import write_transaction
from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject


class SanctionData:
    """Sanctions. A limit or ban in force is retained until its end: as a pseudonym, a kind and a
    day, without its words; else an erasure would be the way out of it."""

    identifier = "comments.sanctions"
    verbose_name = _("Sanctions after the rules of conduct")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        whose = Q(address=address_key(subject.email))
        if (account := account_of(subject)) is not None:
            whose |= Q(user_id=account)
        rows = Sanction.objects.filter(whose)
        if until is not None:
            rows = rows.filter(starts_at__lte=until)
        for key in rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH):
            yield str(key)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            for row in Sanction.objects.filter(pk__in=batch).order_by("pk"):
                data = {
                    "kind": row.kind,
                    "reason": row.reason,
                    "because_of_comment": row.comment_id,
                    "starts_at": as_text(row.starts_at),
                    "ends_at": as_text(row.ends_at),
                    "lifted_at": as_text(row.lifted_at),
                    "told_at": as_text(row.told_at),
                }
                yield ExportedItem(str(row.pk), data)

    def erase(self, keys: Sequence[str]) -> Erasure:
        with write_transaction():
            retained = self.exceptions(keys)
            kept = [each.key for each in retained]
            Sanction.objects.filter(pk__in=kept).update(reason="", comment=None)
            removed = Sanction.objects.filter(pk__in=keys).exclude(pk__in=kept).delete()[0]
        return Erasure(removed, retained)

    def exceptions(self, keys: Sequence[str]) -> tuple[Retained, ...]:
        return tuple(
            Retained(
                key=str(row.pk),
                code="sanction",
                legal_basis=_(
                    "Keeping to the rules of conduct (GDPR, article 6, paragraph 1(f) and article "
                    "17, paragraph 1(c)); without the reason"
                ),
                expires_on=row.ends_at.date() if row.ends_at else None,
            )
            for row in in_force(Sanction.objects.filter(pk__in=keys)).order_by("pk")
        )


def in_force(sanctions: QuerySet[Sanction]) -> QuerySet[Sanction]:
    runs = (Q(ends_at=None) | Q(ends_at__gt=timezone.now())) & Q(lifted_at=None)
    return sanctions.filter(runs).exclude(kind=SanctionKind.WARN)


class TrustData:
    """That moderators trust a person: by account or by a verified address. Trust in a browser's
    cookie is nobody's by name; it goes with the comments that came with it."""

    identifier = "comments.trust"
    verbose_name = _("Trust in a comment author")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        whose = Q(address=address_key(subject.email))
        if (account := account_of(subject)) is not None:
            whose |= Q(user_id=account)
        rows = TrustedAuthor.objects.filter(whose)
        if until is not None:
            rows = rows.filter(at__lte=until)
        for key in rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH):
            yield str(key)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            for row in TrustedAuthor.objects.filter(pk__in=batch).order_by("pk"):
                data = {
                    "by": "account" if row.user_id else "address",
                    "at": as_text(row.at),
                    "ended_at": as_text(row.ended_at),
                }
                yield ExportedItem(str(row.pk), data)

    def erase(self, keys: Sequence[str]) -> Erasure:
        with write_transaction():
            return Erasure(TrustedAuthor.objects.filter(pk__in=keys).delete()[0])


class BlockedAddressData:
    """That an address is among the disallowed words. While it is, it is retained: whoever was
    blocked for spam does not get in again by asking."""

    identifier = "comments.blocked"
    verbose_name = _("Blocked addresses")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        rows = BlockedKey.objects.filter(key__contains="@")
        if until is not None:
            rows = rows.filter(at__lte=until)
        yield from map(str, keys_of(rows, subject, email="key", user=""))

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            for row in BlockedKey.objects.filter(pk__in=batch).order_by("pk"):
                data = {
                    "address": row.key,
                    "at": as_text(row.at),
                    "undone_at": as_text(row.undone_at),
                }
                yield ExportedItem(str(row.pk), data)

    def erase(self, keys: Sequence[str]) -> Erasure:
        with write_transaction():
            rows = BlockedKey.objects.filter(pk__in=keys)
            removed = rows.exclude(undone_at=None).delete()[0]
        return Erasure(removed, self.exceptions(keys))

    def exceptions(self, keys: Sequence[str]) -> tuple[Retained, ...]:
        rows = BlockedKey.objects.filter(pk__in=keys, undone_at=None)
        return tuple(
            Retained(
                key=str(key),
                code="blocked",
                legal_basis=_(
                    "Keeping spam away (GDPR, article 6, paragraph 1(f) and article 17, paragraph "
                    "1(c)); it goes when the site lifts the block"
                ),
                expires_on=None,
            )
            for key in rows.order_by("pk").values_list("pk", flat=True)
        )


class ReportData:
    """Reports of illegal content that a person made. An open one loses name and address, and is
    still decided: what it reports may be a crime."""

    identifier = "comments.reports"
    verbose_name = _("Reports of illegal content")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        rows = IllegalContentReport.objects.all()
        if until is not None:
            rows = rows.filter(received_at__lte=until)
        yield from map(str, keys_of(rows, subject, user=""))

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for batch in in_batches(keys):
            for row in IllegalContentReport.objects.filter(pk__in=batch).order_by("pk"):
                data = {
                    "reference": row.reference,
                    "comment": row.comment_id,
                    "about": row.about,
                    "explanation": row.explanation,
                    "name": row.name,
                    "email": row.email,
                    "language": row.language,
                    "received_at": as_text(row.received_at),
                    "acknowledged_at": as_text(row.acknowledged_at),
                    "was_upheld": row.was_upheld,
                    "statement": row.statement,
                    "decided_at": as_text(row.decided_at),
                }
                yield ExportedItem(str(row.pk), data)

    def erase(self, keys: Sequence[str]) -> Erasure:
        with write_transaction():
            rows = IllegalContentReport.objects.filter(pk__in=keys)
            removed = rows.exclude(decided_at=None).delete()[0]
            rows.update(name="", email="", source_hash="")
        return Erasure(removed, self.exceptions(keys))

    def exceptions(self, keys: Sequence[str]) -> tuple[Retained, ...]:
        rows = IllegalContentReport.objects.filter(pk__in=keys, decided_at=None)
        basis = _(
            "Duty to decide about a report of illegal content (DSA, article 16, paragraph 6); now "
            "without name and address, and deleted %(days)d days after the decision"
        )
        return tuple(
            Retained(
                key=str(key),
                code="report_open",
                legal_basis=str(basis) % {"days": settings.COMMENTS_RECORD_DAYS},
                expires_on=None,
            )
            for key in rows.order_by("pk").values_list("pk", flat=True)
        )
