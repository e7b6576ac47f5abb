"""Visitor comments in the Wagtail admin; Wagtail's own comments are editors' notes."""

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from comments import moderation


class CommentsMenuItem(MenuItem):
    """Shown to moderators."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("comments.change_visitorcomment"))


@hooks.register("register_admin_urls")
def register_urls() -> list[URLResolver]:
    """Put the queue below the admin."""
    return [
        path("visitor-comments/", include((moderation.urlpatterns, "visitor_comments"),
                                          namespace="visitor_comments")),
    ]  # fmt: skip


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
