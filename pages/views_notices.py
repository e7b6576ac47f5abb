"""Dismissing the notices that a signed-in person was shown on the site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pages.notices import mark_shown


@never_cache
@require_POST
def dismiss_notices(request: HttpRequest) -> HttpResponse:
    """Note that the person has seen the notices named in the form, and lead them back."""
    if request.user.is_authenticated:
        named = [int(value) for value in request.POST.getlist("campaign") if value.isdecimal()]
        mark_shown(request.user.pk, named)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if is_ours else "/")
