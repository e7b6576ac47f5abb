"""Hooks of the Wagtail admin."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from pages import notice_report
from pages.facts import find_drift
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


def refuse(request: HttpRequest, page: Page, sentence: str = "") -> HttpResponse:
    messages.error(
        request,
        sentence
        or _(
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
    if pages and has_versions(pages):
        if action_type == "delete":
            return refuse(request, pages[0])
        if action_type == "move":
            return refuse_to_move(request, pages[0])
    return None


def refuse_to_move(request: HttpRequest, page: Page) -> HttpResponse:
    return refuse(
        request,
        page,
        _(
            "Published policy versions keep their addresses for ever, so this page stays where it "
            "is. Unpublish it instead, and write the policy anew at the other place."
        ),
    )


@hooks.register("before_move_page")
def explain_before_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Explain that a version's address is part of its record."""
    return refuse_to_move(request, page) if has_versions([page]) else None


@hooks.register("after_edit_page")
def tell_of_new_numbers(request: HttpRequest, page: Page) -> None:
    """Show what closing the gaps in printed numbers changed."""
    changes = getattr(page, "renumbered", ())
    if changes:
        listed = ", ".join(f"{each.old} → {each.new}" for each in changes)
        messages.info(request, _("New numbers: %(numbers)s") % {"numbers": listed})


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Put the report of notices below the admin."""
    return [path("reports/policy-notices/", notice_report.report, name="policy_notice_report")]


class NoticesMenuItem(MenuItem):
    """Shown to who publishes."""

    def is_shown(self, request: HttpRequest) -> bool:
        return notice_report.may_see(request.user)


@hooks.register("register_reports_menu_item")
def register_notices_report() -> NoticesMenuItem:
    """Put it among the reports."""
    return NoticesMenuItem(
        _lazy("Notices of policy changes"),
        reverse("policy_notice_report"),
        name="policy-notices",
        icon_name="mail",
        order=750,
    )


class DriftPanel(Component):
    """Names the sentences in force that are not what the software does."""

    name = "policy_drift"
    template_name = "pages/admin/drift_panel.html"
    order = 60

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"drifts": find_drift()}


@hooks.register("construct_homepage_panels")
def add_drift_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Show it to those who can mend it."""
    if PagePermissionPolicy().user_has_any_permission(request.user, ["change", "publish"]):
        panels.append(DriftPanel())
