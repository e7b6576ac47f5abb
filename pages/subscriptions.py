"""Being told of changes of policies by mail without an account: asked for, confirmed, ended."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.extensions.acceptance import ConsentPurpose, Person, acceptance_gate
from core.extensions.personal_data import normalise_address
from core.tokens import pseudonym, sign, unsign
from pages.errors import AddressInvalidError, NothingToWithdrawError, SubscriptionLinkError
from pages.models.notices import DeliveryState, NoticeDelivery, NoticeSubscriber

CONFIRM_PURPOSE, END_PURPOSE = "policy-subscription", "policy-subscription-end"
# A wish that nobody confirms is forgotten after this.
CONFIRM_LASTS = timedelta(hours=48)
# A mail is kept for years, and the link in it that ends the mails is to work as long.
END_LASTS = timedelta(days=20 * 365)
# Mails that wishes may cause in an hour, for one address and from one network address.
MAILS_PER_HOUR, MAILS_PER_HOUR_AND_SOURCE = 3, 20

POLICY_MAIL = ConsentPurpose(
    identifier="pages.policy_mail",
    heading=_("Changes of our policies by mail"),
    wording=_("I want to be told by mail when a policy of this site changes in substance."),
    is_for_accounts=False,
)


def subscribe(email: str, language: str, *, source: str = "") -> None:
    """Take the wish down; a mail asks the address's owner to confirm it.

    Nothing is looked up here, so that answer, queries and time are the same for every address:
    that, limits and the mail are a task on commit. Raises AddressInvalidError, which depends on
    the text alone.
    """
    from pages.tasks import confirm_subscription  # tasks know these services

    try:
        address = normalise_address(email)
        validate_email(address)
    except (ValueError, ValidationError):
        raise AddressInvalidError from None
    with transaction.atomic():
        row = NoticeSubscriber.objects.create(
            email=address,
            language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
            source_hash=pseudonym("subscription-source", source) if source else "",
        )
        transaction.on_commit(lambda: confirm_subscription.enqueue(row.pk))


def ask_to_confirm(key: int) -> None:
    """Mail a wish's confirmation, unless too many mails were caused lately. Safe to call twice.

    Whoever is subscribed already is told so instead.
    """
    from pages.notifications import mail_subscription  # knows policy versions

    row = NoticeSubscriber.objects.filter(pk=key, confirmed_at=None, mailed_at=None).first()
    if row is None or is_flood(row):
        return
    known = confirmed().filter(email=row.email).first()
    mail_subscription(
        row.email,
        row.language,
        confirm_token="" if known else sign(CONFIRM_PURPOSE, row.pk),
        end_token=end_token(known.pk) if known else "",
    )
    NoticeSubscriber.objects.filter(pk=row.pk).update(mailed_at=timezone.now())


def is_flood(row: NoticeSubscriber) -> bool:
    lately = NoticeSubscriber.objects.filter(
        created_at__gt=row.created_at - timedelta(hours=1), pk__lt=row.pk
    )
    if lately.filter(email=row.email).count() >= MAILS_PER_HOUR:
        return True
    of_source = lately.filter(source_hash=row.source_hash) if row.source_hash else lately.none()
    return of_source.count() >= MAILS_PER_HOUR_AND_SOURCE


def confirmed() -> QuerySet[NoticeSubscriber]:
    """Return the subscribers who are told: confirmed, and not known to be out of reach."""
    return NoticeSubscriber.objects.filter(confirmed_at__isnull=False, bounced_at=None)


def key_in(token: str, purpose: str, lasts: timedelta) -> int:
    """Return the row that a mail's token names, or raise SubscriptionLinkError."""
    try:
        return int(unsign(purpose, token, max_age_seconds=lasts.total_seconds()))
    except (BadSignature, TypeError, ValueError):
        raise SubscriptionLinkError from None


def confirm(token: str) -> NoticeSubscriber:
    """Subscribe the address that a confirmation's token names, and record the consent.

    Safe to call twice. Raises SubscriptionLinkError. An address that was out of reach comes back
    by being confirmed anew.
    """
    row = NoticeSubscriber.objects.filter(pk=key_in(token, CONFIRM_PURPOSE, CONFIRM_LASTS)).first()
    if row is None:
        raise SubscriptionLinkError
    same = NoticeSubscriber.objects.filter(email=row.email)
    try:
        with transaction.atomic():
            same.filter(bounced_at__isnull=False).exclude(pk=row.pk).delete()
            is_new = NoticeSubscriber.objects.filter(
                Q(confirmed_at=None) | Q(bounced_at__isnull=False), pk=row.pk
            ).update(confirmed_at=timezone.now(), bounced_at=None, source_hash="")
            if is_new:
                acceptance_gate.get().consent(
                    POLICY_MAIL,
                    person=Person(email=row.email),
                    locale=row.language,
                    surface="subscription",
                )
    except IntegrityError:
        # The address is subscribed already, by another mail's link.
        same.filter(pk=row.pk, confirmed_at=None).delete()
        return confirmed().get(email=row.email)
    return row


def end_token(key: int) -> str:
    """Return the token by which a subscriber ends the mails with one click."""
    return sign(END_PURPOSE, key)


def is_end_token(token: str) -> bool:
    """Tell whether a token ends a subscription, or once did."""
    with suppress(SubscriptionLinkError):
        return bool(key_in(token, END_PURPOSE, END_LASTS))
    return False


def end(token: str) -> None:
    """End a subscription. Raises SubscriptionLinkError for a token that never ended any.

    Safe to call twice: what has ended has ended.
    """
    end_all([key_in(token, END_PURPOSE, END_LASTS)], surface="mail")


def end_all(keys: Sequence[int | str], *, surface: str) -> int:
    """Delete subscriptions, record each withdrawal, and return how many there were.

    Notices that wait go as well; of those that left, the count stays and the person does not.
    """
    with transaction.atomic():
        rows = list(NoticeSubscriber.objects.select_for_update().filter(pk__in=keys))
        for row in rows:
            with suppress(NothingToWithdrawError):
                acceptance_gate.get().consent(
                    POLICY_MAIL, person=Person(email=row.email), locale=row.language,
                    surface=surface, action="withdraw",
                )  # fmt: skip
        found = [row.pk for row in rows]
        NoticeDelivery.objects.filter(
            subscriber__in=found, state__in=[DeliveryState.QUEUED, DeliveryState.SENDING]
        ).delete()
        NoticeSubscriber.objects.filter(pk__in=found).delete()
    return len(found)


def forget_unconfirmed() -> int:
    """Forget the wishes that nobody confirmed in time; return how many. Safe to call twice."""
    late = timezone.now() - CONFIRM_LASTS
    return NoticeSubscriber.objects.filter(confirmed_at=None, created_at__lte=late).delete()[0]
