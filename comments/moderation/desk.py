"""The desk beside the queue: what lists and forms of reports, appeals and sanctions share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comments.models import Appeal, IllegalContentReport, LegalHold, Sanction, VisitorComment
from comments.moderation.rows import rows_of
from comments.scopes import may_moderate, scope_of
from core.errors import CMSError

PER_PAGE = 25


@dataclass(frozen=True)
class Line:
    """One row of a list: what its cells say, where it leads, and what a button in it does."""

    cells: Sequence[Any]
    url: str = ""
    action: str = ""
    action_label: str = ""


@dataclass(frozen=True)
class Item:
    """One thing to decide on: what is known, the comment it is about, and the form."""

    title: str
    facts: Sequence[tuple[str, Any]] = ()
    words: Sequence[tuple[str, str]] = ()
    comment: VisitorComment | None = None
    notes: Sequence[str] = ()
    form: forms.Form | None = None
    buttons: Sequence[tuple[str, str, bool]] = ()
    back: str = field(default="")


def may(user: Any, permission: str) -> bool:
    return bool(user.has_perm(f"comments.{permission}"))


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the account has a permission of this room."""
    if not may(request.user, permission):
        raise PermissionDenied


def in_scope(rows: QuerySet[Any], user: Any, target: str) -> QuerySet[Any]:
    """Leave out rows about comments that the moderator may not decide on; `target` is the way to
    what the comment stands under. What is about no comment is for who moderates everywhere."""
    scope = scope_of(user)
    if scope.is_whole_site:
        return rows
    return rows.filter(**{f"{target}__in": scope.pages().order_by().values("pk")})


def open_reports(user: Any) -> QuerySet[IllegalContentReport]:
    rows = IllegalContentReport.objects.filter(decided_at=None)
    return in_scope(rows, user, "comment__target_id")


def open_appeals(user: Any) -> QuerySet[Appeal]:
    rows = Appeal.objects.filter(decided_at=None)
    return in_scope(rows, user, "removal__comment__target_id")


def tabs(user: Any, current: str) -> list[dict[str, Any]]:
    """Return the lists that an account may open, each with how much waits in it."""
    found: list[tuple[str, str, int | None]] = []
    if may_moderate(user):
        found.append(("reports", _("Reports"), open_reports(user).count()))
        found.append(("appeals", _("Appeals"), open_appeals(user).count()))
    if may(user, "view_sanction"):
        found.append(("sanctions", _("Sanctions"), Sanction.objects.filter(lifted_at=None).count()))
    if may(user, "view_legalhold"):
        held = LegalHold.objects.filter(released_at=None).count()
        found.append(("holds", _("Legal holds"), held))
    return [
        {
            "label": label,
            "url": reverse(f"visitor_comments:{name}"),
            "count": count,
            "is_current": name == current,
        }
        for name, label, count in found
    ]


def first(request: HttpRequest) -> HttpResponse:
    """Lead to the first list that the account may open."""
    mine = tabs(request.user, "")
    if not mine:
        raise PermissionDenied
    return redirect(mine[0]["url"])


def show_list(
    request: HttpRequest,
    name: str,
    title: str,
    headings: Sequence[str],
    rows: QuerySet[Any],
    line_of: Callable[[Any], Line],
    *,
    shows_done: bool | None = None,
) -> HttpResponse:
    """Show one list, a page at a time; `shows_done` is None where there is nothing to be done."""
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "title": title,
        "tabs": tabs(request.user, name),
        "headings": headings,
        "lines": [line_of(row) for row in page],
        "page": page,
        "shows_done": shows_done,
    }
    return render(request, "comments/admin/desk.html", context)


def show_item(request: HttpRequest, item: Item, *, status: int = 200) -> HttpResponse:
    """Show one thing and the form to decide on it."""
    context = {
        "title": item.title,
        "item": item,
        "row": rows_of([item.comment])[0] if item.comment else None,
        "comment": item.comment,
        "back": reverse("visitor_comments:queue"),
    }
    return render(request, "comments/admin/desk_item.html", context, status=status)


def decide(
    request: HttpRequest, item: Item, act: Callable[[dict[str, Any]], str], then: str
) -> HttpResponse:
    """Check what was posted, act on it, say what was done and lead on; or show what is wrong."""
    form = item.form
    if form is not None and form.is_valid():
        try:
            sentence = act(form.cleaned_data)
        except CMSError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, sentence)
            return redirect(then)
    return show_item(request, item, status=400)
