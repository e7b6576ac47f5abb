"""Hooks of the Wagtail admin."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from pages.models import PolicyVersion
from pages.viewsets import StructureGroup


@hooks.register("register_admin_viewset")
def register_structure() -> StructureGroup:
    """Put terms and menu into the admin."""
    return StructureGroup()


def has_versions(pages: Iterable[Page]) -> bool:
    """Tell whether any of the pages, or one below them, has published policy versions."""
    paths = [page.path for page in pages]
    return any(PolicyVersion.objects.filter(page__path__startswith=path).exists() for path in paths)


def refuse(request: HttpRequest, page: Page) -> HttpResponse:
    messages.error(
        request,
        _(
            "Published policy versions cannot be deleted: they prove what was in force. Unpublish "
            "the page instead; its versions stay on record."
        ),
    )
    return redirect(
        "wagtailadmin_pages:unpublish" if page.live else "wagtailadmin_pages:edit", page.pk
    )


@hooks.register("before_delete_page")
def explain_before_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Explain instead of failing, and lead to unpublishing."""
    return refuse(request, page) if has_versions([page]) else None


@hooks.register("before_bulk_action")
def explain_before_bulk_delete(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """The same for deleting several pages at once."""
    pages = [each for each in objects if isinstance(each, Page)]
    if action_type == "delete" and pages and has_versions(pages):
        return refuse(request, pages[0])
    return None
