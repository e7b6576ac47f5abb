"""What accounts put into the Wagtail admin: the record of unmasked data, and its permissions."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts import unmaskings


class UnmaskingsMenuItem(MenuItem):
    """Shown to who answers for access to personal data."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(unmaskings.PERMISSION))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Put the report below the admin."""
    return [path("reports/unmasked-data/", unmaskings.report, name="unmasked_data_report")]


@hooks.register("register_reports_menu_item")
def register_report() -> UnmaskingsMenuItem:
    """Put it among the reports."""
    return UnmaskingsMenuItem(
        _("Unmasked data"),
        reverse("unmasked_data_report"),
        name="unmasked-data",
        icon_name="view",
        order=760,
    )


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let administrators give these permissions to a group."""
    return Permission.objects.filter(
        content_type__app_label="accounts",
        codename__in=["unmask_personal_data", "view_unmasking"],
    )
