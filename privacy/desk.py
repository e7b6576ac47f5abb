"""The officers' desk in the Wagtail admin: data requests with masked addresses."""

from datetime import datetime, time

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.errors import CMSError
from privacy import reviewing, services
from privacy.clocks import elapsed_percent
from privacy.erasure import retained_items
from privacy.errors import NotSureError, PrivacyError
from privacy.forms import AnswerForm, ExtensionForm, OpenForm
from privacy.identity import mask_address
from privacy.inventory import processing_record
from privacy.models import ENDED, DataRequest, Kind, State
from privacy.reasons import Ground, said

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
    """Show one request; posted, decide on it."""
    require_permission(request, "view")
    found = get_object_or_404(DataRequest.objects.exclude(confirmed_at=None), pk=pk)
    corrects = reviewing.correctable_fields() if found.kind == Kind.CORRECTION else {}
    form = AnswerForm(request.POST if "text" in request.POST else None, corrects=corrects)
    more_time = ExtensionForm(request.POST if "days" in request.POST else None)
    if request.method == "POST":
        require_permission(request, "change")
        try:
            if done := decide(request, found, form, more_time):
                messages.success(request, done)
                return redirect("data_requests:single", pk)
        except CMSError as error:
            messages.error(request, str(error))
    may_change = request.user.has_perm("privacy.change_datarequest")
    context = {
        "data_request": found,
        "address": mask_address(found.email),
        "contact": mask_address(found.contact),
        "form": form,
        "more_time": more_time,
        "reasons": said(found.reasons),
        "decisions": found.decisions.select_related("by"),
        "retained": retained_items(found),
        "can_rerun": may_change and found.state == State.PARTLY_FAILED,
        "can_answer": may_change and reviewing.is_answerable(found),
        "can_extend": may_change and reviewing.is_extendable(found),
        "can_hurry": may_change and services.is_in_grace(found),
        "can_lift": may_change and reviewing.is_restricting(found),
    }
    return render(request, "privacy/admin/single.html", context)


def decide(
    request: HttpRequest, found: DataRequest, form: AnswerForm, more_time: ExtensionForm
) -> str:
    """Do what an officer chose; return what was done, or "" where a form is not filled in."""
    by, action = request.user, request.POST.get("action")
    if action == "rerun":
        services.rerun(found.pk)
        return _("The request is started again.")
    if action == "accept":
        reviewing.accept(found.pk, by=by)
        return _("The request is accepted and begins.")
    if action == "hurry":
        if not request.POST.get("is_sure"):
            raise NotSureError
        reviewing.hurry(found.pk, by=by)
        return _("The erasure begins now.")
    if action == "lift":
        reviewing.lift_restriction(found.pk, by=by)
        return _("The restriction is lifted, and its person told.")
    if action == "extend" and more_time.is_valid():
        reviewing.extend(found.pk, by=by, **more_time.cleaned_data)
        return _("The time is extended, and the person told.")
    if action in {None, "answer"} and form.is_valid():
        text = form.cleaned_data["text"]
        if form.cleaned_data["is_refusal"]:
            ground = form.cleaned_data["ground"] or Ground.STATED
            reviewing.refuse(found.pk, text, ground=ground, by=by)
        else:
            reviewing.answer(found.pk, text, by=by, values=form.corrections)
        return _("The answer is sent and the request is closed.")
    return ""


def opening(request: HttpRequest) -> HttpResponse:
    """Take down a request that came in another way than by the site's form."""
    require_permission(request, "change")
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        day = asked["received_on"]
        try:
            opened = reviewing.open_request(
                asked["kind"],
                asked["email"],
                get_language() or "",
                by=request.user,
                authority=services.Authority(
                    basis=asked["basis"], contact=asked["contact"], note=asked["note"]
                ),
                received_at=timezone.make_aware(datetime.combine(day, time())) if day else None,
                waits=not asked["is_urgent"],
            )
        except PrivacyError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The request is opened."))
            return redirect("data_requests:single", opened.pk)
    return render(request, "privacy/admin/opening.html", {"form": form})


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
    path("open/", opening, name="open"),
    path("", listing, name="listing"),
    path("<int:pk>/", single, name="single"),
]
