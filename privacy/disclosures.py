"""The register of what was handed to authorities, and what of it its person is told."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject
from privacy.identity import mask_address, subject_hash
from privacy.models import Disclosure
from privacy.services import canonical_address


def record_disclosure(
    *,
    email: str,
    authority: str,
    basis: str,
    what: str,
    disclosed_on: date,
    by: Any,
    file_number: str = "",
    is_secret: bool = False,
    secret_until: date | None = None,
) -> Disclosure:
    """Write down what was handed over. The address itself is not stored.

    Raises InvalidAddressError.
    """
    address = canonical_address(email)
    return Disclosure.objects.create(
        subject_hash=subject_hash(address),
        shown_as=mask_address(address),
        authority=authority,
        basis=basis,
        what=what,
        disclosed_on=disclosed_on,
        file_number=file_number,
        is_secret=is_secret,
        secret_until=secret_until if is_secret else None,
        recorded_by=by,
    )


def lift_secrecy(pk: int) -> bool:
    """Let the person be told of a disclosure from now on; False where they may be already."""
    rows = Disclosure.objects.filter(pk=pk, is_secret=True)
    return bool(rows.update(is_secret=False, secret_until=None))


def forget_disclosures() -> int:
    """Delete entries after their time; return how many. Safe to call twice."""
    limit = timezone.localdate() - timedelta(days=settings.PRIVACY_DISCLOSURE_DAYS)
    return int(Disclosure.objects.filter(disclosed_on__lte=limit).delete()[0])


class DisclosureData:
    """The disclosures of a person's data, as far as the person may know of them.

    An erasure leaves them, since they prove what was done; they hold no address.
    """

    identifier = "privacy.disclosures"
    verbose_name: str | Promise = _("Data handed to authorities")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        rows = Disclosure.objects.tellable().filter(subject_hash=subject_hash(subject.email))
        if until is not None:
            rows = rows.filter(recorded_at__lte=until)
        for uid in rows.order_by("pk").values_list("uid", flat=True):
            yield str(uid)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for row in Disclosure.objects.tellable().filter(uid__in=keys).order_by("pk"):
            yield ExportedItem(
                str(row.uid),
                {
                    "authority": row.authority,
                    "file_number": row.file_number,
                    "legal_basis": row.basis,
                    "what": row.what,
                    "handed_over_on": row.disclosed_on.isoformat(),
                    "address": row.shown_as,
                },
            )

    def erase(self, keys: Sequence[str]) -> Erasure:
        return Erasure(0, self.exceptions(keys))

    def exceptions(self, keys: Sequence[str]) -> tuple[Retained, ...]:
        kept = timedelta(days=settings.PRIVACY_DISCLOSURE_DAYS)
        rows = Disclosure.objects.tellable().filter(uid__in=keys).order_by("pk")
        return tuple(
            Retained(
                key=str(row.uid),
                code="disclosure_record",
                legal_basis=_("Proof of what was handed over (GDPR, article 5, paragraph 2)"),
                expires_on=row.disclosed_on + kept,
            )
            for row in rows
        )
