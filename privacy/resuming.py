"""Erasing what had to be kept, as soon as the reason for keeping it has ended."""

import logging
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone, translation

from core.extensions.personal_data import personal_data_providers
from privacy.erasure import described
from privacy.models import DataRequest, Kind, PlanStep, State

logger = logging.getLogger(__name__)

# An exception without a day is asked about again this often: nobody knows when its reason ends.
ASK_AFTER = timedelta(days=1)


def resume_exceptions() -> int:
    """Ask providers again about what erasures left; return how many erasures have no more of it.

    What ended by its day is asked about on that day, what has none once a day. The keys of what
    was kept are enough for that: no address is needed, and the person has none with us any more.
    Safe to call at any moment, and by several workers.
    """
    whole = 0
    waiting = DataRequest.objects.filter(
        kind=Kind.ERASURE,
        state=State.COMPLETE_WITH_EXCEPTIONS,
        touched_at__lte=timezone.now() - ASK_AFTER,
    )
    for request in waiting.order_by("pk"):
        for step in request.steps.all():
            resume_step(step, request.locale)
        whole += settle(request)
    return whole


def resume_step(step: PlanStep, locale: str) -> None:
    today = timezone.localdate()
    over = [item for item in step.retained if is_over(item, today)]
    provider = personal_data_providers.get(step.provider)
    if not over or provider is None:
        return
    try:
        with transaction.atomic(), translation.override(locale):
            erasure = provider.erase([str(item["key"]) for item in over])
            step.retained = [item for item in step.retained if item not in over]
            step.retained += [described(kept) for kept in erasure.retained]
            step.removed += erasure.removed
            step.save()
    except Exception as error:  # noqa: BLE001  the boundary to strangers' code
        # The exception's text may hold personal data: its type and the provider must do.
        logger.error("Provider %s failed to resume: %s", step.provider, type(error).__name__)


def is_over(item: dict[str, str | None], today: date) -> bool:
    ends = item["expires_on"]
    return ends is None or date.fromisoformat(ends) <= today


@transaction.atomic
def settle(request: DataRequest) -> bool:
    locked = DataRequest.objects.select_for_update().get(pk=request.pk)
    is_whole = not any(locked.steps.values_list("retained", flat=True))
    if is_whole and locked.state == State.COMPLETE_WITH_EXCEPTIONS:
        locked.state = State.COMPLETE
        locked.reasons = ["exceptions_ended"]
    locked.save()
    return is_whole
