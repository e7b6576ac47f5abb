"""Pages on which a person asks for their data rights, without an account; nothing acts on GET."""

from collections.abc import Callable
from typing import Any

from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import CMSError
from core.origin import ForeignOriginError, require_same_origin
from privacy import reviewing, services
from privacy.erasure import recipients_of, retained_items
from privacy.errors import RequestClosedError, TokenExpiredError, TokenUnknownError, TokenUsedError
from privacy.forms import AuthorityForm, RequestForm
from privacy.models import AUTOMATIC, DataRequest, ExportFile
from privacy.reasons import said
from privacy.registers import cookie_register, kept_data

STATUS_OF: dict[type[CMSError], int] = {
    ForeignOriginError: 403,
    TokenUnknownError: 404,
    TokenUsedError: 410,
    TokenExpiredError: 410,
    RequestClosedError: 410,
}
Act = Callable[[HttpRequest, str], HttpResponseBase]


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Show what this site keeps, what for and how long, and which cookies it sets."""
    return render(
        request, "privacy/kept.html", {"activities": kept_data(), "cookies": cookie_register()}
    )


# These forms stand in cached pages without a CSRF token: each view checks the origin instead.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponseBase:
    """Show the form, and take a request down; what it answers depends on the text alone."""
    if request.method != "POST":
        return render(request, "privacy/requests.html", {"form": RequestForm()})
    form = RequestForm(request.POST)
    try:
        require_same_origin(request)
        if form.is_valid():
            services.receive_request(
                form.cleaned_data["kind"],
                form.cleaned_data["email"],
                get_language() or "",
                source=request.META.get("REMOTE_ADDR", ""),
                keeps_text=form.cleaned_data["keep_text"],
            )
            return private(HttpResponseRedirect(reverse("privacy:sent")))
    except CMSError as error:
        form.add_error("email" if "address" in error.code else None, str(error))
    return private(render(request, "privacy/requests.html", {"form": form}, status=400))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def without_mailbox(request: HttpRequest) -> HttpResponseBase:
    """Show the form for whoever does not have the mailbox, and take a request down for an officer;
    what it answers depends on the text alone."""
    if request.method != "POST":
        return render(request, "privacy/without_mailbox.html", {"form": AuthorityForm()})
    form = AuthorityForm(request.POST)
    try:
        require_same_origin(request)
        if form.is_valid():
            asked = form.cleaned_data
            services.receive_request(
                asked["kind"],
                asked["email"],
                get_language() or "",
                source=request.META.get("REMOTE_ADDR", ""),
                authority=services.Authority(
                    basis=asked["basis"], contact=asked["contact"], note=asked["note"]
                ),
            )
            return private(HttpResponseRedirect(reverse("privacy:sent")))
    except CMSError as error:
        form.add_error(None, str(error))
    return private(render(request, "privacy/without_mailbox.html", {"form": form}, status=400))


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way, whoever asked."""
    return render(request, "privacy/sent.html")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, *, is_erasure: bool = False) -> HttpResponseBase:
    """Show the button that confirms a request; posted, confirm it."""

    def act(request: HttpRequest, value: str) -> HttpResponseBase:
        decision = request.POST.get("decision")
        if decision == "export":
            services.export_first(value)
            return render(request, "privacy/export_first.html")
        if decision == "preview":
            context = {"preview": services.preview_of(value), "token": value}
            return render(request, "privacy/preview.html", context)
        confirmation = services.confirm(value)
        return render(
            request,
            "privacy/confirmed.html",
            {
                "data_request": confirmation.request,
                "status_token": confirmation.status_token,
                "is_automatic": confirmation.request.kind in AUTOMATIC,
                "is_in_grace": services.is_in_grace(confirmation.request),
            },
        )

    return token_page(request, "privacy/confirm.html", act, is_erasure=is_erasure)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest) -> HttpResponseBase:
    """Show the button that fetches an export; posted, send it, once."""

    def act(request: HttpRequest, value: str) -> HttpResponseBase:
        return file_answer(services.claim_download(value))

    return token_page(request, "privacy/download.html", act)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponseBase:
    """Show the button that shows where a request stands; posted, show or cancel it, or lift the
    restriction that it asked for."""

    def act(request: HttpRequest, value: str) -> HttpResponseBase:
        decision = request.POST.get("decision")
        if decision == "cancel":
            return shown(request, services.cancel(value), value)
        if decision == "lift":
            return shown(request, reviewing.lift_own_restriction(value), value)
        return shown(request, services.status_of(value), value)

    return token_page(request, "privacy/status_form.html", act)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest) -> HttpResponseBase:
    """Show the button that cancels a request which has not begun; posted, cancel it."""

    def act(request: HttpRequest, value: str) -> HttpResponseBase:
        return shown(request, services.cancel(value), value)

    return token_page(request, "privacy/cancel.html", act)


def shown(request: HttpRequest, found: DataRequest, token: str) -> HttpResponse:
    found.refresh_from_db()
    context = {
        "data_request": found,
        "token": token,
        "is_cancellable": services.is_cancellable(found),
        "is_in_grace": services.is_in_grace(found),
        "is_restricting": reviewing.is_restricting(found),
        "reasons": said(found.reasons),
        "retained": retained_items(found),
        "recipients": recipients_of(found),
    }
    return render(request, "privacy/status.html", context)


def token_page(request: HttpRequest, template: str, act: Act, **context: Any) -> HttpResponseBase:
    """Show a page with a button on GET; on POST do the act, or show the page with the reason."""
    if request.method != "POST":
        return unnamed_elsewhere(render(request, template, context))
    try:
        require_same_origin(request)
        posted = request.POST.get("token") or request.POST.get("code") or ""
        return private(act(request, posted))
    except CMSError as error:
        known = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 400)
        return private(render(request, template, {**context, "error": error}, status=known))


def file_answer(exported: ExportFile) -> FileResponse:
    """Return an export as a download whose name tells nothing of its person."""
    return private(
        FileResponse(
            storages["private"].open(exported.name),
            as_attachment=True,
            filename="personal-data.zip",
            content_type="application/zip",
        )
    )


def private(response: Any) -> Any:
    """Mark an answer to one person: kept by no cache, named to no other site."""
    response.headers["Cache-Control"] = "private, no-store"
    return unnamed_elsewhere(response)


def unnamed_elsewhere(response: Any) -> Any:
    response.headers["Referrer-Policy"] = "same-origin"
    return response
