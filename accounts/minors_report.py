"""The report of members under age, in the Wagtail admin; guardians' addresses are masked there."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import guardians
from accounts.models import YoungMember
from core.extensions.masking import masking

PER_PAGE = 50
PERMISSION, CHANGE = "accounts.view_youngmember", "accounts.change_youngmember"


def report(request: HttpRequest) -> HttpResponse:
    """Show whose age is kept; posted, forget one that was said in error."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method == "POST":
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        key = request.POST.get("member", "")
        if key.isdecimal() and guardians.forget_age(int(key)):
            messages.success(request, _("The age is forgotten. The member can say it anew."))
        return redirect("young_members_report")
    rows = YoungMember.objects.select_related("user").order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    shown = [(row, masking.get().address(row.guardian_email)) for row in page]
    return render(request, "accounts/admin/young_members.html", {"page": page, "members": shown})
