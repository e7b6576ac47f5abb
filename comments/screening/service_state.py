"""How an outside screening service is doing, for moderators to see; one row a service."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models import ServiceState

MEANINGS = {
    "busy": _("Many calls wait for an answer at the same time. New comments are held meanwhile."),
    "key_refused": _("The key was refused. Check AKISMET_API_KEY and AKISMET_BLOG_URL."),
    "no_clear_answer": _("There was no clear answer. Comments are held and asked about again."),
    "timed_out": _("There was no answer in time. Comments are held and asked about again."),
}


def note_failure(service: str, code: str, retry_after_seconds: float) -> None:
    """Note that a service gave no answer, why, and when it is asked again."""
    now = timezone.now()
    state, _made = ServiceState.objects.get_or_create(pk=service)
    state.failing_since = state.failing_since or now
    state.error_code = code
    state.next_try_at = now + timedelta(seconds=retry_after_seconds)
    state.save()


def note_answer(service: str, alert_code: str, alert_message: str) -> None:
    """Note that a service answered, and what it says of the account. Mostly it writes nothing."""
    state = ServiceState.objects.filter(pk=service).first()
    if state is None:
        if not alert_code:
            return
        state = ServiceState(pk=service)
    error_code = f"alert_{alert_code}" if alert_code else ""
    if (state.failing_since, state.error_code, state.message) == (None, error_code, alert_message):
        return
    state.failing_since, state.next_try_at = None, None
    state.error_code, state.message = error_code, alert_message
    state.save()


def note_usage(service: str, usage: Mapping[str, Any]) -> None:
    """Keep how much of an account is used up. It answered, so it is no longer failing."""
    ServiceState.objects.update_or_create(
        pk=service,
        defaults={"usage": dict(usage), "failing_since": None, "next_try_at": None,
                  "error_code": "", "message": ""},
    )  # fmt: skip


def troubles() -> list[tuple[ServiceState, str]]:
    """Return the services that fail or have something to say, each with a sentence for people."""
    found = ServiceState.objects.exclude(error_code="").order_by("pk")
    return [(state, str(MEANINGS.get(state.error_code, state.message))) for state in found]
