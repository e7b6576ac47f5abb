"""Moving in, in the Wagtail admin: upload, try, import, and read what happened."""

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wordpress import jobs
from wordpress.forms import ImportForm
from wordpress.importing.report import Fate
from wordpress.models import ImportJob

SUBJECT_NAMES = {
    "authors": _("Authors"), "categories": _("Categories"), "tags": _("Tags"),
    "terms": _("Other terms"), "posts": _("Posts"), "pages": _("Pages"),
    "attachments": _("Files"), "comments": _("Comments"), "menus": _("Menu entries"),
    "other": _("Kept as data"),
}  # fmt: skip
FATE_NAMES = {
    Fate.CREATED: _("new"), Fate.UPDATED: _("changed"), Fate.UNCHANGED: _("as it was"),
    Fate.SKIPPED: _("left out"), Fate.FAILED: _("failed"),
}  # fmt: skip
PERMISSION = "wordpress.import_site"
MOST_SHOWN = 20
SECONDS_BETWEEN_LOOKS = 3


def require_permission(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def listing(request: HttpRequest) -> HttpResponse:
    """Show the form and earlier imports; posted, take a file in."""
    require_permission(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        job = jobs.start_job(
            form.cleaned_data["file"], is_dry_run="try" in request.POST, **form.options
        )
        return redirect("wordpress_import:single", job.pk)
    context = {"form": form, "jobs": ImportJob.objects.all()[:MOST_SHOWN],
               "trying_locks": connection.vendor == "sqlite"}  # fmt: skip
    return render(request, "wordpress/admin/listing.html", context)


def single(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far an import is, or what it did. The page looks again by itself until then."""
    require_permission(request)
    job = get_object_or_404(ImportJob, pk=pk)
    subjects = [
        (name, [counts[fate] for fate in FATE_NAMES])
        for subject, name in SUBJECT_NAMES.items()
        if any((counts := job.report.get(subject, {})).values())
    ]
    context = {"job": job, "subjects": subjects, "fates": FATE_NAMES.values(),
               "can_start": job.is_dry_run and job.has_ended and bool(job.file)}  # fmt: skip
    answer = render(request, "wordpress/admin/single.html", context)
    if not job.has_ended:
        answer.headers["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Import in earnest what a dry run has tried."""
    require_permission(request)
    job = get_object_or_404(ImportJob.objects.exclude(file=""), pk=pk, is_dry_run=True)
    return redirect("wordpress_import:single", jobs.start_in_earnest(job).pk)


urlpatterns = [
    path("", listing, name="listing"),
    path("<int:pk>/", single, name="single"),
    path("<int:pk>/start/", start, name="start"),
]
