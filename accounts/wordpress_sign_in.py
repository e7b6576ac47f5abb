"""WordPress's own addresses for signing in, which programs know: wp-login.php and the nonce."""

from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from core.origin import ForeignOriginError, require_same_origin
from core.rest.authentication import rest_nonce

# What WordPress does at the same address, by its parameter `action`.
ACTIONS = {"logout": "account_logout", "lostpassword": "account_reset_password",
           "register": "account_signup"}  # fmt: skip


class WordPressLoginView(LoginView):
    """Signs in with WordPress's names of the fields: log, pwd, rememberme and redirect_to.

    Wrong passwords are counted, and answered with the site's page, as on that page itself.
    """

    def get_form_kwargs(self) -> dict[str, Any]:
        given = self.request.POST
        data = {"login": given.get("log", ""), "password": given.get("pwd", ""),
                "remember": given.get("rememberme", "")}  # fmt: skip
        return {**super().get_form_kwargs(), "data": data}

    def get_success_url(self) -> str:
        return destination(self.request)


sign_in = WordPressLoginView.as_view()


def destination(request: HttpRequest) -> str:
    """Return where `redirect_to` leads, if it stays on this site, or the account's page."""
    wanted = request.POST.get("redirect_to") or request.GET.get("redirect_to", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("account")


# A program has no token of ours; browsers say which page a form was sent from.
@csrf_exempt
@never_cache
def wp_login(request: HttpRequest) -> HttpResponse:
    """Sign in by WordPress's form, or lead to the page that does what was asked for."""
    action = request.POST.get("action") or request.GET.get("action", "")
    if action in ACTIONS:
        return redirect(ACTIONS[action])
    if request.method != "POST":
        return redirect_to_login(destination(request))
    try:
        require_same_origin(request)
    except ForeignOriginError as error:
        return HttpResponse(str(error), status=403, content_type="text/plain; charset=utf-8")
    return sign_in(request)


@never_cache
def admin_ajax(request: HttpRequest) -> HttpResponse:
    """Answer `action=rest-nonce` with the nonce of the session, and all else as WordPress: 0."""
    if request.GET.get("action") == "rest-nonce" and request.user.is_authenticated:
        return HttpResponse(rest_nonce(request.user))
    return HttpResponse("0", status=400)
