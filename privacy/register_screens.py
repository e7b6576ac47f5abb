"""The officers' registers in the Wagtail admin: disclosures, breaches, consents, statistics."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from privacy import breaches, disclosures, statistics
from privacy.errors import BreachOpenError, InvalidAddressError
from privacy.models import Breach, Disclosure
from privacy.register_forms import BreachEventForm, BreachForm, DisclosureForm

PER_PAGE = 25
POINTS = {
    "risk": gettext_lazy("What the breach may mean for the people is not assessed."),
    "measure": gettext_lazy("No measure is on record."),
    "authority": gettext_lazy("The authority is not told, and it is not said why not."),
    "people": gettext_lazy("The people whose data it is are not told."),
    "delay": gettext_lazy("It is not said why the authority was told so late."),
}
SHOWN = {
    "disclosures": "privacy.view_disclosure",
    "breaches": "privacy.view_breach",
    "consents": "privacy.view_datarequest",
    "statistics": "privacy.view_datarequest",
}


def require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def tabs(request: HttpRequest, current: str) -> dict[str, Any]:
    """Return the registers that an officer may see."""
    labels = {
        "disclosures": _("Disclosures"),
        "breaches": _("Breaches"),
        "consents": _("Consents"),
        "statistics": _("Statistics"),
    }
    seen = [name for name, permission in SHOWN.items() if request.user.has_perm(permission)]
    return {"tabs": [(name, labels[name], name == current) for name in seen]}


def first(request: HttpRequest) -> HttpResponse:
    """Lead to the first register that an officer may see."""
    for name, permission in SHOWN.items():
        if request.user.has_perm(permission):
            return redirect(f"data_registers:{name}")
    raise PermissionDenied


def page_of(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))


def list_disclosures(request: HttpRequest) -> HttpResponse:
    """Show what was handed to authorities, the newest first."""
    require(request, SHOWN["disclosures"])
    context = {
        "page": page_of(request, Disclosure.objects.all()),
        "may_add": request.user.has_perm("privacy.add_disclosure"),
        "may_change": request.user.has_perm("privacy.change_disclosure"),
        **tabs(request, "disclosures"),
    }
    return render(request, "privacy/admin/disclosures.html", context)


def add_disclosure(request: HttpRequest) -> HttpResponse:
    """Write down what was handed over."""
    require(request, "privacy.add_disclosure")
    form = DisclosureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            disclosures.record_disclosure(by=request.user, **form.cleaned_data)
        except InvalidAddressError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The disclosure is on record."))
            return redirect("data_registers:disclosures")
    context = {
        "form": form, "title": _("What was handed over"), "back": "data_registers:disclosures"
    }  # fmt: skip
    return render(request, "privacy/admin/register_form.html", context)


@require_POST
def lift_secrecy(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the person be told from now on."""
    require(request, "privacy.change_disclosure")
    if disclosures.lift_secrecy(pk):
        messages.success(request, _("The secrecy is lifted: the person may be told now."))
    return redirect("data_registers:disclosures")


def list_breaches(request: HttpRequest) -> HttpResponse:
    """Show the breaches, open ones with their clock."""
    require(request, SHOWN["breaches"])
    now = timezone.now()
    page = page_of(request, Breach.objects.prefetch_related("events"))
    context = {
        "page": page,
        "rows": [
            (each, breaches.is_ticking(each), breaches.elapsed_percent(each, now)) for each in page
        ],
        "may_add": request.user.has_perm("privacy.add_breach"),
        **tabs(request, "breaches"),
    }
    return render(request, "privacy/admin/breaches.html", context)


def add_breach(request: HttpRequest) -> HttpResponse:
    """Open an entry."""
    require(request, "privacy.add_breach")
    form = BreachForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        breach = breaches.record_breach(by=request.user, **form.cleaned_data)
        messages.success(request, _("The breach is on record, and its clock runs."))
        return redirect("data_registers:breach", breach.pk)
    context = {"form": form, "title": _("A breach was found"), "back": "data_registers:breaches"}
    return render(request, "privacy/admin/register_form.html", context)


