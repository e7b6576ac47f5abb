"""Pages of an account, and the avatars."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST

from accounts import services
from accounts.forms import ApplicationPasswordForm, ProfileForm
from accounts.people import HUES, avatar_svg


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show and change one's own account."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your account is saved."))
        return redirect("account")
    return render(request, "account/account.html", {"form": form})


@never_cache
@login_required
def application_passwords(request: HttpRequest) -> HttpResponse:
    """List one's application passwords and make new ones; a new one is shown once."""
    context: dict[str, Any] = {"form": ApplicationPasswordForm(request.POST or None)}
    if request.method == "POST" and context["form"].is_valid():
        name = context["form"].cleaned_data["name"]
        context["row"], context["password"] = services.create_application_password(
            request.user, name
        )
        context["form"] = ApplicationPasswordForm()
    context["rows"] = request.user.application_passwords.all()
    return render(request, "account/application_passwords.html", context)


@never_cache
@login_required
@require_POST
def revoke_application_password(request: HttpRequest, key: int) -> HttpResponse:
    """Revoke one of one's own application passwords."""
    if services.revoke_application_passwords(request.user, key):
        messages.success(request, _("The password is revoked."))
    return redirect("application-passwords")


@never_cache
def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in for the admin; who is signed in already and still came here may not enter it.

    Sending such a person to the sign-in page would send them back and forth for ever, since
    that page leads whoever is signed in to the address they came from.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", reverse("wagtailadmin_home")))


@cache_control(public=True, max_age=31_536_000, immutable=True)
def avatar(request: HttpRequest, hue: int, sign: int) -> HttpResponse:
    """Draw an avatar from a colour and a sign."""
    initial = chr(sign) if sign < 0x110000 and chr(sign).isalnum() else "?"
    return HttpResponse(avatar_svg(hue % HUES, initial), content_type="image/svg+xml")
