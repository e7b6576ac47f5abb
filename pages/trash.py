"""The trash in the admin: what lies in it, restoring, and deleting for good."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from core.errors import CMSError
from pages.models import Entry
from pages.services.writing import delete_entry, restore_entry, trash_entry

PER_PAGE = 50


def may_see(user: Any) -> bool:
    """Tell whether somebody writes pages of any kind."""
    return bool(PagePermissionPolicy().user_has_any_permission(user, ["add", "change"]))


@require_GET
def trash(request: HttpRequest) -> HttpResponse:
    """List what the person may restore or delete, latest first."""
    if not may_see(request.user):
        raise PermissionDenied
    mine = PagePermissionPolicy().instances_user_has_any_permission_for(request.user, {"change"})
    trashed_at = Coalesce("postpage__trashed_at", "standardpage__trashed_at")
    entries = mine.annotate(since=trashed_at).filter(since__isnull=False).order_by("-since", "-pk")
    page = Paginator(entries.specific(), PER_PAGE).get_page(request.GET.get("p"))
    rows = [(entry, entry.permissions_for_user(request.user).can_delete()) for entry in page]
    return render(request, "pages/admin/trash.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
def move_to_trash(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before an entry goes to the trash, and put it there on the answer."""
    entry = entry_of(pk)
    if not may_trash(request.user, entry):
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "pages/admin/move_to_trash.html", {"entry": entry})
    done = _("“%(title)s” is in the trash.")
    return act(request, entry, trash_entry, done)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry out of the trash, as a draft."""
    entry = entry_of(pk)
    if not entry.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return act(request, entry, restore_entry, _("“%(title)s” is a draft again."))


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an entry for good; only what lies in the trash can be deleted here."""
    entry = entry_of(pk)
    if not entry.trashed_at or not entry.permissions_for_user(request.user).can_delete():
        raise PermissionDenied
    return act(request, entry, delete_entry, _("“%(title)s” is deleted for good."))


def may_trash(user: Any, entry: Entry) -> bool:
    """Tell whether somebody may trash an entry: what is public, who may unpublish it."""
    rights = entry.permissions_for_user(user)
    if entry.trashed_at or not rights.can_edit():
        return False
    return bool(rights.can_unpublish() if entry.live else True)


def act(request: HttpRequest, entry: Entry, service: Callable[..., Any], done: str) -> HttpResponse:
    try:
        service(entry, user=request.user)
    except CMSError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done % {"title": entry.get_admin_display_title()})
    return redirect("pages_trash")


def entry_of(pk: int) -> Entry:
    page = Page.objects.filter(pk=pk).first()
    entry = page.specific if page is not None else None
    if not isinstance(entry, Entry):
        raise Http404
    return entry
