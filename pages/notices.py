"""Telling people of material changes of policies: who is told, how, when, and the proof of it.

A campaign is written with its version, in one transaction; pages.notice_sending sends its mails.
Whom no mail reaches is told on the site. Whether anybody opens a mail is not tracked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.extensions.people import notice_recipients
from core.extensions.personal_data import normalise_address
from pages.models.notices import (
    DeliveryState,
    NoticeCampaign,
    NoticeDelivery,
    NoticeSubscriber,
)
from pages.models.policies import PolicyVersion
from pages.notifications import comparison_path, moment_of, text_path
from pages.subscriptions import confirmed

# A bounce is about a mailbox: it holds for the mails of the days before it (RFC 5321, 4.5.4.1).
BOUNCE_COVERS = timedelta(days=7)
HARD, SOFT = "hard", "soft"
BOUNCE_KINDS = (HARD, SOFT)
# Whom no mail reached is told on the site.
UNREACHED = (DeliveryState.BOUNCED, DeliveryState.FAILED)


class Change(Protocol):
    """What a notice depends on: a version, or the policy page from which one is published."""

    material: Sequence[str]
    reduces_rights: bool
    is_correction: bool
    is_recorded_later: bool


@dataclass(frozen=True)
class Preview:
    """Who will be told, how and when: a number, and sentences in the current language."""

    count: int
    who: str
    how: Sequence[str]
    when: str


@dataclass(frozen=True)
class PendingNotice:
    """A notice that a signed-in person has not had yet, in the current language."""

    campaign_id: int
    title: str
    locale: str
    summary: str
    moment: str
    is_coming: bool
    text_url: str
    comparison_url: str


# Before and while publishing


def needs_notice(change: Change) -> bool:
    """Tell whether people are told: of material changes, never of corrections or of history."""
    is_material = bool(change.material) or change.reduces_rights
    return is_material and not change.is_correction and not change.is_recorded_later


def who_is_told() -> tuple[int, int]:
    """Return how many accounts and how many subscribers would be told now; who is both is in
    both numbers, and told once."""
    return notice_recipients.get().count(), confirmed().count()


def preview(change: Change, effective_at: datetime | None = None) -> Preview | None:
    """Return whom publishing this would tell, how and when, or None where it tells nobody."""
    if not needs_notice(change):
        return None
    accounts, subscribers = who_is_told()
    who = [
        ngettext(
            "%(count)d person with an account and a mail address is told.",
            "%(count)d people with an account and a mail address are told.",
            accounts,
        )
        % {"count": accounts}
    ]
    if subscribers:
        who.append(
            ngettext(
                "%(count)d person who asked for it without an account is told.",
                "%(count)d people who asked for it without an account are told.",
                subscribers,
            )
            % {"count": subscribers}
        )
    return Preview(
        count=accounts + subscribers,
        who=" ".join(who),
        how=(
            _(
                "By mail, in the language of each, with your summary, the moment it takes effect "
                "and links to the text and to the comparison."
            ),
            _("On the site, at the next sign-in, where a mail cannot be delivered."),
            _(
                "Everybody else by a line on every page until it takes effect, a post in the "
                "journal, the policy's page and its feed."
            ),
        ),
        when=when_sentence(effective_at),
    )


def when_sentence(effective_at: datetime | None) -> str:
    now = timezone.now()
    if effective_at is None or effective_at <= now:
        return _("The mails leave as soon as you publish, and the text takes effect at once.")
    days = (effective_at - now).days
    return ngettext(
        "The mails leave as soon as you publish, %(days)d day before the text takes effect.",
        "The mails leave as soon as you publish, %(days)d days before the text takes effect.",
        days,
    ) % {"days": days}


def start_campaign(version: PolicyVersion) -> NoticeCampaign | None:
    """Begin to tell people of a version, or return None where nobody is told of such a one.

    Runs in the transaction that publishes: where that is undone, nobody is told. Safe to call
    twice.
    """
    # Tasks know policy pages, which know publishing, which knows this module.
    from pages.tasks import announce, send_notices

    if not needs_notice(version):
        return None
    campaign, is_new = NoticeCampaign.objects.get_or_create(
        version=version, defaults={"total": sum(who_is_told())}
    )
    if is_new:
        transaction.on_commit(send_notices.enqueue)
    # A translation that is added later is announced in its language.
    transaction.on_commit(partial(announce.enqueue, version.pk))
    return campaign


def proof(campaign: NoticeCampaign) -> Mapping[str, int]:
    """Return how many notices of a campaign are in each state; states without one are left out."""
    rows = campaign.deliveries.order_by("state").values_list("state")
    return dict(rows.annotate(number=Count("pk")))


# What comes back


def record_bounce(email: str, kind: str) -> int:
    """Note what a mail system reports of an address; return how many notices it concerns.

    A hard bounce marks the person's newest notice, and those of the days before it, as bounced:
    who has an account is told at the next sign-in, and a subscriber gets no more mails until the
    address is confirmed anew. A soft one is counted, for the mail system goes on trying. A hard
    bounce may be reported twice.
    """
    try:
        address = normalise_address(email)
    except ValueError:
        return 0
    subscribers = NoticeSubscriber.objects.filter(email=address, confirmed_at__isnull=False)
    who = Q(subscriber__in=subscribers)
    if person := notice_recipients.get().by_email(address):
        who |= Q(user_id=person.user_id)
    if kind == HARD:
        subscribers.filter(bounced_at=None).update(bounced_at=timezone.now())
    mailed = NoticeDelivery.objects.filter(who, sent_at__isnull=False)
    newest = mailed.order_by("-sent_at", "-pk").first()
    if newest is None or newest.sent_at is None:
        return 0
    concerned = mailed.filter(sent_at__gte=newest.sent_at - BOUNCE_COVERS)
    if kind == SOFT:
        concerned.update(soft_bounces=F("soft_bounces") + 1)
    else:
        concerned.filter(state=DeliveryState.SENT).update(
            state=DeliveryState.BOUNCED, bounced_at=timezone.now()
        )
    return concerned.count()


def pending_for(user_id: int) -> list[PendingNotice]:
    """Return what a person could not be told by mail and has not been shown, oldest first."""
    rows = (
        NoticeDelivery.objects.filter(user_id=user_id, state__in=UNREACHED)
        .select_related("campaign__version__document", "campaign__version__page")
        .prefetch_related("campaign__version__texts")
        .order_by("campaign_id")
    )
    return [pending_notice(row.campaign) for row in rows]


def pending_notice(campaign: NoticeCampaign) -> PendingNotice:
    version = campaign.version
    language = get_language() or settings.LANGUAGE_CODE
    text = version.text_for(language)
    return PendingNotice(
        campaign_id=campaign.pk,
        title=text.title,
        locale=text.locale,
        summary=text.summary,
        moment=moment_of(version),
        is_coming=version.holds_from > timezone.now(),
        text_url=text_path(version, language),
        comparison_url=comparison_path(version, language),
    )


def mark_shown(user_id: int, campaign_ids: Iterable[int]) -> int:
    """Note that a person has been shown notices on the site; return how many. Safe to call twice.

    Only what no mail reached is shown on the site: other notices stay as they are.
    """
    rows = NoticeDelivery.objects.filter(user_id=user_id, campaign_id__in=list(campaign_ids))
    return rows.filter(state__in=UNREACHED).update(
        state=DeliveryState.SHOWN, shown_at=timezone.now()
    )


def forget_account(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Receiver of an account's deletion: its notices go with it, however it is deleted."""
    NoticeDelivery.objects.filter(user_id=instance.pk).delete()
