"""Being told of policy changes: notices on the site, and subscriptions by mail."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import CMSError
from core.origin import require_same_origin
from pages import subscriptions
from pages.errors import SubscriptionLinkError
from pages.notices import mark_shown


@never_cache
@require_POST
def dismiss_notices(request: HttpRequest) -> HttpResponse:
    """Note that the person has seen the notices named in the form, and lead them back."""
    if request.user.is_authenticated:
        named = [int(value) for value in request.POST.getlist("campaign")
                 if value.isdecimal() and len(value) < 19]  # fmt: skip
        mark_shown(request.user.pk, named)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, {request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if is_ours else "/")


# The form stands in a cached page without a CSRF token: the origin is checked instead.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Show the form, and take an address down; the answer depends on the text alone."""
    if request.method != "POST":
        return render(request, "pages/subscribe.html")
    email = request.POST.get("email", "")
    try:
        require_same_origin(request)
        subscriptions.subscribe(
            email, get_language() or "", source=request.META.get("REMOTE_ADDR", "")
        )
    except CMSError as error:
        context = {"error": error, "email": email}
        return private(render(request, "pages/subscribe.html", context, status=400))
    return private(HttpResponseRedirect(reverse("pages:subscription_sent")))


@require_safe
def subscription_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way, whoever asked."""
    return render(request, "pages/subscription.html", {"state": "sent"})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that subscribes; posted, subscribe."""
    if request.method != "POST":
        return answer(request, "confirm")
    try:
        require_same_origin(request)
        subscriptions.confirm(token)
    except CMSError as error:
        return answer(request, "unknown", error, status=404)
    return answer(request, "confirmed")


# Mail systems post here without cookies or origin (RFC 8058): the token is what allows it.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that ends the mails; posted, by a person or a mail system, end them."""
    if request.method != "POST":
        if not subscriptions.is_end_token(token):
            return answer(request, "unknown", SubscriptionLinkError(), status=404)
        return answer(request, "end")
    try:
        subscriptions.end(token)
    except CMSError as error:
        return answer(request, "unknown", error, status=404)
    return answer(request, "ended")


def answer(
    request: HttpRequest, state: str, error: CMSError | None = None, status: int = 200
) -> HttpResponse:
    context = {"state": state, "error": error}
    response = render(request, "pages/subscription.html", context, status=status)
    # The page's address holds a token.
    response["Referrer-Policy"] = "same-origin"
    return response


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
