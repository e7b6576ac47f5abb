"""Agreements to policies, notices of their changes and who published them, as personal data."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.extensions.acceptance import Person
from core.extensions.people import notice_recipients
from core.extensions.personal_data import Erasure, ExportedItem, Retained, Subject
from pages.acceptances import give_expiry, subjects_of
from pages.models.acceptances import AcceptanceRemoval, PolicyAcceptance
from pages.models.notices import DeliveryState, NoticeDelivery, NoticeSubscriber
from pages.models.policies import PolicyVersion
from pages.models.publishers import PolicyPublisher
from pages.sealing import remove_events
from pages.subscriptions import end_all

# How long it has to be known who published a version.
KEPT_FOR = timedelta(days=3 * 365)
SETTLED = [DeliveryState.SENT, DeliveryState.SHOWN]
# Behind a key: the account is being cancelled, and nothing is owed to it any more.
ENDING = ":ending"


def account_of(subject: Subject) -> int | None:
    """Return the account of a person: the proven one, or the one under the proven address."""
    if subject.user_id is not None:
        return subject.user_id
    account = notice_recipients.get().by_email(subject.email)
    return account.user_id if account else None


class AcceptanceData:
    """What a person agreed to, by account or address.

    The events name nobody. An erasure gives each the day on which it goes, and keeps it as proof
    until then.
    """

    identifier = "pages.acceptances"
    verbose_name = _("Agreements to policies")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        person = Person(user_id=account_of(subject), email=subject.email)
        rows = PolicyAcceptance.objects.filter(subject__in=subjects_of(person))
        if until is not None:
            rows = rows.filter(at__lte=until)
        for pk in rows.order_by("pk").values_list("pk", flat=True).iterator():
            yield str(pk)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        rows = PolicyAcceptance.objects.filter(pk__in=keys)
        for row in rows.select_related("version__document", "expiry").order_by("pk"):
            expiry = getattr(row, "expiry", None)
            yield ExportedItem(
                str(row.pk),
                {
                    "policy": row.version.document.slug if row.version else None,
                    "version": row.version.number if row.version else None,
                    "purpose": row.purpose,
                    "action": row.action,
                    "wording": row.wording,
                    "language": row.locale,
                    "text_sha256": row.text_sha256,
                    "surface": row.surface,
                    "receipt": str(row.receipt),
                    "by_somebody_else": bool(row.actor),
                    "at": row.at.isoformat(),
                    "expires_on": expiry.expires_on.isoformat() if expiry else None,
                },
            )

    def erase(self, keys: Sequence[str]) -> Erasure:
        rows = PolicyAcceptance.objects.filter(pk__in=keys)
        give_expiry(rows.filter(expiry=None).values_list("pk", flat=True))
        over = rows.filter(expiry__expires_on__lte=timezone.localdate())
        removed = remove_events(over.values_list("pk", flat=True), AcceptanceRemoval.Reason.EXPIRED)
        return Erasure(removed, self.exceptions(keys))

    def exceptions(self, keys: Sequence[str]) -> tuple[Retained, ...]:
        rows = PolicyAcceptance.objects.filter(pk__in=keys)
        rows = rows.exclude(expiry__expires_on__lte=timezone.localdate())
        return tuple(
            Retained(
                key=str(pk),
                code="acceptance_proof",
                legal_basis=_("Proof of agreement (GDPR, article 7, paragraph 1)"),
                expires_on=expires_on,
            )
            for pk, expires_on in rows.order_by("pk").values_list("pk", "expiry__expires_on")
        )


class SubscriberData:
    """The address under which somebody is told of changes of policies. An erasure ends that."""

    identifier = "pages.subscriptions"
    verbose_name = _("Mails about changes of policies")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        rows = NoticeSubscriber.objects.filter(email=subject.email)
        if until is not None:
            rows = rows.filter(created_at__lte=until)
        for pk in rows.order_by("pk").values_list("pk", flat=True).iterator():
            yield str(pk)

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        for row in NoticeSubscriber.objects.filter(pk__in=keys).order_by("pk"):
            moments = {name: getattr(row, name)
                       for name in ("created_at", "confirmed_at", "bounced_at")}  # fmt: skip
            notices = row.deliveries.select_related("campaign__version__document").order_by("pk")
            yield ExportedItem(
                str(row.pk),
                {
                    "email": row.email,
                    "language": row.language,
                    **{name: at.isoformat() if at else None for name, at in moments.items()},
                    "notices": [told_of(each) for each in notices],
                },
            )

    def erase(self, keys: Sequence[str]) -> Erasure:
        return Erasure(end_all(keys, surface="erasure"))

    def object_to(self, keys: Sequence[str]) -> int:
        return end_all(keys, surface="objection")


def told_of(row: NoticeDelivery) -> dict[str, object]:
    moments = {name: getattr(row, name) for name in ("sent_at", "bounced_at", "shown_at")}
    return {
        "policy": row.campaign.version.document.slug,
        "version": row.campaign.version.number,
        "state": row.state,
        "soft_bounces": row.soft_bounces,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


class NoticeData:
    """What an account was told of changes of policies, and whether it arrived. An erasure keeps
    what its owner is still owed while the account is open, and nothing once it is cancelled."""

    identifier = "pages.notices"
    verbose_name = _("Notices of policy changes")

    def identities(self, subject: Subject, *, until: datetime | None = None) -> Iterator[str]:
        user_id = account_of(subject)
        if user_id is None:
            return
        rows = NoticeDelivery.objects.filter(user_id=user_id)
        if until is not None:
            rows = rows.filter(campaign__created_at__lte=until)
        ending = ENDING if subject.cancels_account else ""
        for pk in rows.order_by("pk").values_list("pk", flat=True).iterator():
            yield f"{pk}{ending}"

    def export(self, keys: Sequence[str]) -> Iterator[ExportedItem]:
        rows = NoticeDelivery.objects.filter(pk__in=keys)
        for row in rows.select_related("campaign__version__document").order_by("pk"):
            yield ExportedItem(str(row.pk), told_of(row))

    def erase(self, keys: Sequence[str]) -> Erasure:
        ending = [key.removesuffix(ENDING) for key in keys if key.endswith(ENDING)]
        rows = NoticeDelivery.objects.filter(pk__in=[key.removesuffix(ENDING) for key in keys])
        removed, _by_model = rows.filter(Q(state__in=SETTLED) | Q(pk__in=ending)).delete()
        return Erasure(removed, self.exceptions(keys))

    def exceptions(self, keys: Sequence[str]) -> tuple[Retained, ...]:
        rows = NoticeDelivery.objects.filter(
            pk__in=[key for key in keys if not key.endswith(ENDING)]
        ).exclude(state__in=SETTLED)
        return tuple(
            Retained(
                key=str(pk),
                code="notice_owed",
                legal_basis=_(
                    "A notice that has not reached the owner of the account yet (GDPR, article 6, "
                    "paragraph 1c). It goes when it has, or when the account ends."
                ),
                expires_on=None,
            )
            for pk in rows.order_by("pk").values_list("pk", flat=True)
        )


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
