"""What the admin shows of notices: for each material version how many were told, and how."""

from collections import defaultdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.permission_policies.pages import PagePermissionPolicy

from pages.models import DeliveryState, NoticeCampaign, NoticeDelivery

PER_PAGE = 25


def may_see(user: Any) -> bool:
    """Tell whether somebody publishes pages, and so answers for notices."""
    return bool(PagePermissionPolicy().user_has_any_permission(user, ["publish"]))


def report(request: HttpRequest) -> HttpResponse:
    """List the campaigns, newest first, with the number of people in each state; no names."""
    if not may_see(request.user):
        raise PermissionDenied
    campaigns = NoticeCampaign.objects.select_related("version__document", "version__page")
    page = Paginator(campaigns.order_by("-pk"), PER_PAGE).get_page(request.GET.get("p"))
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    rows = NoticeDelivery.objects.filter(campaign__in=list(page)).values_list("campaign", "state")
    for campaign, state, number in rows.annotate(number=Count("pk")).order_by("campaign"):
        counted[campaign][state] = number
    context = {
        "page": page,
        "states": [state.label for state in DeliveryState],
        "rows": [
            (each, [counted[each.pk].get(state, 0) for state in DeliveryState]) for each in page
        ],
    }
    return render(request, "pages/admin/notice_report.html", context)
