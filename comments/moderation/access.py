"""Who gets into the moderators' screens, and which comments they find there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from comments.models import VisitorComment
from comments.scopes import DELETE, may_moderate, visible

View = Callable[..., HttpResponse]


def moderators_only(view: View) -> View:
    """Let moderators in and nobody else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_moderate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def may_delete(user: Any) -> bool:
    return bool(user.has_perm(DELETE))


def comment_or_404(request: HttpRequest, key: int) -> VisitorComment:
    """Return a comment that the moderator may decide on; others are as if they were not there."""
    # A number that no database column holds is not looked for.
    rows = visible(request.user).select_related("user")
    return get_object_or_404(rows, pk=key if key < 2**63 else 0)


def wants_json(request: HttpRequest) -> bool:
    """Tell whether the page's own script asks, which puts the answer into the page itself."""
    return request.headers.get("Accept", "") == "application/json"
