"""The report of who saw personal data in clear, in the Wagtail admin."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import Unmasking

PER_PAGE = 50
PERMISSION = "accounts.view_unmasking"


def report(request: HttpRequest) -> HttpResponse:
    """Show who was shown which rows, the newest first."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    rows = Unmasking.objects.select_related("by").order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "accounts/admin/unmaskings.html", {"page": page})
