"""Agreements to policies as personal data."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject
from core.tokens import pseudonym
from pages.acceptances import PURPOSE
from pages.models.acceptances import PolicyAcceptance

KEPT_FOR = timedelta(days=3 * 365)


class AcceptanceData:
    """The agreements of an account. They name nobody and are kept as proof until they expire."""

    identifier = "pages.acceptances"
    verbose_name = _("Agreements to policies")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        if subject.user_id is None:
            return
        rows = PolicyAcceptance.objects.filter(subject=pseudonym(PURPOSE, str(subject.user_id)))
        if until is not None:
            rows = rows.filter(at__lte=until)
        for pk in rows.order_by("pk").values_list("pk", flat=True).iterator():
            yield str(pk)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        rows = PolicyAcceptance.objects.filter(pk__in=keys).select_related("version__document")
        for row in rows.order_by("pk"):
            yield ExportedItem(
                str(row.pk),
                {
                    "policy": row.version.document.slug,
                    "version": row.version.number,
                    "action": row.action,
                    "language": row.locale,
                    "text_sha256": row.text_sha256,
                    "surface": row.surface,
                    "at": row.at.isoformat(),
                },
            )

    def erase(self, keys: Sequence[str]) -> Erasure:
        removed, retained = 0, []
        for row in PolicyAcceptance.objects.filter(pk__in=keys):
            expires_on: date = (row.at + KEPT_FOR).date()
            if expires_on <= timezone.localdate():
                row.delete()
                removed += 1
                continue
            retained.append(
                Retained(
                    key=str(row.pk),
                    code="acceptance_proof",
                    legal_basis=_("Proof of agreement (GDPR, article 7, paragraph 1)"),
                    expires_on=expires_on,
                )
            )
        return Erasure(removed, tuple(retained))
