"""What accounts put into the Wagtail admin: two reports, and the permissions for them."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts import minors_report, unmaskings


class UnmaskingsMenuItem(MenuItem):
    """Shown to who answers for access to personal data."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(unmaskings.PERMISSION))


class MinorsMenuItem(MenuItem):
    """Shown to who answers for members under age."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(minors_report.PERMISSION))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Put the reports below the admin."""
    return [
        path("reports/unmasked-data/", unmaskings.report, name="unmasked_data_report"),
        path("reports/members-under-age/", minors_report.report, name="young_members_report"),
    ]


@hooks.register("register_reports_menu_item")
def register_minors() -> MinorsMenuItem:
    """Put members under age among the reports."""
    return MinorsMenuItem(
        _("Members under age"),
        reverse("young_members_report"),
        name="members-under-age",
        icon_name="group",
        order=765,
    )


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
        codename__in=[
            "unmask_personal_data",
            "view_unmasking",
            "view_youngmember",
            "change_youngmember",
        ],
    )
