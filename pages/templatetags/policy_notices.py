"""What a signed-in person is told on every page: policies that wait for their answer, and notices
that no mail could bring."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import get_language

from core.extensions.acceptance import Person, acceptance_gate
from pages.notices import pending_for

register = template.Library()


@register.inclusion_tag("pages/notice_banner.html", takes_context=True)
def policy_notices(context: Context) -> dict[str, Any]:
    """Show the notices that wait for the signed-in person; no query for anybody else.

    Without a session's cookie nobody is asked who is there: the question alone would make the
    answer vary by cookie, and no cache could keep it.
    """
    request = context.get("request")
    if request is None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return {}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    told: dict[str, Any] = {"notices": pending_for(user.pk), "here": request.get_full_path()}
    if request.path != reverse("pages:agreements"):
        gate = acceptance_gate.get()
        told["waiting"] = gate.waiting(Person.of(user), locale=get_language() or "en")
    return told
