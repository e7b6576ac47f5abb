"""Pages on which anybody reports a comment, and its author appeals; nothing acts on GET."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import errors
from comments.forms_rights import AppealForm, ReportForm
from comments.models import VisitorComment
from comments.services import removing, reporting
from core.errors import CMSError
from core.extensions.commentables import comment_targets
from core.origin import ForeignOriginError, require_same_origin

STATUS_OF: dict[type[CMSError], int] = {
    ForeignOriginError: 403,
    errors.ReportFloodError: 429,
    errors.AppealUnknownError: 404,
    errors.AppealOverError: 410,
    errors.AppealedAlreadyError: 409,
}
FIELD_OF: dict[type[CMSError], str] = {
    errors.ReporterMissingError: "email",
    errors.AddressInvalidError: "email",
    errors.FieldTooLongError: "name",
    errors.AppealEmptyError: "text",
}


# These forms stand in pages without a CSRF token: each view checks the origin instead.
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form that reports a comment; posted, take the report and show its reference.

    What is answered is the same whether the comment is there, waits or was removed.
    """
    key = request.GET.get("comment", "") or request.POST.get("comment", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            require_same_origin(request)
            if form.is_valid():
                reference = reporting.receive_report(new_report(request, int(key), form))
                context = {"reference": reference, "will_mail": bool(form.cleaned_data["email"])}
                return private(render(request, "comments/reported.html", context))
            status = 400
        except CMSError as error:
            status = told(form, error)
    context = {"form": form, "key": int(key), **shown(int(key))}
    return private(render(request, "comments/report.html", context, status=status))


def new_report(request: HttpRequest, key: int, form: ReportForm) -> reporting.NewReport:
    data = form.cleaned_data
    return reporting.NewReport(
        comment_id=key,
        about=data["about"],
        explanation=data["explanation"],
        name=data["name"],
        email=data["email"],
        language=get_language() or "",
        source=request.META.get("REMOTE_ADDR", ""),
    )


def shown(key: int) -> dict[str, Any]:
    """Return the comment and what it stands under, if everybody can read them anyway."""
    comment = VisitorComment.objects.approved().filter(pk=key).first()
    if comment is None:
        return {"comment": None, "target": None}
    target = comment_targets.get().get_many([comment.target_id]).get(comment.target_id)
    return {"comment": comment if target else None, "target": target}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest) -> HttpResponse:
    """Show the form that appeals against a removal; posted, take the appeal."""
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return unnamed_elsewhere(render(request, "comments/appeal.html", {"form": form}))
    token = request.POST.get("token") or request.POST.get("code") or ""
    try:
        require_same_origin(request)
        removing.appeal(token, form.data.get("text", ""))
    except CMSError as error:
        status = told(form, error)
        context = {"form": form}
        # What opened nothing is not kept: its place is taken by the field for the code.
        if not isinstance(error, errors.AppealUnknownError):
            context |= {name: request.POST.get(name, "") for name in ("token", "code")}
        return private(render(request, "comments/appeal.html", context, status=status))
    return private(render(request, "comments/appealed.html"))


def told(form: Any, error: CMSError) -> int:
    """Put an error into a form, beside the field it speaks of; return the answer's status."""
    form.is_valid()
    form.add_error(FIELD_OF.get(type(error)), str(error))
    return next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 400)


def private(response: HttpResponse) -> HttpResponse:
    """Mark an answer to one person: kept by no cache, named to no other site."""
    response.headers["Cache-Control"] = "private, no-store"
    return unnamed_elsewhere(response)


def unnamed_elsewhere(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = "same-origin"
    return response
