"""What Wagtail's home says of visitor comments, and to whom."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from comments.models import Status, VisitorComment
from comments.scopes import may_moderate, scope_of
from comments.searching import Order, step


class WaitingPanel(Component):
    """Names how many comments wait for this moderator, and since when."""

    name = "visitor_comments"
    template_name = "comments/admin/home_panel.html"
    order = 50

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        visible = scope_of(self.request.user).narrow(VisitorComment.objects.all())
        waiting = visible.filter(status=Status.HOLD)
        oldest = step(waiting, Order.OLDEST, size=1).rows
        return {
            "count": waiting.count(),
            "oldest": oldest[0].submit_date if oldest else None,
        }


def add_waiting_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Show it to moderators."""
    if may_moderate(request.user):
        panels.append(WaitingPanel(request))
