"""Agreements to policies, notices of their changes and who published them, as personal data."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.extensions.acceptance import Person
from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject
from pages.acceptances import subjects_of
from pages.models.acceptances import PolicyAcceptance
from pages.models.notices import NoticeDelivery
from pages.models.policies import PolicyVersion
from pages.models.publishers import PolicyPublisher

KEPT_FOR = timedelta(days=3 * 365)


class AcceptanceData:
    """The agreements of an account. They name nobody and are kept as proof until they expire."""

    identifier = "pages.acceptances"
    verbose_name = _("Agreements to policies")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        person = Person(user_id=subject.user_id, email=subject.email)
        rows = PolicyAcceptance.objects.filter(subject__in=subjects_of(person))
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
                    "wording": row.wording,
                    "language": row.locale,
                    "text_sha256": row.text_sha256,
                    "surface": row.surface,
                    "receipt": str(row.receipt),
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


class NoticeData:
    """What an account was told of changes of policies, and whether it arrived."""

    identifier = "pages.notices"
    verbose_name = _("Notices of policy changes")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        if subject.user_id is None:
            return
        rows = NoticeDelivery.objects.filter(user_id=subject.user_id)
        if until is not None:
            rows = rows.filter(campaign__created_at__lte=until)
        for pk in rows.order_by("pk").values_list("pk", flat=True).iterator():
            yield str(pk)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        rows = NoticeDelivery.objects.filter(pk__in=keys)
        for row in rows.select_related("campaign__version__document").order_by("pk"):
            moments = {name: getattr(row, name) for name in ("sent_at", "bounced_at", "shown_at")}
            yield ExportedItem(
                str(row.pk),
                {
                    "policy": row.campaign.version.document.slug,
                    "version": row.campaign.version.number,
                    "state": row.state,
                    "soft_bounces": row.soft_bounces,
                    **{name: at.isoformat() if at else None for name, at in moments.items()},
                },
            )

    def erase(self, keys: Sequence[str]) -> Erasure:
        removed, _by_model = NoticeDelivery.objects.filter(pk__in=keys).delete()
        return Erasure(removed)


class PublisherData:
    """Which versions of policies an account published; without this the versions name nobody."""

    identifier = "pages.publishers"
    verbose_name = _("Policies that you published")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        if subject.user_id is None:
            return
        rows = PolicyPublisher.objects.filter(user_id=subject.user_id)
        if until is not None:
            rows = rows.filter(at__lte=until)
        for pk in rows.order_by("pk").values_list("pk", flat=True).iterator():
            yield str(pk)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        rows = {row.pseudonym: row for row in PolicyPublisher.objects.filter(pk__in=keys)}
        versions = PolicyVersion.objects.filter(published_by__in=rows).select_related("document")
        for version in versions.order_by("pk"):
            row = rows[version.published_by]
            yield ExportedItem(
                str(row.pk),
                {
                    "policy": version.document.slug,
                    "version": version.number,
                    "at": row.at.isoformat(),
                },
            )

    def erase(self, keys: Sequence[str]) -> Erasure:
        removed, _by_model = PolicyPublisher.objects.filter(pk__in=keys).delete()
        return Erasure(removed)
