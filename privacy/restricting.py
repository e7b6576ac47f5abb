"""Restricting the use of a person's data, and lifting that: kept, and used for nothing."""

import logging

from django.db import transaction
from django.utils import timezone

from core.extensions.personal_data import Restrictable, personal_data_providers
from privacy.erasure import add_steps
from privacy.identity import subject_of_request
from privacy.models import DataRequest, PlanStep, Restriction, State, StepState

logger = logging.getLogger(__name__)


def restrict_subject(request: DataRequest) -> None:
    """Have every provider that can stop the use of what it holds about a request's subject.

    The keys are written down first, and stay while the restriction stands: what it covers is known
    without the address. A provider that raises is logged by its identifier and leaves the request
    partly failed. Call it outside a transaction; called again it goes on. At the end `request`
    holds the state that was reached.
    """
    if request.state in {State.CONFIRMED, State.PARTLY_FAILED}:
        plan(request)
    request.state = State.RUNNING
    request.save(update_fields=["state", "touched_at"])
    request.steps.filter(state=StepState.FAILED).update(state=StepState.PENDING)
    for step in request.steps.filter(state=StepState.PENDING):
        restrict_step(step)
    steps = list(request.steps.all())
    failed = sorted({step.provider for step in steps if step.state != StepState.DONE})
    with transaction.atomic():
        request.reasons = [f"failed:{provider}" for provider in failed]
        request.state = State.PARTLY_FAILED if failed else State.COMPLETE
        request.completed_at = None if failed else timezone.now()
        request.save()
        if not failed:
            Restriction.objects.get_or_create(request=request, defaults={"email": request.mailbox})


@transaction.atomic
def plan(request: DataRequest) -> None:
    DataRequest.objects.select_for_update().get(pk=request.pk)
    subject = subject_of_request(request)
    request.steps.filter(state=StepState.UNRESOLVED).delete()
    planned = set(request.steps.values_list("provider", flat=True))
    found = {
        provider.identifier: keys
        for provider, keys in personal_data_providers.call_each(
            lambda each: list(each.identities(subject)) if isinstance(each, Restrictable) else []
        )
        if provider.identifier not in planned
    }
    answered = planned | found.keys()
    silent = [each.identifier for each in personal_data_providers
              if each.identifier not in answered]  # fmt: skip
    add_steps(request, found, silent)
    request.state = State.PLANNED
    request.save(update_fields=["state", "touched_at"])


def restrict_step(step: PlanStep) -> None:
    provider = personal_data_providers.get(step.provider)
    try:
        if not isinstance(provider, Restrictable):
            raise LookupError(step.provider)
        with transaction.atomic():
            step.removed = provider.restrict(step.keys)
            step.state = StepState.DONE
            step.save()
    except Exception as error:  # noqa: BLE001  the boundary to strangers' code
        # The exception's text may hold personal data: its type and the provider must do.
        logger.error("Provider %s failed to restrict: %s", step.provider, type(error).__name__)
        step.refresh_from_db()
        step.state = StepState.FAILED
        step.save(update_fields=["state"])


def lift(request: DataRequest) -> Restriction | None:
    """End a standing restriction and put everything back where it was, all or nothing.

    Returns it as it stood, with the address of who is told, or None where none stands. In the
    caller's transaction.
    """
    standing = Restriction.objects.select_for_update().filter(request=request, lifted_at=None)
    restriction = standing.first()
    if restriction is None:
        return None
    for step in request.steps.all():
        provider = personal_data_providers.get(step.provider)
        # The data of a plugin that was taken out is restricted by that.
        if isinstance(provider, Restrictable):
            provider.lift(step.keys)
    request.steps.update(keys=[])
    standing.update(lifted_at=timezone.now(), email="")
    return restriction
