"""The officers' desk in the Wagtail admin: data requests with masked addresses."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from privacy import services
from privacy.clocks import elapsed_percent
from privacy.erasure import retained_items
from privacy.errors import PrivacyError
from privacy.forms import AnswerForm
from privacy.identity import mask_address
from privacy.inventory import processing_record
from privacy.models import AUTOMATIC, ENDED, DataRequest, State

PER_PAGE = 25


def require_permission(request: HttpRequest, action: str) -> None:
    if not request.user.has_perm(f"privacy.{action}_datarequest"):
        raise PermissionDenied


def listing(request: HttpRequest) -> HttpResponse:
    """Show the requests that somebody confirmed, those due first."""
    require_permission(request, "view")
    shows_ended = request.GET.get("ended") == "1"
    confirmed = DataRequest.objects.exclude(confirmed_at=None)
    ended = Q(state__in=ENDED)
    requests = confirmed.filter(ended if shows_ended else ~ended)
    order = "-completed_at" if shows_ended else "due_at"
    page = Paginator(requests.order_by(order, "pk"), PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "page": page,
        "rows": [
            (each, mask_address(each.email), elapsed_percent(each, timezone.now())) for each in page
        ],
        "shows_ended": shows_ended,
        "now": timezone.now(),
    }
    return render(request, "privacy/admin/listing.html", context)


def single(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one request; posted, start it again or send an answer."""
    require_permission(request, "view")
    found = get_object_or_404(DataRequest.objects.exclude(confirmed_at=None), pk=pk)
    form = AnswerForm(request.POST if "text" in request.POST else None)
    if request.method == "POST":
        require_permission(request, "change")
        try:
            if request.POST.get("action") == "rerun":
                services.rerun(found.pk)
                messages.success(request, _("The request is started again."))
                return redirect("data_requests:single", pk)
            if form.is_valid():
                data = form.cleaned_data
                services.answer(found.pk, data["text"], is_refusal=data["is_refusal"])
                messages.success(request, _("The answer is sent and the request is closed."))
                return redirect("data_requests:listing")
        except PrivacyError as error:
            messages.error(request, str(error))
    may_change = request.user.has_perm("privacy.change_datarequest")
    context = {
        "data_request": found,
        "address": mask_address(found.email),
        "form": form,
        "retained": retained_items(found),
        "can_rerun": may_change and found.state == State.PARTLY_FAILED,
        "can_answer": may_change and found.state == State.CONFIRMED and found.kind not in AUTOMATIC,
    }
    return render(request, "privacy/admin/single.html", context)


def record(request: HttpRequest) -> HttpResponse:
    """Show the record of processing, made from the running software; or send it as JSON."""
    require_permission(request, "view")
    made = processing_record()
    if request.GET.get("format") == "json":
        answer = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 2})
        answer.headers["Content-Disposition"] = 'attachment; filename="processing-record.json"'
        return answer
    return render(request, "privacy/admin/record.html", {"record": made})


urlpatterns = [
    path("record/", record, name="record"),
    path("", listing, name="listing"),
    path("<int:pk>/", single, name="single"),
]
