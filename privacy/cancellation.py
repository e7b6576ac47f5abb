"""Cancelling an account: what stands in the way, the erasure that ends it, and taking that back."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.extensions.people import verified_addresses
from core.extensions.personal_data import (
    Blocker,
    Condition,
    Subject,
    account_blockers,
    normalise_address,
)
from privacy import services
from privacy.errors import (
    AccountBlockedError,
    AlreadyInWorkError,
    InvalidAddressError,
    RequestClosedError,
)
from privacy.models import DataRequest, Kind, Purpose, RequestDecision, State, Step
from privacy.preview import Preview, preview
from privacy.request_tokens import IssuedToken, issue_token

# As a notice of cancellation lists them.
SAID: dict[Condition, str | Promise] = {
    Condition.ASSETS: _("Balance, deposits and arrears are settled or given up"),
    Condition.ORDERS: _("No order or service is open"),
    Condition.SHOP: _("The account runs no shop and is not needed to run the site"),
    Condition.COMPLAINTS: _("No complaint or report is open"),
    Condition.PAYMENT: _("The payment account is closed"),
    Condition.BINDINGS: _("Other sites and programs are unbound from the account"),
    Condition.FROZEN: _("The account is neither frozen nor limited"),
    Condition.REAL_NAME: _("The real name is released"),
}


@dataclass(frozen=True)
class ConditionState:
    """One condition, and what keeps it from being met."""

    condition: Condition
    said: str
    blockers: list[Blocker] = field(default_factory=list)

    @property
    def is_met(self) -> bool:
        return not self.blockers

    def to_json(self) -> dict[str, Any]:
        """Return it JSON-ready."""
        return {
            "condition": str(self.condition),
            "text": self.said,
            "is_met": self.is_met,
            "blockers": [
                {
                    "condition": str(each.condition),
                    "code": each.code,
                    "message": str(each.message),
                    "remedy": str(each.remedy),
                    "url": each.url,
                    "count": each.count,
                }
                for each in self.blockers
            ],
        }


@dataclass(frozen=True)
class Begun:
    """A cancellation, and how to follow it; there is no token while its mailbox is still asked."""

    request: DataRequest
    status_token: IssuedToken | None


def subject_of_account(user: Any) -> Subject:
    """Return the subject whose account is to go. Raises InvalidAddressError without an address."""
    try:
        address = normalise_address(user.email)
    except ValueError:
        raise InvalidAddressError from None
    return Subject(email=address, user_id=user.pk, cancels_account=True)


def conditions_of(user: Any) -> list[ConditionState]:
    """Return every condition in its order, with what blocks it; an answer that fails is left out
    here, and stops the cancellation itself."""
    subject = subject_of_account(user)
    found = [
        blocker
        for _extension, blockers in account_blockers.call_each(
            lambda each: list(each.blockers(subject))
        )
        for blocker in blockers
    ]
    return [
        ConditionState(
            condition, str(SAID[condition]), [each for each in found if each.condition == condition]
        )
        for condition in Condition
    ]


def preview_of(user: Any) -> Preview:
    """Return what the cancellation would erase and keep. Writes nothing."""
    return preview(subject_of_account(user))


def begin(user: Any, locale: str, *, erase_the_rest: bool = False) -> Begun:
    """Begin to cancel an account after its waiting time, with all that is held of its owner.

    The edge has asked for the password again. Where something stands in the way, it begins only
    with `erase_the_rest`: the rest is erased, and the account as soon as that is settled. An
    address that its mailbox has never proven is asked first. An erasure that waits becomes the
    cancellation, and waits anew.
    Raises AccountBlockedError with the `blockers`, AlreadyInWorkError or InvalidAddressError.
    """
    subject = subject_of_account(user)
    blocked = [each.to_json() for each in conditions_of(user) if not each.is_met]
    if blocked and not erase_the_rest:
        raise AccountBlockedError(blockers=[b for each in blocked for b in each["blockers"]])
    with transaction.atomic():
        request = services.new_request(Kind.ERASURE, subject.email, locale)
        running = services.in_work_beside(request)
        if running is not None and not services.is_in_grace(running):
            raise AlreadyInWorkError
        request = running or request
        request.account_id, request.cancels_account = user.pk, True
        # Whoever has the mailbox has confirmed one that waits already.
        if running is None and not verified_addresses.get().is_verified(user.pk, user.email):
            request.save()
            services.enqueue("send_confirmation", request)
            return Begun(request, None)
        services.mark_confirmed(request)
        return Begun(request, issue_token(request, Purpose.STATUS, lasts=services.STATUS_LASTS))


def pending_of(user: Any) -> DataRequest | None:
    """Return the cancellation of an account that has not ended yet."""
    open_ones = [State.RECEIVED, State.CONFIRMED, State.PLANNED, State.RUNNING, State.PARTLY_FAILED]
    rows = DataRequest.objects.filter(account=user, cancels_account=True, state__in=open_ones)
    return rows.order_by("-pk").first()


@transaction.atomic
def withdraw(user: Any) -> DataRequest:
    """Take a cancellation back while it waits. Raises RequestClosedError where none waits."""
    pending = pending_of(user)
    if pending is not None:
        pending = DataRequest.objects.select_for_update().get(pk=pending.pk)
    if pending is None or not services.is_cancellable(pending):
        raise RequestClosedError
    services.end(pending, State.CANCELLED, ["withdrawn"])
    RequestDecision.objects.create(request=pending, step=Step.WITHDRAWN, by=None)
    return pending
