"""The page on which the owner of an account cancels it."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from privacy import cancellation, services
from privacy.errors import PrivacyError
from privacy.forms import CancellationForm
from privacy.reauthentication import reauthenticate
from privacy.views import private


@never_cache
@login_required
def cancel_account(request: HttpRequest) -> HttpResponse:
    """Show what stands in the way and what would go; posted, begin, or take it back."""
    decision = request.POST.get("decision", "")
    form = CancellationForm(request.POST if decision in {"cancel", "rest"} else None)
    error = None
    try:
        if decision == "withdraw":
            cancellation.withdraw(request.user)
            return redirect("cancel-account")
        if decision and form.is_valid():
            reauthenticate(request, request.user, form.cleaned_data["password"])
            cancellation.begin(
                request.user, get_language() or "", erase_the_rest=decision == "rest"
            )
            return redirect("cancel-account")
    except PrivacyError as raised:
        error = raised
    return private(
        render(
            request,
            "privacy/cancel_account.html",
            page_of(request, form) | {"error": error},
            status=400 if error or form.errors else 200,
        )
    )


def page_of(request: HttpRequest, form: CancellationForm) -> dict[str, object]:
    pending = cancellation.pending_of(request.user)
    page: dict[str, object] = {
        "form": form,
        "pending": pending,
        "is_in_grace": pending is not None and services.is_in_grace(pending),
        "can_withdraw": pending is not None and services.is_cancellable(pending),
        "grace_hours": settings.PRIVACY_GRACE_HOURS,
    }
    if pending is not None:
        return page
    try:
        conditions = cancellation.conditions_of(request.user)
        return page | {
            "conditions": conditions,
            "is_blocked": any(not each.is_met for each in conditions),
            "preview": cancellation.preview_of(request.user),
        }
    except PrivacyError as error:
        return page | {"unready": error}
