"""Wagtail's screens for images, which also say what was removed from a file."""

from typing import Any

from django.http import HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column
from wagtail.documents.views import multiple as documents
from wagtail.images.views import images, multiple


def with_removed(message: str, image: Any) -> str:
    """Return a message that goes on with what was removed, where something was."""
    if not image.removed_words:
        return message
    return f"{message} " + _("Removed before it was stored: %(removed)s.") % {
        "removed": image.removed_words
    }


class AddView(images.CreateView):
    """Uploading one image."""

    def get_success_message(self, instance: Any) -> str:
        return with_removed(super().get_success_message(instance), instance)


class EditView(images.EditView):
    """Changing an image; the message speaks of what was removed where the file is another one."""

    def get_success_message(self) -> str:
        message: str = super().get_success_message()
        return with_removed(message, self.object) if "file" in self.form.changed_data else message


class IndexView(images.IndexView):
    """The library; its list has a column for what was removed."""

    @cached_property
    def columns(self) -> list[Any]:
        columns: list[Any] = super().columns
        if columns:
            removed = Column("removed", label=_("Removed"), accessor="removed_words")
            columns = [*columns[:-2], removed, *columns[-2:]]
        return columns


class NeedsAFile:
    """Wagtail's screens for several files take for granted that one is called as they call it."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        if "files[]" not in request.FILES:
            return HttpResponseBadRequest(_("No file was sent."))
        answer: HttpResponseBase = super().post(request)  # type: ignore[misc]  # a view's
        return answer


class AddManyDocumentsView(NeedsAFile, documents.AddView):
    """Uploading several documents."""


class AddManyView(NeedsAFile, multiple.AddView):
    """Uploading several images; each form says what was removed from its file."""

    edit_form_template_name = "media/admin/uploaded.html"
