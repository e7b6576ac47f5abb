"""Moving in and out, in the Wagtail admin's menu of settings and in the site's history."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from wordpress import desk


class ImportMenuItem(MenuItem):
    """Shown to those who may import."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(desk.PERMISSION))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLResolver]:
    """Put the pages below the admin."""
    patterns = (desk.urlpatterns, "wordpress_import")
    return [path("wordpress-import/", include(patterns, namespace="wordpress_import"))]


@hooks.register("register_settings_menu_item")
def register_menu_item() -> ImportMenuItem:
    """Put the page into the menu of settings."""
    return ImportMenuItem(
        _("Import from WordPress"),
        reverse("wordpress_import:listing"),
        name="wordpress-import",
        icon_name="download",
        order=900,
    )


@hooks.register("register_log_actions")
def register_export_in_history(actions: Any) -> None:
    """Name an export in the site's history."""
    actions.register_action(desk.EXPORTED, _("Export the site"), _("Exported the whole site"))


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let administrators give this permission to a group."""
    return Permission.objects.filter(content_type__app_label="wordpress", codename="import_site")
