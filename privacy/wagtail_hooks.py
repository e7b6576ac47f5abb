"""The data requests in the Wagtail admin, for officers."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from privacy import desk, register_screens, unmasking


class RequestsMenuItem(MenuItem):
    """Shown to officers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("privacy.view_datarequest"))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLResolver]:
    """Put the desk and the registers below the admin."""
    patterns = ([*desk.urlpatterns, *unmasking.urlpatterns], "data_requests")
    registers = (register_screens.urlpatterns, "data_registers")
    return [
        path("data-requests/", include(patterns, namespace="data_requests")),
        path("data-registers/", include(registers, namespace="data_registers")),
    ]


@hooks.register("register_admin_menu_item")
def register_menu_item() -> RequestsMenuItem:
    """Put the desk into the menu."""
    return RequestsMenuItem(
        _("Data requests"),
        reverse("data_requests:listing"),
        name="data-requests",
        icon_name="user",
        order=270,
    )


class RegistersMenuItem(MenuItem):
    """Shown to who may see one of the registers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(map(request.user.has_perm, register_screens.SHOWN.values()))


@hooks.register("register_admin_menu_item")
def register_registers_item() -> RegistersMenuItem:
    """Put the registers into the menu."""
    return RegistersMenuItem(
        _("Data registers"),
        reverse("data_registers:first"),
        name="data-registers",
        icon_name="list-ul",
        order=271,
    )


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let administrators give these permissions to a group."""
    return Permission.objects.filter(
        content_type__app_label="privacy",
        codename__in=[
            "view_datarequest",
            "change_datarequest",
            "view_disclosure",
            "add_disclosure",
            "change_disclosure",
            "view_breach",
            "add_breach",
            "change_breach",
        ],
    )