def show_breach(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a breach with all that was done; posted, add to it, tell it better, or close it."""
    require(request, SHOWN["breaches"])
    breach = get_object_or_404(Breach.objects.prefetch_related("events"), pk=pk)
    if request.GET.get("format") == "json":
        made = breaches.record_of(breach)
        answer = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "indent": 2})
        answer.headers["Content-Disposition"] = f'attachment; filename="breach-{breach.uid}.json"'
        return answer
    action = request.POST.get("action")
    known = BreachForm(request.POST if action == "tell" else None, instance=breach)
    event = BreachEventForm(
        request.POST if action == "note" else None, initial={"at": timezone.localtime()}
    )
    if request.method == "POST":
        require(request, "privacy.change_breach")
        try:
            if done := change_breach(request, breach, known, event):
                messages.success(request, done)
                return redirect("data_registers:breach", pk)
        except BreachOpenError as error:
            messages.error(request, str(error))
    context = {
        "breach": breach,
        "points": [str(POINTS[point]) for point in breaches.open_points(breach)],
        "is_ticking": breaches.is_ticking(breach),
        "percent": breaches.elapsed_percent(breach, timezone.now()),
        "known": known,
        "event": event,
        "may_change": breach.closed_at is None and request.user.has_perm("privacy.change_breach"),
    }
    return render(request, "privacy/admin/breach.html", context)


def change_breach(
    request: HttpRequest, breach: Breach, known: BreachForm, event: BreachEventForm
) -> str:
    """Do what an officer chose; return what was done, or "" where a form is not filled in."""
    if request.POST.get("action") == "close":
        breaches.close(breach.pk)
        return _("The entry is closed.")
    if known.is_bound and known.is_valid():
        breaches.tell_better(breach.pk, **known.cleaned_data)
        return _("The entry is changed.")
    if event.is_bound and event.is_valid():
        breaches.add_event(breach.pk, by=request.user, **event.cleaned_data)
        return _("It is on record.")
    return ""


def show_consents(request: HttpRequest) -> HttpResponse:
    """Show, for each purpose that is asked for by itself, how many consent to it."""
    require(request, SHOWN["consents"])
    context = {
        "consents": statistics.consents(),
        "smallest": statistics.SMALLEST,
        **tabs(request, "consents"),
    }
    return render(request, "privacy/admin/consents.html", context)


def show_statistics(request: HttpRequest) -> HttpResponse:
    """Show how the requests of a year stand; numbers that are too small are not told."""
    require(request, SHOWN["statistics"])
    this_year = timezone.localdate().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 2000 <= int(asked) <= this_year else this_year
    zone = timezone.get_current_timezone()
    lines = statistics.requests_between(
        datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    )
    if request.GET.get("format") == "json":
        return JsonResponse({
            "year": year,
            "suppressed_below": statistics.SMALLEST,
            "kinds": {
                line.identifier: {
                    **dict(zip(statistics.COLUMNS, line.counts, strict=True)), "total": line.total
                }
                for line in lines
            },
        })  # fmt: skip
    context = {
        "lines": lines,
        "year": year,
        "earlier": year - 1,
        "later": year + 1 if year < this_year else None,
        "smallest": statistics.SMALLEST,
        **tabs(request, "statistics"),
    }
    return render(request, "privacy/admin/statistics.html", context)


urlpatterns = [
    path("", first, name="first"),
    path("disclosures/", list_disclosures, name="disclosures"),
    path("disclosures/add/", add_disclosure, name="add_disclosure"),
    path("disclosures/<int:pk>/lift/", lift_secrecy, name="lift_secrecy"),
    path("breaches/", list_breaches, name="breaches"),
    path("breaches/add/", add_breach, name="add_breach"),
    path("breaches/<int:pk>/", show_breach, name="breach"),
    path("consents/", show_consents, name="consents"),
    path("statistics/", show_statistics, name="statistics"),
]
