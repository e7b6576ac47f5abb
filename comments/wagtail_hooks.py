"""Visitor comments in the Wagtail admin; Wagtail's own comments are editors' notes."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from comments.moderation import urls
from comments.moderation.choices import MailChoicePanel
from comments.moderation.groups import ScopeFormSet
from comments.moderation.panels import add_waiting_panel
from comments.scopes import may_moderate


class CommentsMenuItem(MenuItem):
    """Shown to moderators."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_moderate(request.user)


class DeskMenuItem(CommentsMenuItem):
    """Shown to moderators, and to who keeps evidence."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_moderate(request.user) or request.user.has_perm("comments.view_legalhold")


@hooks.register("register_admin_urls")
def register_urls() -> list[URLResolver]:
    """Put the moderators' screens below the admin."""
    patterns = (urls.urlpatterns, "visitor_comments")
    return [path("visitor-comments/", include(patterns, namespace="visitor_comments"))]


@hooks.register("register_admin_menu_item")
def register_menu_item() -> CommentsMenuItem:
    """Put the queue into the menu."""
    return CommentsMenuItem(
        _("Visitor comments"),
        reverse("visitor_comments:queue"),
        name="visitor-comments",
        icon_name="comment",
        order=260,
    )


@hooks.register("register_admin_menu_item")
def register_desk_item() -> DeskMenuItem:
    """Put reports, appeals, sanctions and holds into the menu, the first that one may see."""
    return DeskMenuItem(
        _("Reports and appeals"),
        reverse("visitor_comments:desk"),
        name="comment-desk",
        icon_name="warning",
        order=261,
    )


@hooks.register("construct_homepage_panels")
def register_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Say on the home of the admin how many comments wait."""
    add_waiting_panel(request, panels)


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    """Let administrators give these permissions to a group."""
    return Permission.objects.filter(
        content_type__app_label="comments",
        codename__in=[
            "view_visitorcomment",
            "change_visitorcomment",
            "delete_visitorcomment",
            "view_sanction",
            "add_sanction",
            "change_sanction",
            "view_legalhold",
            "add_legalhold",
            "change_legalhold",
        ],
    )


@hooks.register("register_group_permission_panel")
def register_scopes() -> type:
    """Let administrators say below which pages a group moderates."""
    return ScopeFormSet


@hooks.register("register_account_settings_panel")
def register_mail_choice(request: HttpRequest, user: Any, profile: Any) -> MailChoicePanel:
    """Let everybody choose which mails about comments they get."""
    return MailChoicePanel(request, user, profile)
