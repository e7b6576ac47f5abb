"""Pages about a member's age, and those on which a guardian answers; nothing acts on GET."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts import guardians
from accounts.errors import GuardianLinkExpiredError, GuardianLinkUnknownError
from accounts.forms import AgeForm, GuardianForm
from core.errors import CMSError
from core.origin import ForeignOriginError, require_same_origin

STATUS_OF: dict[type[CMSError], int] = {
    ForeignOriginError: 403,
    GuardianLinkUnknownError: 404,
    GuardianLinkExpiredError: 410,
}


def language() -> str:
    return get_language() or "en"


@never_cache
@login_required
def age(request: HttpRequest) -> HttpResponse:
    """Show what is kept of one's age; where nothing is, take it."""
    form = AgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            is_kept = form.keep_age(request.user)
        except CMSError as error:
            messages.error(request, str(error))
        else:
            said = _("Your answer is saved.") if is_kept else _("Nothing of your age is kept.")
            messages.success(request, said)
        return redirect("age")
    member = guardians.young_member(request.user)
    context = {
        "member": member,
        "form": form,
        "guardian_form": GuardianForm(),
        "texts": guardians.texts_in_force(language()) if member and member.is_of_age else (),
    }
    return render(request, "account/age.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_POST
def name_guardian(request: HttpRequest) -> HttpResponse:
    """Have a mail sent to one's guardian."""
    member = guardians.young_member(request.user)
    form = GuardianForm(request.POST)
    if member is not None and form.is_valid():
        try:
            guardians.name_guardian(member, form.cleaned_data["guardian_email"], locale=language())
        except CMSError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("We have sent your guardian a mail."))
    return redirect("age")


@never_cache
@login_required
@require_POST
def agree_oneself(request: HttpRequest) -> HttpResponse:
    """Take the own agreement of who has come of age."""
    try:
        guardians.agree_oneself(request.user, posted_versions(request), locale=language())
    except CMSError as error:
        messages.error(request, str(error))
        return redirect("age")
    messages.success(request, _("You have agreed. Your account is yours alone now."))
    return redirect("account")


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def guardian(request: HttpRequest) -> HttpResponse:
    """Say what a guardian is asked to agree to; posted, take their answer."""
    context: dict[str, Any] = {"texts": guardians.texts_in_force(language())}
    if request.method != "POST":
        return unnamed_elsewhere(render(request, "account/guardian.html", context))
    decision = request.POST.get("decision")
    try:
        require_same_origin(request)
        if decision in {"agree", "decline"}:
            guardians.decide(
                given(request), agrees=decision == "agree", versions=posted_versions(request),
                locale=language(),
            )  # fmt: skip
            return answered(request, decision)
    except CMSError as error:
        context |= {"error": error, "token": request.POST.get("token", "")}
        return refused(request, "account/guardian.html", context)
    return refused(request, "account/guardian.html", context)


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Show the button by which a guardian withdraws; posted, do it."""
    if request.method != "POST":
        return unnamed_elsewhere(render(request, "account/guardian_withdraw.html"))
    try:
        require_same_origin(request)
        guardians.withdraw(given(request), locale=language())
    except CMSError as error:
        return refused(request, "account/guardian_withdraw.html", {"error": error})
    return answered(request, "withdraw")


def given(request: HttpRequest) -> str:
    return request.POST.get("token") or request.POST.get("code") or ""


def posted_versions(request: HttpRequest) -> list[tuple[str, int]]:
    """Return the versions that were on the page which is answered."""
    pairs = [each.rpartition("@") for each in request.POST.getlist("version")]
    return [(slug, int(number)) for slug, _at, number in pairs if number.isdecimal()]


def answered(request: HttpRequest, decision: str) -> HttpResponse:
    return unnamed_elsewhere(
        render(request, "account/guardian_answered.html", {"decision": decision})
    )


def refused(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    error = context.get("error")
    status = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 400)
    return unnamed_elsewhere(render(request, template, context, status=status))


def unnamed_elsewhere(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "same-origin"
    return response
