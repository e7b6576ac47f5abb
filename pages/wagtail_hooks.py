"""Hooks of the Wagtail admin."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.blocks import StructValue
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy

from core.extensions.pictures import pictures
from pages import notice_report, trash
from pages.addresses import has_versions, words_of_address, words_of_deletion
from pages.facts import find_drift
from pages.models import Entry, PolicyDocument, PolicyPage
from pages.notifications import moment_of
from pages.overdue import find_overdue
from pages.panels import preview_block_text
from pages.services.writing import RESTORED_LOG, TRASHED_LOG
from pages.viewsets import StructureGroup


@hooks.register("register_admin_viewset")
def register_structure() -> StructureGroup:
    """Put terms and menu into the admin."""
    return StructureGroup()


def refuse(request: HttpRequest, page: Page, sentence: str) -> HttpResponse:
    messages.error(request, sentence)
    return redirect(
        "wagtailadmin_pages:unpublish" if page.live else "wagtailadmin_pages:edit", page.pk
    )


@hooks.register("register_log_actions")
def register_trash_in_history(actions: Any) -> None:
    """Name the trash in the history of pages."""
    actions.register_action(TRASHED_LOG, _lazy("Move to trash"), _lazy("Moved to the trash"))
    actions.register_action(RESTORED_LOG, _lazy("Restore"), _lazy("Restored from the trash"))


@hooks.register("insert_editor_js")
def make_texts_accessible() -> str:
    """Name the editor's text fields, and let the keyboard out of their lists."""
    return format_html(
        '<script src="{}" data-leave="{}"></script>',
        static("candour/js/text_editor.js"),
        _("Press Escape and then Tab to leave the text."),
    )


@hooks.register("after_publish_page")
def ask_for_alternative_text(request: HttpRequest, page: Page) -> None:
    """Tell whoever published a page which pictures say nothing to those who cannot see them."""
    found = pictures.get().get_many(pictures_without_words(page)).values()
    if any(not (picture.alt or picture.is_decorative) for picture in found):
        messages.warning(
            request,
            _(
                "A picture of this page has no alternative text: whoever cannot see it learns "
                "nothing of it. Write it beside the picture, or tick in the library that the "
                "picture is decorative."
            ),
        )


def pictures_without_words(page: Page) -> set[int]:
    """Return the keys of the pictures for which a page has no words of its own."""
    shown = [(getattr(page, "featured_image_id", None), getattr(page, "featured_alt", ""))]
    for block in getattr(page, "body", ()):
        if isinstance(block.value, StructValue) and block.value.get("image"):
            shown.append((block.value["image"].pk, block.value.get("alt")))
    return {key for key, words in shown if key and not words}


@hooks.register("insert_editor_js")
def refresh_block_text_previews() -> str:
    """Show below a field of block-editor text what it will look like."""
    return format_html('<script src="{}"></script>', static("candour/js/block_text.js"))


@hooks.register("before_delete_page")
def explain_before_delete(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Explain instead of failing, and lead to unpublishing."""
    return refuse(request, page, words_of_deletion()) if has_versions([page]) else None


@hooks.register("before_move_page")
def explain_before_move(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Explain that a version's address is part of its record."""
    return refuse(request, page, words_of_address()) if has_versions([page]) else None


@hooks.register("before_bulk_action")
def explain_before_bulk_action(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """The same for deleting or moving several pages at once."""
    sentences = {"delete": words_of_deletion, "move": words_of_address}
    for page in objects:
        if isinstance(page, Page) and action_type in sentences and has_versions([page]):
            return refuse(request, page, sentences[action_type]())
    return None


@hooks.register("after_edit_page")
def tell_of_new_numbers(request: HttpRequest, page: Page) -> None:
    """Show what closing the gaps in printed numbers changed; what saves by itself says nothing."""
    changes = getattr(page, "renumbered", ())
    if changes and request.accepts("text/html"):
        listed = ", ".join(f"{each.old} → {each.new}" for each in changes)
        messages.info(request, _("New numbers: %(numbers)s") % {"numbers": listed})


@hooks.register("after_publish_page")
def tell_of_the_version(request: HttpRequest, page: Page) -> None:
    """Say which version publishing a policy made, or that it made none."""
    if isinstance(page, PolicyPage) and page.live_revision_id == page.latest_revision_id:
        messages.info(request, outcome_of(page))


def outcome_of(page: PolicyPage) -> str:
    document = PolicyDocument.objects.get(translation_key=page.translation_key)
    newest = document.versions.latest("number")
    numbered = {"number": newest.number, "moment": moment_of(newest)}
    if page.locale.language_code != document.authoritative_locale:
        return _("This is the text of version %(number)s in this language.") % numbered
    if newest.revision_id != page.live_revision_id:
        return _("Nothing changed, so version %(number)s stays the newest.") % numbered
    if newest.holds_from > timezone.now():
        return _("Version %(number)s is announced. It takes effect on %(moment)s.") % numbered
    return _("Version %(number)s is in force.") % numbered


class OverduePanel(Component):
    """Names what was scheduled and could not be published."""

    name = "pages_overdue"
    template_name = "pages/admin/overdue_panel.html"
    order = 50

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"overdue": find_overdue()}


@hooks.register("register_admin_urls")
def register_urls() -> list[URLPattern]:
    """Put the report of notices, the trash and the preview of block-editor text below the admin."""
    return [
        path("reports/policy-notices/", notice_report.report, name="policy_notice_report"),
        path("block-text/preview/", preview_block_text, name="block_text_preview"),
        path("trash/", trash.trash, name="pages_trash"),
        path("trash/<int:pk>/", trash.move_to_trash, name="pages_trash_move"),
        path("trash/<int:pk>/restore/", trash.restore, name="pages_trash_restore"),
        path("trash/<int:pk>/delete/", trash.delete, name="pages_trash_delete"),
    ]


class TrashMenuItem(MenuItem):
    """Shown to who writes pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        return trash.may_see(request.user)


@hooks.register("register_admin_menu_item")
def register_trash() -> TrashMenuItem:
    """Put the trash behind the pages."""
    return TrashMenuItem(
        _lazy("Trash"), reverse("pages_trash"), name="trash", icon_name="bin", order=260
    )


@hooks.register("register_page_header_buttons")
def offer_trash(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Offer to put a page in the trash beside deleting it for good."""
    entry = page.specific
    if isinstance(entry, Entry) and trash.may_trash(user, entry):
        yield Button(
            _lazy("Move to trash"),
            url=reverse("pages_trash_move", args=[page.pk]),
            icon_name="bin",
            priority=55,
        )


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
def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Show what is wrong to those who can mend it."""
    if PagePermissionPolicy().user_has_any_permission(request.user, ["change", "publish"]):
        panels += [OverduePanel(), DriftPanel()]
