"""Sending the notices of a campaign: in batches, outside any transaction, and again after a crash.

Accounts are queued by their numbers, then subscribers by theirs; who is both is told once. Before
each mail one row is claimed, after it the row says what became of it: a process that dies leaves
exactly one mail of which nobody knows whether it went out, and that one is sent again.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from smtplib import SMTPException
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.extensions.acceptance import Person
from core.extensions.people import Recipient, notice_recipients
from pages.acceptances import subjects_of
from pages.models.acceptances import PolicyAcceptance
from pages.models.notices import DeliveryState, NoticeCampaign, NoticeDelivery
from pages.notifications import Notice, Outcome, end_url, send_notice, write_notice
from pages.subscriptions import confirmed, end_token

logger = logging.getLogger(__name__)

BATCH = 500
# A batch ends after this, so that the worker's other tasks have their turn.
BATCH_SECONDS = 20.0
# No mail server takes longer over one mail: after this, whoever claimed a row is dead.
CLAIM_LASTS = timedelta(minutes=10)
MOST_ATTEMPTS = 5
WAITING = (DeliveryState.QUEUED, DeliveryState.SENDING)


@dataclass(frozen=True)
class Addressee:
    """Where one mail goes. A subscriber has an address that ends the mails."""

    email: str
    language: str
    end_url: str = ""


def send_batch() -> bool:
    """Queue and send the next batch of every unfinished campaign; tell whether to go on at once.

    Takes about as long as BATCH_SECONDS, and a constant amount of memory. Safe to call again
    after a crash, and in several processes at a time.
    """
    campaigns = (
        NoticeCampaign.objects.filter(finished_at=None)
        .select_related("version__document", "version__page")
        .prefetch_related("version__texts")
    )
    is_more = False
    for campaign in campaigns.order_by("pk"):
        is_more |= send_batch_of(campaign)
    return is_more


def send_batch_of(campaign: NoticeCampaign) -> bool:
    is_all_queued = queue_batch(campaign.pk)
    give_up(campaign)
    is_going_well = send_claimable(campaign)
    if is_all_queued:
        finish(campaign)
    return is_going_well and (
        not is_all_queued or claimable(campaign.deliveries.all(), timezone.now()).exists()
    )


def queue_batch(campaign_id: int) -> bool:
    """Queue the next people in a transaction of its own; tell whether nobody is left to queue."""
    with transaction.atomic(durable=True):
        campaign = NoticeCampaign.objects.select_for_update().get(pk=campaign_id)
        if campaign.queued_at is not None:
            return True
        if campaign.accounts_queued_at is None:
            queue_accounts(campaign)
        else:
            queue_subscribers(campaign)
        campaign.save()
    return campaign.queued_at is not None


def queue_accounts(campaign: NoticeCampaign) -> None:
    people = notice_recipients.get().after(campaign.cursor, BATCH)
    NoticeDelivery.objects.bulk_create(
        [NoticeDelivery(campaign=campaign, user_id=person.user_id) for person in people],
        ignore_conflicts=True,
    )
    if people:
        campaign.cursor = people[-1].user_id
    if len(people) < BATCH:
        campaign.accounts_queued_at = timezone.now()


def queue_subscribers(campaign: NoticeCampaign) -> None:
    rows = list(
        confirmed().filter(pk__gt=campaign.subscriber_cursor).order_by("pk")
        .values_list("pk", "email")[:BATCH]
    )  # fmt: skip
    # Whoever has been queued by their account is told by that.
    accounts = notice_recipients.get().having(email for _pk, email in rows)
    told = set(
        campaign.deliveries.filter(user_id__in=accounts.values()).values_list("user_id", flat=True)
    )
    NoticeDelivery.objects.bulk_create(
        [
            NoticeDelivery(campaign=campaign, subscriber_id=pk)
            for pk, email in rows
            if accounts.get(email) not in told
        ],
        ignore_conflicts=True,
    )
    if rows:
        campaign.subscriber_cursor = rows[-1][0]
    if len(rows) < BATCH:
        campaign.queued_at = timezone.now()


def claimable(rows: QuerySet[NoticeDelivery], now: datetime) -> QuerySet[NoticeDelivery]:
    """Return the rows that wait, and those whose claimer has died or was told to come later."""
    is_free = Q(tried_at=None) | Q(tried_at__lt=now - CLAIM_LASTS)
    return rows.filter(is_free, state__in=WAITING, attempts__lt=MOST_ATTEMPTS)


def give_up(campaign: NoticeCampaign) -> None:
    """Mark as failed what was tried often enough: these people are told on the site."""
    campaign.deliveries.filter(
        state__in=WAITING,
        attempts__gte=MOST_ATTEMPTS,
        tried_at__lt=timezone.now() - CLAIM_LASTS,
    ).update(state=DeliveryState.FAILED)


def finish(campaign: NoticeCampaign) -> None:
    if not campaign.deliveries.filter(state__in=WAITING).exists():
        NoticeCampaign.objects.filter(pk=campaign.pk, finished_at=None).update(
            finished_at=timezone.now()
        )


def send_claimable(campaign: NoticeCampaign) -> bool:
    """Send what can be sent now; False where the mail server takes nothing.

    One connection serves the batch, one statement claims a row and one says what became of it.
    """
    rows = claimable(campaign.deliveries.order_by("attempts", "pk"), timezone.now())
    batch = list(rows.values_list("pk", "user_id", "subscriber_id")[:BATCH])
    if not batch:
        return True
    addressees = addressees_of(batch)
    notice_in = cache(partial(write_notice, campaign.version))
    server = opened_connection(campaign)
    if server is None:
        return False
    outcomes: Counter[Outcome] = Counter()
    deadline = monotonic() + BATCH_SECONDS
    try:
        for pk, *_ in batch:
            if monotonic() > deadline or outcomes[Outcome.BROKEN_OFF]:
                break
            if claim(pk):
                outcomes[send_claimed(pk, addressees.get(pk), notice_in, server)] += 1
    finally:
        server.close()
    for outcome in (Outcome.REFUSED, Outcome.LATER, Outcome.BROKEN_OFF):
        if outcomes[outcome]:
            logger.error("%s: %d mails were %s.", campaign, outcomes[outcome], outcome.name.lower())
    return not outcomes[Outcome.BROKEN_OFF] or bool(outcomes[Outcome.SENT])


def opened_connection(campaign: NoticeCampaign) -> BaseEmailBackend | None:
    """Return an open connection to the mail server, or None: then no row has been claimed yet."""
    server = get_connection()
    try:
        server.open()
    except (SMTPException, OSError) as error:
        logger.error("%s wait for the mail server: %s", campaign, type(error).__name__)
        return None
    return server


def claim(pk: int) -> bool:
    """Take a row up, unless another process was faster."""
    now = timezone.now()
    return bool(
        claimable(NoticeDelivery.objects.filter(pk=pk), now).update(
            state=DeliveryState.SENDING, tried_at=now, attempts=F("attempts") + 1
        )
    )


def send_claimed(
    pk: int, to: Addressee | None, notice_in: Callable[..., Notice], server: BaseEmailBackend
) -> Outcome:
    # An account that was switched off meanwhile is told on the site if it comes back.
    if to is None:
        outcome = Outcome.REFUSED
    else:
        notice = notice_in(to.language, for_subscribers=bool(to.end_url))
        outcome = send_notice(notice, to.email, server, key=pk, end_url=to.end_url)
    changes: dict[Outcome, dict[str, Any]] = {
        Outcome.SENT: {"state": DeliveryState.SENT, "sent_at": timezone.now()},
        Outcome.REFUSED: {"state": DeliveryState.FAILED},
        Outcome.LATER: {"state": DeliveryState.QUEUED},
        # The server may have taken the mail: the row stays claimed until that is long ago.
        Outcome.BROKEN_OFF: {},
    }
    if changes[outcome]:
        NoticeDelivery.objects.filter(pk=pk, state=DeliveryState.SENDING).update(**changes[outcome])
    return outcome


def addressees_of(batch: Sequence[tuple[int, int | None, int | None]]) -> dict[int, Addressee]:
    """Return where the rows of a batch go, each (key, account, subscriber); who cannot be told
    any more is left out."""
    people = notice_recipients.get().get_many(user for _pk, user, _subscriber in batch if user)
    languages = languages_of(people.values())
    subscribers = confirmed().in_bulk([key for _pk, _user, key in batch if key])
    found = {}
    for pk, user_id, key in batch:
        if user_id is not None and user_id in people:
            found[pk] = Addressee(people[user_id].email, languages[user_id])
        elif key is not None and (row := subscribers.get(key)):
            url = end_url(end_token(row.pk), row.language)
            found[pk] = Addressee(row.email, row.language, url)
    return found


def languages_of(people: Iterable[Recipient]) -> dict[int, str]:
    """Return everybody's language: chosen, else that of their last agreement, else the site's."""
    known = {code for code, _name in settings.LANGUAGES}
    subjects = {subjects_of(Person(person.user_id))[0]: person for person in people}
    agreed = dict(
        PolicyAcceptance.objects.filter(subject__in=subjects)
        .order_by("at", "pk")
        .values_list("subject", "locale")
    )
    return {
        person.user_id: next(
            (code for code in (person.language, agreed.get(subject)) if code in known),
            settings.LANGUAGE_CODE,
        )
        for subject, person in subjects.items()
    }
