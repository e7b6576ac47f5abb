"""Webhooks in the Wagtail admin: the endpoints, and the log of what each was told."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button

from plugins.webhooks import services
from plugins.webhooks.forms import EndpointForm
from plugins.webhooks.models import Delivery, Endpoint

PER_PAGE = 50
ERRORS = {
    "host_unknown": _("The host has no address. Is it written right?"),
    "address_private": _(
        "The host is on a private network. An operator allows that with WEBHOOKS_ALLOW_PRIVATE."
    ),
    "timed_out": _("The receiver did not answer in time."),
    "not_reached": _("The receiver could not be reached."),
}


class EndpointIndexView(IndexView):
    """Each endpoint leads to its log."""

    def get_list_more_buttons(self, instance: Endpoint) -> list[Any]:
        return [
            *super().get_list_more_buttons(instance),
            Button(_("Log"), url=f"{self.get_base_url()}{instance.pk}/log/", icon_name="history"),
        ]

    def get_base_url(self) -> str:
        return str(self.index_url)


class EndpointViewSet(ModelViewSet):
    """The endpoints that are told."""

    model = Endpoint
    icon = "link-external"
    menu_label = _("Webhooks")
    menu_order = 900
    add_to_settings_menu = True
    copy_view_enabled = False
    index_view_class = EndpointIndexView
    list_display = ["name", "url", "is_active"]
    add_to_reference_index = False

    def get_form_class(self, for_update: bool = False) -> type[EndpointForm]:
        return EndpointForm

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/log/", log, name="log"),
            path("<int:pk>/log/<uuid:key>/again/", again, name="again"),
        ]


def endpoint_of(request: HttpRequest, pk: int) -> Endpoint:
    if not request.user.has_perm("webhooks.change_endpoint"):
        raise PermissionDenied
    return get_object_or_404(Endpoint, pk=pk)


@require_GET
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an endpoint was told, newest first, and what it answered."""
    endpoint = endpoint_of(request, pk)
    page = Paginator(endpoint.deliveries.all(), PER_PAGE).get_page(request.GET.get("p"))
    rows = [(delivery, ERRORS.get(delivery.error, delivery.error)) for delivery in page]
    return render(
        request, "webhooks/admin/log.html", {"endpoint": endpoint, "page": page, "rows": rows}
    )


@require_POST
def again(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Send a message once more."""
    endpoint = endpoint_of(request, pk)
    services.send_again(get_object_or_404(Delivery, pk=key, endpoint=endpoint))
    messages.success(request, _t("The message is sent again."))
    return redirect("..", permanent=False)
